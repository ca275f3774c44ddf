"""Rows sorted by deal: where each deal's begin and end, and the first or last of some of them in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.history.columns import Codes, Mask, Rows

_NONE = -1


@dataclass(frozen=True, slots=True)
class Places:
    """``starts`` and ``ends`` have an item a deal, ``deal_of`` an item a row."""

    starts: Rows
    ends: Rows
    deal_of: Rows

    @property
    def count(self) -> int:
        """How many deals there are."""
        return len(self.starts)


def places_of(codes: Codes) -> Places:
    """The places of rows whose deals have these codes."""
    if not len(codes):
        none = np.zeros(0, np.intp)
        return Places(none, none, none)
    edges = np.flatnonzero(np.diff(codes)) + 1
    starts = np.concatenate([[0], edges]).astype(np.intp)
    ends = np.concatenate([edges, [len(codes)]]).astype(np.intp)
    return Places(starts, ends, np.repeat(np.arange(len(starts)), ends - starts))


def last_of(mask: Mask, places: Places) -> Rows:
    """For each deal the last row of ``mask``; -1 where it has none."""
    if not places.count:
        return places.starts
    running = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), _NONE))[places.ends - 1]
    return np.where(running >= places.starts, running, _NONE)


def first_of(mask: Mask, places: Places, *, after: Rows | None = None) -> Rows:
    """For each deal its first row of ``mask``, after the row given (-1: from its start); -1 where there is none."""
    if not places.count:
        return places.starts
    begin = places.starts if after is None else np.where(after >= 0, after + 1, places.starts)
    size = len(mask)
    following = np.append(np.minimum.accumulate(np.where(mask, np.arange(size), size)[::-1])[::-1], size)
    found = following[begin]
    return np.where(found < places.ends, found, _NONE)
