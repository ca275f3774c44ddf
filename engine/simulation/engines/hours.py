"""Working hours: when so many of their seconds have passed, of one moment and of many at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.simulation.plan import NEVER, Calendars, Ints


class Stretches(NamedTuple):
    """The working hours of one calendar, as ``Calendars`` spells them out."""

    begins: list[int]
    ends: list[int]
    worked: list[int]


def stretches(calendars: Calendars) -> tuple[Stretches, ...]:
    """Each calendar by itself."""
    bounds = calendars.first.tolist()
    columns = [column.tolist() for column in (calendars.begins, calendars.ends, calendars.worked)]
    return tuple(Stretches(*(column[first:last] for column in columns)) for first, last in pairwise(bounds))


def passed(of: Stretches, moment: int, seconds: int) -> int:
    """When so many seconds of the hours have passed after a moment; ``NEVER`` where the hours do not suffice."""
    if seconds <= 0:
        return moment
    begins, ends, worked = of
    at = bisect_right(begins, moment) - 1
    if at >= 0:
        last = ends[at]
        seconds += worked[at] + (moment if moment < last else last) - begins[at]
    at = bisect_left(worked, seconds) - 1
    found = begins[at] + seconds - worked[at]
    return found if found <= ends[at] else NEVER


def opening(of: Stretches, moment: int) -> int:
    """The first second within the hours from a moment on; ``NEVER`` after the last."""
    at = bisect_right(of.ends, moment)
    if at == len(of.ends):
        return NEVER
    return max(of.begins[at], moment)


def all_passed(calendars: Calendars, calendar: int, moments: Ints, seconds: Ints) -> Ints:
    """``passed`` for each of many moments, each with its own seconds (at least 0)."""
    its = slice(calendars.first[calendar], calendars.first[calendar + 1])
    begins, ends, worked = calendars.begins[its], calendars.ends[its], calendars.worked[its]
    at = np.searchsorted(begins, moments, side="right") - 1
    before = worked[at] + np.minimum(moments, ends[at]) - begins[at]
    target = np.where(at < 0, 0, before) + seconds
    at = np.searchsorted(worked, target, side="left") - 1
    found = begins[at] + target - worked[at]
    found[found > ends[at]] = NEVER
    still: Ints = np.where(seconds <= 0, moments, found)
    return still
