"""A deal made up to show that conditions can hold: values of terms become facts and a situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from engine.model.syntax import Call, ContextRef, FactRef, Kind, Literal, Tree, Type, Value

NEW_YEAR = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Imagined:
    """A situation in which only what was asked for is known."""

    words: Mapping[str, Value] = field(default_factory=dict)
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    spans: Mapping[str, timedelta] = field(default_factory=dict)
    stages: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The day asked for, or the first of a year."""
        found = self.words.get("today")
        return found if isinstance(found, date) else NEW_YEAR

    @property
    def stage(self) -> str | None:
        """The stage the deal stands in."""
        return self._text("stage")

    @property
    def to(self) -> str | None:
        """Where the move leads."""
        return self._text("to")

    @property
    def action(self) -> str | None:
        """What is done."""
        return self._text("action")

    @property
    def reason(self) -> str | None:
        """The reason given."""
        return self._text("reason")

    @property
    def reason_group(self) -> str | None:
        """The group of the reason."""
        return self._text("reason.group")

    @property
    def note(self) -> str | None:
        """The note given."""
        return self._text("note")

    @property
    def days_in_stage(self) -> Decimal | None:
        """Days in the present stage."""
        return self._number("days_in_stage")

    @property
    def probability(self) -> Decimal | None:
        """The probability of the stage."""
        return self._number("probability")

    @property
    def role(self) -> str | None:
        """The role of the mover."""
        return self._text("actor.role")

    def track(self, name: str) -> str | None:
        """The stage in another track."""
        return self._text(f"track.{name}")

    def done(self, name: str) -> bool:
        """Whether it was ever done."""
        return self.count(name) > 0

    def count(self, name: str) -> Decimal:
        """How often it was done."""
        return max(self.counts.get(name, Decimal(0)), Decimal(1 if name in self.spans else 0))

    def since(self, name: str) -> timedelta | None:
        """Time since it was last done."""
        if self.count(name) > 0:
            return self.spans.get(name, timedelta(days=1))
        return None

    def reached(self, stage: str) -> bool:
        """Whether the stage was ever stood in."""
        return stage in self.stages or stage == self.stage

    def _text(self, word: str) -> str | None:
        found = self.words.get(word)
        return found if isinstance(found, str) else None

    def _number(self, word: str) -> Decimal | None:
        found = self.words.get(word)
        return found if isinstance(found, Decimal) else None


def imagined(values: Mapping[Tree, Value], reached: frozenset[str] = frozenset()) -> tuple[dict[str, Value], Imagined]:
    """Facts and a situation in which the terms have these values and all else is unknown."""
    facts: dict[str, Value] = {}
    words: dict[str, Value] = {}
    counts: dict[str, Decimal] = {}
    spans: dict[str, timedelta] = {}
    for term, value in values.items():
        match term:
            case FactRef(name=name):
                facts[name] = value
            case ContextRef(name=name):
                words[name] = value
            case Call(function="count"):
                counts[subject(term)] = cast("Decimal", value)
            case Call(function="since"):
                spans[subject(term)] = cast("timedelta", value)
    return facts, Imagined(words, counts, spans, reached)


def subject(call: Call) -> str:
    """What ``done("demo")`` and its like are about."""
    argument = call.arguments[0]
    return str(argument.value) if isinstance(argument, Literal) else ""


def value_of(measured: Fraction, of: Type) -> Value | None:
    """The value that stands for a measure; ``None`` where the calendar has none."""
    try:
        if of.kind is Kind.DATE:
            return date.fromordinal(int(measured))
        if of.kind is Kind.DURATION:
            return timedelta(microseconds=int(measured * 86_400_000_000))
    except (OverflowError, ValueError):
        return None
    return Decimal(measured.numerator) / Decimal(measured.denominator)
