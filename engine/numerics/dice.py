"""Chance as a function of what it is for: a number is hashed from its keys, so nobody's luck depends on anybody else.

The same keys give the same numbers on every machine, in every order, whichever loop asks. ``mixed`` is the finalizer
of SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_WHOLE = (1 << 64) - 1
PURPOSES = 16
"""So many purposes a visit may draw for."""


def name_key(name: str) -> int:
    """The key of something that has a name, from 0 to 2**64 - 1: its place among others does not matter."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little")


def mixed_one(value: int) -> int:
    """``mixed`` of one whole number."""
    value &= _WHOLE
    value = (value ^ value >> 30) * _FIRST & _WHOLE
    value = (value ^ value >> 27) * _SECOND & _WHOLE
    return value ^ value >> 31


def mixed(values: Keys) -> Keys:
    """Each of 2**64 numbers to another one, so that neighbours end up far apart."""
    found: Any = values ^ values >> np.uint64(30)
    found *= np.uint64(_FIRST)
    found ^= found >> np.uint64(27)
    found *= np.uint64(_SECOND)
    found ^= found >> np.uint64(31)
    whole: Keys = found
    return whole


def run_key(seed: int, run: int) -> int:
    """The key of one run."""
    return mixed_one(mixed_one(seed) + (run + 1) * GOLDEN)


def own_keys(run: int, numbers: Keys) -> Keys:
    """The keys of those who take part in a run, by their numbers or the keys of their names."""
    return mixed(mixed(numbers + np.uint64(run)) + np.uint64(GOLDEN))


def step(visit: int, purpose: int) -> int:
    """What is added to the keys of who and where for the n-th draw there (from 0), and what it is for."""
    return (visit * PURPOSES + purpose + 1) * GOLDEN & _WHOLE


def dice(own: Keys, place: int, *, visit: int = 0, purpose: int = 0) -> Keys:
    """64 bits for each of those who take part, at one place: ``mixed(own + place + step)``."""
    return mixed(own + np.uint64((place + step(visit, purpose)) & _WHOLE))


def die(own: int, place: int, *, visit: int = 0, purpose: int = 0) -> int:
    """64 bits for one of them: ``dice`` of one."""
    return mixed_one(own + place + step(visit, purpose))
