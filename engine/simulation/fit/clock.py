"""Moments that people acted at, reckoned in their working hours and by the clock on their wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from engine.model.scenario import Hours
from engine.simulation.compiling.calendar import DAY, calendars
from engine.tables.coded import Ints, Mask

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """Stretches of working time (seconds since 1970, ascending, apart); ``worked`` is what lies before each of them."""

    begins: Ints
    ends: Ints
    worked: Ints


def spelled(hours: Hours, zone: str, *, since: int, until: int) -> Open:
    """The hours on all days from ``since`` to a week after ``until`` (seconds since 1970)."""
    found = calendars([hours], zone=ZoneInfo(zone), begin=since, end=until + 7 * DAY)
    return Open(found.begins, found.ends, found.worked)


def worked_at(opened: Open, moments: Ints) -> Ints:
    """The working seconds before each moment."""
    at = np.maximum(np.searchsorted(opened.begins, moments, side="right") - 1, 0)
    inside = np.clip(moments - opened.begins[at], 0, opened.ends[at] - opened.begins[at])
    found: Ints = opened.worked[at] + inside
    return found


def moment_at(opened: Open, worked: Ints) -> Ints:
    """The first moment before which so many seconds are worked; beyond the last stretch time goes on as it worked."""
    at = np.maximum(np.searchsorted(opened.worked, worked, side="left") - 1, 0)
    rest = worked - opened.worked[at]
    lengths = opened.ends[at] - opened.begins[at]
    beyond = np.maximum(rest - lengths, 0)
    share = max(float((opened.ends - opened.begins).sum()) / float(opened.ends[-1] - opened.begins[0]), 1e-3)
    found: Ints = opened.begins[at] + np.minimum(rest, lengths) + (beyond / share).astype(np.int64)
    return found


def next_open(opened: Open, moments: Ints) -> Ints:
    """Each moment, or the next at which somebody works where nobody does then."""
    at = np.maximum(np.searchsorted(opened.begins, moments, side="right") - 1, 0)
    within = (moments >= opened.begins[at]) & (moments < opened.ends[at])
    following = np.searchsorted(opened.begins, moments, side="left")
    later = opened.begins[np.minimum(following, len(opened.begins) - 1)]
    return np.where(within | (following >= len(opened.begins)), moments, later)


def is_open(opened: Open, moments: Ints) -> Mask:
    """Whether somebody works then; the moment at which a stretch ends still counts."""
    at = np.maximum(np.searchsorted(opened.begins, moments, side="right") - 1, 0)
    found: Mask = (moments >= opened.begins[at]) & (moments <= opened.ends[at])
    return found


def local(moments: Ints, zone: str) -> Ints:
    """The moments as a clock on a wall of the zone shows them, in seconds since 1970."""
    hours, which = np.unique(moments // 3600, return_inverse=True)
    place = ZoneInfo(zone)
    offsets = [_offset(datetime.fromtimestamp(hour * 3600, place)) for hour in hours.tolist()]
    found: Ints = moments + np.array(offsets, np.int64)[which]
    return found


def are_dates(moments: Ints, zone: str) -> bool:
    """Whether most moments are days without a time of day, which tell of no hours and of no order within a day."""
    return len(moments) > 0 and bool(np.mean(local(moments, zone) % DAY == 0) > _MOSTLY)


def day_of(moments: Ints) -> Ints:
    """The day (since 1970-01-01) of moments that are ``local``."""
    found: Ints = moments // DAY
    return found


def weekday_of(days: Ints) -> Ints:
    """0 Monday … 6 Sunday; 1970-01-01 was a Thursday."""
    found: Ints = (days + 3) % 7
    return found


def date_of(day: int) -> date:
    """The date of a day since 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=day)


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
