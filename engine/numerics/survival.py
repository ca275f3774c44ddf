"""Kaplan and Meier's curve: the share of spans that last longer than a time, where some have not ended yet."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.intervals import NOBODY_KNOWS, Band, of_all, of_positive, of_share
from engine.numerics.watching import Floats, Ints, Mask, Quantile, Times, Z, ends_of, watched

_HAIR = 1e-12
"""So far above a share counts as there: products of shares are not exact."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The curve at each time at which a span ended; before the first of them it is 1.

    All arrays have one item a time, in rising order. ``low`` and ``high`` are the 90 % interval of ``survival``,
    ``nan`` where nobody can say (where nothing is left). ``longest`` is how long anything was watched.
    """

    times: Times
    at_risk: Ints
    ended: Ints
    survival: Floats
    low: Floats
    high: Floats
    longest: float
    watched: int

    def at(self, time: float) -> float:
        """The share that lasts longer than ``time``; ``nan`` beyond what was watched."""
        if time > self.longest:
            return float("nan")
        place = int(np.searchsorted(self.times, time, "right"))
        return float(self.survival[place - 1]) if place else 1.0


def kaplan_meier(exits: Times, has_ended: Mask, entries: Times | None = None) -> Curve:
    """The curve of spans from 0 to ``exits``; one that has not ended is censored there.

    ``entries`` are the ages from which each was watched (delayed entry, left truncation). Ends come before censorings
    at the same time. The interval is the log-log one with Greenwood's variance (Kalbfleisch and Prentice 1980, 1.3).
    """
    spans = watched(exits, has_ended.astype(np.int64), entries)
    found = ends_of(spans, 1)
    times, there, ends = found.times, found.at_risk, found.ended[0]
    survival: Floats = np.cumprod(1 - ends / there, dtype=np.float64)
    low, high = _log_log(survival, _greenwood(ends, there))
    return Curve(times, there, ends, survival, low, high, spans.longest, len(spans.exits))


def quantile(curve: Curve, share: float) -> Quantile:
    """The time by which ``share`` of the spans have ended, and where the interval of the curve crosses that share.

    ``None`` where the curve, or an edge of its interval, never gets there (Brookmeyer and Crowley 1982).
    """
    if emptied_early(curve):
        return Quantile(None, None, None)
    rest = 1 - share + _HAIR
    if not len(curve.survival) or curve.survival[-1] > rest:
        # The lower edge may get there though the curve does not.
        return Quantile(None, _first_below(curve.times, curve.low, rest), None)
    # The curve never rises, and its edges lie to either side of it.
    place = int(np.searchsorted(-curve.survival, -rest, "left"))
    low = _first_below(curve.times[: place + 1], curve.low[: place + 1], rest)
    return Quantile(float(curve.times[place]), low, _first_below(curve.times[place:], curve.high[place:], rest))


def _first_below(times: Times, line: Floats, level: float) -> float | None:
    reached = line <= level
    return float(times[int(np.argmax(reached))]) if reached.any() else None


def emptied_early(curve: Curve) -> bool:
    """Whether all under watch ended while others were still to come: with delayed entry the curve then says nothing."""
    emptied = np.flatnonzero(curve.survival == 0)
    return len(emptied) > 0 and bool(curve.times[emptied[0]] < curve.longest)


def share_ended(curve: Curve) -> Band:
    """The share that has ended by the end of what was watched, with Wilson's interval by Greenwood's variance."""
    if not len(curve.times) or emptied_early(curve):
        return NOBODY_KNOWS
    last = float(curve.survival[-1])
    if last <= 1e-12:
        before = float(curve.survival[-2]) if len(curve.times) > 1 else 1.0
        return of_all(int(curve.ended.sum()), before=before, there=int(curve.at_risk[-1]))
    return of_share(1 - last, last**2 * float(_greenwood(curve.ended, curve.at_risk)[-1]))


def mean(curve: Curve) -> Band:
    """The mean of the spans, in the unit of the times: the area below the curve, up to the longest time watched.

    Where some have not ended, it is the mean of the spans cut off there. The variance is that of the area
    (Klein and Moeschberger 2003, 4.5), the interval is on the logarithm. Nobody knows it where nothing ended.
    """
    count = int(curve.ended.sum())
    if not count or emptied_early(curve):
        return NOBODY_KNOWS
    edges = np.concatenate([[0.0], curve.times, [curve.longest]])
    areas = np.diff(edges) * np.concatenate([[1.0], curve.survival])
    whole = float(areas.sum())
    if count < 2:
        return Band(whole, math.nan, math.nan)
    # The area behind each end is what it pulls at; behind the last one of all there is none.
    behind = (whole - np.cumsum(areas)[:-1]).clip(0.0)
    left = curve.at_risk - curve.ended
    pull = np.divide(curve.ended, curve.at_risk * left, out=np.zeros(len(left)), where=left > 0)
    error = math.sqrt(float((behind**2 * pull).sum()) * count / (count - 1))
    return of_positive(whole, error, freedom=count - 1)


def _greenwood(ends: Ints, there: Ints) -> Floats:
    left = there - ends
    return np.cumsum(np.divide(ends, there * left, out=np.full(len(ends), np.inf), where=left > 0), dtype=np.float64)


def _log_log(survival: Floats, variance: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wide = np.exp(Z * np.sqrt(variance) / np.abs(np.log(survival)))
        low, high = survival**wide, survival ** (1 / wide)
    # A sum of shares that is all but 1 is 1, but for rounding.
    known = (survival > 0) & (survival < 1 - 1e-12)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
