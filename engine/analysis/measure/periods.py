"""Periods of the calendar where the process is at home: days, weeks, months, quarters, years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

import numpy as np

from engine.machine.columns import local_days
from engine.model.errors import BadValue
from engine.tables.coded import DAY, NEVER, Ints, Mask

_FIRST = date(1970, 1, 1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = (date.min - _FIRST).days, (date.max - _FIRST).days
_TOO_MANY = 5_000
"""So many rows are no table either: as a rule one date is wrong by a thousand years."""


class Every(Enum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_SHORTEST = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 28, Every.QUARTER: 90, Every.YEAR: 365}

_UP_TO = {Every.DAY: 14, Every.WEEK: 92, Every.MONTH: 60 * 30, Every.QUARTER: 60 * 91}
"""For how many days of follow-up each is taken where nobody says."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods one after the other without gaps, by their first days; ``starts`` are days since 1970, ascending.

    The last one has its end as one item more.
    """

    every: Every
    starts: Ints

    @property
    def count(self) -> int:
        """How many."""
        return max(len(self.starts) - 1, 0)

    def of(self, moments: Ints, zone: tzinfo) -> Ints:
        """The number of the period that each time (microseconds) falls into; -1: none of them, or there is no time."""
        # So many zones' midnights as there are periods, not one for each time.
        found = np.searchsorted(_midnights(self.starts, zone), moments, "right") - 1
        return np.where((moments != NEVER) & (found >= 0) & (found < self.count), found, -1)

    def of_days(self, days: Ints, known: Mask) -> Ints:
        """The number of the period that each day (since 1970) falls into; -1: none of them, or not known."""
        found = np.searchsorted(self.starts, days, "right") - 1
        return np.where(known & (found >= 0) & (found < self.count), found, -1)

    @property
    def names(self) -> tuple[str, ...]:
        """``2026-03-01``, ``2026-W09``, ``2026-03``, ``2026Q1``, ``2026``."""
        return tuple(_name(_date(int(day)), self.every) for day in self.starts[:-1])


def days_of(moments: Ints, zone: tzinfo) -> tuple[Ints, Mask]:
    """The day (since 1970, in the zone) of each time in microseconds, and whether it has one."""
    known = moments != NEVER
    # What is not known is put among the others: far off it would be asked of the zone day by day.
    seen = np.where(known, moments, moments.max(initial=0))
    first, last = (int(seen.min()) // DAY - 1, int(seen.max()) // DAY + 2) if len(seen) else (0, 0)
    if last - first > len(seen) or first < _DAYS[0] or last > _DAYS[1]:
        return local_days(seen, zone) - _FIRST.toordinal(), known
    # Fewer days than times: each midnight is asked of the zone once.
    return np.searchsorted(_midnights(np.arange(first, last), zone), seen, "right") - 1 + first, known


def day_of(moment: int, zone: tzinfo) -> int:
    """The day (since 1970, in the zone) of one time."""
    return int(days_of(np.array([moment], np.int64), zone)[0][0])


def date_of(moment: int, zone: tzinfo) -> date:
    """The same as a date."""
    return _date(day_of(moment, zone))


def _midnights(days: Ints, zone: tzinfo) -> Ints:
    """When each day (since 1970) begins in the zone, in microseconds."""
    begun = (datetime.combine(_date(day), time(), zone).utcoffset() for day in days.tolist())
    return days * DAY - np.fromiter(((each or timedelta(0)) // timedelta(microseconds=1) for each in begun), np.int64)


def periods(first: int, last: int, every: Every) -> Periods:
    """The whole periods from the one of the day ``first`` (since 1970) to that of ``last``; none if it is earlier.

    Raises ``BadValue`` for so many that nobody would read them.
    """
    if last < first:
        return Periods(every, np.zeros(0, np.int64))
    if last - first > _TOO_MANY * _SHORTEST[every]:
        raise BadValue(
            f"from {_date(first)} to {_date(last)} it is more than {_TOO_MANY:,} times a {every.value}",
            hint="is one of the dates wrong? Otherwise say a longer --every, or bounds with --since and --until",
        )
    at = _start(_date(first), every)
    starts = [at]
    while _number(at) <= last and at < date.max:
        at = _next(at, every)
        starts.append(at)
    return Periods(every, np.array([_number(each) for each in starts], np.int64))


def fitting(first: int, last: int) -> Every:
    """The period for so many days, so that the table can be overlooked: a month is told by weeks, a year by months."""
    span = last - first + 1
    return next((every for every, days in _UP_TO.items() if span <= days), Every.YEAR)


def _start(day: date, every: Every) -> date:
    if every is Every.DAY:
        return day
    if every is Every.WEEK:
        return _date(_number(day) - day.weekday())
    months = _MONTHS[every.value]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(day: date, every: Every) -> date:
    if every in (Every.DAY, Every.WEEK):
        return _date(min(_number(day) + (1 if every is Every.DAY else 7), _DAYS[1]))
    months = day.month - 1 + _MONTHS[every.value]
    # Some write the last day that there is for 'never': no period begins after it.
    return date.max if day.year + months // 12 > date.max.year else date(day.year + months // 12, months % 12 + 1, 1)


def _name(day: date, every: Every) -> str:
    if every is Every.DAY:
        return f"{day}"
    if every is Every.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if every is Every.MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}Q{(day.month + 2) // 3}" if every is Every.QUARTER else f"{day.year}"


def _number(day: date) -> int:
    return (day - _FIRST).days


def _date(day: int) -> date:
    return date.fromordinal(day + _FIRST.toordinal())
