"""Working hours are learnt back from acts within them, and not where people act at all times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.scenario import Hours
from engine.simulation.fit.clock import is_open, local, moment_at, next_open, spelled, worked_at
from engine.simulation.fit.hours import hours_of, said, tells_better
from tests.simulation.working import BEGIN, HOUR, OFFICE, ZONE, in_hours, seconds

SINCE = seconds(BEGIN)
WEEKS = 26
SHORT = Hours(
    "short", {**dict.fromkeys(range(4), ((time(8, 30), time(12)), (time(13), time(18)))), 4: ((time(8, 30), time(12)),)}
)
SATURDAY = Hours("saturday", {**dict.fromkeys(range(5), ((time(10), time(18)),)), 5: ((time(10), time(14)),)})


def acts_in(hours: Hours, count: int = 3000, seed: int = 1):
    opened = spelled(hours, ZONE, since=SINCE, until=SINCE + WEEKS * 7 * 86_400)
    whole = int(opened.worked[-1])
    return moment_at(opened, np.random.default_rng(seed).integers(0, whole, count))


@pytest.mark.parametrize("hours", [OFFICE, SHORT, SATURDAY], ids=lambda each: each.id)
@pytest.mark.parametrize("stray", [0, 60])
def test_hours_are_learnt_back_through_the_change_to_summer_time(hours, stray):
    nights = SINCE + np.random.default_rng(2).integers(0, WEEKS * 7 * 86_400, stray)
    found = hours_of(np.concatenate([acts_in(hours), nights]), ZONE, name=hours.id)
    assert found is not None
    assert found.days == hours.days


def test_hours_are_not_learnt_where_people_act_at_all_times_or_seldom_or_by_the_day():
    always = SINCE + np.random.default_rng(2).integers(0, WEEKS * 7 * 86_400, 3000)
    assert hours_of(always, ZONE, name="x") is None
    assert hours_of(acts_in(OFFICE, 40), ZONE, name="x") is None
    midnights = local(acts_in(OFFICE), "UTC") // 86_400 * 86_400
    assert hours_of(midnights, "UTC", name="x") is None


def test_days_of_work_without_anything_are_holidays():
    free = Hours("office", OFFICE.days, (date(2026, 4, 3), date(2026, 4, 6)))
    assert hours_of(acts_in(free, 4000), ZONE, name="office").holidays == free.holidays


def test_hours_help_to_tell_what_passes_in_them_and_not_what_passes_around_the_clock():
    dice = np.random.default_rng(4)
    entered = np.sort(acts_in(OFFICE, 400))
    opened = spelled(OFFICE, ZONE, since=SINCE, until=int(entered[-1]) + 90 * 86_400)
    efforts = (dice.exponential(6 * HOUR, 400)).astype(np.int64)
    assert tells_better(entered, moment_at(opened, worked_at(opened, entered) + efforts), opened)
    assert not tells_better(entered, entered + efforts, opened)
    assert not tells_better(entered, entered + HOUR, opened)


def test_hours_are_said_as_a_person_says_them():
    assert said(SATURDAY) == "Mon to Fri 10:00-18:00; Sat 10:00-14:00"


def test_a_day_ends_at_24_and_a_whole_day_is_said_so():
    whole, late = ((time(0), time(0)),), ((time(9), time(12)), (time(20), time(0)))
    assert said(Hours("h", {0: whole, 1: whole, 5: late})) == "Mon to Tue all day; Sat 09:00-12:00, 20:00-24:00"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 180 * 86_400), st.integers(0, 60 * 86_400))
def test_working_time_goes_forward_only_within_the_hours(at, after):
    opened = spelled(OFFICE, ZONE, since=SINCE, until=SINCE + 300 * 86_400)
    one, other = np.array([SINCE + at]), np.array([SINCE + at + after])
    passed = int((worked_at(opened, other) - worked_at(opened, one))[0])
    assert 0 <= passed <= after
    assert worked_at(opened, next_open(opened, one))[0] == worked_at(opened, one)[0]
    back = moment_at(opened, worked_at(opened, other))
    assert back[0] <= other[0]
    assert worked_at(opened, back)[0] == worked_at(opened, other)[0]
    assert is_open(opened, next_open(opened, one))[0]


def test_a_stretch_until_midnight_joins_the_next_day():
    nights = Hours("nights", {0: ((time(22), time(0)),), 1: ((time(0), time(6)),)})
    opened = spelled(nights, ZONE, since=SINCE, until=SINCE + 86_400)
    first = datetime.fromtimestamp(int(opened.begins[0]), UTC), datetime.fromtimestamp(int(opened.ends[0]), UTC)
    assert first == (datetime(2026, 1, 5, 21, tzinfo=UTC), datetime(2026, 1, 6, 5, tzinfo=UTC))
    assert in_hours([0]) == [SINCE]
