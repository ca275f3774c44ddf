"""Declared measures of times: who comes from a stage to another, how long deals stay, from one moment to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.lengths import mean_any_way, mean_of_those, shares_by
from engine.analysis.measure.declared.counts import Told
from engine.analysis.measure.declared.looked import Looked
from engine.analysis.measure.declared.moments import Clock, begin, goal, is_date, names_in, stages_named, where_reached
from engine.analysis.spans import ELSE, REACHED, Spans, between, ends_mask, passages
from engine.analysis.visits import first_of_each
from engine.analysis.words import of_band, of_quantile
from engine.model.metric import stats_of
from engine.model.process import Metric, MetricPart
from engine.model.study import Estimate
from engine.numerics import competing, survival
from engine.tables.coded import DAY, NEVER, Ints, Mask


def conversion(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """The share of the deals that stood in a stage which came to another or over it, within a time.

    Aalen and Johansen's incidence; other ends compete. Without a time: as far as anyone watched.
    """
    its = _chosen(metric, looked)
    told, to = looked.told, metric.parts["to"]
    begins = _begins(metric.parts["from"], looked)
    begins = begins[its.deals[told.visits.deal[begins]]]
    reached = where_reached(looked, (str(to),))
    spans, cause = passages(told, begins, reached, ends_mask(told) & ~reached)
    within = metric.parts.get("within")
    limit = within // timedelta(microseconds=1) if isinstance(within, timedelta) else None
    value, why = _share(spans, limit, looked.view.seen_days)
    in_time = cause == REACHED if limit is None else (spans.cause == REACHED) & (spans.exits <= limit)
    came = int(in_time.sum())
    return (Told(value, came, len(begins), its.unknown, undated=spans.undated + its.undated, why=why),)


def dwell(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """How long deals stay in a stage or in some, left any way (Kaplan and Meier).

    A move from one of several stages to another of them does not end the stay.
    """
    its = _chosen(metric, looked)
    told = looked.told
    spans = _stays(told, stages_named(told, metric.parts["stage"]), its.deals)
    ended = int((spans.cause > 0).sum())
    return tuple(
        Told(value, ended, len(spans.exits), its.unknown, stat, spans.undated, why)
        for stat in stats_of(metric)
        for value, why in (_stat_any_way(spans, stat),)
    )


def elapsed(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """How long it takes from one moment to another.

    Where deals may end without coming there, times are of those that come (Aalen and Johansen), else of all.
    """
    its = _chosen(metric, looked)
    spans, backwards = _elapsed(metric, looked, its.deals)
    came = int((spans.cause == REACHED).sum())
    why = "deals that came there before they began are left out" if backwards else ""
    return tuple(
        Told(value, came, len(spans.exits), its.unknown, stat, spans.undated + its.undated, no_figure or why)
        for stat in stats_of(metric)
        for value, no_figure in (stat_of(spans, stat),)
    )


def stat_of(spans: Spans, stat: str) -> tuple[Estimate | None, str]:
    """A statistic of spans, in days, and why there is none."""
    if not (spans.cause == ELSE).any():
        return _stat_any_way(spans, stat)
    ways = spans.ways(2)
    its = competing.way(ways, REACHED)
    if stat == "mean":
        value, up_to = mean_of_those(ways, its)
        return value, _up_to(up_to)
    found = competing.quantile_of_those(its, int(stat[1:]) / 100)
    return (None, "no deal came there") if found.value is None else (of_quantile(found, ways.longest), "")


def _stat_any_way(spans: Spans, stat: str) -> tuple[Estimate | None, str]:
    curve = spans.any_way()
    if not curve.watched:
        return None, "there is no deal to say it"
    if survival.emptied_early(curve):
        return None, "too few deals were watched from the start"
    if stat == "mean":
        value, up_to = mean_any_way(curve)
        return value, _up_to(up_to) if value else "none of them is over"
    return of_quantile(survival.quantile(curve, int(stat[1:]) / 100), curve.longest), ""


def _up_to(days: float | None) -> str:
    return f"what is open counts for at most {days:.1f} days: the true mean is longer" if days is not None else ""


def _share(spans: Spans, limit: int | None, seen_days: float) -> tuple[Estimate | None, str]:
    """The share that came within a time (microseconds), and why nobody knows it."""
    if not len(spans.exits):
        return None, "no deal stood there"
    if limit is not None and limit / DAY > seen_days:
        return None, _beyond(limit, seen_days)
    ways = spans.ways(2)
    if limit is None:
        band = competing.share_by(ways, competing.way(ways, REACHED), ways.longest, known=ways.watched)
        return (None, "too few deals were watched from the start") if np.isnan(band.value) else (of_band(band), "")
    value = shares_by(spans, ways, REACHED, within=(limit / DAY,))[0]
    return (value, "") if value else (None, _beyond(limit, ways.longest / DAY))


def _beyond(time: float, days: float) -> str:
    return f"{time / DAY:g} days reach beyond the follow-up of {days:.1f} days"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The deals that are measured; of how many nobody can say, and how many have no date in the time looked at."""

    deals: Mask
    unknown: int
    undated: int


