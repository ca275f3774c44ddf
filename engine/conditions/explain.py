"""Why an expression came out as it did: its clauses with the values they saw, what is needed, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.conditions import needed
from engine.conditions.evaluate import context, evaluate
from engine.conditions.unparse import unparse
from engine.conditions.words import GIVEN_WITH_MOVE, given_as
from engine.model.decision import Clause
from engine.model.situation import Situation
from engine.model.syntax import (
    And,
    Call,
    ContextRef,
    FactRef,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    walk,
)

Facts = Mapping[str, Value]


def clauses(tree: Tree, facts: Facts, situation: Situation) -> tuple[Clause, ...]:
    """Groups (``all`` or ``any``) and, below each, its parts, in the order written; leaves with the values seen.

    A ``not`` before a group is told as the group it amounts to: not (a and b) is any of: not a, not b.
    """
    return tuple(_clauses(tree, facts, situation, depth=0))


def _clauses(tree: Tree, facts: Facts, situation: Situation, *, depth: int) -> Iterator[Clause]:
    tree = _plain(tree)
    holds = evaluate(tree, facts, situation)
    verdict = holds if isinstance(holds, bool) else None
    if isinstance(tree, (And, Or)):
        yield Clause(unparse(tree), verdict, depth=depth, joined="all" if isinstance(tree, And) else "any")
        for part in tree.parts:
            yield from _clauses(part, facts, situation, depth=depth + 1)
        return
    yield Clause(unparse(tree), verdict, seen(tree, facts, situation), depth=depth)


def _plain(tree: Tree) -> Tree:
    """The tree with a leading ``not`` moved inwards, to the single clauses: equal in three-valued logic too."""
    if not isinstance(tree, Not):
        return tree
    part = tree.part
    if isinstance(part, Not):
        return _plain(part.part)
    if isinstance(part, And):
        return Or(tuple(Not(inner, inner.span) for inner in part.parts), tree.span)
    if isinstance(part, Or):
        return And(tuple(Not(inner, inner.span) for inner in part.parts), tree.span)
    return tree


def seen(tree: Tree, facts: Facts, situation: Situation) -> tuple[tuple[str, Value | None], ...]:
    """What the tree looks at, by name as written, and what it was: facts, words, questions about the past."""
    found: dict[str, Value | None] = {}
    for node in walk(tree):
        if isinstance(node, FactRef):
            found[node.name] = facts.get(node.name)
        elif isinstance(node, ContextRef):
            found[node.name] = context(node.name, situation)
        elif isinstance(node, Call) and isinstance(node.arguments[0], Literal):
            found[unparse(node)] = evaluate(node, facts, situation)
    return tuple(found.items())


def missing(tree: Tree, facts: Facts, situation: Situation) -> tuple[str, ...]:
    """The facts (and ``reason``, ``note``, ``to``) that must be known before the outcome is.

    Empty where the outcome is known. Facts that only a branch reads which can no longer decide are not among them.
    """
    if evaluate(tree, facts, situation) is not None:
        return ()
    return tuple(dict.fromkeys(_missing(tree, facts, situation)))


def _missing(tree: Tree, facts: Facts, situation: Situation) -> Iterator[str]:
    if isinstance(tree, FactRef):
        yield tree.name
    elif isinstance(tree, ContextRef):
        name = given_as(tree.name)
        if name in GIVEN_WITH_MOVE and context(name, situation) is None:
            yield name
    else:
        for part in needed.parts(tree):
            if evaluate(part, facts, situation) is None:
                yield from _missing(part, facts, situation)


def needs(tree: Tree, facts: Facts, situation: Situation) -> str:
    """What would make the condition true, in words: ``amount at least 5000 (is 100)``; empty where it is true."""
    if evaluate(tree, facts, situation) is True:
        return ""
    return _needs(_plain(tree), facts, situation, nested=False)


def _needs(tree: Tree, facts: Facts, situation: Situation, *, nested: bool) -> str:
    if isinstance(tree, (And, Or)):
        lacking = [_plain(p) for p in tree.parts if evaluate(p, facts, situation) is not True]
        words = [_needs(part, facts, situation, nested=True) for part in lacking]
        words = list(dict.fromkeys(word for word in words if word))
        if isinstance(tree, And):
            joined = " and ".join(words)
            return f"({joined})" if nested and len(words) > 1 else joined
        joined = "either " + " or ".join(words) if len(words) > 1 else "".join(words)
        return f"({joined})" if nested and len(words) > 1 else joined
    return needed.clause(tree, facts, situation)
