"""Exports whose rows are stages that deals entered."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.model.map import Column, Known, Map, Shape
from engine.model.past import BadCell, PastDeal, PastMove
from tests.history.made import MOVES, STAGES, read_text


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, number, hour, tzinfo=UTC)


def test_a_deal_is_its_rows_in_order_of_time(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,Offer,2026-01-05,ana,700\nD1,New,2026-01-02,bo,\nD1,Won,2026-01-09,ana,700\n"
    export = read_text(tmp_path, text, MOVES)
    assert list(export.deals) == [
        PastDeal(
            "D1",
            (
                PastMove("new", day(2), "bo", row=3),
                PastMove("offer", day(5), "ana", facts={"amount": Decimal(700)}, row=2),
                PastMove("won", day(9), "ana", row=4),
            ),
            row=3,
        )
    ]
    assert export.out_of_order == 1
    assert export.is_whole


def test_rows_of_one_moment_keep_the_order_of_the_file(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-05,,\nD2,New,2026-01-05,,\nD1,Won,2026-01-05,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert [[move.to_stage for move in deal.moves] for deal in export.deals] == [["new", "won"], ["new"]]
    assert export.out_of_order == 0


def test_a_row_without_a_date_stands_before_the_next_one_that_has_one(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,Offer,,,\nD1,Won,2026-01-09,,\nD1,New,2026-01-02,,\nD1,Lost,,,\n"
    export = read_text(tmp_path, text, MOVES)
    (deal,) = export.deals
    assert [(move.to_stage, move.happened_at) for move in deal.moves] == [
        ("new", day(2)),
        ("offer", None),
        ("won", day(9)),
        ("lost", None),
    ]
    assert export.undated == 2


def test_a_cell_that_cannot_be_read_is_named_and_its_fact_unknown(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,abc\n"
    export = read_text(tmp_path, text, MOVES)
    assert export.bad_cells == (
        BadCell("E2", "Value", "abc", "'abc' is not a number", "write digits and a point, such as 5000 or 12.50", "D1"),
    )
    assert [deal.moves[0].facts for deal in export.deals] == [{}]
    assert (export.rows, export.taken, export.left_out_rows) == (1, 1, 0)


def test_an_unknown_stage_holds_back_the_whole_deal_and_says_what_was_meant(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,\nD1,Ofer,2026-01-03,,\nD2,New,2026-01-02,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert [deal.id for deal in export.deals] == ["D2"]
    assert [(each.cell, each.message, each.hint) for each in export.bad_cells] == [
        ("B3", "the map has no stage 'Ofer'", "did you mean 'Offer'?")
    ]
    assert [(each.row, each.reason, each.deal) for each in export.left_out] == [
        (2, "another row of its deal cannot be read", "D1"),
        (3, "a cell of it cannot be read", "D1"),
    ]


def test_what_was_meant_is_found_whatever_its_case(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,Wonn,2026-01-02,,\nD2,TALKING,2026-01-02,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert [each.hint for each in export.bad_cells] == ["did you mean 'Won'?", "did you mean 'Talking'?"]


def test_a_date_of_another_form_is_named_with_the_form_expected(tmp_path):
    export = read_text(tmp_path, "Deal,Stage,At,Who,Value\nD1,New,02.01.2026,,\n", MOVES)
    assert [(each.cell, each.message, each.hint) for each in export.bad_cells] == [
        ("C2", "'02.01.2026' is not a date", "the map expects a date such as 2026-03-31; say its form under 'dates'")
    ]
    assert list(export.deals) == []


def test_rows_that_name_no_deal_do_not_hold_back_each_other_s_deals(tmp_path):
    text = "Deal,Stage,At,Who,Value\n,New,2026-01-02,,\nD1,New,2026-01-02,,\n  ,Won,2026-01-03,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert [deal.id for deal in export.deals] == ["D1"]
    assert [(each.cell, each.message) for each in export.bad_cells] == [
        ("A2", "the deal is not named"),
        ("A4", "the deal is not named"),
    ]


def test_a_row_said_twice_counts_once_and_is_told(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,5\nD1,Won,2026-01-03,,\nD1,New,2026-01-02,,5\n"
    export = read_text(tmp_path, text, MOVES)
    assert [(each.row, each.reason) for each in export.left_out] == [(4, "says the same as row 2")]
    assert export.moves == 2


def test_short_and_long_rows_are_left_out_with_their_deal_and_trailing_delimiters_are_not(tmp_path):
    text = (
        "Deal,Stage,At,Who,Value\nD1,New\nD1,Won,2026-01-03,,\nD2,New,2026-01-02,,5,6\nD3,New,2026-01-02,,5,,\n,,,,\n\n"
    )
    export = read_text(tmp_path, text, MOVES)
    assert [deal.id for deal in export.deals] == ["D3"]
    assert [(each.row, each.reason) for each in export.left_out] == [
        (2, "has 2 cells where the first row has 5"),
        (3, "another row of its deal cannot be read"),
        (4, "has 6 cells where the first row has 5"),
    ]
    assert (export.rows, export.taken, export.blank, export.left_out_rows) == (6, 1, 2, 3)


def test_a_quoted_line_break_makes_one_row(tmp_path):
    text = 'Deal,Stage,At,Who,Value\nD1,New,2026-01-02,"ana\nbo",5\nD2,Nwe,2026-01-02,,\n'
    export = read_text(tmp_path, text, MOVES)
    assert [deal.moves[0].actor for deal in export.deals] == ["ana\nbo"]
    assert [each.cell for each in export.bad_cells] == ["B3"]


def test_facts_are_known_when_the_map_says_so(tmp_path):
    facts = {
        "amount": Column("Value", known=Known.CLOSE),
        "city": Column("City", known=Known.START),
        "partner": Column("Partner", known=Known.UNKNOWN, values={"ja": "yes", "nein": "no"}),
        "signed": Column("Signed", known=Known.MOVE),
    }
    text = (
        "Deal,Stage,At,Who,Value,City,Partner,Signed\n"
        "D1,New,2026-01-02,,100,Ulm,nein,\n"
        "D1,Won,2026-01-05,,200,Bonn,ja,2026-01-04\n"
        "D2,New,2026-01-02,,300,,,\n"
    )
    first, second = read_text(tmp_path, text, replace(MOVES, facts=facts)).deals
    assert [dict(move.facts) for move in first.moves] == [{}, {"signed": date(2026, 1, 4), "amount": Decimal(200)}]
    assert (first.facts, first.late) == ({"city": "Ulm"}, {"partner": True})
    assert (second.facts, second.late) == ({}, {"amount": Decimal(300)})


def test_a_fact_is_told_again_only_when_it_changes(tmp_path):
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,5\nD1,Offer,2026-01-03,,5.0\nD1,Won,2026-01-04,,6\n"
    (deal,) = read_text(tmp_path, text, MOVES).deals
    assert [dict(move.facts) for move in deal.moves] == [{"amount": Decimal(5)}, {}, {"amount": Decimal(6)}]


def test_columns_that_the_map_does_not_name_are_told(tmp_path):
    text = "Deal,Stage,At,Who,Value,Region,Phone\nD1,New,2026-01-02,,5,,\n"
    assert read_text(tmp_path, text, replace(MOVES, ignore=("Phone",))).unread == ("Region",)


def test_the_deals_can_be_gone_through_twice(tmp_path):
    export = read_text(tmp_path, "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,5\n", MOVES)
    assert list(export.deals) == list(export.deals)


def test_more_distinct_values_than_are_kept_are_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.history.facts._KEPT", 1)
    text = "Deal,Stage,At,Who,Value\nD1,New,2026-01-02,,5\nD2,New,2026-01-02,,x\nD3,New,2026-01-02,,\n"
    export = read_text(tmp_path, text, MOVES)
    assert [dict(deal.moves[0].facts) for deal in export.deals] == [{"amount": Decimal(5)}, {}, {}]
    assert [each.cell for each in export.bad_cells] == ["E3"]


def test_a_thousand_bad_cells_are_named_and_all_are_counted(tmp_path):
    rows = "".join(f"D{number},New,2026-01-02,,x{number}\n" for number in range(1500))
    export = read_text(tmp_path, "Deal,Stage,At,Who,Value\n" + rows, MOVES)
    assert (len(export.bad_cells), export.bad_cell_count) == (1000, 1500)
    assert (export.bad_cells[0].cell, export.bad_cells[-1].cell) == ("E2", "E1001")
    assert export.bad_cells[-1].message == "'x999' is not a number"


CELLS = st.sampled_from(["D1", "D2", " D1", "", "New", "Won", "Wno", "2026-01-02", "2026-01-03", "x", "7", "7,0", "\n"])


@given(st.lists(st.lists(CELLS, max_size=7), max_size=12))
def test_every_row_is_accounted_for(tmp_path_factory, rows):
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    folder = tmp_path_factory.getbasetemp()
    export = read_text(folder, "Deal,Stage,At,Who,Value\n" + quoted, MOVES)
    deals = list(export.deals)
    assert export.rows == len(rows) == export.taken + export.blank + export.left_out_rows
    assert export.left_out_rows == len(export.left_out)
    assert export.taken == export.moves == sum(len(deal.moves) for deal in deals)
    assert len({deal.id for deal in deals}) == len(deals) == export.deal_count
    taken = [move.row for deal in deals for move in deal.moves]
    left_out = [each.row for each in export.left_out]
    assert len(set(taken + left_out)) == len(taken) + len(left_out)


def newest_first(deals: int = 30) -> str:
    """Deals that went three stages in two days, the newest row first."""
    rows = [
        f"D{deal},{stage},2026-01-{day:02}"
        for deal in range(deals)
        for stage, day in (("New", 1), ("Talking", 2), ("Won" if deal % 2 else "Lost", 2))
    ]
    return "Deal,Stage,At\n" + "\n".join(reversed(rows)) + "\n"


def test_a_file_that_is_newest_first_is_read_from_the_bottom_up_where_times_are_the_same(tmp_path):
    export = read_text(
        tmp_path, newest_first(), Map("log", "sale", Shape.MOVES, "Deal", "Stage", STAGES, happened="At")
    )
    assert {tuple(move.to_stage for move in deal.moves) for deal in export.deals} == {
        ("new", "talking", "won"),
        ("new", "talking", "lost"),
    }
    assert export.out_of_order == 0
    assert any("newest first" in note for note in export.notes)
