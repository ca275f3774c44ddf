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
from engine.simulation.first.reads import Wants, facts_looked_at, wanted

_DAY = 86_400.0
_LIKELY = 0.9
"""How often a yes-no is as in the stories: rules tend to ask for it, and where nobody wins nothing can be learnt."""
_P50 = {Kind.NUMBER: 10.0, Kind.MONEY: 10_000.0, Kind.PERCENT: 0.05, Kind.DURATION: 30 * _DAY}
_WIDE = {Kind.NUMBER: 3.0, Kind.MONEY: 4.0, Kind.PERCENT: 3.0, Kind.DURATION: 3.0}
_AFTER = Spread(Form.LOGNORMAL, 30 * _DAY, 90 * _DAY)
_FAR = Spread(Form.LOGNORMAL, 180 * _DAY, 270 * _DAY)
_ABOVE = 1.5
"""How far above what a rule wants at least the middle lies."""

Notes = tuple[tuple[str, str], ...]


def first_facts(process: Process) -> tuple[tuple[FactDrawn, ...], Notes]:
    """The facts that matter, and what is said beside each.

    Left out: what no rule looks at (but money), what a table reckons or an action sets, and what has a default that
    will do.
    """
    looked_at, given, wants = facts_looked_at(process), _set(process), wanted(process)
    drawn: list[FactDrawn] = []
    notes: list[tuple[str, str]] = []
    for fact in process.facts.values():
        matters = fact.id in looked_at or fact.type.kind is Kind.MONEY
        will_do = fact.default is not None and fact.default in wants.values.get(fact.id, (fact.default,))
        if not matters or fact.table or will_do or fact.id in given:
            continue
        told = tuple(_told(process, fact.id))
        drawn.append(_drawn(fact, told, wants))
        notes.append((f"facts/{fact.id}", _how(fact, told, wants)))
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


def _drawn(fact: Fact, told: Sequence[Value], wants: Wants) -> FactDrawn:
    kind = fact.type.kind
    if kind in _P50:
        half = max(_middle(told) or _P50[kind], _ABOVE * _number(wants.least.get(fact.id, Decimal(0))))
        return FactDrawn(fact.id, Spread(Form.LOGNORMAL, half, half * _WIDE[kind]), _step(kind, half))
    if kind is Kind.DATE:
        return FactDrawn(fact.id, _date(fact, wants))
    if kind is Kind.YES_NO:
        usual = Counter(told).most_common(1)[0][0] if told else True
        usual = wants.values.get(fact.id, (usual,))[0]
        return FactDrawn(fact.id, choices=((usual, _LIKELY), (not usual, round(1 - _LIKELY, 4))))
    if kind is Kind.CHOICE:
        return FactDrawn(fact.id, choices=tuple(_choices(fact.type.choices, wants.values.get(fact.id, ()))))
    text = next((each for each in (*wants.values.get(fact.id, ()), *told) if each), "as told")
    return FactDrawn(fact.id, choices=((text, 1.0),))


def _date(fact: Fact, wants: Wants) -> Spread:
    """Days after the prospect came: far off where a rule asks for a day to come, that day where for one gone by."""
    if fact.id in wants.gone and fact.id not in wants.coming:
        return Spread(Form.CONSTANT, 0.0)
    return _FAR if fact.id in wants.coming else _AFTER


def _how(fact: Fact, told: Sequence[Value], wants: Wants) -> str:
    if fact.id in wants.values or fact.id in wants.least or fact.id in wants.coming | wants.gone:
        return "assumed: mostly as the rules want it"
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


def _choices(choices: Sequence[str], good: Sequence[Value]) -> Iterator[tuple[Value, float]]:
    """Choices and their shares in whole hundredths of a percent: alike, but those that the rules want more often."""
    liked = [choice for choice in choices if choice in good]
    others = [choice for choice in choices if choice not in good]
    whole = round(_LIKELY * 10_000) if liked and others else 10_000
    parts = {**_alike(liked, whole if liked else 0), **_alike(others, 10_000 - whole if liked else whole)}
    yield from ((choice, parts[choice] / 10_000) for choice in choices)


def _alike(choices: Sequence[str], whole: int) -> dict[str, int]:
    parts: dict[str, int] = {}
    for number, choice in enumerate(choices):
        parts[choice] = (whole - sum(parts.values())) // (len(choices) - number)
    return parts
