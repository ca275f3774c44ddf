"""Times of very many visits as counts in narrow classes: what all runs have together, in a size that does not grow.

Counts of whole numbers are the same in whichever order runs end, so quantiles are too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.simulation.plan import Ints

_SHIFT = 46
"""Of a float's 52 bits behind the point 6 are kept: 64 classes between a number and twice it, 1.1 % each."""
_ONE = int(np.float64(1.0).view(np.int64)) >> _SHIFT
CLASSES = 41 * 64
"""Times up to 2**41 seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """How many times ended in each class (groups × ``CLASSES``), and how many were cut off unended."""

    ended: Ints
    cut: Ints

    def __add__(self, other: Times) -> Times:
        """Both together."""
        return Times(self.ended + other.ended, self.cut + other.cut)

    def count(self, group: int) -> tuple[int, int]:
        """How many ended, and how many did not."""
        return int(self.ended[group].sum()), int(self.cut[group].sum())

    def quantile(self, group: int, share: float) -> float | None:
        """The seconds within which that share had ended (Kaplan-Meier); ``None`` where it was not reached.

        The middle of its class, so within 0.6 % of the exact one.
        """
        ended, cut = self.ended[group], self.cut[group]
        both = ended + cut
        at_risk = both[::-1].cumsum()[::-1]
        stays = np.cumprod(np.where(at_risk > 0, 1 - ended / np.maximum(at_risk, 1), 1.0))
        # Rounding must not decide whether the last of them is reached.
        reached = np.flatnonzero((stays <= 1 - share + 1e-12) & (at_risk > 0))
        return middle(int(reached[0])) if reached.size else None

    def longest(self, group: int) -> float:
        """The class in which the longest of them lies, in seconds."""
        there = np.flatnonzero(self.ended[group] + self.cut[group])
        return middle(int(there[-1])) if there.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Of all runs: ``dwell`` by stage (visits that began in the simulation), ``waits`` by pool, ``cycle`` of won."""

    dwell: Times
    waits: Times
    cycle: Times

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.dwell + other.dwell, self.waits + other.waits, self.cycle + other.cycle)


def times(group: npt.NDArray[np.integer], seconds: Ints, is_ended: npt.NDArray[np.bool_], *, groups: int) -> Times:
    """Times (whole seconds, 0 or more) counted by group, those that ended apart from those cut off."""
    place = group.astype(np.int64) * CLASSES + _class(seconds)
    size = groups * CLASSES
    ended = np.bincount(place[is_ended], minlength=size).reshape(groups, CLASSES)
    cut = np.bincount(place[~is_ended], minlength=size).reshape(groups, CLASSES)
    return Times(ended, cut)


def _class(seconds: Ints) -> Ints:
    found = ((seconds + 1).astype(np.float64).view(np.int64) >> _SHIFT) - _ONE
    kept: Ints = np.clip(found, 0, CLASSES - 1)
    return kept


def middle(number: int) -> float:
    """The seconds in the middle of a class."""
    low, high = (float(np.int64((number + _ONE + at) << _SHIFT).view(np.float64)) - 1 for at in (0, 1))
    # The first classes are narrower than a second: only whole seconds lie in them.
    return float(np.ceil(low)) if high - low <= 1 else (low + high) / 2
