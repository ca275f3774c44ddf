"""Working hours spelled out as stretches of seconds, and time that passes within them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np

from engine.model.scenario import Hours
from engine.simulation.plan import NEVER, NONE, Calendars, Ints

DAY = 86_400
_EPOCH = date(1970, 1, 1)


def calendars(hours: Sequence[Hours], *, zone: tzinfo, begin: int, end: int) -> Calendars:
    """The working hours, in the order given, of all local days that touch ``begin`` to ``end`` (seconds since 1970).

    By the clock on the wall: on the day on which it is put forward a stretch over that hour is shorter, on the day on
    which it is put back longer.
    """
    periods = tuple(_periods(zone, begin, end))
    spelled = [_stretches(each, periods) for each in hours]
    sizes = [begins.size for begins, _ in spelled]
    begins, ends = (np.concatenate([np.empty(0, np.int64), *(each[at] for each in spelled)]) for at in (0, 1))
    worked = [np.cumsum(e - b) - (e - b) for b, e in spelled]
    return Calendars(
        first=np.cumsum([0, *sizes]).astype(np.int32),
        begins=begins,
        ends=ends,
        worked=np.concatenate([np.empty(0, np.int64), *worked]),
        names=tuple(each.id for each in hours),
    )


def add(calendars: Calendars, calendar: int, moments: Ints, seconds: Ints) -> Ints:
    """The first moments by which so many seconds of a calendar (``NONE``: of any time) have passed since each moment.

    No time at all passes in no time, also when nobody works. ``NEVER`` where the calendar ends before.
    """
    if calendar == NONE:
        capped: Ints = np.minimum(moments + seconds, NEVER)
        return capped
    begins, ends, worked = _rows(calendars, calendar)
    if not begins.size:
        return np.where(seconds > 0, NEVER, moments)
    wanted = _before(moments, begins, ends, worked) + seconds
    at = np.searchsorted(worked + (ends - begins), wanted, side="left")
    inside = np.minimum(at, begins.size - 1)
    found = np.where(at < begins.size, begins[inside] + (wanted - worked[inside]), NEVER)
    passed: Ints = np.where(seconds > 0, np.where(moments >= NEVER, NEVER, found), moments)
    return passed


def add_one(calendars: Calendars, calendar: int, moment: int, seconds: int) -> int:
    """``add`` of one."""
    if seconds <= 0 or moment >= NEVER:
        return moment
    if calendar == NONE:
        return min(moment + seconds, NEVER)
    begins, ends, worked = _rows(calendars, calendar)
    if not begins.size:
        return NEVER
    at = int(np.searchsorted(begins, moment, side="right")) - 1
    wanted = seconds
    if at >= 0:
        wanted += int(worked[at]) + min(moment, int(ends[at])) - int(begins[at])
    at = int(np.searchsorted(worked, wanted, side="left")) - 1
    found = int(begins[at]) + wanted - int(worked[at])
    return found if found <= int(ends[at]) else NEVER


def opening(calendars: Calendars, calendar: int, moments: Ints) -> Ints:
    """The first moments from each on at which somebody works; ``NEVER`` where nobody does any more."""
    if calendar == NONE:
        return moments
    begins, ends, _ = _rows(calendars, calendar)
    at = np.searchsorted(ends, moments, side="right")
    found: Ints = np.maximum(np.append(begins, NEVER)[at], moments)
    return found


def worked_between(calendars: Calendars, calendar: int, since: Ints, until: Ints) -> Ints:
    """The seconds of a calendar (``NONE``: of any time) between moments."""
    if calendar == NONE:
        return until - since
    rows = _rows(calendars, calendar)
    return _before(until, *rows) - _before(since, *rows)


def local_days(zone: tzinfo, *, begin: int, end: int) -> tuple[Ints, Ints]:
    """All local days that touch ``begin`` to ``end`` (days since 1970), and the moment at which each begins."""
    found: dict[int, int] = {}
    for since, until, ahead in _periods(zone, begin, end):
        for day in range((since + ahead) // DAY, (until - 1 + ahead) // DAY + 1):
            found.setdefault(day, max(since, day * DAY - ahead))
    return np.array(list(found), np.int64), np.array(list(found.values()), np.int64)


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)


def _rows(calendars: Calendars, calendar: int) -> tuple[Ints, Ints, Ints]:
    rows = slice(int(calendars.first[calendar]), int(calendars.first[calendar + 1]))
    return calendars.begins[rows], calendars.ends[rows], calendars.worked[rows]


def _before(moments: Ints, begins: Ints, ends: Ints, worked: Ints) -> Ints:
    """The working seconds before each moment."""
    if not begins.size:
        return np.zeros_like(moments)
    at = np.searchsorted(begins, moments, side="right") - 1
    inside = np.maximum(at, 0)
    found: Ints = np.where(at < 0, 0, worked[inside] + np.minimum(moments, ends[inside]) - begins[inside])
    return found


def _periods(zone: tzinfo, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(from, until, seconds ahead of UTC): a zone puts its clock forward or back at most once in a day."""
    since, ahead = begin - DAY, _ahead(zone, begin - DAY)
    for day in range(begin - DAY, end + DAY, DAY):
        if _ahead(zone, day + DAY) == ahead:
            continue
        low, high = day, day + DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _ahead(zone, middle) == ahead else (low, middle)
        yield since, high, ahead
        since, ahead = high, _ahead(zone, day + DAY)
    yield since, end + DAY, ahead


def _ahead(zone: tzinfo, moment: int) -> int:
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _stretches(hours: Hours, periods: Sequence[tuple[int, int, int]]) -> tuple[Ints, Ints]:
    """Beginnings and ends of one calendar, in order, those that touch or overlap joined."""
    holidays = np.array([(day - _EPOCH).days for day in hours.holidays], np.int64)
    found = [np.empty((2, 0), np.int64)]
    for since, until, ahead in periods:
        days = np.arange((since + ahead) // DAY, (until + ahead) // DAY + 1)
        days = days[~np.isin(days, holidays)]
        weekdays = (days + 3) % 7
        for weekday, stretches in hours.days.items():
            starts = days[weekdays == weekday] * DAY - ahead
            for opens, closes in stretches:
                part = np.array([starts + _second(opens), starts + (_second(closes) or DAY)])
                part = np.clip(part, since, until)
                found.append(part[:, part[0] < part[1]])
    begins, ends = np.concatenate(found, axis=1)
    return _joined(begins, ends)


def _second(of: time) -> int:
    return of.hour * 3600 + of.minute * 60 + of.second


def _joined(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], np.maximum.accumulate(ends[order]) if ends.size else ends
    apart = begins[1:] > ends[:-1]
    return begins[np.append(True, apart)[: begins.size]], ends[np.append(apart, True)[: ends.size]]
