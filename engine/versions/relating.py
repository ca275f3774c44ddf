"""How a condition of one version lies to that of the other: both in the words of the later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.conditions.compare import example, implies
from engine.model.change import Proof, Relation
from engine.model.rule import Fact
from engine.model.syntax import YES_NO, And, Literal, Not, Or, Tree
from engine.versions.matched import same_form, translated
from engine.versions.pair import Pair


@dataclass(frozen=True, slots=True)
class Side:
    """A requirement and the facts it reads: it lets a deal pass iff ``when`` is false, or both are true."""

    when: Tree | None
    must: Tree
    facts: Mapping[str, Fact]


ALWAYS, NEVER = Literal(value=True, type=YES_NO), Literal(value=False, type=YES_NO)


def relation(old: Side, new: Side) -> Proof:
    """How the two compare by the deals that they let pass."""
    facts = {**old.facts, **new.facts}
    first, second = _passes(old), _passes(new)
    stricter, looser = implies(second, first, facts), implies(first, second, facts)
    if stricter and looser:
        return Proof(Relation.SAME, by="search")
    if stricter is None or looser is None:
        return Proof(Relation.UNKNOWN)
    refused = None if looser else example(first, Not(second), facts=facts)
    allowed = None if stricter else example(second, Not(first), facts=facts)
    found = Relation.STRICTER if stricter else Relation.LOOSER if looser else Relation.NEITHER
    return Proof(found, refused, allowed, "search")


def _passes(side: Side) -> Tree:
    if side.when is None:
        return side.must
    musts = side.must.parts if isinstance(side.must, And) else (side.must,)
    whens = side.when.parts if isinstance(side.when, And) else (side.when,)
    return Or((Not(side.when), And((*whens, *musts))))


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
    return {became.fact(one): replace(fact, id=became.fact(one)) for one, fact in facts.items()}
