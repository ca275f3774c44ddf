"""What open deals are to bring: where deals went that stood in the stage for as long, and what is won from there on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, WON, Journeys
from engine.analysis.measure.built_in.chances import seen_from
from engine.analysis.words import of_band
from engine.model.study import Estimate
from engine.numerics import competing
from engine.numerics.competing import Incidences, aalen_johansen
from engine.numerics.remaining import Bringing, bringing, remaining
from engine.numerics.watching import Z
from engine.tables.coded import NEVER, Floats, Ints, numbers


@dataclass(frozen=True, slots=True)
class Afterwards:
    """The chance of a win once a deal enters each stage, and its standard error. A win has 1, every other end 0."""

    chance: Floats
    error: Floats


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
    if not ((told.outcome == OPEN) & (told.visits.stage[told.last] == stage)).any():
        return None, None, 0
    # Where deals went from which nothing is to come they all went to one place.
    onward = np.flatnonzero(after.chance > 0)
    after = Afterwards(np.append(after.chance[onward], 0.0), np.append(after.error[onward], 0.0))
    ways, visits = _ways(told, stage, onward)
    ages = told.until - told.visits.entered[visits]
    if not len(ages) or not len(ways.times) or competing.emptied_early(ways):
        return None, None, 0
    deals = told.rows[told.visits.deal[visits]]
    values = numbers(told.tables.deals, "amount", deals, unknown=np.nan)
    is_known = ~np.isnan(values)
    its = bringing(ways, after.chance)
    towards = np.flatnonzero(its.step)
    chance = _expected(its, after, ages, np.full(len(ages), 1 / len(ages)))
    weighted = _expected(its, after, ages[is_known], values[is_known])
    late = int((ages >= ways.times[towards[-1]]).sum()) if len(towards) and chance else 0
    return chance, weighted, late


def _ways(told: Journeys, stage: int, onward: Ints) -> tuple[Incidences, Ints]:
    """How long visits of the stage last, by whether they led to each of these stages or, the last cause, elsewhere.

    Beside them the visits of deals that are still there.
    """
    its = np.flatnonzero(told.visits.stage == stage)
    again, left = told.left(its)
    entered = told.visits.entered[its]
    ends = np.where(again, left, told.until)
    dated = (entered != NEVER) & (ends != NEVER)
    its, again, entered, ends = its[dated], again[dated], entered[dated], ends[dated]
    to = told.visits.stage[np.minimum(its + 1, len(told.visits.stage) - 1)]
    number = np.full(len(told.stages), len(onward) + 1)
    number[onward] = np.arange(1, len(onward) + 1)
    cause = np.where(again, number[to], 0)
    return aalen_johansen(ends - entered, cause, len(onward) + 1, told.entries(entered)), its[~again]


def _expected(its: Bringing, after: Afterwards, ages: Ints, weights: Floats) -> Estimate | None:
    """``None`` where no deal was seen to leave that had stood there for as long as even the youngest of these."""
    found = remaining(its, ages=ages, weights=weights)
    if not found.later:
        return None
    # As if the chances from all the next stages erred the same way.
    return of_band(found.band(besides=float((np.abs(found.parts) * after.error).sum())))
