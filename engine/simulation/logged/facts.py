"""Facts of those who took part in a run as columns of the tables, and what moves set and stamped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from engine.machine.compile import Machine, Way
from engine.machine.decide import sets_of
from engine.machine.facts import view, with_tables
from engine.machine.situation import DealSituation
from engine.machine.vectors import Ints, Measure, Numbers, Texts, Truth, Vector, known
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.syntax import Value
from engine.model.values import show_value
from engine.simulation.logged.visits import Visits
from engine.simulation.plan import NONE, Cast, Plan
from engine.simulation.results.refusals import way_of
from engine.tables.columns_in import Labelled

Learnt = tuple[int, int, int, str, Value]
"""A deal, the number of its visit, the second, the fact and its value."""


def values_of(vector: Vector, rows: Ints) -> tuple[list[Value], Ints]:
    """The different values in some rows, and which of them each row has (``NONE``: unknown)."""
    if isinstance(vector, Truth):
        return [False, True], np.where(vector.yes[rows], 1, np.where(vector.no[rows], 0, NONE))
    if isinstance(vector, Texts):
        return list(vector.labels), vector.codes[rows].astype(np.int64)
    different, codes = np.unique(vector.values[rows], return_inverse=True)
    return [_number(vector, each) for each in different.tolist()], np.where(vector.known[rows], codes, NONE)


def _number(vector: Numbers, whole: int) -> Value:
    if vector.measure is Measure.NUMBER:
        return Decimal(whole).scaleb(-vector.scale)
    return date.fromordinal(max(whole, 1)) if vector.measure is Measure.DAY else timedelta(microseconds=whole)


def column(vector: Vector | None, size: int, changed: Mapping[int, Value]) -> Labelled:
    """The last known values of a fact, a row a deal; ``changed`` are those that moves set."""
    values: list[Value] = []
    codes = np.full(size, NONE, np.int64)
    if vector is not None:
        values, codes = values_of(vector, np.arange(size))
        codes = codes.astype(np.int64)
    for deal, value in changed.items():
        values.append(value)
        codes[deal] = len(values) - 1
    return Labelled(values, codes)


def known_at_start(cast: Cast) -> Iterator[tuple[str, Ints, list[str], Ints]]:
    """Of each fact the deals that it is known of, its different values as texts, and which each of the deals has."""
    for name, vector in cast.facts.items():
        if vector is not None:
            rows = np.flatnonzero(known(vector))
            values, codes = values_of(vector, rows)
            yield name, rows, [show_value(value) for value in values], codes


def learnt(plan: Plan, cast: Cast, machine: Machine, visits: Visits) -> Iterator[Learnt]:
    """What moves set and stamped, in the order of ``visits``. Conditions see the facts and the move, not the past."""
    ways = {number: way_of(plan, machine, number) for number in np.unique(visits.way).tolist() if number != NONE}
    writing = {number: way for number, way in ways.items() if way is not None and (way.sets or way.stamps)}
    rows = np.flatnonzero(np.isin(visits.way, list(writing)))
    deal = NONE
    facts: dict[str, Value] = {}
    for at in rows.tolist():
        if visits.deal[at] != deal:
            deal = int(visits.deal[at])
            facts = _facts_of(cast, deal)
        number, second = int(visits.way[at]), int(visits.entered[at])
        found = _set(writing[number], machine, facts, _reason(plan, number), at=second, entered=second)
        facts.update(found)
        yield from ((deal, int(visits.seq[at]), second, name, value) for name, value in found.items())


def _set(
    way: Way, machine: Machine, facts: Mapping[str, Value], reason: str, *, at: int, entered: int
) -> dict[str, Value]:
    when, since = (datetime.fromtimestamp(each, UTC) for each in (at, entered))
    process = machine.process
    deal = Deal("", process.id, process.version, "", way.source, since, since, since, facts=facts)
    move = Move(way.action.id if way.action else "", to=way.target, reason=reason)
    situation = DealSituation(machine.frame, deal, move, when, way.target)
    seen = with_tables(view(facts, {}, machine.frame.defaults), situation)
    return dict(sets_of(way, seen, situation))


def _facts_of(cast: Cast, deal: int) -> dict[str, Value]:
    found: dict[str, Value] = {}
    row = np.array([deal])
    for name, vector in cast.facts.items():
        if vector is not None:
            values, codes = values_of(vector, row)
            if codes[0] != NONE:
                found[name] = values[int(codes[0])]
    return found


def _reason(plan: Plan, number: int) -> str:
    reasons = (*plan.ways.reason, *plan.alarms.reason)
    return reasons[number] if number < len(reasons) else ""
