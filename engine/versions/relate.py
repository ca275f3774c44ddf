"""How a rule lies to the one before it, by the deals that they let pass."""

from __future__ import annotations

from collections.abc import Mapping

from engine.conditions.compare import implies
from engine.model.change import Proof, Relation
from engine.model.rule import Fact, Requirement
from engine.model.syntax import And, Not, Or, Tree
from engine.versions.matched import same_form


def related(old: Requirement, new: Requirement, facts: Mapping[str, Fact], now: Mapping[str, Fact]) -> Proof:
    """The relation of two requirements, each with the facts of its own version."""
    first, second = _passes(old), _passes(new)
    if dict(facts) == dict(now) and same_form(first, second):
        return Proof(Relation.SAME, by="form")
    both = {**facts, **now}
    stricter, looser = implies(second, first, both), implies(first, second, both)
    if stricter is None or looser is None:
        return Proof(Relation.UNKNOWN)
    if stricter and looser:
        return Proof(Relation.SAME, by="search")
    if stricter or looser:
        return Proof(Relation.STRICTER if stricter else Relation.LOOSER, by="search")
    return Proof(Relation.NEITHER, by="search")


def _passes(requirement: Requirement) -> Tree:
    must = requirement.condition.tree
    if requirement.when is None:
        return must
    when = requirement.when.tree
    return Or((Not(when), And((when, must))))
