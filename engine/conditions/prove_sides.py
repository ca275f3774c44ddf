"""A requirement before and after a change: what each of the two reads, and which deals each lets pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.conditions.decision_table import deriver, read_by
from engine.conditions.generate import function
from engine.model.rule import Fact
from engine.model.situation import Situation
from engine.model.syntax import YES_NO, And, ContextRef, FactRef, Kind, Literal, Not, Or, Tree, Type, Value, walk

Passes = Callable[[Mapping[str, Value], Situation], bool]
"""Whether a deal passes, by the facts recorded and the situation."""

_TRUE = Literal(value=True, type=YES_NO)
_ALIKE = ({Kind.NUMBER, Kind.MONEY}, {Kind.TEXT, Kind.CHOICE})


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a requirement: a deal passes if ``when`` is false, or if ``when`` and ``must`` are both true.

    ``facts`` are those that its version declares, with their defaults and decision tables.
    """

    when: Tree | None
    must: Tree
    facts: Mapping[str, Fact]


def whole(side: Side) -> Tree:
    """The requirement as one condition, true for the deals that pass."""
    if side.when is None or side.when == _TRUE:
        return side.must
    # An unknown ``when`` refuses, so ``not when or must`` would let too much pass.
    return Or((Not(side.when), And((side.when, side.must))))


def trees(side: Side) -> Iterator[Tree]:
    """The conditions of the side, then those of the decision tables that it rests on."""
    if side.when is not None:
        yield side.when
    yield side.must
    for fact in near(side).values():
        if fact.table is not None:
            yield from (row.when.tree for row in fact.table.rows if row.when is not None)


def near(side: Side) -> Mapping[str, Fact]:
    """The declared facts that the side reads, and those that their tables read."""
    found: dict[str, Fact] = {}
    waiting = [node.name for tree in (side.when, side.must) if tree for node in walk(tree) if isinstance(node, FactRef)]
    while waiting:
        name = waiting.pop(0)
        if name in side.facts and name not in found:
            found[name] = side.facts[name]
            waiting.extend(sorted(read_by(side.facts, name)))
    return found


def passes(side: Side) -> Passes:
    """The side as a function of one deal."""
    derived, must = deriver(near(side)), function(side.must)
    if side.when is None:
        return lambda recorded, situation: must(derived(recorded, situation), situation) is True
    when = function(side.when)

    def passed(recorded: Mapping[str, Value], situation: Situation) -> bool:
        facts = derived(recorded, situation)
        asked = when(facts, situation)
        return asked is False or (asked is True and must(facts, situation) is True)

    return passed


def types(*sides: Side) -> Mapping[str, Type] | None:
    """One type for each name that the sides read, that fits both; ``None`` where a fact changed its kind.

    A deal may have any choice that either side knows. Words of the situation stand among the facts by their names.
    """
    found: dict[str, Type] = {}
    for side in sides:
        for tree in trees(side):
            for node in walk(tree):
                if not isinstance(node, (FactRef, ContextRef)) or _reckoned(node, side):
                    continue
                both = _common(found.get(node.name, node.type), _type(node, side))
                if both is None:
                    return None
                found[node.name] = both
    return found


def _reckoned(node: Tree, side: Side) -> bool:
    declared = side.facts.get(node.name) if isinstance(node, FactRef) else None
    return declared is not None and declared.table is not None


def _type(node: FactRef | ContextRef, side: Side) -> Type:
    declared = side.facts.get(node.name) if isinstance(node, FactRef) else None
    return node.type if declared is None else declared.type


def _common(first: Type, second: Type) -> Type | None:
    if first.kind is second.kind:
        if not (first.choices and second.choices):
            return Type(first.kind)
        return Type(first.kind, tuple(dict.fromkeys((*first.choices, *second.choices))))
    kinds = {first.kind, second.kind}
    alike = next((group for group in _ALIKE if kinds <= group), None)
    if alike is None:
        return None
    return Type(Kind.TEXT if Kind.TEXT in alike else Kind.MONEY)
