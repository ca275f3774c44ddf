"""Who is under watch when: counts of the risk set, with delayed entry, for every estimator of times."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Times = npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""In any unit; whole numbers (up to 2**59, less with many causes) are sorted several times faster than others."""

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

    exits: Times
    cause: Ints
    entries: Times | None

    @property
    def longest(self) -> float:
        """The longest time that anything was watched for; 0 where nothing was."""
        return float(self.exits.max()) if len(self.exits) else 0.0


def watched(exits: Times, cause: Ints, entries: Times | None = None) -> Watched:
    """Spans from 0 to ``exits``, ended by ``cause`` (0: still under watch, censored; 1, 2, …: how it ended).

    ``entries`` (same shape) are the ages from which each was watched, 0 or less for one watched from its start: what
    ended before anyone watched says nothing and is left out, and so is what ended in the moment the watch began.
    """
    if entries is None or not (entries > 0).any():
        return Watched(exits, cause, None)
    seen = (entries <= 0) | (entries < exits)
    # Whoever is watched from the start is at risk at time 0 too, where spans of no length end.
    return Watched(exits[seen], cause[seen], np.where(entries > 0, entries, -1)[seen])


def known_by(time: float, exits: Times, cause: Ints, entries: Times | None = None) -> int:
    """Of how many spans is known whether they had ended by ``time``: they ended, or were watched for so long."""
    spans = watched(exits, cause, entries)
    return int(np.count_nonzero((spans.cause > 0) | (spans.exits >= time)))


@dataclass(frozen=True, slots=True)
class Ends:
    """The times at which spans ended, in rising order; how many were under watch just before, and how many ended.

    ``ended`` has the shape (causes, times): row 0 is cause 1.
    """

    times: Times
    at_risk: Ints
    ended: Ints


def ends_of(spans: Watched, causes: int) -> Ends:
    """The ends by the causes 1 to ``causes``. A censoring at the time of an end comes after it."""
    exits, cause = _sorted(spans, causes)
    at = np.flatnonzero(cause)
    times, place, by = exits[at], at, cause[at]
    differs = np.append(True, exits[1:] != exits[:-1])[: len(exits)]
    if not differs.all():
        # Of equal times the first place counts, and the ends are summed up.
        place = np.maximum.accumulate(np.where(differs, np.arange(len(exits)), 0))[at]
    begins = np.flatnonzero(np.append(True, place[1:] != place[:-1])[: len(place)])
    ended = np.stack([_summed(by == each, begins) for each in range(1, causes + 1)])
    times, there = times[begins], len(exits) - place[begins]
    if spans.entries is not None:
        # Whoever enters at that time or later is not under watch yet.
        there -= len(exits) - np.searchsorted(np.sort(spans.entries), times, "left")
    return Ends(times, there.astype(np.int64), ended)


def _sorted(spans: Watched, causes: int) -> tuple[Times, Ints]:
    if spans.exits.dtype.kind == "i":
        # Sorted as one number: that is faster than sorting places.
        bits = max(causes.bit_length(), 3)
        both = np.sort(spans.exits * (1 << bits) + spans.cause)
        return both >> bits, both & ((1 << bits) - 1)
    order = np.argsort(spans.exits)
    return spans.exits[order], spans.cause[order]


def _summed(hits: Mask, begins: Ints) -> Ints:
    """How many hits there are from each place to before the next."""
    if len(begins) == len(hits):
        return hits.astype(np.int64)
    found: Ints = np.add.reduceat(hits.astype(np.int64), begins)
    return found


def first_at_least(times: Times, values: Floats, level: float) -> float | None:
    """The first of ``times`` at which ``values`` (which never fall) reach ``level``; ``None`` where they never do.

    A hair below counts as reached: sums of shares such as 0.1 + 0.2 are not exact.
    """
    reached = values >= level - 1e-12
    return float(times[int(np.argmax(reached))]) if reached.any() else None
