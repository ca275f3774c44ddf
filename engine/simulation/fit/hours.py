"""Working hours learnt from when people act, and kept only where they tell later times better than the wall clock."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, time

import numpy as np

from engine.model.names import ENGINE
from engine.model.scenario import Hours
from engine.simulation.compiling.calendar import DAY
from engine.simulation.fit.clock import (
    Open,
    are_dates,
    date_of,
    day_of,
    is_open,
    local,
    moment_at,
    spelled,
    weekday_of,
    worked_at,
)
from engine.simulation.fit.seen import NONE, Seen
from engine.tables.coded import NEVER, Floats, Ints

OFFICE = "office"
"""The id of the hours in which most people work."""
FEWEST = 60
"""Hours are not looked for in fewer acts than these."""
SLOT = 900
"""The grain of hours: a quarter of an hour."""
OUTSIDE = 0.05
"""So many acts may fall outside of hours that are hours."""

_SLOTS = DAY // SLOT
_IN_A_SLOT = 8
_QUIET = 0.1
_HARDLY = 0.3
_REST = 0.2
_BREAK = 3
_WIDEST = 0.75
_SURELY = 12
_EARLIER = 0.7
_HELD = 0.9
_BETTER = 0.99
_LEVELS = np.arange(1, 20) / 20

Stretches = tuple[tuple[int, int], ...]


def hours_of(acts: Ints, zone: str, *, name: str) -> Hours | None:
    """The hours of a week in which nearly all acts (seconds since 1970) fall, and the days on which nobody acted.

    A weekday counts as one of work with a tenth of the acts of the busiest; a time of day where more happens than a
    tenth of the usual. ``None``: there are too few acts, they are told by the day alone, or they fall at all times.
    """
    if len(acts) < FEWEST or are_dates(acts, zone):
        return None
    clock = local(np.sort(acts), zone)
    days = day_of(clock)
    weekday, slot = weekday_of(days), clock % DAY // SLOT
    works = _weekdays(days, weekday)
    busy = _stretches(slot[np.isin(weekday, works)])
    by_day = {day: _own(slot[weekday == day], busy, slot) for day in works}
    covered = sum(end - begin for stretches in by_day.values() for begin, end in stretches)
    outside = _outside(weekday, clock % DAY, by_day)
    if not covered or outside > OUTSIDE or covered > _WIDEST * 7 * _SLOTS:
        return None
    return Hours(name, {day: _times(stretches) for day, stretches in by_day.items()}, _holidays(days, works))


def office_of(seen: Seen) -> Hours | None:
    """The hours in which people act at all, whoever they are and whatever they do.

    Acts without a name may be somebody's or nobody's: they count where hardly any has one. Whoever acts much and at all
    times is no person, but a program under a name, and left out.
    """
    people = np.array([each != ENGINE for each in seen.people] + [True], np.bool_)
    named = np.array([bool(each) for each in seen.people] + [False], np.bool_)
    rows = [(each.left != NEVER) & (each.way != NONE) & people[each.left_by] for each in seen.tracks]
    acts, who = (
        np.concatenate([getattr(each, name)[its] for each, its in zip(seen.tracks, rows, strict=True)])
        for name in ("left", "left_by")
    )
    if np.sum(named[who]) >= FEWEST:
        acts, who = acts[named[who]], who[named[who]]
    zone = seen.process.time_zone
    much = [each for each in np.unique(who).tolist() if np.sum(who == each) >= FEWEST]
    restless = [each for each in much if hours_of(acts[who == each], zone, name=OFFICE) is None]
    return hours_of(acts[~np.isin(who, restless)], zone, name=OFFICE)


def hold_later(acts: Ints, zone: str, *, hours: Hours | None = None) -> bool:
    """Whether nine of ten of the later acts fall in ``hours``, or in those learnt from the earlier seven tenths."""
    acts = np.sort(acts)
    cut = int(len(acts) * _EARLIER)
    found = hours or hours_of(acts[:cut], zone, name=OFFICE)
    if found is None or cut == len(acts):
        return False
    opened = spelled(found, zone, since=int(acts[0]), until=int(acts[-1]))
    return bool(np.mean(is_open(opened, acts[cut:])) >= _HELD)


def tells_better(entered: Ints, left: Ints, opened: Open) -> bool:
    """Whether working seconds of the earlier visits tell when the later ones end better than seconds of the clock.

    The first seven tenths (by when they were entered) are looked at; the loss on the rest is the pinball loss at 19
    levels, a sum that the continuous ranked probability score is the limit of (Gneiting and Raftery 2007).
    """
    order = np.argsort(entered, kind="stable")
    entered, left = entered[order], left[order]
    cut = int(len(entered) * _EARLIER)
    if cut < 10 or len(entered) - cut < 5:
        return False
    begun, done = worked_at(opened, entered), worked_at(opened, left)
    plain = np.quantile((left - entered)[:cut], _LEVELS)
    working = np.quantile((done - begun)[:cut], _LEVELS).astype(np.int64)
    ends = moment_at(opened, (begun[cut:, None] + working[None, :]).ravel()).reshape(-1, len(_LEVELS))
    lasted = (left - entered)[cut:, None].astype(np.float64)
    return _loss(lasted, ends - entered[cut:, None]) < _BETTER * _loss(lasted, plain[None, :])


def said(hours: Hours) -> str:
    """The hours as a sentence tells them: ``Mon to Fri 09:00-17:00``."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    runs: list[list[int]] = []
    for day in sorted(hours.days):
        if runs and runs[-1][-1] == day - 1 and hours.days[day] == hours.days[runs[-1][-1]]:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = []
    for run in runs:
        which = names[run[0]] if len(run) == 1 else f"{names[run[0]]} to {names[run[-1]]}"
        told.append(f"{which} {_said(hours.days[run[0]])}")
    return "; ".join(told)