def _chosen(metric: Metric, looked: Looked) -> _Chosen:
    its, by = looked.which(metric.parts.get("where")), metric.parts.get("by")
    unknown = int((~(its.yes | its.no)).sum())
    if not isinstance(by, str):
        return _Chosen(its.yes, unknown, 0)
    return _Chosen(its.yes & looked.dated(by), unknown, int((its.yes & looked.undated(by)).sum()))


def _begins(part: MetricPart, looked: Looked) -> Ints:
    """The first visit of a stage that each deal made or, of ``reached``, of the stage or a later open one."""
    told = looked.told
    if isinstance(part, Mapping):
        stages = where_reached(looked, names_in(part)) & (told.ends == OPEN)
    else:
        stages = stages_named(told, part)
    its = np.flatnonzero(stages[told.visits.stage])
    found: Ints = its[first_of_each(told.visits.deal[its])]
    return found


def _stays(told: Journeys, stages: Mask, deals: Mask) -> Spans:
    """From entering one of the stages to leaving them all."""
    visits = told.visits
    its = np.flatnonzero(stages[visits.stage] & deals[visits.deal])
    before, goes_on = np.maximum(its - 1, 0), visits.begins[its]
    # To enter the same stage again is another visit, as everywhere.
    goes_on = ~goes_on & stages[visits.stage[before]] & (visits.stage[before] != visits.stage[its])
    begins = its[~goes_on]
    last = its[np.append(np.flatnonzero(~goes_on), len(its))[1:] - 1]
    again, left = told.left(last)
    return between(told, visits.entered[begins], left, again.astype(np.int64))


def _elapsed(metric: Metric, looked: Looked, deals: Mask) -> tuple[Spans, int]:
    """The spans, and how many deals came to the second moment before the first."""
    told, (start, end) = looked.told, (metric.parts["from"], metric.parts["to"])
    clock = Clock(looked, is_date(start) or is_date(end))
    until, closed = clock.one(told.until), clock.of(told.closed)
    first = begin(start, clock)
    begun = deals & first.there & (first.at <= until)
    last = goal(end, clock, after=np.where(begun, first.at, NEVER))
    came = last.there & (last.at <= until)
    early = begun & came & (last.at != NEVER) & (last.at < first.at)
    is_open = told.outcome == OPEN
    cause = np.where(came, REACHED, np.where(is_open, 0, ELSE))
    # What ends without coming there ended at its close, or began after it.
    otherwise = np.where(is_open, until, np.where(closed == NEVER, NEVER, np.maximum(closed, first.at)))
    ends = np.where(came, last.at, otherwise)
    its = begun & ~early
    known = its & (first.at != NEVER) & (ends != NEVER)
    entries = None if told.since == NEVER else clock.one(told.since) - first.at[known]
    return Spans((ends - first.at)[known], cause[known], entries, int((its & ~known).sum())), int(early.sum())
