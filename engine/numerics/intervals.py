"""Figures with their 90 % intervals: shares and how far two lie apart, means, sums, ratios, quantiles, derived ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.student import two_sided_t
from engine.numerics.watching import LEVEL, Floats, Z


@dataclass(frozen=True, slots=True)
class Band:
    """A figure and the edges of its interval; ``nan`` where nobody can say."""

    value: float
    low: float
    high: float


NOBODY_KNOWS = Band(math.nan, math.nan, math.nan)

_SAYS_NOTHING = math.log(100)
"""An interval from a hundredth to the hundredfold tells nobody anything."""
_WIDEST = 30
"""On the logarithm, that of a figure that others are reckoned from may still be so wide: beyond, it is none."""


def wilson(hits: float, of: float) -> Band:
    """A share, ``hits`` out of ``of``, with Wilson's score interval (1927). Out of none: nobody knows.

    Parts of a hit are what estimates come to that count what is open in part.
    """
    if of <= 0:
        return NOBODY_KNOWS
    share, square = hits / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    wide = Z * math.sqrt(share * (1 - share) / of + square / of / 4) / (1 + square)
    # At no hits and at all hits the edge is exact; the roots leave a rounding error there.
    return Band(share, 0.0 if hits == 0 else middle - wide, 1.0 if hits == of else middle + wide)


def mover(one: Band, two: Band) -> Band:
    """The first figure less the second, of deals apart from each other, from their two intervals.

    The edges are each as far off as the variances that the intervals tell near them (MOVER, Zou and Donner 2008); an
    edge that needs what nobody knows is not known.
    """
    apart = one.value - two.value
    return Band(
        apart,
        apart - math.hypot(one.value - one.low, two.high - two.value),
        apart + math.hypot(one.high - one.value, two.value - two.low),
    )


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Band:
    """The first share less the second, with Newcombe's hybrid score interval (1998, method 10)."""
    return mover(wilson(hits, of), wilson(other_hits, other_of))


