"""How old open deals are in their stage, which of them are stuck, and which have a stated reason to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.excuses import excused, excuses
from engine.analysis.journeys import OPEN
from engine.analysis.measure.asking.asking import everyone
from engine.analysis.measure.built_in.ageing import ageing
from engine.analysis.measure.built_in.stuck import stuck
from engine.model.deal import fold
from tests.analysis import entered, telling
from tests.analysis.measure.piped import column, figures, process, row, rows, seen
from tests.analysis.telling import day, deal

LINE = """\
currency: EUR
facts:
  amount: {type: money}
  waiting_for: {type: text}
  decides_on: {type: date}
  calm: {type: yes-no, default: false}
touchpoints: [call]
stages:
  new:   {target: 5d, alert: 10d}
  demo:  {alert: {after: 20d, unless: given(waiting_for) or decides_on >= today}}
  offer: {}
  won:   {ends: won}
  lost:  {ends: lost}
actions:
  go:   {from: open, to: later}
  win:  {from: open, to: won}
  lose: {from: open, to: lost, reasons: {x: X}}
tracks:
  legal: {stages: {idle: {}, busy: {}}, actions: {submit: {from: idle, to: busy}}}
"""
SALE = process(LINE)


def tables(*deals):
    """The tables with a column for each fact that these deals know, as an export has it."""
    told = telling.tables(*deals)
    names = [each.name for each in deals]
    extra = {fact: [each.columns.get(fact) for each in deals] for fact in ("waiting_for", "decides_on")}
    found = told.deals
    for fact, values in extra.items():
        found = found.append_column(fact, [values])
    assert found.column("deal").to_pylist() == names
    return replace(told, deals=found)


def looked_at(*deals, until=100.0, of=SALE):
    return seen(tables(*deals), of, until=day(until))


def test_ages_are_those_in_the_stage_and_limits_are_passed_when_they_are_exceeded():
    section = ageing(
        looked_at(
            deal("A", "new 90"),
            deal("B", "new 95.5"),
            deal("C", "new 89"),
            deal("D", "new 0, offer 40"),
            deal("E", "new 0, won 3"),
        )
    )
    new = row(section, "new")
    assert figures(new, "deals", "median_days", "oldest_days", "target_days") == [3, 10, 11, 5]
    assert figures(new, "past_target", "alert_days", "past_alert", "stated") == [2, 10, 1, 0]
    assert figures(row(section, "offer"), "deals", "oldest_days", "past_target", "past_alert") == [1, 60, None, None]
    assert figures(row(section, "all"), "deals", "oldest_days", "past_target", "past_alert") == [4, 60, 2, 1]
    assert section.says == ("1 open deal stands in a stage for longer than its alert.",)


def test_nine_in_ten_is_of_the_visits_that_were_left():
    left = [deal(f"L{n:02}", f"offer 0, lost {n}") for n in range(1, 21)]
    offer = row(ageing(looked_at(*left, deal("A", "offer 80"), deal("B", "offer 99.9"))), "offer")
    assert figures(offer, "usual_days", "past_usual") == [18, 1]


def test_of_few_visits_the_slowest_tenth_is_not_told_and_limits_nothing():
    view = looked_at(*(deal(f"L{n:02}", f"offer 0, lost {n}") for n in range(1, 20)), deal("A", "offer 10"))
    assert figures(row(ageing(view), "offer"), "usual_days", "past_usual") == [None, None]
    assert stuck(view).rows == ()
    assert stuck(view).empty.endswith(
        "1 open deal stands in a stage without a limit, and cannot be told: no alert is declared there, and fewer than "
        "20 visits were left."
    )
    since = seen(tables(deal("A", "offer 10")), SALE, until=day(100), since=day(50))
    assert stuck(since).empty.endswith("fewer than 20 visits were left since then: without --since more are known.")


def test_deals_that_nobody_dated_are_counted_and_have_no_age():
    section = ageing(looked_at(deal("A", "new"), deal("B", "new 99")))
    assert figures(row(section, "new"), "deals", "oldest_days") == [2, 1]
    assert section.notes[-1] == "Left out of ages, for want of a date: 1 open deal."


def test_where_no_deal_is_open_a_sentence_says_so():
    view = looked_at(deal("A", "new 0, won 3"))
    assert (ageing(view).rows, ageing(view).empty) == ((), "No deal is open.")
    assert stuck(view).rows == ()


def test_the_longest_stuck_come_first_each_with_its_limit():
    left = [deal(f"L{n:02}", f"offer 0, lost {n}") for n in range(1, 21)]
    section = stuck(
        looked_at(
            *left,
            deal("new", "new 80", owner="ana", amount=70),
            deal("older", "new 60"),
            deal("offer", "offer 50"),
            deal("in time", "new 95"),
        )
    )
    assert column(section, "deal") == ["offer", "older", "new"]
    assert column(section, "limit") == ["nine in ten", "alert", "alert"]
    assert figures(row(section, "new"), "owner", "days", "limit_days", "value") == ["ana", 20, 10, Decimal(70)]
    assert section.says == ("3 open deals stand in their stage for longer than the limit.",)


def test_a_stall_with_a_stated_reason_raises_no_alarm_and_is_told_apart():
    view = looked_at(
        deal("silent", "demo 50", columns={"waiting_for": None}),
        deal("stated", "demo 10", columns={"waiting_for": "their lawyers"}),
        deal("planned", "demo 20", columns={"decides_on": day(200).date()}),
        deal("past", "demo 40", columns={"decides_on": day(60).date()}),
    )
    section = stuck(view)
    assert column(section, "deal") == ["past", "silent", "stated", "planned"]
    assert column(section, "stated") == ["", "", "waiting_for: their lawyers", "decides_on: 2026-07-20"]
    assert section.says == (
        "2 open deals stand in their stage for longer than the limit.",
        "2 deals more stand there with a stated reason, and raise no alarm: told last.",
    )
    assert section.notes[-1].startswith("Of 1 deal nobody can say whether a reason is stated")
    assert figures(row(ageing(view), "demo"), "past_alert", "stated") == [4, 2]


def test_a_reason_is_stated_by_contacts_and_side_tracks_too():
    asked = LINE.replace("given(waiting_for) or decides_on >= today", 'track.legal == "busy" or since("call") < 3d')
    told = telling.tables(
        deal("busy", "demo 0"), deal("busy", "idle 0, busy 50", track="legal"), deal("idle", "demo 0")
    )
    told = replace(told, deals=told.deals.filter(np.array([True, False, True])))
    section = stuck(seen(told, process(asked), until=day(100)))
    assert dict(zip(column(section, "deal"), column(section, "stated"), strict=True)) == {
        "idle": "",
        "busy": "track.legal: busy",
    }
    called = telling.tables(deal("A", "demo 0", touches="call 98"), deal("B", "demo 0", touches="call 90"))
    assert column(stuck(seen(called, process(asked), until=day(100))), "deal") == ["B", "A"]


CONDITIONS = (
    "given(waiting_for)",
    'waiting_for == "legal"',
    "not calm",
    'track.legal == "busy"',
    'done("call")',
    'count("call") >= 2',
    'since("call") <= 5d',
    'done("submit")',
    'reached("demo")',
    'reached("offer") and given(amount)',
    "days_in_stage > 3",
    'stage == "demo" and amount >= 100',
    "decides_on >= today",
)
STEPS = (
    "new",
    "demo",
    "offer",
    "legal/busy",
    "legal/idle",
    "@call",
    {"waiting_for": "legal"},
    {"waiting_for": "price"},
    {"calm": True},
    {"calm": False},
    {"amount": Decimal(120)},
    {"decides_on": (entered.START + timedelta(days=9)).date()},
)


@given(st.lists(st.lists(st.sampled_from(STEPS), max_size=9), min_size=1, max_size=4), st.sampled_from(CONDITIONS))
@settings(max_examples=150, deadline=None)
def test_a_deal_of_the_tables_is_judged_as_the_deal_of_the_journal(told, text):
    of = process(LINE.replace("given(waiting_for) or decides_on >= today", text), name="selling")
    unless, deals = of.main.stage("demo").unless, []
    for number, steps in enumerate(told):
        entries = entered.deal(f"D{number}", "new", *steps)
        deals.append([replace(each, action="submit" if each.to_stage == "busy" else "") for each in entries])
    view = seen(entered.tables(of, *deals), of, until=entered.AS_OF)
    folded = [fold(entries) for entries in deals]
    by_journal = [each.holds for each in excuses(of, unless, folded, now=entered.AS_OF)]
    all_of_them = everyone(view.told, view.touched)
    truth, asked = all_of_them.holds(unless.tree), all_of_them.one_by_one(unless.tree)
    assert [True if yes else False if no else None for yes, no in zip(truth.yes, truth.no, strict=True)] == by_journal
    assert [*asked] == by_journal
    standing = {f"D{n}" for n, each in enumerate(folded) if each.stage == "demo" and by_journal[n]}
    assert excused(folded, {"d": of}, now=entered.AS_OF) == standing


@given(
    st.lists(st.sampled_from(("new 0", "new 91", "new 0, demo 60", "demo 99", "offer 3", "new 1, won 5")), min_size=1)
)
@settings(max_examples=60, deadline=None)
def test_ages_and_the_stuck_add_up(visits):
    view = looked_at(*(deal(f"D{number}", each) for number, each in enumerate(visits)))
    found, late = ageing(view), stuck(view)
    open_deals = int((view.told.outcome == OPEN).sum())
    assert sum(each["deals"] for each in rows(found) if each["stage"] != "all") == open_deals
    by_hand = sum({"new 0": 1, "new 0, demo 60": 1}.get(each, 0) for each in visits)
    assert sum(each == "alert" for each in column(late, "limit")) == by_hand
    assert column(late, "days") == sorted(column(late, "days"), reverse=True)
    assert len(found.rows) == (len(set(column(found, "stage"))))


@pytest.mark.parametrize("visits", ["new 0, won 5", "new 0", "new", "gone 0", "pilot 3"])
def test_a_single_deal_of_whatever_kind_is_told_without_a_crash(visits):
    view = looked_at(deal("A", visits))
    assert len(ageing(view).rows) == (2 if "0, won" not in visits and visits != "won" else 0)
    assert len(stuck(view).headings) == 8
