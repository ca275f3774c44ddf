"""All kinds of changes, in the order of their codes."""

from __future__ import annotations

from engine.model.change import Code
from engine.versions import (
    actions,
    approvals,
    clocks,
    facts,
    metrics,
    reasons,
    requirements,
    roles,
    rule_sets,
    stages,
    tracks,
    whole,
)

CODES: tuple[Code, ...] = tuple(
    sorted(
        (
            *whole.CODES,
            *stages.CODES,
            *actions.CODES,
            *requirements.CODES,
            *approvals.CODES,
            *roles.CODES,
            *facts.CODES,
            *reasons.CODES,
            *clocks.CODES,
            *tracks.CODES,
            *metrics.CODES,
            *rule_sets.CODES,
        ),
        key=lambda code: code.code,
    )
)
