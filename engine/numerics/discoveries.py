"""Many questions asked at once: which answers are more than chance, so that few of them are false."""

from __future__ import annotations

import numpy as np

from engine.numerics.watching import Floats, Mask


def discoveries(chances: Floats, rate: float = 0.1) -> Mask:
    """Which of the chances are discoveries if a share of ``rate`` of them may be false (Benjamini and Hochberg 1995).

    A chance is what a test gives: how likely so great a difference is where there is none. Same shape as ``chances``.
    """
    count = len(chances)
    if not count:
        return np.zeros(0, np.bool_)
    ranked = np.sort(chances)
    held = np.flatnonzero(ranked <= rate * np.arange(1, count + 1) / count)
    return chances <= (ranked[held[-1]] if len(held) else -1.0)
