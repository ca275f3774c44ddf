"""Two series of runs under common random numbers: run by run the same luck, so the difference is what was changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.model.study import Estimate
from engine.numerics.student import two_sided_t

Floats = npt.NDArray[np.float64]
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Difference:
    """What a figure is in the one and in the other: means over runs, and the other less the one with its interval.

    ``p10`` and ``p90``: how far apart single runs are. ``more`` and ``less``: shares of runs in which the other has
    more or less of it; the rest are alike.
    """

    base: float | None
    other: float | None
    apart: Estimate
    p10: float | None = None
    p90: float | None = None
    more: float = 0.0
    less: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        low, high = self.apart.low, self.apart.high
        return low is not None and high is not None and (low > 0 or high < 0)


NOTHING = Difference(None, None, Estimate(None))


def means(base: Floats, other: Floats) -> Difference:
    """The difference of two figures, each with a value a run; Student's t over the runs in pairs."""
    apart = other - base
    return _told(float(base.mean()), float(other.mean()), apart, apart)


def ratios(base: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Difference:
    """The difference of two ratios of sums, such as won by closed; ``base`` and ``other`` are (counts, of what).

    The interval is that of ratios of means, run by run in pairs (the delta method; Cochran 1977, 6.4).
    """
    if base[1].sum() <= 0 or other[1].sum() <= 0:
        return NOTHING
    one, two = (float(count.sum() / whole.sum()) for count, whole in (base, other))
    moved = (other[0] - two * other[1]) / other[1].mean() - (base[0] - one * base[1]) / base[1].mean()
    there = (base[1] > 0) & (other[1] > 0)
    single = other[0][there] / other[1][there] - base[0][there] / base[1][there]
    return _told(one, two, moved + (two - one), single)


def _told(base: float, other: float, apart: Floats, single: Floats) -> Difference:
    runs = single.size
    p10, p90 = (float(each) for each in np.quantile(single, (0.1, 0.9))) if runs else (None, None)
    more, less = (float((sign * single > 0).mean()) for sign in (1, -1)) if runs else (0.0, 0.0)
    return Difference(base, other, mean_of(apart), p10, p90, more, less)


def mean_of(figures: Floats) -> Estimate:
    """The mean of a figure with a value a run, with its 90 % interval; of a single run nobody can say how sure."""
    middle, runs = float(figures.mean()), figures.size
    if runs < 2:
        return Estimate(middle)
    wide = two_sided_t(LEVEL, runs - 1) * float(figures.std(ddof=1)) / math.sqrt(runs)
    return Estimate(middle, middle - wide, middle + wide)
