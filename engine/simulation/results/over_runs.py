"""A figure over runs: how it may turn out (P10, P50, P90), and how sure its mean is."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model.study import Estimate
from engine.numerics.student import two_sided_t

SHARES = (0.1, 0.5, 0.9)
_LEVEL = 0.9

Figures = Sequence[float] | npt.NDArray[Any]


def quantile(figures: Figures, share: float) -> float:
    """The smallest figure that at least that share of the runs do not exceed: always one that a run came to."""
    found = np.sort(np.asarray(figures))
    return float(found[max(0, ceil(share * found.size - 1e-9) - 1)])


def spread(figures: Figures) -> tuple[float, ...]:
    """P10, P50 and P90."""
    return tuple(quantile(figures, share) for share in SHARES)


def curve(figures: npt.NDArray[Any], share: float) -> tuple[float, ...]:
    """``quantile`` of each column (runs × moments)."""
    found = np.sort(figures, axis=0)
    row = found[max(0, ceil(share * found.shape[0] - 1e-9) - 1)]
    return tuple(float(each) for each in row)


def mean(figures: Figures) -> Estimate:
    """The mean, with the 90 % interval that the number of runs leaves it (Student's t); of one run nobody can say."""
    all_of_them = np.asarray(figures, np.float64)
    middle = float(all_of_them.mean())
    if all_of_them.size < 2:
        return Estimate(middle)
    off = two_sided_t(_LEVEL, all_of_them.size - 1) * float(all_of_them.std(ddof=1)) / sqrt(all_of_them.size)
    # What cannot be less than nothing is not told as less.
    low = max(0.0, middle - off) if float(all_of_them.min()) >= 0 else middle - off
    return Estimate(middle, low, middle + off)
