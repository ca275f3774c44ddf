"""How visits of one stage end: which share by which branch and after what time, open ones counted as open.

Aalen and Johansen's incidences as far as enough visits were watched; beyond, the rate at which the last of them ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.numerics.watching import Floats, Ints, Mask, ends_of, watched

FEW = 5
"""Where fewer visits are under watch, while others went out of watch, the curve is not followed any longer."""
LAST = 10
"""The rate beyond what was watched is that of so many last ends."""
_SURPRISED = 4.6
"""So many ends should have come since the last one, had the rate stayed: with none, it is another by now (1 in 100)."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Tries and how each ended, one item a try, in seconds: ``cause`` 0 still open, else the number of the branch + 1.

    ``entries`` are the ages from which each was watched, 0 or less for the start.
    """

    exits: Ints
    cause: Ints
    entries: Ints

    def of(self, rows: Mask) -> Spans:
        """Some of them."""
        return Spans(self.exits[rows], self.cause[rows], self.entries[rows])

    @property
    def seen(self) -> Spans:
        """Those that were under watch at all."""
        return self.of((self.entries <= 0) | (self.entries < self.exits))


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How tries end. ``lines`` (branches × times) are the incidences at ``times`` (seconds, rising).

    Beyond the last of them a share ``left`` goes on; it ends at ``rate`` a second, ``beyond`` (branches, summing to 1)
    by which. ``ended`` are the numbers of tries that ended by each branch, ``still`` those open.
    """

    times: Floats
    lines: Floats
    left: float
    rate: float
    beyond: Floats
    ended: Ints
    still: int

    def seen(self, spans: Spans) -> float:
        """How many tries they tell of: each counts by the part of the tries that would end while it was watched.

        One that ended under watch from its start counts whole, one that has just begun tells nothing yet.
        """
        seen = spans.seen
        line = np.append(0.0, self.lines.sum(axis=0))
        until, since = (line[np.searchsorted(self.times, at, "right")] for at in (seen.exits, seen.entries - 1))
        return float((np.where(seen.cause > 0, 1.0, until) - np.where(seen.entries > 0, since, 0.0)).sum())

    @property
    def shares(self) -> Floats:
        """The share of each branch in the end."""
        found = self.lines[:, -1] + self.left * self.beyond
        whole: Floats = found / found.sum()
        return whole


def course_of(spans: Spans, branches: int) -> Course:
    """How they end; at least one of them must have."""
    seen = spans.seen
    under = watched(seen.exits.astype(np.float64), seen.cause, seen.entries.astype(np.float64))
    ends = ends_of(under, branches)
    keep = _followed(ends.at_risk, open_ones=int((seen.cause == 0).sum()))
    times, there, ended = ends.times[keep].astype(np.float64), ends.at_risk[keep], ends.ended[:, keep]
    survival = np.cumprod(1 - ended.sum(axis=0) / there)
    before = np.append(1.0, survival[:-1])
    lines = np.cumsum(before * ended / there, axis=1)
    left = float(survival[-1])
    count = np.bincount(seen.cause, minlength=branches + 1)
    if left <= 1e-12:
        return Course(times, lines, 0.0, 0.0, np.zeros(branches), count[1:], int(count[0]))
    rate, by = _last_rate(seen, branches, from_time=float(times[-1]))
    prior = lines[:, -1] / lines[:, -1].sum()
    beyond = (by + prior) / (by.sum() + 1)
    return Course(times, lines, left, rate, beyond, count[1:], int(count[0]))


def pooled(course: Course) -> Course:
    """The same whatever branch they end by."""
    return Course(
        course.times,
        course.lines.sum(axis=0, keepdims=True),
        course.left,
        course.rate,
        np.ones(1),
        course.ended.sum(keepdims=True),
        course.still,
    )


