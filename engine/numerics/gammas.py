"""Draws from gamma distributions by hash, whose parts of their sum are shares drawn from a Dirichlet distribution."""

from __future__ import annotations

from itertools import count

import numpy as np
import numpy.typing as npt

from engine.numerics.dice import Keys, dice
from engine.numerics.special import normal_quantile

Floats = npt.NDArray[np.float64]

_NORMAL, _ACCEPT, _SMALL = range(3)
_HALF_BIT = 2.0**-53


def log_gammas(shapes: Floats, keys: Keys) -> Floats:
    """The logarithm of a draw from the gamma distribution of each shape (above 0), by its key alone.

    Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions on Mathematical Software 26
    (2000); shapes below 1 by their section 6. Draws of nearly the same shape by the same key are nearly the same. As
    logarithms, for of small shapes most draws are smaller than any number.
    """
    is_small = shapes < 1
    centre = shapes + is_small - 1 / 3
    slope = 1 / np.sqrt(9 * centre)
    found = np.zeros(shapes.size)
    left = np.arange(shapes.size)
    for visit in count():
        normal = normal_quantile(_unit(dice(keys[left], 0, visit=visit, purpose=_NORMAL)))
        cubed = np.maximum(1 + slope[left] * normal, 0) ** 3
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(cubed)
            bound = normal * normal / 2 + centre[left] * (1 - cubed + logs)
        taken = (cubed > 0) & (np.log(_unit(dice(keys[left], 0, visit=visit, purpose=_ACCEPT))) < bound)
        found[left[taken]] = np.log(centre[left[taken]]) + logs[taken]
        left = left[~taken]
        if not left.size:
            break
    small = np.log(_unit(dice(keys[is_small], 0, purpose=_SMALL)))
    found[is_small] += small / shapes[is_small]
    return found


def parts(logs: Floats) -> Floats:
    """What part of their sum each number is (along the last axis), by the numbers' logarithms."""
    found = np.exp(logs - logs.max(axis=-1, keepdims=True))
    whole: Floats = found / found.sum(axis=-1, keepdims=True)
    return whole


def _unit(bits: Keys) -> Floats:
    """Between 0 and 1, and neither of them."""
    found: Floats = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * _HALF_BIT
    return found
