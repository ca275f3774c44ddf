"""Conditions asked of all deals at once come to what each deal by itself comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.asking.asking import Everyone, everyone
from engine.analysis.touches import touched
from engine.conditions.evaluate import evaluate
from engine.history.entries import fact_types, tables_of
from engine.loading.filters import scope_of
from engine.machine.compile import compile_process
from engine.machine.facts import view, with_tables
from engine.machine.situation import DealSituation
from engine.machine.vectors import UNDATED
from engine.model.deal import fold
from engine.model.decision import Move
from engine.model.entry import Entry
from engine.model.process import Process
from engine.model.syntax import Value
from engine.tables.coded import NEVER
from tests.analysis.entered import deal
from tests.analysis.measure.declaring import process_of

from engine.conditions import parse  # isort: skip

UNTIL = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
SALE = process_of(
    """\
    time_zone: Europe/Berlin
    touchpoints: [call, email]
    groups: {early: [lead, demo]}
    facts:
      amount: {type: money}
      rebate: {type: percent, default: 5%}
      seats: {type: number}
      tier: {type: choice, of: [small, large]}
      urgent: {type: yes-no}
      due: {type: date}
      trial: {type: duration}
      label: {type: text}
      owner: {type: text}
      grade:
        type: number
        table: {hit: sum, rows: [{when: amount > 50, then: 2}, {when: urgent, then: 1}]}
    stages: {lead: {probability: 10%}, demo: {probability: 30%}, offer: {}, won: {ends: won}, lost: {ends: lost}}
    actions:
      show: {from: lead, to: demo}
      bid: {from: demo, to: offer, touchpoint: email}
      sign: {from: open, to: won}
      lose: {from: open, to: lost, reasons: {dear: {title: Dear, group: money}, late: Late}}
    tracks:
      legal:
        stages: {idle: {}, ok: {}}
        actions: {clear: {from: idle, to: ok}}
    """
)
CONDITIONS = """\
amount > 50 | rebate > 5% | seats + 2 >= 5 | tier == "small" | tier in ["small", "large"] | urgent | not urgent
due - today <= 30d | due < date("2026-02-01") | trial > 2d | given(label) | blank(label) | contains(label, "a")
starts_with(lower(label), "b") | size(label) > 2 | done("call") | done("show") | count("call") >= 2
since("call") > 150d | since("show") > 20d | stage == "demo" | stage in early | days_in_stage > 140
reached("demo") | reached("won") | track.legal == "ok" | probability > 20% | today > date("2026-05-31")
grade >= 2 | amount > 50 and (urgent or tier == "large") | amount * 2 > 3 | owner == "x" | reason == "dear"
reason.group == "money" | action == "lose" | label == "b" or done("email")"""
TEXTS = [text.strip() for line in CONDITIONS.split("\n") for text in line.split("|")]
AMOUNTS = ["amount", "amount * probability", "rebate", "seats - 1", "due - today", "trial", "amount - 3"]

FACTS: dict[str, st.SearchStrategy[Value]] = {
    "amount": st.decimals(-100, 100, places=2),
    "rebate": st.sampled_from([Decimal("0.05"), Decimal("0.25")]),
    "seats": st.integers(0, 9).map(Decimal),
    "tier": st.sampled_from(["small", "large"]),
    "urgent": st.booleans(),
    "due": st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    "trial": st.integers(0, 100).map(lambda hours: timedelta(hours=hours)),
    "label": st.sampled_from(["", " ", "a", "Bab", "b"]),
    "owner": st.sampled_from(["x", "y"]),
}
HAPPENED = st.one_of(
    st.sampled_from(["demo", "offer", "legal/ok", "@call", "@email", "lead"]),
    st.sampled_from(sorted(FACTS)).flatmap(lambda name: FACTS[name].map(lambda value: {name: value})),
)
TOLD = st.tuples(st.lists(HAPPENED, max_size=7), st.sampled_from([(), ("won",), ("lost",)]))


def named(entries: list[Entry], dice: int) -> Iterator[Entry]:
    """The entries with the actions and reasons that the stages are reached by."""
    from dataclasses import replace

    actions = {"demo": "show", "offer": "bid", "won": "sign", "lost": "lose", "ok": "clear"}
    for entry in entries:
        action = actions.get(entry.to_stage, "") if entry.sequence > 1 else ""
        reason = ("dear", "late", "")[dice % 3] if action == "lose" else ""
        yield replace(entry, action=action, reason=reason)


def asked(process: Process, stories: list[list[Entry]]) -> Everyone:
    tables = tables_of((entry for story in stories for entry in story), fact_types([process]))
    told = journeys(tables, process, asked=Asked(as_of=UNTIL, every_version=True))
    return everyone(told, touched(told))


def one(process: Process, entries: list[Entry], tree: Any) -> Value | None:
    machine, folded = compile_process(process), fold(entries)
    assert folded is not None
    situation = DealSituation(machine.frame, folded, Move("", ""), UNTIL, None)
    facts = with_tables(view(folded.facts, {}, machine.frame.defaults), situation)
    # How a deal came to where it stands is no part of a situation before a move: of these words the last move tells.
    moved = [entry for entry in entries if entry.to_stage and entry.track == "main"]
    situation.move = Move(moved[-1].action, reason=moved[-1].reason)
    return evaluate(tree, facts, situation)


def told_by(stories: list[tuple[list[Any], tuple[str, ...]]]) -> list[list[Entry]]:
    return [
        [*named(deal(f"D{number}", "lead", *happened, *end), number)] for number, (happened, end) in enumerate(stories)
    ]


@settings(max_examples=25, deadline=None)
@given(stories=st.lists(TOLD, min_size=1, max_size=4))
def test_a_condition_comes_to_the_same_for_all_at_once_and_for_each(stories: Any) -> None:
    deals = told_by(stories)
    its, scope = asked(SALE, deals), scope_of(SALE)
    for text in TEXTS:
        read, problems = parse.read(text, scope)
        assert read is not None, problems
        found = its.holds(read.tree)
        told = [True if yes else False if no else None for yes, no in zip(found.yes, found.no, strict=True)]
        assert told == [one(SALE, each, read.tree) for each in deals], text
        assert [*its.one_by_one(read.tree)] == told, text


@settings(max_examples=30, deadline=None)
@given(stories=st.lists(TOLD, min_size=1, max_size=4))
def test_an_amount_comes_to_the_same_for_all_at_once_and_for_each(stories: Any) -> None:
    deals = told_by(stories)
    its, scope = asked(SALE, deals), scope_of(SALE)
    for text in AMOUNTS:
        read, _ = parse.read(text, scope, expects=None)
        assert read is not None
        found = its.amounts(read.tree)
        for place, entries in enumerate(deals):
            value = one(SALE, entries, read.tree)
            assert bool(found.known[place]) is (value is not None)
            whole = Decimal(int(found.values[place])).scaleb(-found.scale)
            exact = timedelta(microseconds=int(found.values[place])) if found.is_span else whole
            assert value is None or exact == value


@pytest.mark.parametrize("big", [Decimal("99999999999999999.5"), Decimal("-99999999999999999.5")])
def test_amounts_that_no_column_can_hold_are_asked_for_one_by_one(big: Decimal) -> None:
    deals = told_by([([{"amount": big}], ()), ([{"amount": Decimal(1)}], ())])
    its = asked(SALE, deals)
    read, _ = parse.read("amount", scope_of(SALE), expects=None)
    above, _ = parse.read("amount > 0", scope_of(SALE))
    assert read is not None
    assert above is not None
    found = its.amounts(read.tree)
    assert [Decimal(int(each)).scaleb(-found.scale) for each in found.values] == [big, Decimal(1)]
    assert its.holds(above.tree).yes.tolist() == [big > 0, True]


def test_a_time_since_what_nobody_dated_is_not_known() -> None:
    assert UNDATED == NEVER
    deals = told_by([(["?demo"], ()), (["demo"], ())])
    its = asked(SALE, deals)
    since, _ = parse.read('since("show") > 1d', scope_of(SALE))
    stays, _ = parse.read("days_in_stage > 1", scope_of(SALE))
    assert since is not None
    assert stays is not None
    for read in (since, stays):
        found = its.holds(read.tree)
        assert np.array_equal(found.yes, [False, True])
        assert not found.no.any()
