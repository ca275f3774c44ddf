"""What the prover Z3 answers: there is no deal that passes the one side and not the other, or one that may."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import z3

from engine.conditions.prove_encode import Encoder
from engine.conditions.prove_own import UNDECIDED, Answer
from engine.conditions.prove_smallest import Deal, Question, nicer
from engine.conditions.prove_world import NotEncoded, World
from engine.model.syntax import ContextRef, Kind, Tree, Value

_EFFORT = 3_000_000
"""How much the prover may spend on one question, in its own units: the same on every machine, unlike seconds."""

_MOST_KNOWN = 6


def ask(question: Question) -> Answer:
    """Whether some deal passes the first side and not the second; a deal given was tried.

    Not ``sure`` where the prover gave up, where a condition cannot be said in its language, or where the deal that it
    has in mind cannot be put into values.
    """
    world = World(question.types)
    try:
        apart = z3.And(Encoder(question.first, world).passes(), z3.Not(Encoder(question.second, world).passes()))
        laws = world.natural()
    except NotEncoded:
        return UNDECIDED
    solver = z3.Solver(ctx=world.context)
    solver.set("rlimit", _EFFORT)
    solver.add(apart, *laws)
    found = solver.check()
    if found == z3.unsat:
        return Answer(sure=True)
    return UNDECIDED if found != z3.sat else _tried(question, _fewest(solver, world))


def _tried(question: Question, deal: Deal) -> Answer:
    """The deal in the prover's values, or in others near the edges: it knows of texts only what is written."""
    found = deal if question.told_by(deal) else nicer(question, deal)
    return UNDECIDED if found is None else Answer(sure=True, deal=found)


def _fewest(solver: Any, world: World) -> Deal:
    """A deal of which as little as possible is known, yet something where that may be."""
    model = solver.model()
    known = [known for term, (known, _) in world.terms.items() if not _is_today(term)]
    for most in range(1, min(_MOST_KNOWN, len(known)) + 1):
        solver.push()
        solver.add(z3.PbGe([(one, 1) for one in known], 1), z3.PbLe([(one, 1) for one in known], most))
        found = solver.check()
        if found == z3.sat:
            model = solver.model()
        solver.pop()
        if found == z3.sat:
            break
    return dict(_read(model, world))


def _read(model: Any, world: World) -> list[tuple[Tree, Value]]:
    found = []
    for term, (known, value) in world.terms.items():
        if z3.is_true(model.eval(known, model_completion=True)):
            read = _worth(model.eval(value, model_completion=True), term, world)
            if read is not None:
                found.append((term, read))
    return found


def _worth(value: Any, term: Tree, world: World) -> Value | None:
    if term.type.kind is Kind.YES_NO:
        return bool(z3.is_true(value))
    if z3.is_rational_value(value):
        return Decimal(value.numerator_as_long()) / Decimal(value.denominator_as_long())
    if not z3.is_int_value(value):
        return None
    number = value.as_long()
    if term.type.kind is Kind.NUMBER:
        return Decimal(number)
    if term.type.kind is Kind.DATE:
        return date.fromordinal(number)
    if term.type.kind is Kind.DURATION:
        return timedelta(microseconds=number)
    return world.text_of(number) or "x"


def _is_today(term: Tree) -> bool:
    return isinstance(term, ContextRef) and term.name == "today"
