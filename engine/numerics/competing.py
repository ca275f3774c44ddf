"""Aalen and Johansen's incidences: the share that has ended in each of several ways by a time, open spans as open."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.numerics.intervals import NOBODY_KNOWS, Band, of_all, of_positive, of_share, wilson
from engine.numerics.watching import Floats, Ints, Quantile, Times, Z, ends_of, first_at_least, watched


@dataclass(frozen=True, slots=True)
class Incidences:
    """The shares at each time at which a span ended, in rising order; before the first of them all are 0.

    ``ended`` has the shape (causes, times): row 0 is cause 1. At every time the survival and the incidences of all
    causes add up to 1.
    """

    times: Times
    at_risk: Ints
    ended: npt.NDArray[np.int64]
    survival: Floats
    longest: float
    watched: int

    @property
    def before(self) -> Floats:
        """The survival just before each time."""
        return np.concatenate([[1.0], self.survival[:-1]]) if len(self.survival) else self.survival

    def reached(self, cause: int) -> float:
        """The share that has ended by ``cause`` as far as anyone watched."""
        return float(np.sum(self.before * self.ended[cause - 1] / self.at_risk))


def aalen_johansen(exits: Times, cause: Ints, causes: int, entries: Times | None = None) -> Incidences:
    """The incidences of spans from 0 to ``exits``, ended by ``cause`` (1 to ``causes``; 0: censored).

    ``entries`` are the ages from which each was watched. Ends at one time, of whatever cause, share one risk set; ends
    come before censorings (Aalen and Johansen 1978; with ties as in Marubini and Valsecchi 1995, 10.2).
    """
    spans = watched(exits, cause, entries)
    ending = ends_of(spans, causes)
    times, there, ends = ending.times, ending.at_risk, ending.ended
    survival = np.cumprod(1 - ends.sum(axis=0) / there)
    return Incidences(times, there, ends, survival, spans.longest, len(spans.exits))


@dataclass(frozen=True, slots=True)
class Way:
    """The incidence of one cause with what its variance is summed up from, one item a time.

    By the delta method (Marubini and Valsecchi 1995, 10.8) an end at u pulls at the incidence at t, with ``line`` F,
    by F(u) - F(t), and an end by this cause by the survival before u too. Sums of ``pull`` (times 1, F and F squared),
    of ``both`` (times 1 and F) and of ``own`` give the variance of every F(t), and of what is made of two of them.
    ``count`` is how many were seen to end so.
    """

    times: Times
    line: Floats
    pull: tuple[Floats, Floats, Floats]
    both: tuple[Floats, Floats]
    own: Floats
    count: int
    says_nothing: bool


def way(found: Incidences, cause: int) -> Way:
    """How spans end by ``cause``, for figures with their intervals."""
    there, its = found.at_risk.astype(np.float64), found.ended[cause - 1]
    ends, before = found.ended.sum(axis=0), found.before
    left = there - ends
    # Where all that are at risk end, nothing comes after: the term is multiplied by nought.
    pull = np.divide(ends, there * left, out=np.zeros(len(ends)), where=left > 0)
    hazard = its / there
    step = before * hazard
    line = np.cumsum(step)
    both = step / there
    own = both * before * (1 - hazard)
    pulled = line * pull
    counted, nothing = int(its.sum()), emptied_early(found)
    return Way(found.times, line, (pull, pulled, line * pulled), (both, line * both), own, counted, nothing)


def share_by(found: Incidences, its: Way, time: float, *, known: int) -> Band:
    """The share that has ended this way by ``time``. Nobody knows it beyond what was watched while some go on.

    ``known`` are those of which is known whether they had ended by then (``watching.known_by``): they bound a share of
    none. The interval is Wilson's of as many as would make the share so uncertain (``intervals.of_share``).
    """
    over = len(found.survival) > 0 and float(found.survival[-1]) <= 1e-15
    if its.says_nothing or not found.watched or (time > found.longest and not over):
        return NOBODY_KNOWS
    count = int(np.searchsorted(its.times, time, "right"))
    # A sum of shares may come to a hair above 1.
    share = min(float(its.line[count - 1]), 1.0) if count else 0.0
    if share <= 1e-12:
        return wilson(0, known)
    if share >= 1 - 1e-12:
        return of_all(its.count, before=float(found.before[count - 1]), there=int(found.at_risk[count - 1]))
    return of_share(share, _error_apart(its, 0.0, count) ** 2)


def mean_of_those(its: Way) -> Band:
    """The mean time of those that end this way as far as anyone watched.

    The variance is that of the sum of times over that of shares, by the delta method; the interval is on the logarithm.
    """
    if not len(its.times) or its.line[-1] <= 0 or its.says_nothing:
        return NOBODY_KNOWS
    end = float(its.line[-1])
    steps = np.diff(its.line, prepend=0.0)
    value = float((its.times * steps).sum()) / end
    if its.count < 2:
        return Band(value, math.nan, math.nan)
    # What an end by this cause adds, and what those behind it add, which every end pulls at.
    own = (its.times - value) / end
    behind = -np.cumsum(own * steps)
    parts = behind**2 * its.pull[0] + own**2 * its.own - 2 * behind * own * its.both[0]
    error = math.sqrt(max(float(parts.sum()), 0.0) * its.count / (its.count - 1))
    return of_positive(value, error, freedom=its.count - 1)


def quantile_of_those(its: Way, share: float) -> Quantile:
    """The time by which ``share`` of those had ended that end this way as far as anyone watched.

    The interval is Woodruff's (1952): where ``line(t) - share * line(end)`` leaves the band that its standard error at
    the value makes around 0 (no smaller than if nothing had been hidden), wider by half of one end of as many as would
    make it so uncertain: without that it holds the truth too seldom where few ended. An edge is ``None`` where it never
    does.
    """
    if not len(its.times) or its.line[-1] <= 0 or its.says_nothing:
        return Quantile(None, None, None)
    level = share * float(its.line[-1])
    value = first_at_least(its.times, its.line, level)
    if value is None:
        return Quantile(None, None, None)
    spread, end = share * (1 - share), float(its.line[-1])
    error = _error_apart(its, share, int(np.searchsorted(its.times, value, "right")))
    error = max(error, end * math.sqrt(spread / its.count))
    wide = Z * error + error**2 / (2 * spread * end)
    low = first_at_least(its.times, its.line, level - wide) if level > wide else None
    return Quantile(value, low, first_at_least(its.times, its.line, level + wide))


def emptied_early(found: Incidences) -> bool:
    """Whether all under watch ended while others were still to come: with delayed entry nothing can be said then."""
    emptied = np.flatnonzero(found.survival <= 1e-15)
    return len(emptied) > 0 and bool(found.times[emptied[0]] < found.longest)


def _error_apart(its: Way, share: float, count: int) -> float:
    """The standard error of ``line(t) - share * line(end)``, where t is the time of number ``count``, from 1."""
    rest = 1 - share
    apart = share * float(its.line[-1]) - float(its.line[count - 1])
    pull, pull_1, pull_2 = (float(each[:count].sum()) for each in its.pull)
    both, both_1 = (float(each[:count].sum()) for each in its.both)
    early = apart**2 * pull + 2 * apart * rest * pull_1 + rest**2 * pull_2
    early += 2 * rest * (apart * both + rest * both_1) + rest**2 * float(its.own[:count].sum())
    pull, pull_1, pull_2 = (float(each[count:].sum()) for each in its.pull)
    both, both_1 = (float(each[count:].sum()) for each in its.both)
    end = float(its.line[-1])
    late = end**2 * pull - 2 * end * pull_1 + pull_2 - 2 * (end * both - both_1) + float(its.own[count:].sum())
    return float(np.sqrt(max(early + share**2 * late, 0.0)))
