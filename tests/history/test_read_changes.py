"""Exports whose rows are changes of a property."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.history.as_of import Moments, latest_at
from engine.history.export import account
from engine.history.read import read
from engine.model.map import Column, Map, Shape
from tests.history.made import STAGES, read_text

CHANGES = Map(
    "log",
    "sale",
    Shape.CHANGES,
    "Deal",
    "StageName",
    STAGES,
    property="Field",
    value="New",
    before="Old",
    created="created",
    happened="At",
    actor="Who",
    owner="Owner",
    reason=Column("Why"),
    facts={"amount": Column("Amount"), "grade": Column("Grade")},
    dates=("%Y-%m-%d", "%Y-%m-%d %H:%M"),
)
HEAD = "Deal,Field,Old,New,At,Who\n"


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, number, hour, tzinfo=UTC)


def steps(deal):
    return [(move.to_stage, move.happened_at) for move in deal.moves]


def test_a_change_of_the_stage_is_a_move_and_the_creation_dates_the_stage_before_it(tmp_path):
    text = HEAD + (
        "D1,StageName,Talking,Offer,2026-01-05,ana\n"
        "D1,created,,,2026-01-02,bo\n"
        "D1,StageName,New,Talking,2026-01-03,ana\n"
    )
    export = read_text(tmp_path, text, CHANGES)
    (deal,) = export.deals
    assert steps(deal) == [("new", day(2)), ("talking", day(3)), ("offer", day(5))]
    assert [move.actor for move in deal.moves] == ["bo", "ana", "ana"]
    assert [move.row for move in deal.moves] == [3, 4, 2]
    assert export.out_of_order == 1
    assert (export.rows, export.taken, export.passed_over, export.is_whole) == (3, 3, 0, True)


def test_without_a_row_of_its_creation_nobody_dated_the_first_stage(tmp_path):
    export = read_text(tmp_path, HEAD + "D1,StageName,New,Talking,2026-01-03,ana\n", CHANGES)
    (deal,) = export.deals
    assert steps(deal) == [("new", None), ("talking", day(3))]
    assert [move.actor for move in deal.moves] == ["", "ana"]
    assert export.undated == 1


def test_a_fact_is_known_from_its_change_on_and_not_before(tmp_path):
    text = HEAD + (
        "D1,StageName,,New,2026-01-02,\n"
        "D1,Amount,,500,2026-01-03,\n"
        "D1,StageName,New,Talking,2026-01-04,\n"
        "D1,Amount,500,700,2026-01-05,\n"
        "D1,Amount,700,800,2026-01-06,\n"
        "D1,StageName,Talking,Won,2026-01-06,\n"
    )
    (deal,) = read_text(tmp_path, text, CHANGES).deals
    assert [move.facts for move in deal.moves] == [{}, {"amount": Decimal(500)}, {"amount": Decimal(800)}]
    assert deal.late == {}


def test_what_changed_after_the_last_move_is_known_late(tmp_path):
    text = HEAD + "D1,Amount,,500,2026-01-01,\nD1,StageName,,New,2026-01-02,\nD1,Amount,500,700,2026-01-03,\n"
    (deal,) = read_text(tmp_path, text, CHANGES).deals
    assert deal.moves[0].facts == {"amount": Decimal(500)}
    assert deal.late == {"amount": Decimal(700)}


def test_a_fact_that_nobody_dated_is_known_late(tmp_path):
    (deal,) = read_text(tmp_path, HEAD + "D1,Amount,,500,,\nD1,StageName,,New,2026-01-02,\n", CHANGES).deals
    assert (deal.moves[0].facts, deal.late) == ({}, {"amount": Decimal(500)})


def test_the_last_owner_is_the_owner_and_a_reason_belongs_to_the_move_it_was_given_with(tmp_path):
    text = HEAD + (
        "D1,Owner,,ana,2026-01-02,\n"
        "D1,StageName,,New,2026-01-02,\n"
        "D1,StageName,New,Lost,2026-01-04,\n"
        "D1,Why,,price,2026-01-04 10:00,\n"
        "D1,Owner,ana,bo,2026-01-09,\n"
    )
    (deal,) = read_text(tmp_path, text, CHANGES).deals
    assert deal.owner == "bo"
    assert [move.reason for move in deal.moves] == ["", "price"]


def test_a_reason_of_an_earlier_move_is_not_told_again(tmp_path):
    text = HEAD + (
        "D1,StageName,,New,2026-01-02,\nD1,Why,,price,2026-01-03,\n"
        "D1,StageName,New,Lost,2026-01-03,\nD1,StageName,Lost,Talking,2026-01-05,\n"
    )
    (deal,) = read_text(tmp_path, text, CHANGES).deals
    assert [move.reason for move in deal.moves] == ["", "price", ""]


def test_properties_that_the_map_does_not_read_are_counted_by_name(tmp_path):
    text = HEAD + (
        "D1,StageName,,New,2026-01-02,\nD1,CloseDate,,2026-05-01,2026-01-02,\n"
        "D1,CloseDate,,2026-06-01,2026-01-03,\nD1,NextStep,,call,2026-01-03,\n"
    )
    export = read_text(tmp_path, text, CHANGES)
    assert (export.rows, export.taken, export.passed_over, export.left_out_rows) == (4, 1, 3, 0)
    assert export.notes == ("properties not read: CloseDate (2), NextStep (1); name one under 'facts' to read it",)
    assert export.is_whole


def test_a_deal_without_a_stage_is_left_out_and_says_so(tmp_path):
    export = read_text(tmp_path, HEAD + "D1,StageName,,New,2026-01-02,\nD2,Amount,,5,2026-01-02,\n", CHANGES)
    assert [deal.id for deal in export.deals] == ["D1"]
    assert [(each.row, each.deal, each.reason) for each in export.left_out] == [
        (3, "D2", "no row of its deal tells a change of 'StageName'")
    ]


def test_a_stage_that_is_named_again_is_no_move(tmp_path):
    text = HEAD + "D1,StageName,,New,2026-01-02,\nD1,StageName,New,New,2026-01-03,\nD1,StageName,New,Won,2026-01-04,\n"
    export = read_text(tmp_path, text, CHANGES)
    assert [steps(deal) for deal in export.deals] == [[("new", day(2)), ("won", day(4))]]
    assert export.notes == ("1 row names the stage in which the deal stood already: no move",)


def test_a_deal_with_as_many_changes_as_are_kept_is_flagged_and_its_first_stage_undated(tmp_path):
    text = "Deal,Field,New,At\n" + "".join(
        f"D1,StageName,{stage},2026-01-0{number}\n" for number, stage in enumerate(["New", "Talking", "Offer"], start=1)
    )
    text += "D2,StageName,New,2026-01-01\nD2,StageName,Won,2026-01-02\n"
    map_ = replace(CHANGES, before=None, actor=None, truncated_at=3)
    export = read_text(tmp_path, text, map_)
    cut, whole = export.deals
    assert steps(cut) == [("new", None), ("talking", day(2)), ("offer", day(3))]
    assert steps(whole) == [("new", day(1)), ("won", day(2))]
    assert export.notes == (
        "1 deal has 3 changes of 'StageName', the most that are kept: earlier ones may be lost, "
        "so their first stage has no date (D1)",
    )


def test_a_cell_that_cannot_be_read_is_named_where_it_stands(tmp_path):
    text = HEAD + "D1,StageName,,New,2026-01-02,\nD1,Amount,,lots,2026-01-03,\nD1,StageName,Nwe,Ofer,2026-01-04,\n"
    text += "D2,StageName,Wonn,New,2026-01-02,\nD3,StageName,,New,soon,\n"
    export = read_text(tmp_path, text, CHANGES)
    assert [(each.cell, each.column, each.value) for each in export.bad_cells] == [
        ("D3", "New of Amount", "lots"),
        ("D4", "New of StageName", "Ofer"),
        ("C5", "Old of StageName", "Wonn"),
        ("E6", "At", "soon"),
    ]
    assert [deal.id for deal in export.deals] == ["D2"]
    assert export.left_out_rows == 4


def test_a_value_of_a_property_that_is_not_read_is_never_taken_for_a_stage(tmp_path):
    text = HEAD + "D1,StageName,,New,2026-01-02,\nD1,NextStep,,Won,2026-01-03,\nD1,Amount,,7,2026-01-02,\n"
    (deal,) = read_text(tmp_path, text, CHANGES).deals
    assert steps(deal) == [("new", day(2))]


def test_a_property_of_outcomes_ends_a_deal_and_opens_it_again(tmp_path):
    text = HEAD + (
        "D1,StageName,,New,2026-01-01,\nD1,StageName,New,Talking,2026-01-02,\nD1,status,open,Lost,2026-01-03,\n"
        "D1,status,Lost,open,2026-01-05,\nD1,StageName,Talking,Offer,2026-01-06,\nD1,status,open,Won,2026-01-07,\n"
    )
    export = read_text(tmp_path, text, replace(CHANGES, outcome="status"))
    (deal,) = export.deals
    assert steps(deal) == [
        ("new", day(1)),
        ("talking", day(2)),
        ("lost", day(3)),
        ("talking", day(5)),
        ("offer", day(6)),
        ("won", day(7)),
    ]
    assert export.is_whole


def test_a_deal_that_is_open_again_and_never_stood_anywhere_has_no_stage_from_it(tmp_path):
    text = HEAD + "D1,status,,open,2026-01-01,\nD1,StageName,,New,2026-01-02,\n"
    (deal,) = read_text(tmp_path, text, replace(CHANGES, outcome="status")).deals
    assert steps(deal) == [("new", day(2))]


def test_an_empty_history_has_no_deals(tmp_path):
    export = read_text(tmp_path, HEAD, CHANGES)
    assert (list(export.deals), export.rows, export.moves) == ([], 0, 0)


def test_without_a_process_the_stages_before_the_first_change_are_stages_too(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        HEAD + "D1,StageName,Lead,Demo,2026-01-02,\nD1,StageName,Demo,Won,soon,\nD2,StageName,Demo,Won,2026-01-03,\n"
    )
    export = read(path, replace(CHANGES, process="", stages={}, owner=None, reason=None))
    assert [(stage.id, stage.ends) for stage in export.process.main.stages] == [
        ("lead", ""),
        ("demo", ""),
        ("won", "won"),
    ]
    assert [cell.cell for cell in export.bad_cells] == ["E3"]
    assert [deal.id for deal in export.deals] == ["D2"]


def test_in_the_tables_a_late_fact_has_its_time_and_is_the_last_known(tmp_path):
    text = HEAD + "D1,Amount,,500,2026-01-01,\nD1,StageName,,New,2026-01-02,\nD1,Amount,500,700,2026-01-03,\n"
    text += "D2,Amount,,100,2026-01-01,\nD2,StageName,,New,2026-01-02,\n"
    tables = read_text(tmp_path, text, CHANGES).tables()
    facts = [row for row in tables.table("facts").to_pylist() if row["fact"] == "amount"]
    assert [(row["deal"], row["value"], row["happened_at"].day) for row in facts] == [
        ("D1", "500", 2),
        ("D1", "700", 3),
        ("D2", "100", 2),
    ]
    assert tables.table("deals").column("amount").to_pylist() == [Decimal(700), Decimal(100)]


def test_the_account_tells_what_was_passed_over(tmp_path):
    text = HEAD + "D1,StageName,,New,2026-01-02,\nD1,NextStep,,call,2026-01-03,\n"
    table = account(read_text(tmp_path, text, CHANGES))
    assert ("rows that the map leaves out on purpose", 1) in table.rows
    assert "NextStep (1)" in table.notes[0]


_MOMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12)


@given(known=_MOMENTS, asked=_MOMENTS)
def test_the_latest_is_what_looking_through_all_of_them_finds(known, asked):
    def looked(deal, when):
        fits = [(at, place) for place, (of, at) in enumerate(known) if of == deal and at <= when]
        return max(fits)[1] if fits else -1

    def moments(pairs):
        return Moments(np.array([deal for deal, _ in pairs], np.int32), np.array([when for _, when in pairs], np.int64))

    assert latest_at(moments(known), moments(asked)).tolist() == [looked(*each) for each in asked]
