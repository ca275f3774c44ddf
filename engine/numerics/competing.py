"""Aalen and Johansen's incidences: the share that has ended in each of several ways by a time, open spans as open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.numerics.watching import Floats, Ints, Quantile, Z, at_risk, ended, first_at_least, watched

Many = npt.NDArray[np.float64]
"""One row a cause, one column a time."""


@dataclass(frozen=True, slots=True)
class Incidences:
    """The shares at each time at which a span ended, in rising order; before the first of them all are 0.

    ``ended`` and ``incidence`` have the shape (causes, times): row 0 is cause 1. At every time
    ``survival + incidence.sum(axis=0)`` is 1.
    """

    times: Floats
    at_risk: Ints
    ended: npt.NDArray[np.int64]
    survival: Floats
    incidence: Many
    longest: float
    watched: int

    @property
    def before(self) -> Floats:
        """The survival just before each time."""
        return np.concatenate([[1.0], self.survival[:-1]]) if len(self.survival) else self.survival

    def reached(self, cause: int) -> float:
        """The share that has ended by ``cause`` as far as anyone watched."""
        line = self.incidence[cause - 1]
        return float(line[-1]) if len(line) else 0.0


def aalen_johansen(exits: Floats, cause: Ints, causes: int, entries: Floats | None = None) -> Incidences:
    """The incidences of spans from 0 to ``exits``, ended by ``cause`` (1 to ``causes``; 0: censored there).

    ``entries`` are the ages from which each was watched. Ends at one time, of whatever cause, share one risk set; ends
    come before censorings (Aalen and Johansen 1978; with ties as in Marubini and Valsecchi 1995, 10.2).
    """
    spans = watched(exits, cause, entries)
    times = np.unique(spans.exits[spans.cause > 0])
    there = at_risk(spans, times)
    ends = np.stack([ended(spans, times, each) for each in range(1, causes + 1)])
    survival = np.cumprod(1 - ends.sum(axis=0) / there)
    before = np.concatenate([[1.0], survival[:-1]]) if len(survival) else survival
    incidence = np.cumsum(before * ends / there, axis=1)
    return Incidences(times, there, ends, survival, incidence, spans.longest, len(spans.exits))


def variance(found: Incidences, cause: int) -> Floats:
    """The variance of the incidence of ``cause`` at each time, by the delta method (Marubini and Valsecchi 10.8)."""
    line, there = found.incidence[cause - 1], found.at_risk.astype(np.float64)
    ends, its = found.ended.sum(axis=0), found.ended[cause - 1]
    left = there - ends
    # Where all that are at risk end, nothing comes after: the term is multiplied by nought.
    all_ends = np.divide(ends, there * left, out=np.zeros(len(ends)), where=left > 0)
    own = found.before**2 * its * (there - its) / there**3
    both = found.before * its / there**2
    whole, first, second = (np.cumsum(all_ends * power) for power in (1.0, line, line**2))
    spread = line**2 * whole - 2 * line * first + second
    found_variance: Floats = spread + np.cumsum(own) - 2 * (line * np.cumsum(both) - np.cumsum(line * both))
    return found_variance.clip(0.0)


def interval(found: Incidences, cause: int) -> tuple[Floats, Floats]:
    """The 90 % interval of the incidence of ``cause`` at each time, log-log; ``nan`` where it is 0 or 1."""
    line = found.incidence[cause - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        wide = np.exp(Z * np.sqrt(variance(found, cause)) / np.abs(line * np.log(line)))
        low, high = line**wide, line ** (1 / wide)
    known = (line > 0) & (line < 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def quantile_of_those(found: Incidences, cause: int, share: float) -> Quantile:
    """The time by which ``share`` of those had ended that end by ``cause`` as far as anyone watched.

    The interval is Woodruff's (1952): where ``incidence(t) - share * incidence(end)`` leaves the band that its standard
    error at the value makes around 0. An edge is ``None`` where it never does.
    """
    line = found.incidence[cause - 1]
    if not len(line) or line[-1] <= 0 or emptied_early(found):
        return Quantile(None, None, None)
    apart = line - share * line[-1]
    value = first_at_least(found.times, apart, 0.0)
    if value is None:
        return Quantile(None, None, None)
    wide = Z * _error_apart(found, cause, share, value)
    low, high = first_at_least(found.times, apart, -wide), first_at_least(found.times, apart, wide)
    return Quantile(value, low, high)


def emptied_early(found: Incidences) -> bool:
    """Whether all under watch ended while others were still to come: with delayed entry nothing can be said then."""
    emptied = np.flatnonzero(found.survival <= 1e-15)
    return len(emptied) > 0 and bool(found.times[emptied[0]] < found.longest)


def _error_apart(found: Incidences, cause: int, share: float, time: float) -> float:
    """The standard error of ``incidence(time) - share * incidence(end)``: each end's pull on it, as multinomial."""
    line, there, before = found.incidence[cause - 1], found.at_risk, found.before
    ends = found.ended.sum(axis=0)
    stay = np.divide(there, there - ends, out=np.zeros(len(there)), where=there > ends)
    early = found.times <= time
    to_time = np.where(early, (line[early][-1] if early.any() else 0.0) - line, 0.0) * stay
    to_end = (line[-1] - line) * stay
    other = -to_time + share * to_end
    own = other + before * (early - share)
    of_own, of_other = found.ended[cause - 1] / there, (ends - found.ended[cause - 1]) / there
    mean = own * of_own + other * of_other
    return float(np.sqrt(np.sum((own**2 * of_own + other**2 * of_other - mean**2) / there)))
