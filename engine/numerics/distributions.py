"""Quantile tables: a distribution as points between which a draw is interpolated, in whole numbers alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
    low = (draw & np.uint64(0xFFFFFFFF)).astype(np.int64)
    cell, rest = low >> 22, low & 0x3FFFFF
    tail = cell == CELLS - 1
    place = np.where(tail, CELLS + (rest >> 12), cell)
    within = np.where(tail, (rest & 0xFFF) << 10, rest)
    start = table[place]
    found: Ints = start + ((table[place + 1] - start) * within + (1 << 21) >> 22)
    return found


def drawn_one(table: Ints, draw: int) -> int:
    """The value of one draw: ``drawn`` of one."""
    low = draw & 0xFFFFFFFF
    place, within = low >> 22, low & 0x3FFFFF
    if place == CELLS - 1:
        place, within = CELLS + (within >> 12), (within & 0xFFF) << 10
    start = int(table[place])
    return start + ((int(table[place + 1]) - start) * within + (1 << 21) >> 22)
