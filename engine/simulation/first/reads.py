"""What the rules of a process look at, and what they plainly want: a yes, one of a few words, a date to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.rule import Requirement
from engine.model.syntax import And, Compare, ContextRef, FactRef, In, Literal, Not, Or, Tree, Value, facts_read

_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Wants:
    """What the rules want of facts and tracks, as far as it is plain.

    ``values``: one of these. ``least``: at least this. ``coming`` and ``gone``: dates from today on, and until today.
    ``tracks``: the stage of a side track.
    """

    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    least: dict[str, Value] = field(default_factory=dict)
    coming: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    tracks: dict[str, str] = field(default_factory=dict)


def facts_looked_at(process: Process) -> frozenset[str]:
    """The facts that a rule, a condition or a table looks at, or that are asked."""
    read = {fact for expression in _expressions(process) for fact in facts_read(expression.tree)}
    asks = [ask.fact for track in process.all_tracks() for action in track.actions for ask in action.asks]
    asks += [ask.fact for stage in process.main.stages for ask in stage.asks]
    return frozenset(read | set(asks))


def wanted(process: Process) -> Wants:
    """What the requirements of the main track want; of several ways to meet one the first."""
    found = Wants()
    for one in _requirements(process):
        _want(one.condition.tree, found)
    return found


def _want(tree: Tree, found: Wants) -> None:
    match tree:
        case And(parts=parts):
            for part in parts:
                _want(part, found)
        case Or(parts=parts):
            _want(parts[0], found)
        case FactRef(name=name):
            found.values.setdefault(name, (True,))
        case Not(part=FactRef(name=name)):
            found.values.setdefault(name, (False,))
        case In(item=FactRef(name=name), options=Literal(value=tuple() as values)):
            found.values.setdefault(name, values)
        case Compare(operator=operator, left=(FactRef() | ContextRef()) as left, right=right):
            _want_compared(operator, left, right, found)
        case Compare(operator=operator, left=left, right=FactRef() as right):
            _want_compared(_TURNED[operator], right, left, found)


def _want_compared(operator: str, left: FactRef | ContextRef, right: Tree, found: Wants) -> None:
    match left, right:
        case ContextRef(name=name), Literal(value=str() as stage) if name.startswith("track.") and operator == "==":
            found.tracks.setdefault(name.removeprefix("track."), stage)
        case ContextRef(name="today"), FactRef() as fact:
            _want_compared(_TURNED[operator], fact, left, found)
        case FactRef(name=name), ContextRef(name="today") if operator != "!=":
            (found.coming if operator in (">", ">=") else found.gone).add(name)
        case FactRef(name=name), Literal(value=value) if operator == "==":
            found.values.setdefault(name, (value,))
        case FactRef(name=name), Literal(value=value) if operator in (">", ">="):
            found.least.setdefault(name, value)


def _expressions(process: Process) -> Iterator[Expression]:
    for one in _requirements(process):
        yield one.condition
        if one.when:
            yield one.when
    for stage in process.main.stages:
        yield from (ask.when for ask in stage.asks if ask.when)
    for action in process.main.actions:
        whens = (action.when, *(ask.when for ask in action.asks), *(each.when for each in action.approvals))
        yield from (when for when in whens if when)
    for fact in process.facts.values():
        yield from (row.when for row in (fact.table.rows if fact.table else ()) if row.when)
    yield from (clock.when for clock in process.clocks if clock.when)


def _requirements(process: Process) -> Iterator[Requirement]:
    """All requirements of the main track."""
    yield from process.main.always
    for stage in process.main.stages:
        yield from (*stage.to_enter, *stage.to_pass)
    for action in process.main.actions:
        yield from action.requires
