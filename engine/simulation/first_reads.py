"""What the rules of a process look at: facts, and side tracks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.rule import Requirement
from engine.model.syntax import ContextRef, facts_read, walk


def facts_looked_at(process: Process) -> frozenset[str]:
    """The facts that a rule, a condition or a table looks at, or that are asked."""
    read = {fact for expression in _expressions(process) for fact in facts_read(expression.tree)}
    asks = [ask.fact for track in process.all_tracks() for action in track.actions for ask in action.asks]
    asks += [ask.fact for stage in process.main.stages for ask in stage.asks]
    return frozenset(read | set(asks))


def tracks_read(process: Process) -> frozenset[str]:
    """The side tracks that a condition looks at."""
    names = (node.name for one in _expressions(process) for node in walk(one.tree) if isinstance(node, ContextRef))
    return frozenset(name.removeprefix("track.") for name in names if name.startswith("track."))


def _expressions(process: Process) -> Iterator[Expression]:
    for track in process.all_tracks():
        yield from _of_requirements(track.always)
        for stage in track.stages:
            yield from _of_requirements((*stage.to_enter, *stage.to_pass))
            yield from (ask.when for ask in stage.asks if ask.when)
        for action in track.actions:
            yield from _of_requirements(action.requires)
            whens = (action.when, *(ask.when for ask in action.asks), *(each.when for each in action.approvals))
            yield from (when for when in whens if when)
    for fact in process.facts.values():
        yield from (row.when for row in (fact.table.rows if fact.table else ()) if row.when)
    yield from (clock.when for clock in process.clocks if clock.when)


def _of_requirements(requirements: tuple[Requirement, ...]) -> Iterator[Expression]:
    for one in requirements:
        yield one.condition
        if one.when:
            yield one.when
