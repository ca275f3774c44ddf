"""Lognormal, Weibull and gamma times by maximum likelihood, where some have not ended and some were watched late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, pi, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FORMS = ("lognormal", "weibull", "gamma")
_STEPS = 400
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A distribution of times: ``scale`` and ``shape`` are, by form, the median and the standard deviation of the
    logarithm; Weibull's scale and shape; gamma's scale and shape. ``aic`` is Akaike's criterion.
    """

    form: str
    scale: float
    shape: float
    aic: float

    def quantile(self, share: float) -> float:
        """The time by which that share has ended."""
        if self.form == "lognormal":
            return self.scale * exp(self.shape * _NORMAL.inv_cdf(share))
        if self.form == "weibull":
            return float(self.scale * (-log(1 - share)) ** (1 / self.shape))
        return self.scale * _gamma_quantile(self.shape, share)


def likeliest(exits: Floats, has_ended: Mask, entries: Floats) -> Lifetime:
    """The form that tells these times best by Akaike's criterion, with its likeliest parameters.

    ``exits`` are above 0, at least one of them ended; ``entries`` are the ages from which each was watched, 0 for the
    start (Kalbfleisch and Prentice 1980, 3.1-3.4).
    """
    return min((_fitted(form, exits, has_ended, entries) for form in FORMS), key=lambda each: each.aic)


def _fitted(form: str, exits: Floats, has_ended: Mask, entries: Floats) -> Lifetime:
    logs = np.log(exits[has_ended])
    spread = float(logs.std()) if len(logs) > 1 else 1.0
    late = entries > 0

    def lack(at: Floats) -> float:
        scale, shape = exp(at[0]), exp(at[1])
        told = _log_density(form, exits[has_ended], scale, shape).sum()
        told += _log_survival(form, exits[~has_ended], scale, shape).sum()
        told -= _log_survival(form, entries[late], scale, shape).sum()
        # A hint of a prior on the shape, worth half a time: of very few times no form may become a needle or a plain.
        return float(-told + 0.25 * at[1] ** 2) if np.isfinite(told) else 1e300

    usual = 1 / max(spread, 0.2) if form != "lognormal" else max(spread, 0.2)
    start = float(logs.mean()) + (log(max(len(exits), 1) / len(logs)) if form != "lognormal" else 0.0)
    at, value = _lowest(lack, np.array([start, log(usual)]))
    return Lifetime(form, exp(at[0]), exp(at[1]), 2 * value + 4)


def _log_density(form: str, times: Floats, scale: float, shape: float) -> Floats:
    ratio = times / scale
    found: Floats
    if form == "lognormal":
        found = -0.5 * (np.log(ratio) / shape) ** 2 - np.log(times * shape * sqrt(2 * pi))
    elif form == "weibull":
        with np.errstate(over="ignore"):
            found = log(shape) - np.log(times) + shape * np.log(ratio) - ratio**shape
    else:
        found = (shape - 1) * np.log(ratio) - ratio - lgamma(shape) - log(scale)
    return found


def _log_survival(form: str, times: Floats, scale: float, shape: float) -> Floats:
    ratio = times / scale
    if form == "weibull":
        with np.errstate(over="ignore"):
            found: Floats = -(ratio**shape)
        return found
    if form == "lognormal":
        left = np.array([0.5 * erfc(each) for each in (np.log(ratio) / shape / sqrt(2)).tolist()])
    else:
        left = gamma_survival(shape, ratio)
    logs: Floats = np.log(np.maximum(left, 1e-300))
    return logs


def gamma_survival(shape: float, times: Floats) -> Floats:
    """The share of gamma times (scale 1) above each of ``times`` (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31)."""
    times = np.asarray(times, np.float64)
    low = times < shape + 1
    found = np.empty_like(times)
    found[low] = 1 - _series(shape, times[low])
    found[~low] = _fraction(shape, times[~low])
    return found


def _series(shape: float, times: Floats) -> Floats:
    term = np.full_like(times, 1 / shape)
    whole = term.copy()
    for step in range(1, _STEPS):
        term = term * times / (shape + step)
        whole += term
        if not len(term) or term.max() < 1e-14 * whole.max():
            break
    with np.errstate(divide="ignore"):
        return np.exp(-times + shape * np.log(times) - lgamma(shape)) * whole


def _fraction(shape: float, times: Floats) -> Floats:
    base = times + 1 - shape
    below = np.full_like(times, 1e300)
    above = 1 / base
    whole = above.copy()
    for step in range(1, _STEPS):
        pull = -step * (step - shape)
        base = base + 2
        above = 1 / (pull * above + base)
        below = base + pull / below
        change = above * below
        whole *= change
        if not len(change) or np.abs(change - 1).max() < 1e-13:
            break
    return np.exp(-times + shape * np.log(times) - lgamma(shape)) * whole


def _gamma_quantile(shape: float, share: float) -> float:
    low, high = 0.0, max(shape, 1.0)
    while gamma_survival(shape, np.array([high]))[0] > 1 - share:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if gamma_survival(shape, np.array([middle]))[0] > 1 - share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _lowest(lack: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    """Where ``lack`` is lowest, by a triangle that walks downhill (Nelder and Mead 1965)."""
    corners = [start, start + np.array([0.5, 0.0]), start + np.array([0.0, 0.5])]
    values = [lack(each) for each in corners]
    for _ in range(_STEPS):
        order = sorted(range(3), key=values.__getitem__)
        corners, values = [corners[each] for each in order], [values[each] for each in order]
        if values[2] - values[0] < 1e-9 * (abs(values[0]) + 1e-9):
            break
        middle = (corners[0] + corners[1]) / 2
        tried, value = _stepped(lack, middle, corners[2], values)
        if value < values[2]:
            corners[2], values[2] = tried, value
            continue
        corners = [corners[0], *((corners[0] + each) / 2 for each in corners[1:])]
        values = [values[0], *(lack(each) for each in corners[1:])]
    return corners[0], values[0]


def _stepped(
    lack: Callable[[Floats], float], middle: Floats, worst: Floats, values: list[float]
) -> tuple[Floats, float]:
    over = 2 * middle - worst
    found = lack(over)
    if found < values[0]:
        far = 3 * middle - 2 * worst
        beyond = lack(far)
        return (far, beyond) if beyond < found else (over, found)
    if found < values[1]:
        return over, found
    near = (middle + (over if found < values[2] else worst)) / 2
    return near, lack(near)
