"""Quantile tables: a distribution as points between which a draw is interpolated, in whole numbers alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.numerics.special import gamma_quantile, gamma_shape, normal_quantile

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

CELLS = 1024
POINTS = 2 * CELLS + 1
"""Points of a table: at the shares 0, 1/1024 … 1023/1024, then 1,025 that cut the last of these cells likewise."""
LARGEST = 1 << 40
"""No point of a table is larger: what is reckoned with it stays below 2**63."""


def shares() -> Floats:
    """The share of each point of a table (length ``POINTS``); the last lies half a cell before 1."""
    body = np.arange(CELLS) / CELLS
    tail = (CELLS - 1) / CELLS + np.arange(CELLS + 1) / CELLS**2
    tail[-1] = 1 - 0.5 / CELLS**2
    return np.concatenate([body, tail])


def drawn(table: Ints, draw: Bits) -> Ints:
    """The value of each draw (its low 32 bits) in one table."""
    within = (draw & np.uint64(0xFFFFFFFF)).view(np.int64)
    place = within >> 22
    within &= 0x3FFFFF
    # One in a thousand lies in the cell that is cut again.
    tail = np.flatnonzero(place == CELLS - 1)
    rest = within[tail]
    place[tail] = CELLS + (rest >> 12)
    within[tail] = (rest & 0xFFF) << 10
    found: Ints = np.diff(table, append=table[-1]).take(place)
    found *= within
    found += 1 << 21
    found >>= 22
    found += table.take(place)
    return found


def drawn_one(table: Ints, draw: int) -> int:
    """The value of one draw: ``drawn`` of one."""
    low = draw & 0xFFFFFFFF
    place, within = low >> 22, low & 0x3FFFFF
    if place == CELLS - 1:
        place, within = CELLS + (within >> 12), (within & 0xFFF) << 10
    start = int(table[place])
    return start + ((int(table[place + 1]) - start) * within + (1 << 21) >> 22)


def table(form: str, *, p50: float = 0.0, p90: float = 0.0, quantiles: Sequence[tuple[float, float]] = ()) -> Ints:
    """The quantile table (``POINTS`` whole numbers) of a distribution given by its P50 and P90, or by its quantiles.

    ``form`` is ``lognormal``, ``gamma``, ``weibull``, ``exponential`` or ``constant`` (these two by ``p50`` alone), or
    ``quantiles``: (share, value) with shares ascending from 0 to 1. Values are rounded to whole units and cut at
    ``LARGEST``. What is drawn has a mean within 0.1 % of the formula, of a lognormal with a sigma from 1.5 to 2 within
    1 %: beyond one draw in a million it has no tail. Raises ``ValueError`` for numbers that no such distribution has.
    """
    found = _points(form, p50, p90, quantiles)
    if not np.all(np.isfinite(found)) or found[0] < 0:
        raise ValueError("a distribution has no value below zero, and none without a bound")
    whole: Ints = np.rint(np.minimum(np.maximum.accumulate(found), LARGEST)).astype(np.int64)
    return whole


def mean(table: Ints) -> float:
    """The mean of what is drawn from a table."""
    cells = (table[:-1] + table[1:]) / 2
    return float((cells[: CELLS - 1].sum() + cells[CELLS:].mean()) / CELLS)


def remaining(table: Ints) -> Ints:
    """The quantile table of what is left, at any moment, of one of many gaps that follow each other.

    Its share below a value grows as the share of gaps beyond that value: Cox, "Renewal Theory" (1962), 5.2. Long gaps
    are met oftener than short ones.
    """
    distinct = np.concatenate([table[: CELLS - 1], table[CELLS:]]).astype(np.float64)
    at = np.concatenate([shares()[: CELLS - 1], shares()[CELLS:]])
    at[-1] = 1.0
    passed = np.concatenate([[0.0], np.cumsum(np.diff(distinct) * (1 - (at[:-1] + at[1:]) / 2))]) + distinct[0]
    if passed[-1] <= 0:
        return table
    points = np.interp(shares(), np.append(0.0, passed / passed[-1]), np.append(0.0, distinct))
    whole: Ints = np.rint(points).astype(np.int64)
    return whole


def share_below(table: Ints, values: Ints) -> Floats:
    """The share of draws from a table that are less than each value: what ``drawn`` does, backwards."""
    distinct = np.concatenate([table[: CELLS - 1], table[CELLS:]])
    at = np.concatenate([shares()[: CELLS - 1], shares()[CELLS:]])
    at[-1] = 1.0
    above = np.searchsorted(distinct, values, side="left")
    inside = np.clip(above, 1, distinct.size - 1)
    start, width = distinct[inside - 1], distinct[inside] - distinct[inside - 1]
    part = (values - start) / np.maximum(width, 1)
    found = at[inside - 1] + (at[inside] - at[inside - 1]) * part
    below: Floats = np.where(above == 0, 0.0, np.where(above == distinct.size, 1.0, found))
    return below


def bent(table: Ints, *, at: Floats, was: Floats) -> Ints:
    """A table of which the share ``at[i]`` lies below the value below which ``was[i]`` lay; both go from 0 to 1."""
    if table[0] == table[-1]:
        return table
    before = np.interp(_SHARES, at, was)
    found: Ints = np.rint(np.interp(before, _SHARES, table)).astype(np.int64)
    return np.maximum.accumulate(found)


def _points(form: str, p50: float, p90: float, quantiles: Sequence[tuple[float, float]]) -> Floats:
    """The values at the shares of the points, not yet whole."""
    if form == "quantiles":
        return _between(quantiles)
    if form == "exponential":
        return -np.log1p(-shares()) * (p50 / math.log(2))
    if form == "constant" or p50 == p90:
        return np.full(POINTS, float(p50))
    if not 0 < p50 < p90:
        raise ValueError("P90 lies above P50, and P50 above zero")
    ratio = p90 / p50
    if ratio > _WIDEST:
        raise ValueError("P90 is at most a billion times P50")
    if form == "lognormal":
        sigma = math.log(ratio) / _P90
        return p50 * np.exp(sigma * normal_quantile(shares()))
    if form == "weibull":
        shape = math.log(math.log(10) / math.log(2)) / math.log(ratio)
        return p50 * (-np.log1p(-shares()) / math.log(2)) ** (1 / shape)
    if form == "gamma":
        shape = gamma_shape(ratio)
        return gamma_quantile(shape, shares()) * (p50 / float(gamma_quantile(shape, np.array([0.5]))[0]))
    raise ValueError(f"there is no distribution '{form}'")


def _between(quantiles: Sequence[tuple[float, float]]) -> Floats:
    if len(quantiles) < 2 or quantiles[0][0] != 0 or quantiles[-1][0] != 1:
        raise ValueError("quantiles go from 0 to 1")
    at, values = np.array(quantiles).T
    if np.any(np.diff(at) < 0) or np.any(np.diff(values) < 0):
        raise ValueError("quantiles ascend")
    points = shares()
    # They end: the last one is reached.
    points[-1] = 1.0
    found: Floats = np.interp(points, at, values)
    return found


_WIDEST = 1e9
_P90 = float(normal_quantile(np.array([0.9]))[0])
_SHARES = shares()