def shares_differ(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """The chance of shares at least so far apart if there were no difference: the score test of two shares.

    1 where there is nothing to tell apart (a side is empty, or all or none are hits).
    """
    if not of or not other_of:
        return 1.0
    pooled = (hits + other_hits) / (of + other_of)
    variance = pooled * (1 - pooled) * (1 / of + 1 / other_of)
    return two_sided((hits / of - other_hits / other_of) / math.sqrt(variance)) if variance > 0 else 1.0


def ratio(counts: Floats, exposures: Floats) -> Band:
    """The sum of ``counts`` by the sum of ``exposures``; an item a deal, whose counts may depend on each other.

    The interval is that of the ratio of two means, on the logarithm (Cochran 1977, 6.4).
    """
    count, whole = len(counts), float(exposures.sum())
    if whole <= 0:
        return NOBODY_KNOWS
    value = float(counts.sum()) / whole
    if count < 2 or value == 0:
        return Band(value, math.nan, math.nan)
    return of_positive(value, math.sqrt(float(((counts - value * exposures) ** 2).sum()) * count / (count - 1)) / whole)


def of_positive(value: float, error: float, *, freedom: int = 0) -> Band:
    """A figure above 0 with its standard error: the interval is symmetric on the logarithm. At 0 nobody knows it.

    ``freedom``: the degrees of freedom of an error that rests on few (0: many).
    """
    wide = (two_sided_t(LEVEL, freedom) if freedom else Z) * error / value if value > 0 else math.inf
    if not wide < _SAYS_NOTHING:
        return Band(value, math.nan, math.nan)
    wide = math.exp(wide)
    return Band(value, value / wide, value * wide)


def mean(values: Floats) -> Band:
    """The mean of some values with Student's interval: on the logarithm where none is below 0 (Cochran 1977, 2.8)."""
    count = len(values)
    if not count:
        return NOBODY_KNOWS
    value = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
    return _about(value, error, is_positive=bool((values >= 0).all()), freedom=count - 1)


def total(values: Floats) -> Band:
    """The sum of values that came at times of their own, both by chance: a compound Poisson sum.

    Its variance is the sum of their squares (Ross 2014, 5.4.2); the interval is on the logarithm where none is below 0.
    """
    error = math.sqrt(float((values**2).sum()))
    return _about(float(values.sum()), error, is_positive=bool((values >= 0).all()))


def product(value: float, pulls: Floats) -> Band:
    """A figure above 0 that is made of means by multiplying and dividing, by the delta method on its logarithm.

    ``pulls`` has an item a deal: by how much the logarithm moves with it, so that deals that are large and slow at once
    count as such (Oehlert 1992).
    """
    count = len(pulls)
    if count < 2 or value <= 0:
        return Band(value, math.nan, math.nan)
    return of_positive(value, value * math.sqrt(float((pulls**2).sum()) * count / (count - 1)))


def _about(value: float, error: float, *, is_positive: bool, freedom: int = 0) -> Band:
    if not error > 0:
        # Values that are all the same do not say how they spread.
        return Band(value, math.nan, math.nan)
    if is_positive:
        return of_positive(value, error, freedom=freedom)
    wide = (two_sided_t(LEVEL, freedom) if freedom else Z) * error
    return Band(value, value - wide, value + wide)


def of_share(share: float, variance: float) -> Band:
    """A share between 0 and 1 that was estimated with a variance: Wilson's interval of as many as would make it so.

    Where nothing is hidden that is Wilson's interval itself (Rothman 1978).
    """
    if variance <= 0:
        return Band(share, math.nan, math.nan)
    alike = share * (1 - share) / variance
    return wilson(share * alike, alike)


def of_all(ended: int, *, before: float, there: int) -> Band:
    """A share of all, where ``ended`` were seen to end, and the last ``there`` of them stand for a share ``before``.

    If much is hidden these last ones are few, and say little of what else that share might have done.
    """
    return Band(1.0, min(wilson(ended, ended).low, 1 - before * (1 - wilson(there, there).low)), 1.0)


def two_sided(z: float) -> float:
    """The chance of a standard normal number at least so far from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def quantile(values: Floats, share: float) -> Band:
    """A quantile (linear between neighbours) with the interval between two of the values.

    The edges are those whose ranks are binomial at least at the level, by the normal approximation; ``nan`` where
    there are too few values for one. No assumption on how values lie (Conover 1980, 3.2).
    """
    if not len(values):
        return NOBODY_KNOWS
    ranked = np.sort(values)
    count = len(ranked)
    wide = Z * math.sqrt(count * share * (1 - share))
    first, last = math.floor(count * share - wide) - 1, math.ceil(count * share + wide)
    return Band(
        float(np.quantile(ranked, share)),
        float(ranked[first]) if first >= 0 else math.nan,
        float(ranked[last]) if last < count else math.nan,
    )


def delete_a_group(value: float, without: Floats) -> Band:
    """A figure with its interval from what it comes to without each of some groups of deals, drawn at random.

    The delete-a-group jackknife (Kott 2001), with Student's t for as many groups as change the figure at all; on the
    logarithm where all are above 0. Nobody knows it where the figure cannot be had without one of them.
    """
    unknown = Band(value, math.nan, math.nan)
    moved = int(np.count_nonzero(~np.isclose(without, value, rtol=1e-12, atol=0.0)))
    if moved < 2 or not np.isfinite(without).all():
        return unknown
    is_positive = value > 0 and bool((without > 0).all())
    found, count = np.log(without) if is_positive else without, len(without)
    error = math.sqrt((count - 1) / count * float(((found - found.mean()) ** 2).sum()))
    wide = two_sided_t(LEVEL, moved - 1) * error
    if not is_positive:
        return Band(value, value - wide, value + wide)
    return Band(value, value * math.exp(-wide), value * math.exp(wide)) if wide < _WIDEST else unknown
