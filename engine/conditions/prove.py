"""How a requirement lies to the one before it: stricter, looser, the same or neither; and a smallest deal to show it.

What is written alike is told by its form; most of the rest by a deal found, or by the own procedure. Only what these
leave open is put to the prover Z3, where the extra ``prove`` is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec

from engine.conditions import prove_own
from engine.conditions.prove_form import alike
from engine.conditions.prove_own import Answer, Joined, joined
from engine.conditions.prove_sides import Side, types
from engine.conditions.prove_smallest import Question, smaller, smallest, told
from engine.model.change import Proof, Relation
from engine.model.syntax import Value

_FEW_STEPS = 60
_MANY_STEPS = 4_000


@dataclass(frozen=True, slots=True)
class _Settled:
    """A smallest deal, or that there is ``none``; neither where nobody can tell. ``by`` as of a ``Proof``."""

    deal: Mapping[str, Value] | None = None
    none: bool = False
    by: str = "search"


def available() -> bool:
    """Whether the prover is installed, so that nearly every question is decided."""
    return find_spec("z3") is not None


def relation(old: Side, new: Side) -> Proof:
    """How the deals that pass ``new`` lie to those that pass ``old``, with a smallest deal for each difference."""
    if alike(old, new):
        return Proof(Relation.SAME, by="form")
    known = types(old, new)
    if known is None:
        return Proof(Relation.UNKNOWN)
    both = joined(old, new, known)
    refused = _settled(Question(old, new, known), both)
    allowed = _settled(Question(new, old, known), replace(both, old=both.new, new=both.old))
    return Proof(_relation(refused, allowed), refused.deal, allowed.deal, _by(refused, allowed))


def _relation(refused: _Settled, allowed: _Settled) -> Relation:
    if not all(one.none or one.deal is not None for one in (refused, allowed)):
        return Relation.UNKNOWN
    if refused.none:
        return Relation.SAME if allowed.none else Relation.LOOSER
    return Relation.STRICTER if allowed.none else Relation.NEITHER


def _by(refused: _Settled, allowed: _Settled) -> str:
    settled = [one for one in (refused, allowed) if one.none or one.deal is not None]
    if len(settled) == 2 and any(one.by == "proof" for one in settled):
        return "proof"
    return "search" if settled and (len(settled) == 2 or any(one.deal is not None for one in settled)) else ""


def _settled(question: Question, both: Joined) -> _Settled:
    """Whether a deal passes the first side and not the second."""
    answer = prove_own.ask(question, both.old, both.new, both.facts, steps=_FEW_STEPS)
    if answer.sure:
        return _of(question, answer, "search")
    deal = smallest(question)
    if deal is not None:
        return _Settled(told(question, deal))
    if not available():
        return _of(question, prove_own.ask(question, both.old, both.new, both.facts, steps=_MANY_STEPS), "search")
    # Its import costs as much as dozens of comparisons that do not need it.
    from engine.conditions import prove_z3

    return _of(question, prove_z3.ask(question), "proof")


def _of(question: Question, answer: Answer, by: str) -> _Settled:
    if answer.deal is None:
        return _Settled(none=answer.sure, by=by)
    return _Settled(told(question, smaller(question, answer.deal)), by=by)


__all__ = ["Side", "available", "relation"]