def _said(stretches: Sequence[tuple[time, time]]) -> str:
    """The stretches of a day; one that ends at 00:00 ends with the day."""
    if stretches == ((time(), time()),):
        return "all day"
    return ", ".join(f"{begin:%H:%M}-{f'{end:%H:%M}' if end > time() else '24:00'}" for begin, end in stretches)


def spelled_all(hours: Sequence[Hours], zone: str, *, since: int, until: int) -> Mapping[str, Open]:
    """All of them spelled out, by their ids."""
    return {each.id: spelled(each, zone, since=since, until=until) for each in hours}


def _weekdays(days: Ints, weekday: Ints) -> tuple[int, ...]:
    """The weekdays of work; each occurs about as often."""
    acts = np.bincount(weekday, minlength=7) / np.maximum(_occurring(days), 1)
    return tuple(np.flatnonzero(acts >= _QUIET * acts.max()).tolist())


def _occurring(days: Ints) -> Ints:
    """How often each weekday lies between the first day and the last."""
    return np.bincount(weekday_of(np.arange(int(days[0]), int(days[-1]) + 1)), minlength=7)


def _stretches(slots: Ints) -> Stretches:
    """The times of day with more than a tenth of the acts of usual slots, as coarse as the number of acts allows."""
    counts = np.bincount(slots, minlength=_SLOTS)
    for width in (1, 2, 4):
        grouped = counts.reshape(-1, width).sum(axis=1)
        usual = float(np.mean(grouped[grouped >= np.quantile(grouped[grouped > 0], 0.25)])) if grouped.any() else 0.0
        if usual >= _IN_A_SLOT or width == 4:
            return _runs(grouped > _QUIET * usual, width)
    return ()


def _runs(on: object, width: int) -> Stretches:
    """Runs of slots that are on, gaps shorter than three quarters of an hour filled; no run is shorter than that."""
    places = np.flatnonzero(np.asarray(on))
    runs: list[list[int]] = []
    for place in places.tolist():
        begin, end = place * width, (place + 1) * width
        if runs and begin - runs[-1][1] < _BREAK:
            runs[-1][1] = end
        else:
            runs.append([begin, end])
    return tuple((begin, end) for begin, end in runs if end - begin >= _BREAK)


def _own(slots: Ints, busy: Stretches, all_slots: Ints) -> Stretches:
    """The stretches of one weekday: those of all, less edges that surely would have seen more than hardly any."""
    if not len(slots) or not busy:
        return busy
    usual = np.bincount(all_slots, minlength=_SLOTS) / len(all_slots)
    counts = np.bincount(slots, minlength=_SLOTS)
    last = _last(counts, usual)
    first = _SLOTS - _last(counts[::-1], usual[::-1])
    kept = ((max(first, begin), min(last, end)) for begin, end in busy)
    return tuple((begin, end) for begin, end in kept if begin < end)


def _last(counts: Ints, usual: Floats) -> int:
    """The first slot from which on hardly anything happens, though by what happens before it much would."""
    seen, share = np.cumsum(counts), np.cumsum(usual)
    expected = seen * (share[-1] - share) / np.maximum(share, 1e-9)
    rest = seen[-1] - seen
    quiet = (expected >= _SURELY) & (rest <= _QUIET * expected) & (rest <= _REST * seen)
    if not quiet.any():
        return _SLOTS
    at = int(np.argmax(quiet))
    busy = counts[at + 1 :] > _HARDLY * seen[at] / share[at] * usual[at + 1 :]
    return at + 1 + int(np.argmin(busy))


def _outside(weekday: Ints, second: Ints, by_day: Mapping[int, Stretches]) -> float:
    inside = np.zeros(len(weekday), np.bool_)
    for day, stretches in by_day.items():
        for begin, end in stretches:
            inside |= (weekday == day) & (second >= begin * SLOT) & (second <= end * SLOT)
    return 1 - float(inside.mean())


def _holidays(days: Ints, works: tuple[int, ...]) -> tuple[date, ...]:
    """Days of work without any act, where so few of their weekday see none that it cannot be chance."""
    span = np.arange(int(days[0]), int(days[-1]) + 1)
    counts = np.bincount(days - days[0], minlength=len(span))
    weekday = weekday_of(span)
    found: list[int] = []
    for day in works:
        its = counts[weekday == day]
        if its.mean() >= math.log(1000 * len(span)) and np.quantile(its, 0.25) > 0:
            found.extend(span[(weekday == day) & (counts == 0)].tolist())
    return tuple(date_of(day) for day in sorted(found))


def _times(stretches: Stretches) -> tuple[tuple[time, time], ...]:
    return tuple((_time(begin), _time(end)) for begin, end in stretches)


def _time(slot: int) -> time:
    minutes = slot % _SLOTS * SLOT // 60
    return time(minutes // 60, minutes % 60)


def _loss(values: object, quantiles: object) -> float:
    gap = np.asarray(values) - np.asarray(quantiles)
    return float(np.mean(np.maximum(_LEVELS * gap, (_LEVELS - 1) * gap)))
