"""What was the latest at a moment: for each of many moments of many deals, by one sorting of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.history.columns import Codes, Rows
from engine.history.keys import Times

LATEST = 2**63 - 1
"""Later than any time."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Deals and times, side by side; ``times`` ``None``: at the end of all time."""

    deals: Codes
    times: Times | None

    def each_time(self) -> Times:
        """The times, in full."""
        return np.full(len(self.deals), LATEST, np.int64) if self.times is None else self.times


def latest_at(known: Moments, asked: Moments) -> Rows:
    """For each moment asked for, the place in ``known`` of the last at or before it, of its deal; -1: there is none.

    Of several at one time the last in ``known`` counts.
    """
    count = len(known.deals)
    deals = np.concatenate([known.deals, asked.deals])
    when = np.concatenate([known.each_time(), asked.each_time()])
    is_asked = np.arange(len(deals)) >= count
    order = np.lexsort((is_asked, when, deals))
    place = np.where(order < count, np.arange(len(order)), -1)
    last = np.maximum.accumulate(place) if place.size else place
    found = np.where(last >= 0, order[last], -1)
    same = (found >= 0) & (deals[found] == deals[order])
    answer = np.full(len(order), -1, np.intp)
    answer[order] = np.where(same, found, -1)
    return answer[count:]


def last_of_each(known: Moments, asked: Moments) -> Rows:
    """For each moment asked for, the place in ``known`` of the last of its deal, whenever it was; -1: there is none."""
    return latest_at(known, Moments(asked.deals, None))
