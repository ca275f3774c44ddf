"""What a map names of the process it leads to: stages, facts, and the values that the export's values become."""

from __future__ import annotations

from collections.abc import Iterator

from engine.loading import codes, written
from engine.loading.facts import value_of
from engine.loading.loaded import Findings
from engine.loading.nodes import Node, Scalar
from engine.model.names import did_you_mean
from engine.model.process import Process


def check_names(root: Node, process: Process, found: Findings) -> None:
    """Tells what the process does not have."""
    _stages(root, process, found)
    for key, column in written.named(written.get(root, "facts"), words=True):
        _fact(key, column, process, found)
    _reasons(written.get(root, "reason"), process, found)
    _touchpoints(written.get(root, "touchpoints"), process, found)


def _stages(root: Node, process: Process, found: Findings) -> None:
    stages = tuple(stage.id for stage in process.main.stages)
    named = [value for _, value in written.pairs(written.get(root, "stages"))]
    entered = [key for key, _ in written.pairs(written.get(root, "entered"))]
    for node in (one for value in (*named, *entered) for one in written.scalars(value)):
        # A row may tell that the deal was handed over; no deal has a date for it in a column of its own.
        if node.value not in stages and not (node in named and node.value in process.hand_overs):
            message = f"unknown stage '{node.value}' of {process.name}"
            found.error(codes.UNKNOWN_STAGE, node.at, message, did_you_mean(node.value, stages, most=10))


def _touchpoints(node: Node | None, process: Process, found: Findings) -> None:
    known = process.touchpoints
    for one in (one for _, value in written.pairs(node) for one in written.scalars(value)):
        if one.value not in known:
            message = f"unknown touchpoint '{one.value}' of {process.name}"
            hint = did_you_mean(one.value, known) or "add it to 'touchpoints' of the process"
            found.error(codes.UNKNOWN_TOUCHPOINT, one.at, message, hint)


def _fact(key: Scalar, column: Node, process: Process, found: Findings) -> None:
    fact = process.facts.get(key.value)
    if fact is None:
        message = f"unknown fact '{key.value}' of {process.name}"
        found.error(codes.UNKNOWN_FACT, key.at, message, did_you_mean(key.value, process.facts))
    elif fact.table:
        message = f"'{key.value}' is reckoned by its table, so no column can give it"
        found.error(codes.RECKONED_FACT, key.at, message, "map the facts that the table reads")
    else:
        for target in _targets(column):
            value_of(target, fact, found)


def _reasons(column: Node | None, process: Process, found: Findings) -> None:
    known = {reason.code for track in process.all_tracks() for one in track.actions for reason in one.reasons}
    for target in _targets(column):
        if target.value not in known:
            message = f"unknown reason '{target.value}' of {process.name}"
            hint = did_you_mean(target.value, known, most=10) or "write the code of a reason of some action"
            found.error(codes.UNKNOWN_REASON, target.at, message, hint)


def _targets(column: Node | None) -> Iterator[Scalar]:
    """What the values of a column are called in the process."""
    for _, value in written.pairs(written.get(column, "values")):
        yield from written.scalars(value)
