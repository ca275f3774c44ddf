"""What is still to come of spans that have lasted for a while, where each brings something when it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.intervals import Band, wilson
from engine.numerics.survival import emptied_early, kaplan_meier
from engine.numerics.watching import Floats, Mask, Times, Z


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is to be expected in all, with its standard error, and the most that there can be.

    ``parts`` are how much each span that has ended counts: the total is the sum of these times what each brought.
    ``later`` is how many ended after the youngest age asked for.
    """

    total: float
    error: float
    most: float
    parts: Floats
    later: int

    def band(self, *, besides: float = 0.0) -> Band:
        """The total with its 90 % interval: log-log as a share of the most, or the normal one where it is no share.

        Where none of those that lasted so long brought anything, or all brought the most, Wilson's of as many as were
        seen to end. ``besides`` is the standard error of what the ends brought, as far as that was estimated.
        """
        error = math.hypot(self.error, besides)
        share = self.total / self.most if self.most else math.nan
        if not -1e-12 <= share <= 1 + 1e-12:
            return Band(self.total, self.total - Z * error, self.total + Z * error)
        if not 1e-12 < share < 1 - 1e-12:
            edges = wilson(round(share) * self.later, self.later)
            return Band(self.total, edges.low * self.most, edges.high * self.most)
        wide = math.exp(min(Z * error / abs(self.most * share * math.log(share)), 500.0))
        return Band(self.total, self.most * share**wide, self.most * share ** (1 / wide))


def remaining(
    exits: Times, has_ended: Mask, brought: Floats, entries: Times | None = None, *, ages: Times, weights: Floats
) -> Remaining | None:
    """What spans that are open at these ages are to bring, each as those that were seen to last so long.

    Spans last from 0 to ``exits`` and bring from 0 to 1 where they end (``brought`` has an item for each span, and
    means nothing for one that has not ended); ``entries`` as in ``watching``. Of one of age a comes the sum over the
    ends at u > a of S(u-) / S(a) x what they bring / how many were at risk: Aalen and Johansen's incidence from a on,
    each end weighed by what it brings, as far as anyone watched. Its variance by the delta method, as there (Marubini
    and Valsecchi 1995, 10.8). ``None`` where nothing ended, or nothing can be said. The spans of ``ages`` must be among
    those that have not ended.
    """
    curve = kaplan_meier(exits, has_ended, entries)
    if not len(curve.times) or not len(ages) or emptied_early(curve):
        return None
    count = len(curve.times)
    past = np.searchsorted(curve.times, ages, "right")
    # At each end: all that were there before it, as if none of them had ended since the start.
    there = np.cumsum(np.bincount(past, weights / np.append(1.0, curve.survival)[past], minlength=count + 1))[:-1]
    before = np.append(1.0, curve.survival[:-1])
    at = np.searchsorted(curve.times, exits[has_ended])
    known = np.append(curve.times, np.inf)[at] == exits[has_ended]
    at, gain = np.where(known, at, 0), np.where(known, brought[has_ended], 0.0)
    first, second = (np.bincount(at, each, minlength=count) / curve.at_risk for each in (gain, gain**2))
    line = np.cumsum(before * first)
    rest, left = line[-1] - line, curve.at_risk - curve.ended
    pull = np.divide(curve.ended, curve.at_risk * left, out=np.zeros(count), where=left > 0)
    own = before**2 * (second - first**2) / curve.at_risk
    variance = float((there**2 * (rest**2 * pull + own - 2 * rest * before * first / curve.at_risk)).sum())
    return Remaining(
        float((there * before * first).sum()),
        math.sqrt(max(variance, 0.0)),
        # Where some weigh less than nothing, what is to come is no share of all.
        float(weights.sum()) if (weights >= 0).all() else math.nan,
        np.where(known, (there * before / curve.at_risk)[at], 0.0),
        int(curve.ended[int(past.min()) :].sum()),
    )
