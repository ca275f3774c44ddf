"""What is still to come of spans that have lasted for a while, where each way in which they end brings something."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.competing import Incidences
from engine.numerics.intervals import Band, of_share, wilson
from engine.numerics.watching import Floats, Ints, Times, Z


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is to be expected in all, with its standard error, and the most that there can be.

    ``parts`` has an item a cause: the total is the sum of these times what each cause brings (0 where that is nothing).
    ``later`` is of how many ends that came after the ages asked for it is made: those that came after each, weighed as
    the spans are, of which each brings something within the ``range``. ``undecided`` is what spans may bring that had
    not ended as far as anyone watched: no end tells of it.
    """

    total: float
    error: float
    most: float
    parts: Floats
    later: float
    undecided: float
    range: tuple[float, float]

    def band(self, *, besides: float = 0.0) -> Band:
        """The total with its 90 % interval. ``besides`` is the standard error that what causes bring adds to it.

        As a share of the most it has Wilson's, of as many spans as would leave it so uncertain, and no more than were
        seen to end later: few that ended alike do not know how they spread. The upper edge has what is undecided too.
        What is no share, for some weigh less than nothing, has the normal one.
        """
        error = math.hypot(self.error, besides)
        share = self.total / self.most if self.most else math.nan
        if not -1e-9 <= share <= 1 + 1e-9:
            return Band(self.total, self.total - Z * error, self.total + Z * error)
        share = min(max(share, 0.0), 1.0)
        total = share * self.most
        if 1e-9 < share < 1 - 1e-9 and self.later:
            edges = of_share(share, max((error / self.most) ** 2, self._least(share)))
        else:
            edges = wilson(round(share) * self.later, self.later)
        return Band(total, edges.low * self.most, min(edges.high * self.most + self.undecided, self.most))

    def _least(self, share: float) -> float:
        """The variance of a share made of so many ends that each bring something within the range.

        Few ends that all brought the same do not say that all do: none is as many as Agresti and Coull (1998) add.
        """
        low, high = self.range
        none = Z * Z / 2 / (self.later + Z * Z)
        part = min(max((share - low) / (high - low), none), 1 - none) if high > low else none
        return (high - low) ** 2 * part * (1 - part) / self.later


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
    among = float(brings.min(initial=1.0)), float(brings.max(initial=0.0))
    if not len(times) or not len(ages):
        return Remaining(0.0, 0.0, most, np.zeros(len(brings)), 0.0, most, among)
    past = np.searchsorted(times, ages, "right")
    lasting = np.append(1.0, its.found.survival)[past]
    # At each end: all that were there before it, as if none of them had ended since the start.
    there = np.cumsum(np.bincount(past, weights / lasting, minlength=len(times) + 1))[:-1]
    each = there * its.part
    # Multiplied and summed up, for a product of vectors sets all cores to work that would not be missed.
    causes = zip(brings.tolist(), its.found.ended, strict=True)
    parts = [float((ended * each).sum()) if gain else 0.0 for gain, ended in causes]
    error = math.sqrt(max(float((there**2 * its.spread).sum()), 0.0))
    # Who is open at the end of the curve is undecided: of each age as large a part as outlasts all ends.
    undecided = float(its.found.survival[-1] * among[1] * (weights / lasting).sum())
    later = _alike(its.found, past, weights)
    return Remaining(float((there * its.step).sum()), error, most, np.array(parts), later, undecided, among)


def _alike(found: Incidences, past: Ints, weights: Floats) -> float:
    """Of how many ends the mean over the ages is made; 0: none came later than any of them.

    The ends behind an age are among those behind a younger one: the two means of them vary together as much as that of
    the younger one does alone.
    """
    ends = found.ended.sum(axis=0)
    behind = np.append(np.cumsum(ends[::-1])[::-1], 0)
    # Spans that weigh nothing are made of as many ends as others.
    weight = np.bincount(past, np.abs(weights) if weights.any() else None, minlength=len(behind))[:-1]
    whole = float(weight.sum())
    if not whole:
        return 0.0
    older = whole - np.cumsum(weight)
    return whole**2 / float((weight * (weight + 2 * older) / behind[:-1]).sum())
