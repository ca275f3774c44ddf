"""All kinds of changes, in the order of their codes."""

from __future__ import annotations

from engine.model.change import Code
from engine.versions import (
    action_codes,
    approval_codes,
    clocks,
    facts,
    form_codes,
    metrics,
    reasons,
    requirement_codes,
    roles,
    rule_sets,
    stage_codes,
    tracks,
    whole,
)

CODES: tuple[Code, ...] = tuple(
    sorted(
        (
            *whole.CODES,
            *stage_codes.CODES,
            *action_codes.CODES,
            *form_codes.CODES,
            *requirement_codes.CODES,
            *approval_codes.CODES,
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