def quantiles(course: Course, branch: int, *, most: int = 30) -> tuple[tuple[float, float], ...]:
    """(share, seconds) of those that end by the branch, from 0 to 1: as many as its ends bear, more in the tails."""
    line = course.lines[branch]
    steps = np.diff(line, prepend=0.0)
    at = np.flatnonzero(steps > 0)
    whole, tail = float(line[-1]), course.left * float(course.beyond[branch])
    times, middle = course.times[at], (line - steps / 2)[at]
    body = whole / (whole + tail) if whole + tail else 0.0
    found: dict[float, float] = {}
    if len(at):
        grid = _grid(int(course.ended[branch]), most)
        values = np.interp(grid * whole, np.concatenate([[0.0], middle, [whole]]), times[[0, *range(len(at)), -1]])
        found = dict(zip((grid * body).round(PLACES).tolist(), values.tolist(), strict=True))
    if tail > 1e-9:
        last = float(course.times[-1])
        for share, least in _TAIL:
            # To the thousand: a tail that is rare needs few words.
            place = float(np.ceil(round(1_000 * (body + (1 - body) * share), 3))) / 1_000
            found.setdefault(place, last - float(np.log1p(-least)) / course.rate)
        found.setdefault(0.0, last)
    points = sorted(found.items())
    points[-1] = (1.0, points[-1][1])
    rising = np.maximum.accumulate([value for _, value in points])
    return tuple((share, float(value)) for (share, _), value in zip(points, rising, strict=True))


PLACES = 4
"""Shares are told to so many places: files do not keep more."""
_TAIL = tuple((each, min(each, 0.9975)) for each in (0.001, 0.1, 0.25, 0.5, 0.7, 0.85, 0.95, 0.99, 1.0))


def _grid(ends: int, most: int) -> Floats:
    """Shares at which quantiles are told."""
    if ends < 40:
        return np.linspace(0, 1, max(3, ends // 2 + 1))
    body = np.linspace(0, 1, min(most, max(20, ends // 10)) - 9 + 1)
    tails = [0.01, 0.025, 0.975, 0.99] + ([0.995] if ends >= 400 else [])
    return np.unique(np.concatenate([body, tails]).round(6))


def _followed(at_risk: Ints, *, open_ones: int) -> Mask:
    """The times at which ends are counted: not where hardly anybody was under watch while others came or went."""
    keep = np.ones(len(at_risk), np.bool_)
    if not open_ones and (np.diff(at_risk) <= 0).all():
        return keep
    few = at_risk < min(FEW, int(at_risk.max()))
    found = ~few
    if open_ones:
        return found if found.any() else keep
    # Nobody is open: the few at the end are those who took longest, and only those before the others came say nothing.
    late = np.arange(len(at_risk)) > int(np.flatnonzero(found)[-1])
    return found | late


def _last_rate(spans: Spans, branches: int, *, from_time: float) -> tuple[float, Floats]:
    """At which rate a second the last ones ended, and how many of these by which branch."""
    ends = np.sort(spans.exits[spans.cause > 0]).astype(np.float64)
    begin = float(ends[max(0, len(ends) - LAST - 1)]) if len(ends) > LAST else 0.0
    begin = min(begin, from_time) if begin < ends[-1] else 0.0
    counted = (spans.cause > 0) & (spans.exits > begin)
    by = np.bincount(spans.cause[counted], minlength=branches + 1)[1:].astype(np.float64)
    until_last = _watched_for(spans, begin, float(ends[-1]))
    since_last = _watched_for(spans, float(ends[-1]), np.inf)
    if until_last > 0 and by.sum() / until_last * since_last > _SURPRISED:
        return 0.5 / since_last, np.zeros(branches)
    return float(max(by.sum(), 0.5) / max(until_last + since_last, 1.0)), by


def _watched_for(spans: Spans, begin: float, end: float) -> float:
    """Seconds under watch between two ages, summed up."""
    start = np.maximum(np.maximum(spans.entries, 0), begin)
    return float(np.maximum(np.minimum(spans.exits, end) - start, 0).sum())
