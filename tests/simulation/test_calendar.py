"""Time that passes in working hours, against a walk from minute to minute by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.scenario import Hours
from engine.simulation.compiling.calendar import (
    DAY,
    add,
    add_one,
    calendars,
    local_days,
    opening,
    seconds_of,
    worked_between,
)
from engine.simulation.plan import NEVER, NONE, Calendars

OFFICE = Hours("office", {day: ((time(9), time(17)),) for day in range(5)}, (date(2026, 12, 25),))
SPLIT = Hours("split", {day: ((time(8, 15), time(12)), (time(12), time(13)), (time(20), time())) for day in range(7)})
NIGHT = Hours("night", {day: ((time(), time(3, 30)), (time(22, 45), time())) for day in range(7)})
SUNDAY = Hours("sunday", {6: ((time(1, 30), time(2, 30)),)})
ALWAYS = Hours("always", {day: ((time(), time()),) for day in range(7)})
ALL = (OFFICE, SPLIT, NIGHT, SUNDAY, ALWAYS)
# Clocks are put forward in March, back in October or April; in Havana at midnight, on Lord Howe by half an hour.
ZONES = ("UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe")
STARTS = (
    date(2026, 3, 6),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 10, 23),
    date(2026, 10, 30),
    date(2026, 12, 23),
)
LENGTH = 6 * DAY


def works(hours: Hours, moment: int, zone: ZoneInfo) -> bool:
    local = datetime.fromtimestamp(moment, zone)
    if local.date() in hours.holidays:
        return False
    now = local.time()
    return any(a <= now and (now < b or b == time()) for a, b in hours.days.get(local.weekday(), ()))


def walked(hours: Hours, begin: int, zone: ZoneInfo) -> np.ndarray:
    """The minutes from ``begin`` on in which somebody works."""
    return np.array([works(hours, begin + 60 * minute, zone) for minute in range(LENGTH // 60)])


def spelled(zone: str, begin: int) -> Calendars:
    return calendars(ALL, zone=ZoneInfo(zone), begin=begin, end=begin + LENGTH)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", STARTS, ids=str)
def test_stretches_are_the_minutes_in_which_somebody_works(zone: str, start: date) -> None:
    begin = seconds_of(datetime(start.year, start.month, start.day, tzinfo=UTC))
    found = spelled(zone, begin)
    minutes = begin + 60 * np.arange(LENGTH // 60)
    for calendar, hours in enumerate(ALL):
        worked = worked_between(found, calendar, minutes, minutes + 60) == 60
        assert worked.tolist() == walked(hours, begin, ZoneInfo(zone)).tolist()


@given(st.data())
@settings(max_examples=40)
def test_time_is_added_as_the_walk_counts_it(data: st.DataObject) -> None:
    zone, start = data.draw(st.sampled_from(ZONES)), data.draw(st.sampled_from(STARTS))
    calendar = data.draw(st.integers(0, len(ALL) - 1))
    begin = seconds_of(datetime(start.year, start.month, start.day, tzinfo=UTC))
    minutes = walked(ALL[calendar], begin, ZoneInfo(zone))
    since = data.draw(st.integers(0, len(minutes) - 1))
    wanted = data.draw(st.integers(0, 800))
    passed = np.flatnonzero(np.cumsum(minutes[since:]) == wanted)
    found = add_one(spelled(zone, begin), calendar, begin + 60 * since, 60 * wanted)
    if wanted == 0:
        assert found == begin + 60 * since
    elif passed.size:
        assert found == begin + 60 * (since + int(passed[0]) + 1)
    else:
        assert found > begin + LENGTH - 60


@given(st.integers(NONE, len(ALL) - 1), st.lists(st.tuples(st.integers(-2 * DAY, 12 * DAY), st.integers(0, 9 * DAY))))
def test_many_are_added_to_as_one_is(calendar: int, given_: list[tuple[int, int]]) -> None:
    begin = seconds_of(datetime(2026, 10, 23, tzinfo=UTC))
    found = spelled("Europe/Berlin", begin)
    moments = np.array([begin + since for since, _ in given_], np.int64)
    seconds = np.array([wanted for _, wanted in given_], np.int64)
    ends = add(found, calendar, moments, seconds)
    assert ends.tolist() == [add_one(found, calendar, int(m), int(s)) for m, s in zip(moments, seconds, strict=True)]
    inside = ends < NEVER
    assert worked_between(found, calendar, moments, ends)[inside].tolist() == seconds[inside].tolist()


def test_what_does_not_end_within_the_hours_spelled_out_never_ends() -> None:
    begin = seconds_of(datetime(2026, 6, 1, tzinfo=UTC))
    found = spelled("UTC", begin)
    assert add_one(found, 0, begin, 100 * DAY) == NEVER
    assert add_one(found, 0, NEVER, 5) == NEVER
    assert add_one(found, NONE, begin, 5) == begin + 5
    closed = calendars([Hours("closed", {})], zone=UTC, begin=begin, end=begin + DAY)
    assert add_one(closed, 0, begin, 1) == add(closed, 0, np.array([begin]), np.array([1]))[0] == NEVER


def test_stretches_that_touch_or_overlap_are_one() -> None:
    begin = seconds_of(datetime(2026, 6, 1, tzinfo=UTC))
    assert np.diff(spelled("UTC", begin).first).tolist()[4] == 1
    shifts = Hours("shifts", {0: ((time(9), time(15)), (time(11), time(12)), (time(12), time(18)))})
    found = calendars([shifts], zone=UTC, begin=begin, end=begin + DAY)
    assert (found.ends - found.begins).tolist() == [9 * 3600]


def test_the_next_opening_is_now_where_somebody_works_and_else_the_next_stretch() -> None:
    begin = seconds_of(datetime(2026, 6, 5, tzinfo=UTC))
    hours = [8, 9, 12, 17, 20]
    moments = np.array([begin + 3600 * hour for hour in hours])
    monday = begin + 3 * DAY + 9 * 3600
    assert opening(spelled("UTC", begin), 0, moments).tolist() == [moments[1], moments[1], moments[2], monday, monday]


def test_a_local_day_begins_at_midnight_or_where_there_is_none_at_one() -> None:
    begin = seconds_of(datetime(2026, 3, 7, 12, tzinfo=UTC))
    days, moments = local_days(ZoneInfo("America/Havana"), begin=begin, end=begin + 2 * DAY)
    local = [datetime.fromtimestamp(moment, ZoneInfo("America/Havana")) for moment in moments.tolist()]
    by_day = dict(zip(days.tolist(), local, strict=True))
    at = (date(2026, 3, 8) - date(1970, 1, 1)).days
    assert by_day[at].strftime("%d %H:%M") == "08 01:00"
    assert by_day[at + 1].strftime("%d %H:%M") == "09 00:00"
    assert by_day[at + 1] - by_day[at] == timedelta(hours=23)
