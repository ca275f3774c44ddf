"""How prospects come in, learnt from when deals started: how many a week, on which days, in which hours, how evenly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.model.scenario import Arrivals, Form, Gaps, Hours, Spread
from engine.simulation.compiling.calendar import DAY
from engine.simulation.fit.clock import Open, are_dates, date_of, day_of, is_open, local, spelled, weekday_of, worked_at
from engine.simulation.fit.hours import hours_of, office_of, said
from engine.simulation.fit.seen import Learnt, Seen
from engine.tables.coded import NEVER, Floats, Ints

HOURS = "arrivals"
"""The id of the hours in which prospects come, where they are not those of the office."""
BLOCK = 4

_SILENCE = 20
_ALIKE = 0.02
_MOSTLY = 0.9
_INSIDE = 0.995
_SURE = 10.83
_SURELY = 3.09
_NORMAL_P90 = 1.2815515655446004


@dataclass(frozen=True, slots=True, eq=False)
class _Came:
    """``times`` ascending, ``until`` the end of the stretch that they tell of; ``days`` by the clock of the zone."""

    times: Ints
    until: int
    zone: str
    days: Ints


def arrived(seen: Seen) -> Learnt[Arrivals]:
    """How prospects came: their number a week and, where that varies more than chance would, the weeks themselves.

    Weekdays are told where they differ by more than chance (chi-square, 0.1 %), hours where nearly all start in them.
    Gaps between two, in those hours, are even where nine of ten are alike, a gamma distribution where that is
    likelier than chance by a ratio test at 0.1 %, else random.
    """
    came, notes = _came(seen)
    if len(came.times) < 2:
        return Learnt(
            Arrivals(),
            (
                *notes,
                "too few deals have a date of their start to tell how prospects come",
            ),
        )
    hours = hours_of_arrivals(seen)
    opened = None if hours is None else _spelled(hours, came)
    gaps, spread = _gaps(came, opened)
    weekly, weeks = _weeks(came, is_even=gaps is not Gaps.RANDOM)
    weekdays = _weekdays(came, opened)
    if hours is not None:
        notes = (*notes, f"prospects come {said(hours)}")
    arrivals = Arrivals(
        weekly=0.0 if weeks else weekly,
        weeks=weeks,
        block=min(BLOCK, max(len(weeks), 1)),
        weekdays=weekdays,
        hours="" if hours is None else hours.id,
        gaps=gaps,
        spread=spread,
        seen=len(weeks) or max(1, (came.until - int(came.times[0])) // (7 * DAY)),
    )
    return Learnt(arrivals, notes)


def hours_of_arrivals(seen: Seen) -> Hours | None:
    """The hours in which nearly all prospects come: those of the office where these hold them, else hours of theirs."""
    came, _ = _came(seen)
    office = office_of(seen)
    if len(came.times) and office is not None and is_open(_spelled(office, came), came.times).mean() >= _INSIDE:
        return office
    return hours_of(came.times, came.zone, name=HOURS)


def _came(seen: Seen) -> tuple[_Came, tuple[str, ...]]:
    """The starts in the time looked at. A long silence at the end is the end of the file, not of the prospects."""
    zone = seen.process.time_zone
    times = np.sort(seen.started[(seen.started != NEVER) & (seen.started <= seen.until)])
    if seen.since != NEVER:
        times = times[times >= seen.since]
    if len(times) < 2:
        return _Came(times, seen.until, zone, day_of(local(times, zone))), ()
    until, notes = seen.until, tuple[str, ...]()
    usual = max((int(times[-1]) - int(times[0])) / (len(times) - 1), 1.0)
    longest = max(int(np.diff(times).max()), int(_SILENCE * usual), 7 * DAY)
    if until - int(times[-1]) > longest:
        until = int(times[-1])
        last = date_of(int(day_of(local(times[-1:], zone))[0]))
        notes = (f"no deal started after {last}: arrivals are those up to then",)
    return _Came(times, until, zone, day_of(local(times, zone))), notes


def _spelled(hours: Hours, came: _Came) -> Open:
    return spelled(hours, came.zone, since=int(came.times[0]), until=max(int(came.times[-1]), came.until))


def _weeks(came: _Came, *, is_even: bool) -> tuple[float, tuple[int, ...]]:
    """The mean a week, and the numbers of all whole weeks where they vary more than if prospects came by chance."""
    last = int(day_of(local(np.array([came.until]), came.zone))[0])
    first = int(came.days[0])
    monday = first + int(-weekday_of(np.array([first]))[0] % 7)
    count = (last - monday) // 7
    if count < 2:
        return len(came.times) * 7 / max((came.until - int(came.times[0])) / DAY, 1.0), ()
    week = (came.days - monday) // 7
    counts = np.bincount(week[(week >= 0) & (week < count)], minlength=count)
    mean = float(counts.mean())
    if mean == 0:
        return len(came.times) / (count + 1), ()
    dispersion = float(counts.var(ddof=1)) / mean
    if (is_even and dispersion <= 1) or dispersion <= _chi_square(count - 1) / (count - 1):
        return round(mean, 2), ()
    return mean, tuple(counts.tolist())


def _weekdays(came: _Came, opened: Open | None) -> Mapping[int, float]:
    """Weights of the weekdays on which the hours let anyone come, however long; none where they are alike."""
    span = np.arange(int(came.days[0]), int(came.days[-1]) + 1)
    counts = np.bincount(weekday_of(came.days), minlength=7).astype(np.float64)
    each = weekday_of(span)
    if opened is None:
        usual: Floats = np.bincount(each, minlength=7).astype(np.float64)
    else:
        day = day_of(local((opened.begins + opened.ends) // 2, came.zone))
        day = np.unique(day[(day >= span[0]) & (day <= span[-1])])
        usual = np.bincount(weekday_of(day), minlength=7).astype(np.float64)
    if usual.sum() <= 0:
        return {}
    expected = usual * counts.sum() / usual.sum()
    some = expected > 0
    if some.sum() < 2 or expected[some].min() < 5:
        return {}
    apart = float(((counts - expected)[some] ** 2 / expected[some]).sum())
    if apart <= _chi_square(int(some.sum()) - 1):
        return {}
    return {day: round(float(counts[day] / expected[day]), 2) for day in np.flatnonzero(some).tolist()}


def _gaps(came: _Came, opened: Open | None) -> tuple[Gaps, Spread | None]:
    if len(came.times) < 50 or are_dates(came.times, came.zone):
        return Gaps.RANDOM, None
    at = came.times if opened is None else worked_at(opened, came.times)
    gaps = np.diff(at).astype(np.float64)
    middle = float(np.median(gaps))
    if middle > 0 and np.mean(np.abs(gaps - middle) <= _ALIKE * middle) >= _MOSTLY:
        return Gaps.EVEN, None
    shape = _shape(_evened(gaps))
    return (Gaps.SPREAD, _gamma(shape)) if shape > 1 else (Gaps.RANDOM, None)


def _evened(gaps: Floats) -> Floats:
    """Gaps by the mean of the fifty around them: busy and quiet times are not what is asked here."""
    window = min(51, len(gaps))
    sums = np.convolve(gaps, np.ones(window), mode="same")
    many = np.convolve(np.ones(len(gaps)), np.ones(window), mode="same")
    found: Floats = gaps / np.maximum(sums / many, 1e-9)
    return found


def _shape(gaps: Floats) -> float:
    """The shape of a gamma distribution of these gaps; 1 where it is no likelier than chance (Minka 2002)."""
    values = np.maximum(gaps, 1e-4)
    values = values / values.mean()
    apart = float(-np.log(values).mean())
    if apart <= 1e-9:
        return 1.0
    shape = (3 - apart + math.sqrt((apart - 3) ** 2 + 24 * apart)) / (12 * apart)
    gained = shape * math.log(shape) - math.lgamma(shape) - (shape - 1) * apart - shape + 1
    return shape if 2 * len(values) * gained > _SURE else 1.0


def _gamma(shape: float) -> Spread:
    """With the mean 1; the quantiles by Wilson and Hilferty (1931), within a hundredth for shapes above 1."""

    def at(normal: float) -> float:
        return float((1 - 1 / (9 * shape) + normal / (3 * math.sqrt(shape))) ** 3)

    return Spread(Form.GAMMA, round(at(0.0), 4), round(at(_NORMAL_P90), 4))


def _chi_square(degrees: int) -> float:
    """What chance exceeds once in a thousand (Wilson and Hilferty 1931)."""
    part = 2 / (9 * degrees)
    return float(degrees * (1 - part + _SURELY * math.sqrt(part)) ** 3)
