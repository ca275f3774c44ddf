"""A figure with its percentile interval over samples of whole deals, drawn with replacement (Efron 1979): an oracle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.numerics.intervals import Band
from engine.numerics.watching import LEVEL, Ints


def drawn_again(statistic: Callable[[Ints], float], count: int, *, seed: int, draws: int = 1_000) -> Band:
    """``statistic`` has the indexes of the deals drawn; the value is that of all ``count`` deals, each once."""
    dice = np.random.default_rng(seed)
    found = np.array([statistic(dice.integers(0, count, count)) for _ in range(draws)])
    low, high = np.quantile(found, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Band(float(statistic(np.arange(count))), float(low), float(high))
