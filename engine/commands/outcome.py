"""What a deed came to: printed, with its exit code."""

from __future__ import annotations

from engine.advance.occasion import Outcome
from engine.commands.output import columns, put, remark, style
from engine.model.process import Process


def told(outcome: Outcome, process: Process, *, output_format: str) -> int:
    """Print an outcome; returns 0 where it was done (now or before), 1 where it was refused."""
    from engine.report import decision as decisions
    from engine.report import documents, followed, recorded

    if outcome.repeated:
        remark("nothing to do: this was recorded before, under the same key")
    decision = outcome.decision
    if decision is None:
        write = recorded.document if output_format == "json" else recorded.text
        put(write(process, outcome.deal, outcome.entries))
        return 0
    if output_format == "json":
        put(documents.decision(process, outcome.deal, decision))
    else:
        put(decisions.text(process, outcome.deal, decision, style=style(), columns=columns()))
        for line in followed.lines(outcome.entries[1:], [deal for _, _, deal in outcome.started]):
            put(line)
    return int(not decision.allowed)
