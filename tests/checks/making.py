"""Processes put together in a test, without a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.conditions.parse import read
from engine.model.expression import Expression
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Fact, Force, Requirement
from engine.model.scope import Scope
from engine.model.syntax import MONEY

SCOPE = Scope({"amount": MONEY})


def condition(text: str) -> Expression:
    """A condition on the amount."""
    expression, findings = read(text, SCOPE)
    assert expression is not None, findings
    return expression


def must(name: str, text: str) -> Requirement:
    """A requirement of that name."""
    return Requirement(name, Force.MUST, condition(text), "It is right")


def process(stages: Iterable[Stage], actions: Iterable[Action]) -> Process:
    """A process of these stages and actions, with an amount."""
    facts: Mapping[str, Fact] = {"amount": Fact("amount", MONEY)}
    return Process("made", 1, Track("main", tuple(stages), tuple(actions)), facts=facts)
