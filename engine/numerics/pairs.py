"""Two groups of numbers side by side: how often one of the first is the higher, and how far medians lie apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from engine.numerics.intervals import NOBODY_KNOWS, Band, two_sided
from engine.numerics.watching import Floats, Z


@dataclass(frozen=True, slots=True)
class Superiority:
    """In which share of all pairs the number of the first group is the higher (ties count half).

    ``chance`` is that of a share at least so far from one half if neither were the higher.
    """

    band: Band
    chance: float


def superiority(ones: Floats, others: Floats) -> Superiority:
    """Brunner and Munzel's relative effect (2000), its test with the normal distribution, its interval by the logit.

    Groups may spread differently and hold ties. Fewer than 2 numbers in a group: nobody knows.
    """
    count, other = len(ones), len(others)
    if count < 2 or other < 2:
        return Superiority(NOBODY_KNOWS, 1.0)
    # The share of the other group that lies below each number, ties counting half.
    below, other_below = _placed(ones, others), _placed(others, ones)
    share = float(below.mean())
    error = math.sqrt(float(below.var(ddof=1)) / count + float(other_below.var(ddof=1)) / other)
    if error == 0:
        return Superiority(Band(share, share, share), 1.0 if share == 0.5 else 0.0)
    if share in (0.0, 1.0):
        return Superiority(Band(share, math.nan, math.nan), 0.0)
    logit, wide = math.log(share / (1 - share)), Z * error / (share * (1 - share))
    edges = (1 / (1 + math.exp(-min(max(each, -700.0), 700.0))) for each in (logit - wide, logit + wide))
    return Superiority(Band(share, *edges), two_sided((share - 0.5) / error))


def medians_apart(ones: Floats, others: Floats) -> Band:
    """The median of the first group less that of the second, with Price and Bonett's interval (2002).

    ``nan`` edges where a group has fewer than 5 numbers.
    """
    if not len(ones) or not len(others):
        return NOBODY_KNOWS
    apart = float(np.median(ones) - np.median(others))
    if min(len(ones), len(others)) < 5:
        return Band(apart, math.nan, math.nan)
    wide = Z * math.hypot(_error_of_median(ones), _error_of_median(others))
    return Band(apart, apart - wide, apart + wide)


def _placed(numbers: Floats, among: Floats) -> Floats:
    ranked = np.sort(among)
    sides = np.searchsorted(ranked, numbers, "left") + np.searchsorted(ranked, numbers, "right")
    return sides / (2 * len(ranked))


def _error_of_median(numbers: Floats) -> float:
    """From how far two ranks around the middle lie apart, and how sure they are to hold it."""
    count = len(numbers)
    rank = max(round((count + 1) / 2 - math.sqrt(count)), 1)
    ranked = np.sort(numbers)
    return float(ranked[count - rank] - ranked[rank - 1]) / (2 * _sureness(count, rank))


def _sureness(count: int, rank: int) -> float:
    """The normal quantile of the chance that the median lies outside two ranks, the binomial one by one."""
    if count > 1_000:
        return (count + 1 - 2 * rank) / math.sqrt(count)
    # In logarithms: the binomial of a large count does not fit a float.
    logs = (
        math.lgamma(count + 1) - math.lgamma(each + 1) - math.lgamma(count - each + 1) - count * math.log(2)
        for each in range(rank)
    )
    return -NormalDist().inv_cdf(min(max(sum(map(math.exp, logs)), 1e-300), 0.499))
