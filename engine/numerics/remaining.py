"""What is still to come of spans that have lasted for a while, where each way in which they end brings something."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.competing import Incidences
from engine.numerics.intervals import Band, of_share, wilson
from engine.numerics.watching import Floats, Times, Z


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is to be expected in all, with its standard error, and the most that there can be.

    ``parts`` has an item a cause: the total is the sum of these times what each cause brings (0 where that is nothing).
    ``later`` is how many spans ended after the youngest age asked for.
    """

    total: float
    error: float
    most: float
    parts: Floats
    later: int

    def band(self, *, besides: float = 0.0) -> Band:
        """The total with its 90 % interval. ``besides`` is the standard error that what causes bring adds to it.

        As a share of the most it has Wilson's, of as many spans as would leave it so uncertain; of as many as were seen
        to end where it is none or all of it. What is no share, for some weigh less than nothing, has the normal one.
        """
        error = math.hypot(self.error, besides)
        share = self.total / self.most if self.most else math.nan
        if not -1e-9 <= share <= 1 + 1e-9:
            return Band(self.total, self.total - Z * error, self.total + Z * error)
        share = min(max(share, 0.0), 1.0)
        total = share * self.most
        if 1e-9 < share < 1 - 1e-9 and error:
            edges = of_share(share, (error / self.most) ** 2)
        else:
            edges = wilson(round(share) * self.later, self.later)
        return Band(total, edges.low * self.most, edges.high * self.most)


@dataclass(frozen=True, slots=True)
class Bringing:
    """What spans bring, one item a time at which any ended; times in rising order.

    ``step`` is what is brought then by a span that began, ``spread`` what the ends then add to the variance of what it
    brings, and ``part`` how much one end counts.
    """

    found: Incidences
    brings: Floats
    step: Floats
    spread: Floats
    part: Floats


def bringing(found: Incidences, brings: Floats) -> Bringing:
    """Spans of which an end by each cause brings from 0 to 1. It is worked out once, whatever is then asked of it.

    The variance is by the delta method (Marubini and Valsecchi 1995, 10.8): an end at u pulls at all that was still to
    be brought after it, and brings what it brings.
    """
    before, count = found.before, len(found.times)
    first, second = np.zeros(count), np.zeros(count)
    for gain, ended in zip(brings.tolist(), found.ended, strict=True):
        if gain:
            first += gain * ended
            second += gain**2 * ended
    first, second = first / found.at_risk, second / found.at_risk
    step = before * first
    line = np.cumsum(step)
    rest, ends = (line[-1] if count else 0.0) - line, found.ended.sum(axis=0)
    left = found.at_risk - ends
    pull = np.divide(ends, found.at_risk * left, out=np.zeros(count), where=left > 0)
    part = before / found.at_risk
    spread = rest**2 * pull + before * part * (second - first**2) - 2 * rest * part * first
    return Bringing(found, brings, step, spread, part)


def remaining(its: Bringing, *, ages: Times, weights: Floats) -> Remaining:
    """What spans that are open at these ages are to bring, each as those that were seen to last so long.

    Of a span of age a comes the sum over the ends at u > a of S(u-) / S(a) x what they bring / how many were at risk:
    Aalen and Johansen's incidence from a on, each end weighed by what it brings, as far as anyone watched. The spans
    must be among those that have not ended.
    """
    # Where some weigh less than nothing, what is to come is no share of all.
    most = float(weights.sum()) if (weights >= 0).all() else math.nan
    times, brings = its.found.times, its.brings
    if not len(times) or not len(ages):
        return Remaining(0.0, 0.0, most, np.zeros(len(brings)), 0)
    past = np.searchsorted(times, ages, "right")
    lasting = np.append(1.0, its.found.survival)[past]
    # At each end: all that were there before it, as if none of them had ended since the start.
    there = np.cumsum(np.bincount(past, weights / lasting, minlength=len(times) + 1))[:-1]
    each = there * its.part
    # Multiplied and summed up, for a product of vectors sets all cores to work that would not be missed.
    causes = zip(brings.tolist(), its.found.ended, strict=True)
    parts = [float((ended * each).sum()) if gain else 0.0 for gain, ended in causes]
    error = math.sqrt(max(float((there**2 * its.spread).sum()), 0.0))
    later = int(its.found.ended[:, int(past.min()) :].sum())
    return Remaining(float((there * its.step).sum()), error, most, np.array(parts), later)
