"""How a condition of one version lies to that of the other: both in the words of the later one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum

from engine.conditions.prove import relation
from engine.conditions.prove_form import definition
from engine.conditions.prove_sides import Side, near
from engine.model.change import Level, Proof, Relation
from engine.model.rule import Fact
from engine.model.syntax import YES_NO, And, Call, ContextRef, Literal, Not, Or, Tree, facts_read, walk
from engine.versions.became import Became
from engine.versions.matched import same_form, translated
from engine.versions.pair import Pair

ALWAYS, NEVER = Literal(value=True, type=YES_NO), Literal(value=False, type=YES_NO)

Asked = tuple[Tree | None, Tree]
"""Where a requirement applies, and what must hold there."""

REASON = "reason"


class How(Enum):
    """How surely a change of a condition lies in one direction, and whether it lies in the other too."""

    ALONE = "in this direction alone"
    TOO = "in this direction too"
    PERHAPS = "nobody can tell"


_ALWAYS_KNOWN = ("stage", "to", "action")


def directions(proof: Proof) -> Iterator[tuple[Level, How]]:
    """Whether a condition refuses what passed before, and lets pass what it refused."""
    match proof.relation:
        case Relation.STRICTER:
            yield Level.TIGHTER, How.ALONE
        case Relation.LOOSER:
            yield Level.LOOSER, How.ALONE
        case Relation.NEITHER:
            yield Level.TIGHTER, How.TOO
            yield Level.LOOSER, How.TOO
        case Relation.UNKNOWN:
            # A deal that was found is sure; where none was, there may be one.
            yield Level.TIGHTER, How.PERHAPS if proof.refused is None else How.TOO
            yield Level.LOOSER, How.PERHAPS if proof.allowed is None else How.TOO


def old_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the old version."""
    is_later = pair.old.version > pair.new.version
    return tree if is_later or pair.became.is_nothing else translated(tree, pair.became)


def new_in_later_words(tree: Tree, pair: Pair) -> Tree:
    """A tree of the new version."""
    is_later = pair.old.version <= pair.new.version
    return tree if is_later or pair.back.is_nothing else translated(tree, pair.back)


def related(old: Asked, new: Asked, pair: Pair, *, known: tuple[str, ...] = ()) -> Proof | None:
    """How two requirements, both in later words, compare; ``None`` where they and the facts they read are alike.

    ``known``: words of the situation that are known whenever it is judged, beside those that always are.
    """
    facts = _facts(pair, old, earlier=True), _facts(pair, new, earlier=False)
    if _same(old[0], new[0]) and _same(old[1], new[1]) and _defined(old, facts[0]) == _defined(new, facts[1]):
        return None
    words = _read((*old, *new), (*_ALWAYS_KNOWN, *known))
    before, after = (_with_known(one, words) for one in (old, new))
    return relation(Side(*before, facts[0]), Side(*after, facts[1]))


def _read(trees: tuple[Tree | None, ...], words: tuple[str, ...]) -> tuple[Tree, ...]:
    """Those of the words that the trees read: what only one version reads is known to the other too."""
    read = (node for tree in trees if tree for node in walk(tree))
    found = {node.name: node for node in read if isinstance(node, ContextRef) and node.name in words}
    return tuple(found.values())


def _with_known(asked: Asked, words: tuple[Tree, ...]) -> Asked:
    """The requirement of a deal of which the words are known: no other is ever judged by it."""
    when, must = asked
    if not words:
        return asked
    given = tuple(Call("given", (word,), YES_NO) for word in words)
    whole = must if when is None else Or((Not(when), And((*_parts(when), *_parts(must)))))
    return None, And((*given, *_parts(whole)))


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, And) else (tree,)


def _same(old: Tree | None, new: Tree | None) -> bool:
    if old is None or new is None:
        return old is new
    return same_form(old, new)


def _defined(asked: Asked, facts: Mapping[str, Fact]) -> Mapping[str, object]:
    """What of the facts read bears on a requirement: its own words may stay while a default or a table changes."""
    return {one: (fact.type.kind, definition(fact)) for one, fact in near(Side(*asked, facts)).items()}


def _facts(pair: Pair, asked: Asked, *, earlier: bool) -> Mapping[str, Fact]:
    """The facts that a requirement of the old (``earlier``) or the new side reads, by their later ids."""
    forwards = pair.old.version <= pair.new.version
    facts = pair.old.facts if earlier else pair.new.facts
    if earlier is not forwards:
        return facts
    became = pair.became if forwards else pair.back
    ids = {later: one for one, later in became.facts.items()}
    found: dict[str, Fact] = {}
    waiting = [name for tree in asked if tree for name in facts_read(tree)]
    while waiting:
        name = waiting.pop()
        fact = facts.get(ids.get(name, name))
        if fact is not None and name not in found:
            found[name] = _worded(fact, name, became)
            waiting.extend(_read_by_table(found[name]))
    return found


def _worded(fact: Fact, name: str, became: Became) -> Fact:
    if fact.table is None:
        return replace(fact, id=name)
    rows = tuple(
        row if row.when is None else replace(row, when=replace(row.when, tree=translated(row.when.tree, became)))
        for row in fact.table.rows
    )
    return replace(fact, id=name, table=replace(fact.table, rows=rows))


def _read_by_table(fact: Fact) -> Iterator[str]:
    for row in fact.table.rows if fact.table else ():
        if row.when is not None:
            yield from facts_read(row.when.tree)
