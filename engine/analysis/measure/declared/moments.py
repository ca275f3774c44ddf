"""When something first happened to each deal: it started, closed, came to a stage, was touched or moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, OPEN, WON, Journeys
from engine.analysis.measure.declared.looked import Looked
from engine.analysis.measure.periods import days_of
from engine.analysis.spans import began
from engine.model.process import MetricPart
from engine.tables.coded import DAY, NEVER, Ints, Mask

_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Moment:
    """Of each deal: whether it came to that moment, and when; ``NEVER``: nobody wrote down when."""

    there: Mask
    at: Ints


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are reckoned: in microseconds or, where a date has no hour, in whole local days."""

    looked: Looked
    in_days: bool

    def of(self, at: Ints) -> Ints:
        """The times as they are reckoned."""
        if not self.in_days:
            return at
        day, known = days_of(at, self.looked.view.zone)
        return np.where(known, day * DAY, NEVER)

    def one(self, at: int) -> int:
        """One time."""
        return int(self.of(np.array([at], np.int64))[0])


def is_date(part: MetricPart) -> bool:
    """Whether a moment is a date without an hour."""
    return isinstance(part, Mapping) and "fact" in part


def begin(part: MetricPart, clock: Clock) -> Moment:
    """The first time of the moment that time is reckoned from.

    A deal that was won without standing in a stage or a later one spent no time after it: for such a moment of
    ``reached`` it is not there.
    """
    return clock.looked.once(("begin", id(part), clock.in_days), lambda: _begin(part, clock))


def goal(part: MetricPart, clock: Clock, *, after: Ints) -> Moment:
    """The first time of the moment that time is reckoned to: of what can happen again, the first not before ``after``.

    What happens once, such as first reaching a stage, may lie before it.
    """
    if isinstance(part, Mapping) and not part.keys() & {"fact", "reached"}:
        return _first(clock, *clock.looked.once(("times", id(part)), lambda: _times(part, clock.looked)), after=after)
    return clock.looked.once(("goal", id(part), clock.in_days), lambda: _once(part, clock))


def _begin(part: MetricPart, clock: Clock) -> Moment:
    told = clock.looked.told
    if not isinstance(part, Mapping) or "fact" in part:
        return _once(part, clock)
    if "reached" in part:
        its = where_reached(clock.looked, names_in(part)) & (told.ends == OPEN)
        return _first(clock, *_visits(told, its), after=None)
    return _first(clock, *_times(part, clock.looked), after=None)


def _once(part: MetricPart, clock: Clock) -> Moment:
    """What happens to a deal once."""
    told = clock.looked.told
    if part == "started":
        return Moment(np.ones(told.count, np.bool_), clock.of(began(told)))
    if not isinstance(part, Mapping):
        return Moment(np.isin(told.outcome, (WON, LOST)), clock.of(told.closed))
    if "reached" in part:
        return _first(clock, *_visits(told, where_reached(clock.looked, names_in(part))), after=None)
    (name,) = names_in(part)
    day, known = clock.looked.days(name)
    return Moment(known, np.where(known, day * DAY, NEVER))


def _times(part: Mapping[str, MetricPart], looked: Looked) -> tuple[Ints, Ints]:
    """Whose deals came to a stage, were touched or moved in one of the ways named, and when."""
    ((kind, names),) = part.items()
    if kind == "stage":
        return _visits(looked.told, stages_named(looked.told, names))
    return _done(looked, kind, names_in(names))


def stages_named(told: Journeys, part: MetricPart) -> Mask:
    """Which stages are named."""
    names = frozenset(names_in(part))
    return np.array([stage.id in names for stage in told.stages], np.bool_)


def where_reached(looked: Looked, names: Iterable[str]) -> Mask:
    """The stages of which having stood in one means that one of those named was reached, in it or over it."""
    reaching = looked.everyone.columns.machine.frame.reaching
    implied = frozenset[str]().union(*(reaching.get(name, ()) for name in names))
    return np.array([stage.id in implied for stage in looked.told.stages], np.bool_)


def names_in(part: MetricPart) -> tuple[str, ...]:
    """All names of a part."""
    if isinstance(part, Mapping):
        return tuple(name for each in part.values() for name in names_in(each))
    return part if isinstance(part, tuple) else (str(part),)


def _visits(told: Journeys, stages: Mask) -> tuple[Ints, Ints]:
    its = stages[told.visits.stage]
    return told.visits.deal[its], told.visits.entered[its]


def _done(looked: Looked, kind: str, names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Whose deals were touched or moved in one of these ways, and when."""
    if kind == "touchpoint":
        touched = looked.view.touched
        its = np.isin(touched.kind, [at for at, name in enumerate(touched.kinds) if name in names])
        return touched.deal[its], touched.at[its]
    moves = looked.everyone.columns.moves()
    its = np.isin(moves.action, [at for at, name in enumerate(moves.actions) if name in names])
    # Of some of the deals alone, numbered anew.
    number = np.full(looked.everyone.count, -1, np.int64)
    number[looked.place] = np.arange(looked.told.count)
    deal, at = number[moves.deal[its]], moves.at[its]
    return deal[deal >= 0], at[deal >= 0]


def _first(clock: Clock, deal: Ints, at: Ints, *, after: Ints | None) -> Moment:
    """The first of many times of each deal, where there is one; ``NEVER`` where it has none with a date."""
    at, count = clock.of(at), clock.looked.told.count
    dated = at != NEVER
    soon = dated if after is None else dated & (at >= after[deal])
    earliest = np.full(count, _LAST)
    np.minimum.at(earliest, deal[soon], at[soon])
    there = earliest < _LAST
    undated = np.zeros(count, np.bool_)
    undated[deal[~dated]] = True
    return Moment(there | undated, np.where(there, earliest, NEVER))
