"""Who is under watch when: counts of the risk set, with delayed entry, for every estimator of times."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LEVEL = 0.9
"""All intervals are 90 % ones."""

Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
"""The quantile of the normal distribution that leaves 5 % on either side."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of a time, with its interval; ``None``: not reached as far as anyone watched."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Watched:
    """The spans that were under watch at all. ``entries`` is ``None`` where all were watched from the start."""

    exits: Floats
    cause: Ints
    entries: Floats | None

    @property
    def longest(self) -> float:
        """The longest time that anything was watched for; 0 where nothing was."""
        return float(self.exits.max()) if len(self.exits) else 0.0


def watched(exits: Floats, cause: Ints, entries: Floats | None = None) -> Watched:
    """Spans from 0 to ``exits``, ended by ``cause`` (0: still under watch, censored; 1, 2, …: how it ended).

    ``entries`` (same shape) are the ages from which each was watched, 0 or less for one watched from its start: what
    ended before anyone watched says nothing and is left out, and so is what ended in the moment the watch began.
    """
    if entries is None or not (entries > 0).any():
        return Watched(exits, cause, None)
    seen = (entries <= 0) | (entries < exits)
    # Whoever is watched from the start is at risk at time 0 too, where spans of no length end.
    return Watched(exits[seen], cause[seen], np.where(entries > 0, entries, -np.inf)[seen])


def at_risk(spans: Watched, times: Floats) -> Ints:
    """How many spans are under watch just before each of ``times``: entered before it, and not ended before it."""
    there = len(spans.exits) - np.searchsorted(np.sort(spans.exits), times, "left")
    if spans.entries is not None:
        there -= len(spans.entries) - np.searchsorted(np.sort(spans.entries), times, "left")
    return there.astype(np.int64)


def ended(spans: Watched, times: Floats, cause: int) -> Ints:
    """How many spans end by ``cause`` at each of ``times`` (sorted, and holding all the ends there are)."""
    its = np.sort(spans.exits[spans.cause == cause])
    return np.diff(np.searchsorted(its, times, "right"), prepend=0).astype(np.int64)


def first_at_least(times: Floats, values: Floats, level: float) -> float | None:
    """The first of ``times`` at which ``values`` (which never fall) reach ``level``; ``None`` where they never do.

    A hair below counts as reached: sums of shares such as 0.1 + 0.2 are not exact.
    """
    reached = values >= level - 1e-12
    return float(times[int(np.argmax(reached))]) if reached.any() else None
