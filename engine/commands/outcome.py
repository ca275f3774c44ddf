"""What a deed came to: printed, with its exit code."""

from __future__ import annotations

from engine.advance.occasion import Outcome
from engine.commands.output import columns, put, remark, style
from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process


def told(outcome: Outcome, process: Process, *, output_format: str) -> int:
    """Print an outcome; returns 0 where it was done (now or before), 1 where it was refused."""
    from engine.report import documents, recorded

    if outcome.repeated:
        remark("nothing to do: this was recorded before, under the same key")
    decision = outcome.decision
    if output_format == "json":
        if decision is None:
            put(recorded.document(process, outcome.deal, outcome.entries))
        else:
            put(
                documents.decision(
                    process, outcome.deal, decision, followed=_followed(outcome), started=_started(outcome)
                )
            )
    else:
        _put(outcome, process)
    return int(decision is not None and not decision.allowed)


def _put(outcome: Outcome, process: Process) -> None:
    """For people: the deed, then a line for each thing that followed by itself."""
    from engine.report import decision as decisions
    from engine.report import followed, recorded

    after = _followed(outcome)
    if outcome.decision is not None:
        put(decisions.text(process, outcome.deal, outcome.decision, style=style(), columns=columns()))
    else:
        deeds = [entry for entry in outcome.entries if entry not in after]
        # Where the deal stands is told by the moves that followed, if any did.
        put(recorded.text(process, None if after else outcome.deal, deeds))
    gone = followed.left_behind(process, outcome.before, outcome.deal)
    for line in (*([gone] if gone else []), *followed.lines(outcome.entries, _started(outcome))):
        put(line)


def _followed(outcome: Outcome) -> list[Entry]:
    return [entry for entry in outcome.entries[1:] if entry.kind is EntryKind.MOVED]


def _started(outcome: Outcome) -> list[Deal]:
    return [deal for _, _, deal in outcome.started]
