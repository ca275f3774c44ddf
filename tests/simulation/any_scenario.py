"""A scenario of any process: all that can be tried in it is tried, and all its facts are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from engine.loading.processes import load_process
from engine.machine.compile import Machine, compile_process
from engine.model.process import Track
from engine.model.rule import Fact
from engine.model.scenario import Agreeing, Arrivals, Branch, FactDrawn, Form, Scenario, Spread, Standing, TrackAssumed
from engine.model.syntax import Kind, Value

DAY = 86_400
BEGIN = datetime(2026, 3, 10, 12, tzinfo=UTC)
SHIPPED = tuple(sorted((Path(__file__).parents[2] / "processes").glob("*/*.yaml")))


@cache
def shipped(path: Path) -> Machine:
    process = load_process(path).value
    assert process is not None
    return compile_process(process)


def about(p50: float, wide: float = 4.0) -> Spread:
    return Spread(Form.LOGNORMAL, p50, p50 * wide)


def scenario_of(machine: Machine, *, weekly: float = 20, weeks: int = 2, **other: Any) -> Scenario:
    process = machine.process
    roles = dict.fromkeys(
        role for track in process.all_tracks() for a in track.actions for p in a.approvals for role in p.by
    )
    return Scenario(
        "any",
        process.id,
        timedelta(weeks=weeks),
        Arrivals(weekly=weekly),
        tuple(standings(machine, process.main)),
        facts=tuple(drawn_of(fact) for fact in process.facts.values() if fact.table is None),
        approvals=tuple(Agreeing(role, wait=about(3600)) for role in roles),
        **{"tracks": tuple(TrackAssumed(each.id, tuple(standings(machine, each))) for each in process.tracks), **other},
    )


def standings(machine: Machine, track: Track) -> Iterator[Standing]:
    for stage in track.stages:
        led = [] if stage.ends else list(dict.fromkeys(leading(machine, track, stage.id)))
        if led:
            yield Standing(stage.id, tuple(Branch(action, to, 1 / len(led)) for action, to in led), about(DAY))


def leading(machine: Machine, track: Track, source: str) -> Iterator[tuple[str, str]]:
    for action, routes in machine.actions.items():
        if routes.track.id == track.id:
            yield from ((action, to) for route in routes.routes.get(source, ()) for to in route.targets)


def drawn_of(fact: Fact) -> FactDrawn:
    kind = fact.type.kind
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT):
        return FactDrawn(fact.id, _numbers(kind), step=0.05 if kind is Kind.PERCENT else 1, known=0.8)
    if kind in (Kind.DATE, Kind.DURATION):
        return FactDrawn(fact.id, about(20 * DAY), known=0.8)
    values = _values(fact)
    return FactDrawn(fact.id, choices=tuple((value, 1 / len(values)) for value in values), known=0.8)


def _numbers(kind: Kind) -> Spread:
    return about(0.15) if kind is Kind.PERCENT else about(20_000, 10) if kind is Kind.MONEY else about(3)


def _values(fact: Fact) -> tuple[Value, ...]:
    if fact.type.kind is Kind.YES_NO:
        return (True, False)
    return fact.type.choices or ("", " ", "Acme")
