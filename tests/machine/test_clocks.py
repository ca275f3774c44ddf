"""When clocks are due: by the calendar of the process, from the last activity or the stage, once a count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loading.processes import from_definition
from engine.machine.clocks import Due, act, later, next_due
from engine.machine.compile import Machine, compile_process
from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal
from engine.model.entry import Definition

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 40_000_000).map(lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
PROCESS = """\
process: small
version: 1
time_zone: Europe/Berlin
roles: {rep: [], boss: []}
by: [rep]
facts:
  amount: {type: money}
  decided: {type: date}
  hold: {type: yes-no, default: false}
stages: {lead: {}, demo: {to_enter: [{must: not hold, says: Not held}]}, won: {ends: won}, lost: {ends: lost}}
actions:
  show: {from: lead, to: demo, asks: [amount, note], approval: [{by: boss}]}
  sign: {from: demo, to: won}
  lose: {from: open, to: lost, reasons: {silent: They do not answer}}
tracks:
  legal:
    stages: {unasked: {}, review: {}, agreed: {}}
    actions:
      ask: {from: unasked, to: review}
      agree: {from: review, to: agreed}
clocks:
"""


def machine(*clocks: str) -> Machine:
    text = PROCESS + "".join(f"  {clock}\n" for clock in clocks)
    return compile_process(from_definition(Definition("small", 1, "", (("processes/small/1.yaml", text),))))


def deal(stage: str = "lead", **more: Any) -> Deal:
    base: dict[str, Any] = {"started_at": START, "entered_at": START, "last_at": START, "active_at": START, **more}
    return Deal("acme", "small", 1, "", stage, visited=frozenset({stage}), **base)


def due(of: Machine, standing: Deal, now: datetime, recorded: datetime | None = None) -> Due | None:
    return next_due(of, standing, now=now, last_recorded=lambda _deal, _facts: recorded)


def days(number: float) -> datetime:
    return START + timedelta(days=number)


def test_a_clock_is_due_when_its_limit_has_passed_since_the_last_activity() -> None:
    found = due(machine("quiet: {in: lead, idle: 10d}"), deal(active_at=days(3)), days(3))
    assert found is not None
    assert (found.at, found.alarm) == (days(13), Alarm("quiet", AlarmKind.ACT, days(3)))


def test_a_clock_on_staying_counts_from_entering_the_stage() -> None:
    found = due(machine("slow: {in: lead, stays: 10d}"), deal(active_at=days(3)), days(3))
    assert found is not None
    assert found.at == days(10)


def test_a_clock_runs_only_in_its_stages() -> None:
    assert due(machine("quiet: {in: lead, idle: 10d}"), deal("demo"), days(90)) is None


def test_a_clock_of_a_track_counts_from_entering_its_stage() -> None:
    of = machine("slow: {track: legal, in: review, stays: 10d}")
    assert due(of, deal(), days(90)) is None
    there = deal(tracks={"legal": "review"}, track_entered_at={"legal": days(5)})
    found = due(of, there, days(5))
    assert found is not None
    assert found.at == days(15)


def test_a_warning_comes_first_and_both_count_from_the_same_start() -> None:
    of = machine("quiet: {in: lead, idle: 10d, warn: 4d, then: lose, reason: silent}")
    first = due(of, deal(), START)
    assert first is not None
    assert (first.at, first.alarm.kind) == (days(4), AlarmKind.WARN)
    second = due(of, deal(alarms={"quiet": first.alarm}), days(4))
    assert second is not None
    assert (second.at, second.alarm.kind, second.alarm.since) == (days(10), AlarmKind.ACT, START)
    assert due(of, deal(alarms={"quiet": second.alarm}), days(90)) is None


def test_activity_begins_a_new_count() -> None:
    of = machine("quiet: {in: lead, idle: 10d, warn: 4d}")
    warned = Alarm("quiet", AlarmKind.WARN, START)
    found = due(of, deal(alarms={"quiet": warned}, active_at=days(5)), days(5))
    assert found is not None
    assert (found.at, found.alarm) == (days(9), Alarm("quiet", AlarmKind.WARN, days(5)))


def test_recording_a_listed_fact_is_activity() -> None:
    of = machine("quiet: {in: lead, idle: 10d, activity: [decided]}")
    found = due(of, deal(), days(12), recorded=days(8))
    assert found is not None
    assert found.at == days(18)


def test_nothing_is_asked_of_the_journal_before_a_clock_can_be_due() -> None:
    of = machine("quiet: {in: lead, idle: 10d, activity: [decided]}")
    found = next_due(of, deal(), now=days(9), last_recorded=lambda _deal, _facts: pytest.fail("asked"))
    assert found is not None
    assert found.at == days(10)


@pytest.mark.parametrize("facts", [{}, {"amount": 100}])
def test_a_condition_that_is_not_true_puts_a_clock_off_until_more_happens(facts: dict[str, Any]) -> None:
    of = machine("large: {in: lead, idle: 10d, when: amount > 5000}")
    assert due(of, deal(facts=facts), days(90)) is None


def test_a_condition_on_time_is_looked_at_again() -> None:
    of = machine("dated: {in: lead, idle: 10d, when: decided < today}")
    standing = deal(facts={"decided": date(2026, 4, 1)})
    early = due(of, standing, days(12))
    assert early is not None
    assert early.at > days(12)
    late = due(of, standing, datetime(2026, 4, 2, 9, tzinfo=UTC))
    assert late is not None
    assert late.at == days(10)


def test_of_two_clocks_the_one_due_first_is_next_whatever_the_order_declared() -> None:
    of = machine("slow: {in: lead, idle: 20d}", "quick: {in: lead, stays: 5d}")
    found = due(of, deal(), START)
    assert found is not None
    assert found.clock.id == "quick"


def test_a_clock_needs_no_role_no_approval_and_nothing_that_is_asked_for() -> None:
    of = machine("on: {in: lead, idle: 10d, then: show}")
    clock = of.process.clocks[0]
    assert act(of, deal(), clock, now=days(10), actor="engine").allowed
    held = act(of, deal(facts={"hold": True}), clock, now=days(10), actor="engine")
    assert [verdict.requirement for verdict in held.refusals] == ["demo/to_enter/1"]


def test_three_days_later_it_is_the_same_time_of_day_though_summer_time_began() -> None:
    before = datetime(2026, 3, 27, 9, tzinfo=BERLIN).astimezone(UTC)
    assert later(before, timedelta(days=3), BERLIN) == datetime(2026, 3, 30, 9, tzinfo=BERLIN)
    assert later(before, timedelta(days=3), BERLIN) - before == timedelta(hours=71)


def test_hours_are_counted_as_they_pass() -> None:
    before = datetime(2026, 3, 28, 20, tzinfo=BERLIN).astimezone(UTC)
    assert later(before, timedelta(hours=12), BERLIN) - before == timedelta(hours=12)


def test_a_time_of_day_that_the_day_lacks_is_reached_an_hour_later() -> None:
    before = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN).astimezone(UTC)
    assert later(before, timedelta(days=1), BERLIN) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


def test_a_time_of_day_that_comes_twice_is_the_first() -> None:
    before = datetime(2026, 10, 31, 1, 30, tzinfo=NEW_YORK).astimezone(UTC)
    found = later(before, timedelta(days=1), NEW_YORK)
    assert found == datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0).astimezone(UTC)


@given(
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=800)),
    st.sampled_from([UTC, BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]),
)
def test_later_is_never_before_and_never_an_hour_off_by_more_than_the_zone_moves(start, span, zone) -> None:
    found = later(start, span, zone)
    assert abs(found - (start + span)) <= timedelta(hours=2)
    assert found >= start or span < timedelta(hours=2)


@given(
    MOMENTS,
    st.integers(1, 400),
    st.sampled_from([BERLIN, NEW_YORK]),
)
def test_whole_days_later_the_clock_on_the_wall_shows_the_same(start, number, zone) -> None:
    found = later(start, timedelta(days=number), zone).astimezone(zone)
    wanted = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=number)
    # Unless that day has no such time.
    exists = wanted.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wanted
    assert found.replace(tzinfo=None) == wanted or not exists
