"""How long works last, as a spread: a form with a name where one fits, else the quantiles seen."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.model.scenario import Form, Spread
from engine.tables.coded import Floats

SAME = 0.02
"""Lengths within so much of their median are alike."""
_FIT = 1.2
_ONE_MORE = 3.32
_SHARES = (0, 0.01, *(number / 40 for number in range(1, 40)), 0.99, 1)
_NORMAL_P90 = 1.2815515655446004
_LN2 = math.log(2)
_LN10 = math.log(10)

Cdf = Callable[[Floats], Floats]


def spread_of(values: Floats) -> Spread:
    """The spread of lengths in seconds, none of them cut off; at least one.

    A constant where nine tenths are within two hundredths of the median; else the likeliest of exponential and, by a
    ratio test at 1 %, lognormal and Weibull, unless Kolmogorov and Smirnov's distance speaks against it (above
    1.2 / sqrt(n): the parameters are fitted too, Stephens 1974); else quantiles.
    """
    ranked = np.sort(np.asarray(values, np.float64))
    low, middle, high = np.quantile(ranked, (0.05, 0.5, 0.95))
    if high - low <= max(SAME * middle, 1.0):
        return Spread(Form.CONSTANT, float(round(middle)))
    if len(ranked) < 8:
        return _lognormal(ranked)[0]
    named = (_lognormal(ranked), _weibull(ranked), _exponential(ranked))
    fitting = [each for each in named if _distance(ranked, each[1]) <= _FIT / math.sqrt(len(ranked))]
    if fitting:
        return max(fitting, key=lambda each: each[2])[0]
    if len(ranked) < 40:
        return max(named, key=lambda each: each[2])[0]
    return Spread(Form.QUANTILES, quantiles=tuple(zip(_SHARES, np.quantile(ranked, _SHARES).tolist(), strict=True)))


def _lognormal(ranked: Floats) -> tuple[Spread, Cdf, float]:
    logs = np.log(np.maximum(ranked, 1.0))
    mean, deviation = float(logs.mean()), max(float(logs.std()), 1e-6)
    likelihood = float(-logs.sum() - len(logs) * (math.log(deviation * math.sqrt(2 * math.pi)) + 0.5))

    def cdf(at: Floats) -> Floats:
        scaled = (np.log(np.maximum(at, 1.0)) - mean) / (deviation * math.sqrt(2))
        return np.array([0.5 * (1 + math.erf(each)) for each in scaled.tolist()])

    return Spread(Form.LOGNORMAL, math.exp(mean), math.exp(mean + _NORMAL_P90 * deviation)), cdf, likelihood - _ONE_MORE


def _weibull(ranked: Floats) -> tuple[Spread, Cdf, float]:
    """By Newton's steps on the shape (Cohen 1965)."""
    values = np.maximum(ranked, 1.0)
    logs = np.log(values)
    shape = 1.2 / max(float(logs.std()), 1e-3)
    for _ in range(50):
        weights = (values / values[-1]) ** shape
        ratio = float((weights * logs).sum() / weights.sum())
        spread = float((weights * logs**2).sum() / weights.sum()) - ratio**2
        step = (ratio - 1 / shape - float(logs.mean())) / (spread + 1 / shape**2)
        shape = max(shape - step, shape / 4)
        if abs(step) < 1e-9 * shape:
            break
    scale = float(values[-1] * np.mean((values / values[-1]) ** shape) ** (1 / shape))
    scaled = values / scale
    likelihood = float(len(values) * math.log(shape / scale) + ((shape - 1) * np.log(scaled) - scaled**shape).sum())

    def cdf(at: Floats) -> Floats:
        found: Floats = -np.expm1(-((at / scale) ** shape))
        return found

    spread_ = Spread(Form.WEIBULL, scale * _LN2 ** (1 / shape), scale * _LN10 ** (1 / shape))
    return spread_, cdf, likelihood - _ONE_MORE


def _exponential(ranked: Floats) -> tuple[Spread, Cdf, float]:
    mean = max(float(ranked.mean()), 1.0)

    def cdf(at: Floats) -> Floats:
        found: Floats = -np.expm1(-at / mean)
        return found

    return Spread(Form.EXPONENTIAL, mean * _LN2), cdf, -len(ranked) * (math.log(mean) + 1)


def _distance(ranked: Floats, cdf: Cdf) -> float:
    """Kolmogorov and Smirnov's: how far the shares seen are from those expected, at most."""
    expected = cdf(ranked)
    steps = np.arange(len(ranked) + 1) / len(ranked)
    return float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))
