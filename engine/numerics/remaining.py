"""What is still to come of spans that have lasted for a while: how many of them will end in one way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.competing import Incidences, way
from engine.numerics.intervals import Band, wilson
from engine.numerics.watching import Floats, Times, Z


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the spans weigh that are still to end by the cause, with its standard error, and what all of them weigh.

    ``later`` is how many spans were seen to end, whatever way, at a greater age than the youngest of these.
    """

    total: float
    error: float
    weight: float
    later: int

    @property
    def band(self) -> Band:
        """The total with its 90 % interval: log-log as of a share of the weight, or the normal one where it is none.

        Where none of those that lasted so long ended by the cause, or all did, Wilson's of as many as were seen to end.
        """
        share = self.total / self.weight if self.weight else math.nan
        if not -1e-12 <= share <= 1 + 1e-12:
            return Band(self.total, self.total - Z * self.error, self.total + Z * self.error)
        if not 1e-12 < share < 1 - 1e-12:
            edges = wilson(round(share) * self.later, self.later)
            return Band(self.total, edges.low * self.weight, edges.high * self.weight)
        wide = math.exp(min(Z * self.error / abs(self.weight * share * math.log(share)), 500.0))
        return Band(self.total, self.weight * share**wide, self.weight * share ** (1 / wide))


def remaining(found: Incidences, cause: int, ages: Times, weights: Floats) -> Remaining:
    """What is to be expected of spans that are open at these ages, each as those that were seen to last so long.

    One of age a ends by ``cause`` with a chance of (F(end) - F(a)) / S(a): as far as anyone watched. Each end at u
    pulls at all that were there before, so that the variance is that of the incidence with what is there at u, squared,
    before it (the delta method, Marubini and Valsecchi 1995, 10.8). The spans must be among those of ``found``.
    """
    # Where some weigh less than nothing, what is to come is no share of all.
    weight = float(weights.sum()) if (weights >= 0).all() else math.nan
    if not len(found.times) or not len(ages):
        return Remaining(0.0, 0.0, weight, 0)
    its = way(found, cause)
    past = np.searchsorted(found.times, ages, "right")
    lasting = np.append(1.0, found.survival)[past]
    # At each end: all that were there before it, as if none of them had ended since the start.
    there = np.cumsum(np.bincount(past, weights / lasting, minlength=len(found.times) + 1))[:-1]
    step = found.before * found.ended[cause - 1] / found.at_risk
    rest = its.line[-1] - its.line
    variance = float((there**2 * (rest**2 * its.pull[0] + its.own - 2 * rest * its.both[0])).sum())
    later = int(found.ended[:, int(past.min()) :].sum())
    return Remaining(float((there * step).sum()), math.sqrt(max(variance, 0.0)), weight, later)
