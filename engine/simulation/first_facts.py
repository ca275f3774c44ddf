"""Facts of new prospects for a first scenario: plain distributions by type, around what the stories say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.scenario import FactDrawn, Form, Spread
from engine.model.syntax import Kind, Value
from engine.simulation.first_reads import facts_looked_at

_DAY = 86_400.0
_LIKELY = 0.9
"""How often a yes-no is as in the stories: rules tend to ask for it, and where nobody wins nothing can be learnt."""
_P50 = {Kind.NUMBER: 10.0, Kind.MONEY: 10_000.0, Kind.PERCENT: 0.05, Kind.DURATION: 30 * _DAY}
_WIDE = {Kind.NUMBER: 3.0, Kind.MONEY: 4.0, Kind.PERCENT: 3.0, Kind.DURATION: 3.0}
_AFTER = Spread(Form.LOGNORMAL, 30 * _DAY, 90 * _DAY)

Notes = tuple[tuple[str, str], ...]


def first_facts(process: Process) -> tuple[tuple[FactDrawn, ...], Notes]:
    """The facts that matter, and what is said beside each.

    Left out: what no rule looks at (but money), what a table reckons or an action sets, and what has a default.
    """
    looked_at = facts_looked_at(process)
    drawn: list[FactDrawn] = []
    notes: list[tuple[str, str]] = []
    for fact in process.facts.values():
        matters = fact.id in looked_at or fact.type.kind is Kind.MONEY
        if not matters or fact.table or fact.default is not None or fact.id in _set(process):
            continue
        told = tuple(_told(process, fact.id))
        drawn.append(_drawn(fact, told))
        notes.append((f"facts/{fact.id}", _how(fact, told)))
    return tuple(drawn), tuple(notes)


def _set(process: Process) -> frozenset[str]:
    """The facts that actions set and stages stamp."""
    actions = [one.fact for track in process.all_tracks() for action in track.actions for one in action.sets]
    stages = [one.fact for track in process.all_tracks() for stage in track.stages for one in stage.stamps]
    return frozenset((*actions, *stages))


def _told(process: Process, fact: str) -> Iterator[Value]:
    """The values of a fact in the stories of the process."""
    for story in process.examples:
        for given in (story.facts, *(step.facts for step in story.steps)):
            if fact in given:
                yield given[fact]


def _drawn(fact: Fact, told: Sequence[Value]) -> FactDrawn:
    kind = fact.type.kind
    if kind in _P50:
        half = _middle(told) or _P50[kind]
        return FactDrawn(fact.id, Spread(Form.LOGNORMAL, half, half * _WIDE[kind]), _step(kind, half))
    if kind is Kind.DATE:
        return FactDrawn(fact.id, _AFTER)
    if kind is Kind.YES_NO:
        usual = Counter(told).most_common(1)[0][0] if told else True
        return FactDrawn(fact.id, choices=((usual, _LIKELY), (not usual, round(1 - _LIKELY, 4))))
    if kind is Kind.CHOICE:
        return FactDrawn(fact.id, choices=tuple(_alike(fact.type.choices)))
    text = next((each for each in told if each), "as told")
    return FactDrawn(fact.id, choices=((text, 1.0),))


def _how(fact: Fact, told: Sequence[Value]) -> str:
    if fact.type.kind is Kind.CHOICE:
        return "assumed: all alike"
    return "assumed, around the examples" if told and fact.type.kind is not Kind.DATE else "assumed"


def _middle(told: Sequence[Value]) -> float:
    """The middle one of the values, or the lower of two; zero where none is above zero."""
    numbers = sorted(number for each in told if (number := _number(each)) > 0)
    return numbers[(len(numbers) - 1) // 2] if numbers else 0.0


def _number(value: Value) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return float(value) if isinstance(value, Decimal) else 0.0


def _step(kind: Kind, half: float) -> float:
    """Whole numbers, whole percents, whole days; money rounded to what people round it to."""
    if kind is Kind.MONEY:
        return 100.0 if half >= 1_000 else 1.0
    return {Kind.NUMBER: 1.0, Kind.PERCENT: 0.01, Kind.DURATION: _DAY}[kind]


def _alike(choices: Sequence[str]) -> Iterator[tuple[Value, float]]:
    """Choices that are all alike, in whole hundredths of a percent that add up."""
    left = 10_000
    for number, choice in enumerate(choices):
        part = left // (len(choices) - number)
        left -= part
        yield choice, part / 10_000
