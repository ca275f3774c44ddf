"""Facts as a move sees them: recorded, given with the move, looked up as a default, or reckoned by a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from engine.machine.situation import DealSituation
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind, Value
from engine.model.values import TEXT_LIMIT, show_value

Facts = Mapping[str, Value]

NO_FACTS: Facts = MappingProxyType({})


def view(recorded: Facts, given: Facts, defaults: Facts) -> Facts:
    """What is known: given with the move, else recorded, else the default."""
    if not given and not defaults:
        return recorded
    return {**defaults, **recorded, **given}


def with_tables(facts: Facts, situation: DealSituation) -> Facts:
    """The same, and what the decision tables reckon of it."""
    return situation.frame.derive(facts, situation) if situation.frame.reckons else facts


def check_facts(process: Process, facts: Facts) -> None:
    """Whether these facts may be recorded. Raises ``UnknownName`` or ``BadValue``, naming every one that may not."""
    unknown = [name for name in facts if name not in process.facts]
    problems = [f"{process.name} has no fact '{name}'" for name in unknown]
    problems += [
        f"fact '{name}' {problem}"
        for name, value in facts.items()
        if name in process.facts and (problem := _misfit(process.facts[name], value))
    ]
    if unknown:
        raise UnknownName("; ".join(problems), hint=did_you_mean(unknown[0], process.facts))
    if problems:
        raise BadValue("; ".join(problems))


def _misfit(fact: Fact, value: object) -> str:
    if fact.table is not None:
        return "is reckoned by its table: it cannot be recorded"
    if not fits(fact, value):
        shown = show_value(value) if isinstance(value, (bool, Decimal, str, date, timedelta)) else repr(value)
        return f"takes a value of type {fact.type}, not '{shown[:50]}'"
    if fact.type.kind is Kind.CHOICE and fact.type.choices and value not in fact.type.choices:
        return f"is one of {', '.join(fact.type.choices)}, not '{value}'"
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return f"is longer than {TEXT_LIMIT} characters"
    return ""


def fits(fact: Fact, value: object) -> bool:
    """Whether a value is of the fact's kind. A moment is no date, and true is no number."""
    match fact.type.kind:
        case Kind.YES_NO:
            return isinstance(value, bool)
        case Kind.NUMBER | Kind.MONEY | Kind.PERCENT:
            return isinstance(value, Decimal) and value.is_finite()
        case Kind.TEXT | Kind.CHOICE:
            return isinstance(value, str)
        case Kind.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case Kind.DURATION:
            return isinstance(value, timedelta)
    return False
