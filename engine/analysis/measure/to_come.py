"""What open deals are to bring: where deals went that stood in the stage for as long, and what is won from there on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, WON, Journeys
from engine.analysis.measure.chances import seen_from
from engine.analysis.words import of_band
from engine.model.study import Estimate
from engine.numerics.remaining import Remaining, remaining
from engine.numerics.watching import Z
from engine.tables.coded import NEVER, Floats, Ints, Mask, numbers


@dataclass(frozen=True, slots=True)
class Afterwards:
    """The chance of a win once a deal enters each stage, and its standard error. A win has 1, every other end 0."""

    chance: Floats
    error: Floats


@dataclass(frozen=True, slots=True)
class _Stays:
    """The dated visits of a stage: how long they lasted (microseconds), whether they were left, and for which stage."""

    visit: Ints
    lasted: Ints
    left: Mask
    to: Ints
    entries: Ints | None


def afterwards(told: Journeys) -> Afterwards:
    """What each stage brings. A stage from which no deal has ended yet brings nothing, as far as anyone watched."""
    chance = (told.ends == WON).astype(np.float64)
    error = np.zeros(len(chance))
    visited = np.bincount(told.visits.stage, minlength=len(chance))
    for stage in np.flatnonzero((told.ends == OPEN) & (visited > 0)).tolist():
        found = seen_from(told, stage).chance
        if found is not None and found.value is not None:
            chance[stage] = found.value
            error[stage] = ((found.high or 0.0) - (found.low or 0.0)) / (2 * Z)
    return Afterwards(chance, error)


def to_come(told: Journeys, stage: int, after: Afterwards) -> tuple[Estimate | None, Estimate | None, int]:
    """Of the deals that stand there: their mean chance of a win, the sum of value times chance, and how many are late.

    Late ones stand there for longer than any that went on from there towards a win.
    """
    stays = _stays(told, stage)
    ages = stays.lasted[~stays.left]
    if not len(ages):
        return None, None, 0
    brought = after.chance[stays.to]
    deals = told.visits.deal[stays.visit[~stays.left]]
    values = numbers(told.tables.deals, "amount", told.rows[deals], unknown=np.nan)
    is_known = ~np.isnan(values)
    last = stays.lasted[stays.left & (brought > 0)].max(initial=-1)
    return (
        _expected(stays, brought, after, (ages, np.full(len(ages), 1 / len(ages)))),
        _expected(stays, brought, after, (ages[is_known], values[is_known])),
        int((ages >= last).sum()) if last >= 0 else 0,
    )


def _stays(told: Journeys, stage: int) -> _Stays:
    its = np.flatnonzero(told.visits.stage == stage)
    again, left = told.left(its)
    entered = told.visits.entered[its]
    ends = np.where(again, left, told.until)
    dated = (entered != NEVER) & (ends != NEVER)
    its, again, entered, ends = its[dated], again[dated], entered[dated], ends[dated]
    to = told.visits.stage[np.minimum(its + 1, len(told.visits.stage) - 1)]
    return _Stays(its, ends - entered, again, to, told.entries(entered))


def _expected(stays: _Stays, brought: Floats, after: Afterwards, asked: tuple[Ints, Floats]) -> Estimate | None:
    ages, weights = asked
    its = remaining(stays.lasted, stays.left, brought, stays.entries, ages=ages, weights=weights)
    return None if its is None else of_band(its.band(besides=_besides(its, stays, after)))


def _besides(its: Remaining, stays: _Stays, after: Afterwards) -> float:
    """How far the chances from the next stages may be off, as if all of them erred the same way."""
    by_stage = np.bincount(stays.to[stays.left], its.parts, minlength=len(after.error))
    return float((np.abs(by_stage) * after.error).sum())
