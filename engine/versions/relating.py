"""How a condition of one version lies to that of the other: both in the words of the later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.conditions.prove import Side, relation
from engine.model.change import Proof
from engine.model.rule import Fact
from engine.model.syntax import YES_NO, Literal, Tree
from engine.versions.became import Became
from engine.versions.matched import same_form, translated
from engine.versions.pair import Pair

ALWAYS, NEVER = Literal(value=True, type=YES_NO), Literal(value=False, type=YES_NO)


def in_later_words(old: Tree, new: Tree, pair: Pair) -> tuple[Tree, Tree]:
    """Both trees with the ids that the later version has: one that was merged has no earlier name."""
    return old_in_later_words(old, pair), new_in_later_words(new, pair)


def old_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the old version."""
    return translated(tree, pair.became) if pair.old.version <= pair.new.version else tree


def new_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the new version."""
    return tree if pair.old.version <= pair.new.version else translated(tree, pair.back)


def related(old: tuple[Tree | None, Tree], new: tuple[Tree | None, Tree], pair: Pair) -> Proof | None:
    """How two requirements, each a ``when`` and a ``must`` in later words, compare; ``None``: written alike."""
    if _same(old[0], new[0]) and _same(old[1], new[1]):
        return None
    return relation(Side(*old, _facts(pair, earlier=True)), Side(*new, _facts(pair, earlier=False)))


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
