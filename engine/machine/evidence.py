"""The clauses of a condition with the values they saw, told fast: equal to what ``conditions.explain`` tells.

What a clause says is fixed; only how it came out and what it saw differ from deal to deal. So the texts are made once,
and clauses that saw the same are told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.conditions.evaluate import all_of, any_of
from engine.conditions.explain import clauses, seen
from engine.conditions.generate import function
from engine.conditions.unparse import unparse
from engine.machine.making import make_clause
from engine.model.decision import Clause
from engine.model.situation import Situation
from engine.model.syntax import And, Call, ContextRef, FactRef, Literal, Not, Or, Tree, Value, walk

Facts = Mapping[str, Value]
Told = tuple[Clause, ...]
Teller = Callable[[Facts, Situation], Told]
Test = Callable[[Facts, Situation], Value | None]

REMEMBERED = 16
"""How many tellings of one clause are kept: those of a yes-no or a choice. Amounts seldom come twice."""


def teller(tree: Tree) -> Teller:
    """What tells the clauses of a condition."""
    if any(isinstance(node, Not) and isinstance(node.part, (And, Or, Not)) for node in walk(tree)):
        # A "not" before a group is told as the group it amounts to: rare, and best left to the plain way.
        return lambda facts, situation: clauses(tree, facts, situation)
    return _teller(tree, depth=0)


def _teller(tree: Tree, *, depth: int) -> Teller:
    if isinstance(tree, (And, Or)):
        return _group(tree, depth=depth)
    return _plain_leaf(tree, depth=depth) if _looks_at_facts_alone(tree) else _leaf(tree, depth=depth)


def _group(tree: And | Or, *, depth: int) -> Teller:
    joined, join = ("all", all_of) if isinstance(tree, And) else ("any", any_of)
    text = unparse(tree)
    heads = {holds: Clause(text, holds, depth=depth, joined=joined) for holds in (True, False, None)}
    parts = tuple(_teller(part, depth=depth + 1) for part in tree.parts)

    def tell(facts: Facts, situation: Situation) -> Told:
        told: list[Clause] = []
        outcomes = []
        for part in parts:
            clauses = part(facts, situation)
            # The first clause of a part is the part itself, so the group needs no evaluation of its own.
            outcomes.append(clauses[0].holds)
            told += clauses
        return (heads[join(outcomes)], *told)

    return tell


def _plain_leaf(tree: Tree, *, depth: int) -> Teller:
    test, text = function(tree), unparse(tree)
    names = tuple(dict.fromkeys(node.name for node in walk(tree) if isinstance(node, FactRef)))

    def tell(facts: Facts, situation: Situation) -> Told:
        values = map(facts.get, names)
        return (make_clause(text, _yes_no(test(facts, situation)), tuple(zip(names, values, strict=True)), depth),)

    if len(names) == 1:
        return _single(names[0], text, test, depth)
    return tell


def _single(name: str, text: str, test: Test, depth: int) -> Teller:
    """The commonest clause, which looks at one fact: those of few values are told once for each."""
    memo: dict[Value | None, Told] = {}

    def tell(facts: Facts, situation: Situation) -> Told:
        value = facts.get(name)
        if value in memo:
            return memo[value]
        told = (make_clause(text, _yes_no(test(facts, situation)), ((name, value),), depth),)
        if len(memo) < REMEMBERED:
            memo[value] = told
        return told

    return tell


def _yes_no(value: Value | None) -> bool | None:
    return value if isinstance(value, bool) else None


def _leaf(tree: Tree, *, depth: int) -> Teller:
    test, text = function(tree), unparse(tree)

    def tell(facts: Facts, situation: Situation) -> Told:
        holds = test(facts, situation)
        return (make_clause(text, _yes_no(holds), seen(tree, facts, situation), depth),)

    return tell


def _looks_at_facts_alone(tree: Tree) -> bool:
    return not any(
        isinstance(node, ContextRef) or (isinstance(node, Call) and isinstance(node.arguments[0], Literal))
        for node in walk(tree)
    )
