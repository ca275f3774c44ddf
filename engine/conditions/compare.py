"""Comparison of conditions: can they hold together, does one hold always, does one follow from another.

Own procedure over the typed three-valued language. ``True`` rests on a deal that was evaluated, ``False`` on a
sound refutation; ``None`` is said where neither is at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice, product

from engine.conditions.atoms import Atom, Goal, Known, Way, Wish, known_as, ways
from engine.conditions.decision_table import derive, in_order, read_by
from engine.conditions.evaluate import evaluate
from engine.conditions.imagine import Imagined
from engine.conditions.solve import guesses, refuted
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.situation import Situation
from engine.model.syntax import (
    YES_NO,
    And,
    Call,
    Compare,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    children,
    facts_read,
)

_MOST_STEPS = 4_000
_MOST_WAYS = 400
_MOST_TRIES = 200
_MOST_ROWS = 12


Deals = Iterator[tuple[Mapping[str, Value], Imagined]]


class TooManyWays(Exception):
    """There are more ways to grant the wishes than are worth trying."""


def satisfiable(*trees: Tree, facts: Mapping[str, Fact]) -> bool | None:
    """Whether some deal makes all the conditions true; ``None`` where nobody can tell."""
    return _possible(tuple((tree, Wish.TRUE) for tree in trees), facts)


def never_false(tree: Tree, facts: Mapping[str, Fact]) -> bool | None:
    """Whether the condition is true in every deal that has the facts it reads."""
    return _denied(found=_possible(((tree, Wish.FALSE),), facts))


def always_true(tree: Tree, facts: Mapping[str, Fact]) -> bool | None:
    """Whether the condition is true in every deal, whatever is missing."""
    return _denied(found=_possible(((tree, Wish.NOT_TRUE),), facts))


def implies(first: Tree, second: Tree, facts: Mapping[str, Fact]) -> bool | None:
    """Whether ``second`` is true in every deal in which ``first`` is."""
    return _denied(found=_possible(((first, Wish.TRUE), (second, Wish.NOT_TRUE)), facts))


def ways_apart(first: Tree, second: Tree, facts: Mapping[str, Fact], *, steps: int = _MOST_STEPS) -> Iterator[Deals]:
    """Deals to try, way by way, in which ``first`` may be true and ``second`` not; without any way there is no deal.

    Raises ``TooManyWays`` after so many steps.
    """
    goals = ((first, Wish.TRUE), (second, Wish.NOT_TRUE))
    return _all_ways(goals, _near(goals, facts), steps)


def example(*trees: Tree, facts: Mapping[str, Fact]) -> Mapping[str, Value] | None:
    """Facts of a deal in which all the conditions are true; ``None`` where none was found."""
    goals = tuple((tree, Wish.TRUE) for tree in trees)
    near = _near(goals, facts)
    try:
        return next(
            (deal for deals in _all_ways(goals, near) if (deal := _shown(deals, goals, near)) is not None), None
        )
    except TooManyWays:
        return None


def _denied(*, found: bool | None) -> bool | None:
    return None if found is None else not found


def _possible(goals: tuple[Goal, ...], facts: Mapping[str, Fact]) -> bool | None:
    if _independent(goals, facts):
        return True
    try:
        return _found(goals, _near(goals, facts))
    except TooManyWays:
        return None


def _found(goals: tuple[Goal, ...], facts: Mapping[str, Fact]) -> bool | None:
    sure = True
    for deals in _all_ways(goals, facts):
        if _shown(deals, goals, facts) is not None:
            return True
        sure = False
    return False if sure else None


def _all_ways(goals: tuple[Goal, ...], facts: Mapping[str, Fact], most: int = _MOST_STEPS) -> Iterator[Deals]:
    """Deals to try for every way to grant all the wishes that is not refuted; what is refuted half-way is left."""
    waiting: list[tuple[tuple[Goal, ...], tuple[Atom, ...]]] = [
        ((*goals, *more), atoms) for more, atoms in _by_tables(facts)
    ]
    steps = given = 0
    while waiting:
        steps += 1
        if steps > most or given > _MOST_WAYS:
            raise TooManyWays
        left, atoms = waiting.pop()
        if not left:
            deals = guesses(atoms, facts)
            if deals is not None:
                given += 1
                yield deals
            continue
        choices = ways(left[0])
        if len(choices) > 1 and atoms and refuted(atoms, facts):
            continue
        waiting.extend(((*more, *left[1:]), (*atoms, *found)) for more, found in reversed(choices))


def _near(goals: tuple[Goal, ...], facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """The declared facts that the conditions read, and those that their tables read."""
    found: dict[str, Fact] = {}
    waiting = [name for tree, _ in goals for name in facts_read(tree)]
    while waiting:
        name = waiting.pop()
        if name in facts and name not in found:
            found[name] = facts[name]
            waiting.extend(read_by(facts, name))
    return found


def _by_tables(facts: Mapping[str, Fact]) -> Iterator[Way]:
    """Which row of each table applies, or none: what that asks of other facts, and what it says of its own."""
    order = in_order(facts)
    in_circle = any(other in order[at:] for at, name in enumerate(order) for other in read_by(facts, name))
    tables = [] if in_circle else [(name, table) for name in order if (table := facts[name].table)]
    for chosen in product(*(_by_rows(facts[name], table) for name, table in tables if table.hit is not Hit.SUM)):
        yield tuple(g for goals, _ in chosen for g in goals), tuple(a for _, atoms in chosen for a in atoms)


def _by_rows(fact: Fact, table: DecisionTable) -> Iterator[Way]:
    term = FactRef(fact.id, fact.type)
    for index, row in enumerate(table.rows):
        others = table.rows[:index] if table.hit is Hit.FIRST else (*table.rows[:index], *table.rows[index + 1 :])
        goals = [(_when(row), Wish.TRUE), *((_when(other), Wish.FALSE) for other in others)]
        for atoms in known_as(term, row.then):
            yield tuple(goals), atoms
    # Of a long table nothing is asked where it has no answer: that only leaves more deals to try.
    silent: tuple[Goal, ...] = ((_answers(table), Wish.NOT_TRUE),) if len(table.rows) <= _MOST_ROWS else ()
    yield silent, (Known(term, yes=False),)


def _answers(table: DecisionTable) -> Tree:
    """A condition that is true where the table, which is no sum, has an answer."""
    whens = [_when(row) for row in table.rows]
    if table.hit is Hit.FIRST:
        answers: Tree = whens[-1]
        for when in reversed(whens[:-1]):
            answers = Or((when, And((Not(when), answers))))
        return answers
    return Or(tuple(And(tuple(w if w is one else Not(w) for w in whens)) for one in whens))


def _when(row: Row) -> Tree:
    return Literal(value=True, type=YES_NO) if row.when is None else row.when.tree


def _shown(deals: Deals, goals: tuple[Goal, ...], facts: Mapping[str, Fact]) -> Mapping[str, Value] | None:
    """A deal that is so, and for which evaluation grants every wish."""
    for found, situation in islice(deals, _MOST_TRIES):
        recorded = {name: value for name, value in found.items() if name not in facts or facts[name].table is None}
        full = derive(facts, recorded, situation)
        if all(_granted(goal, full, situation) for goal in goals):
            return recorded
    return None


def _granted(goal: Goal, facts: Mapping[str, Value], situation: Situation) -> bool:
    found = evaluate(goal[0], facts, situation)
    match goal[1]:
        case Wish.TRUE:
            return found is True
        case Wish.FALSE:
            return found is False
        case Wish.NOT_TRUE:
            return found is not True
    return found is not False


def _independent(goals: tuple[Goal, ...], facts: Mapping[str, Fact]) -> bool:
    """Whether each term is read once, by a leaf that can come out either way: then any wish can be granted.

    This answers most of what people write, without search.
    """
    seen: set[Tree] = set()
    for leaf in (leaf for tree, _ in goals for leaf in _leaves(tree)):
        term = _open_term(leaf, facts)
        if term is None or term in seen:
            return False
        seen.add(term)
    return True


def _leaves(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, (And, Or, Not)):
        for child in children(tree):
            yield from _leaves(child)
    else:
        yield tree


def _open_term(leaf: Tree, facts: Mapping[str, Fact]) -> Tree | None:
    """The one term of a leaf that some value makes true and another false."""
    match leaf:
        case FactRef():
            found: Tree = leaf
        case Call(function="done" | "reached"):
            return leaf
        case Call(function="given" | "blank", arguments=(FactRef(name=name) as found,)):
            if name in facts and facts[name].default is not None:
                return None
        case Compare(left=FactRef() as found, right=Literal(value=value)) if _within(value):
            pass
        case Compare(left=Literal(value=value), right=FactRef() as found) if _within(value):
            pass
        case In(item=FactRef() as found, options=Literal(value=tuple() as options)) if options:
            if all(choice in options for choice in found.type.choices):
                return None
        case _:
            return None
    if isinstance(found, FactRef) and _plain(found, facts):
        return found
    return None


def _within(value: Value) -> bool:
    """Whether there are values on both sides of this one."""
    return not isinstance(value, date) or 1 < value.year < 9999


def _plain(term: FactRef, facts: Mapping[str, Fact]) -> bool:
    """Whether any value of its type may be recorded."""
    declared = facts.get(term.name)
    few = term.type.kind is Kind.CHOICE and len(term.type.choices) < 2
    return not few and (declared is None or declared.table is None)


__all__ = ["TooManyWays", "always_true", "example", "implies", "never_false", "satisfiable", "ways_apart"]
