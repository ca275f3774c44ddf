"""Two sides brought under one set of facts, so that the house's own procedure can compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from engine.conditions.compare import TooManyWays, ways_apart
from engine.conditions.decision_table import read_by
from engine.conditions.prove_form import definition
from engine.conditions.prove_short import shortened
from engine.conditions.prove_sides import Side, near, whole
from engine.conditions.prove_smallest import Deal, Question, deal_of
from engine.model.rule import DecisionTable, Fact
from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Not,
    Or,
    Tree,
    Type,
)

_MOST_TRIES = 200
_LATER = "{} (new)"
"""What a fact is called whose definition changed, on the new side. No id holds a space or a bracket."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Both sides as conditions over one set of facts. A fact whose definition changed is two facts there.

    The two share nothing then, though both may rest on one recorded value: that only leaves room for deals that
    cannot be, so what has no deal here has none at all.
    """

    old: Tree
    new: Tree
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Answer:
    """``sure``: there surely is no deal, or ``deal`` is one."""

    sure: bool
    deal: Deal | None = None


UNDECIDED = Answer(sure=False)


def joined(old: Side, new: Side, types: Mapping[str, Type]) -> Joined:
    """The two sides under one set of facts; ``types`` are those of all names, for both."""
    before, after = near(old), near(new)
    later = {name: _LATER.format(name) for name in _redefined(before, after)}
    facts = {name: _typed(fact, types, {}) for name, fact in before.items()}
    for name, fact in after.items():
        typed = _typed(fact, types, later)
        facts[typed.id] = typed if name in later or name not in facts else facts[name]
    return Joined(_renamed(whole(old), types, {}), _renamed(whole(new), types, later), facts)


def ask(question: Question, passes: Tree, fails: Tree, facts: Mapping[str, Fact], *, steps: int) -> Answer:
    """Whether the own procedure finds a deal, or that there is none, within so many steps."""
    sure = True
    try:
        for deals in ways_apart(*shortened(passes, fails), facts, steps=steps):
            sure = False
            for recorded, situation in islice(deals, _MOST_TRIES):
                deal = deal_of(recorded, situation, question)
                if question.told_by(deal):
                    return Answer(sure=True, deal=deal)
    except TooManyWays:
        return UNDECIDED
    return Answer(sure=sure)


def _redefined(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> frozenset[str]:
    """The facts that both sides read and that are not the same on both: by themselves, or by what their tables read."""
    both = before.keys() & after.keys()
    found = {name for name in both if definition(before[name]) != definition(after[name])}
    while more := {name for name in both - found if read_by(after, name) & found}:
        found |= more
    return frozenset(found)


def _typed(fact: Fact, types: Mapping[str, Type], later: Mapping[str, str]) -> Fact:
    table = fact.table if fact.table is None else _table(fact.table, types, later)
    return replace(fact, id=later.get(fact.id, fact.id), type=types.get(fact.id, fact.type), table=table)


def _table(table: DecisionTable, types: Mapping[str, Type], later: Mapping[str, str]) -> DecisionTable:
    rows = (
        row if row.when is None else replace(row, when=replace(row.when, tree=_renamed(row.when.tree, types, later)))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _renamed(tree: Tree, types: Mapping[str, Type], later: Mapping[str, str]) -> Tree:
    """The tree with one type for each name, and the later names."""

    def again(part: Tree) -> Tree:
        return _renamed(part, types, later)

    match tree:
        case FactRef(name=name, type=of):
            return FactRef(later.get(name, name), types.get(name, of))
        case ContextRef(name=name, type=of):
            return ContextRef(name, types.get(name, of))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(map(again, parts)))
        case Not(part=part):
            return Not(again(part))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return replace(tree, left=again(left), right=again(right))
        case In(item=item):
            return replace(tree, item=again(item))
        case Call(arguments=arguments):
            return replace(tree, arguments=tuple(map(again, arguments)))
    return tree
