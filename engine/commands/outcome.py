"""What a deed came to: printed, with its exit code."""

from __future__ import annotations

from engine.advance.occasion import Outcome
from engine.commands.output import put
from engine.model.process import Process


def told(outcome: Outcome, process: Process, deal: str, *, output_format: str) -> int:
    """Print an outcome; returns 0 where it was done (now or before), 1 where it was refused."""
    from engine.report import decision as report

    refused = outcome.decision is not None and not outcome.decision.allowed
    put(
        report.outcome(
            process,
            deal,
            entries=outcome.entries,
            decision=outcome.decision,
            now_at=outcome.deal,
            repeated=outcome.repeated,
            format=output_format,
        )
    )
    return int(refused)
