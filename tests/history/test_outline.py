"""What a history shows of a process that nobody wrote yet."""

from __future__ import annotations

import pytest

from engine.history.outline import stage_id
from engine.history.read import read
from engine.model.map import Column, Map, Shape
from engine.model.syntax import DATE, MONEY, TEXT

LOG = (
    "Deal,Stage,At,Value,Seen\n"
    "D1,Qualified lead,2026-01-01,5,2026-01-01\nD1,Closed Won,2026-01-09,5,\nD2,Closed-Lost,2026-01-02,,\n"
)
BARE = Map("old-crm", "", Shape.MOVES, "Deal", "Stage", {}, happened="At", title="Old CRM")


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def test_every_name_is_a_stage_and_ends_are_known_by_their_names(log):
    process = read(log, BARE).process
    assert [(stage.id, stage.title, stage.ends) for stage in process.main.stages] == [
        ("qualified-lead", "Qualified lead", ""),
        ("closed-won", "Closed Won", "won"),
        ("closed-lost", "Closed-Lost", "lost"),
    ]
    assert (process.id, process.title, process.main.actions) == ("old-crm", "Old CRM", ())


def test_a_map_that_names_stages_and_ends_is_followed_in_its_order(log):
    stages = {"Qualified lead": "lead", "Closed-Lost": "gone", "Closed Won": "signed"}
    map_ = Map("m", "", Shape.MOVES, "Deal", "Stage", stages, happened="At", ends={"signed": "won", "gone": "other"})
    process = read(log, map_).process
    assert [(stage.id, stage.ends) for stage in process.main.stages] == [
        ("lead", ""),
        ("gone", "other"),
        ("signed", "won"),
    ]


def test_facts_are_of_the_type_that_the_map_says_and_an_amount_is_money(log):
    facts = {"amount": Column("Value"), "seen": Column("Seen", type="date"), "stage_name": Column("Stage")}
    export = read(log, Map("m", "", Shape.MOVES, "Deal", "Stage", {}, happened="At", facts=facts))
    assert {name: fact.type for name, fact in export.process.facts.items()} == {
        "amount": MONEY,
        "seen": DATE,
        "stage_name": TEXT,
    }
    assert [str(value) for value in export.tables().deals.column("amount").to_pylist()] == ["5.000000000", "None"]


def test_touchpoints_and_what_is_left_out_are_no_stages(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "Deal,What,At\nD1,New,2026-01-01\nD1,Call in,2026-01-02\nD1,Mail opened,2026-01-03\nD1,won,2026-01-04\n"
    )
    map_ = Map(
        "m", "", Shape.EVENTS, "Deal", "What", {}, happened="At", touchpoints={"Call*": "call"}, leave_out=("Mail*",)
    )
    export = read(path, map_)
    assert [stage.id for stage in export.process.main.stages] == ["new", "won"]
    assert export.process.touchpoints == ("call",)
    assert (export.taken, export.passed_over, export.is_whole) == (3, 1, True)
    assert export.tables().touches.column("stage").to_pylist() == ["new"]


def test_only_the_rows_that_are_asked_for_are_read_and_the_others_are_counted(log):
    export = read(log, Map("m", "", Shape.MOVES, "Deal", "Stage", {}, happened="At", where={"Stage": ("Closed Won",)}))
    assert (export.rows, export.taken, export.passed_over, export.deal_count) == (3, 1, 2, 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Proposal/Price Quote", "proposal-price-quote"), ("Open", "stage-open"), ("½", "unnamed"), ("Ünder", "nder")],
)
def test_a_name_becomes_an_id_that_a_process_may_use(name, expected):
    assert stage_id(name) == expected


def test_two_names_never_become_one_id():
    assert stage_id("A b", ["a-b", "a-b-2"]) == "a-b-3"
