"""How a condition of one version lies to that of the other: both in the words of the later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.conditions.prove import Side, relation
from engine.model.change import Proof
from engine.model.rule import Fact
from engine.model.syntax import YES_NO, And, Call, ContextRef, Literal, Not, Or, Tree, walk
from engine.versions.became import Became
from engine.versions.matched import same_form, translated
from engine.versions.pair import Pair

ALWAYS, NEVER = Literal(value=True, type=YES_NO), Literal(value=False, type=YES_NO)

Asked = tuple[Tree | None, Tree]
"""Where a requirement applies, and what must hold there."""

REASON = "reason"
_ALWAYS_KNOWN = ("stage", "to", "action")


def old_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the old version."""
    return translated(tree, pair.became) if pair.old.version <= pair.new.version else tree


def new_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the new version."""
    return tree if pair.old.version <= pair.new.version else translated(tree, pair.back)


def related(old: Asked, new: Asked, pair: Pair, *, known: tuple[str, ...] = ()) -> Proof | None:
    """How two requirements, both in later words, compare; ``None`` where they are written alike.

    ``known``: words of the situation that are known whenever it is judged, beside those that always are.
    """
    if _same(old[0], new[0]) and _same(old[1], new[1]):
        return None
    words = (*_ALWAYS_KNOWN, *known)
    before, after = (_with_known(one, words) for one in (old, new))
    return relation(Side(*before, _facts(pair, earlier=True)), Side(*after, _facts(pair, earlier=False)))


def _with_known(asked: Asked, words: tuple[str, ...]) -> Asked:
    """The requirement of a deal of which the words that it reads are known: no other is ever judged by it."""
    when, must = asked
    read = [node for tree in asked if tree for node in walk(tree)]
    found = {node.name: node for node in read if isinstance(node, ContextRef) and node.name in words}
    if not found:
        return asked
    given = tuple(Call("given", (node,), YES_NO) for node in found.values())
    whole = must if when is None else Or((Not(when), And((*_parts(when), *_parts(must)))))
    return None, And((*given, *_parts(whole)))


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, And) else (tree,)


def _same(old: Tree | None, new: Tree | None) -> bool:
    if old is None or new is None:
        return old is new
    return same_form(old, new)


def _facts(pair: Pair, *, earlier: bool) -> Mapping[str, Fact]:
    """The facts of the old (``earlier``) or the new side, with the ids of the later version."""
    forwards = pair.old.version <= pair.new.version
    facts = pair.old.facts if earlier else pair.new.facts
    if earlier is not forwards:
        return facts
    became = pair.became if forwards else pair.back
    return {became.fact(one): _in_later_words(fact, became) for one, fact in facts.items()}


def _in_later_words(fact: Fact, became: Became) -> Fact:
    """The fact by its later id, its table reading the later ids of others."""
    if fact.table is None:
        return replace(fact, id=became.fact(fact.id))
    rows = tuple(
        row if row.when is None else replace(row, when=replace(row.when, tree=translated(row.when.tree, became)))
        for row in fact.table.rows
    )
    return replace(fact, id=became.fact(fact.id), table=replace(fact.table, rows=rows))
