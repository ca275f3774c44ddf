"""What became of the version before: whether every deal is told where it goes on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.conditions.compare import always_true
from engine.model.finding import Finding, Severity
from engine.model.process import Process
from engine.model.syntax import Or, Tree


def splits_that_leave_some(process: Process) -> Iterator[Finding]:
    """P182: a stage was split, and the conditions of its targets may all be false, or unknown."""
    for stage, splits in process.follows.stages.items() if process.follows else ():
        conditions = [split.when.tree for split in splits if split.when]
        if len(conditions) < len(splits) or always_true(_any(conditions), process.facts) is not False:
            continue
        message = f"deals in '{stage}' of which no line is true are told no stage"
        hint = "end the list with a line without 'when', or each of them waits for a decision when deals come over"
        at = splits[-1].when.at if splits[-1].when else process.at
        yield Finding("P182", at, message, hint, Severity.WARNING)


def _any(conditions: list[Tree]) -> Tree:
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))
