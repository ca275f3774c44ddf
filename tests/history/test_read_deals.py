"""Exports whose rows are whole deals."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.history.read import read
from engine.model.errors import BadValue, UnknownName
from engine.model.map import Column
from engine.model.past import PastDeal, PastMove
from tests.history.made import DEALS, PROCESS, read_text

HEADER = "Deal,Stage,Talked,Offered,Closed,Owner,Value\n"


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def path_of(deal: PastDeal) -> list[tuple[str, datetime | None]]:
    return [(move.to_stage, move.happened_at) for move in deal.moves]


def test_a_deal_goes_through_the_stages_that_have_a_date_to_its_present_one(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,Won,2026-01-02,2026-01-05,2026-01-09,ana,700\n", DEALS)
    assert list(export.deals) == [
        PastDeal(
            "D1",
            (
                PastMove("talking", day(2), row=2),
                PastMove("offer", day(5), row=2),
                PastMove("won", day(9), facts={"amount": Decimal(700)}, row=2),
            ),
            owner="ana",
            row=2,
        )
    ]
    assert export.moves == 3


def test_the_close_date_of_an_open_deal_is_passed_over(tmp_path):
    (deal,) = read_text(tmp_path, HEADER + "D1,Talking,2026-01-02,,2030-01-09,ana,700\n", DEALS).deals
    assert path_of(deal) == [("talking", day(2))]
    assert deal.late == {"amount": Decimal(700)}


def test_a_deal_that_went_back_is_told_in_order_of_time(tmp_path):
    (deal,) = read_text(tmp_path, HEADER + "D1,Talking,2026-01-08,2026-01-05,,,\n", DEALS).deals
    assert path_of(deal) == [("offer", day(5)), ("talking", day(8))]


def test_two_stages_of_one_day_are_told_in_order_of_the_pipeline(tmp_path):
    (deal,) = read_text(tmp_path, HEADER + "D1,Won,2026-01-05,2026-01-05,2026-01-05,,\n", DEALS).deals
    assert path_of(deal) == [("talking", day(5)), ("offer", day(5)), ("won", day(5))]


def test_a_present_stage_without_a_date_is_undated(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,New,,,,,\nD2,Won,2026-01-02,,,,\n", DEALS)
    assert [path_of(deal) for deal in export.deals] == [[("new", None)], [("talking", day(2)), ("won", None)]]
    assert export.undated == 2


def test_a_close_before_an_earlier_stage_is_a_bad_cell_and_holds_back_the_deal(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,Won,2026-01-05,,2026-01-02,,\n", DEALS)
    assert [(each.cell, each.value, each.message) for each in export.bad_cells] == [
        ("E2", "2026-01-02", "the deal entered another stage after it had entered 'won'")
    ]
    assert list(export.deals) == []


def test_an_unreadable_date_of_a_stage_holds_back_the_deal(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,Won,soon,,2026-01-02,,\n", DEALS)
    assert [each.cell for each in export.bad_cells] == ["C2"]
    assert list(export.deals) == []


def test_an_unreadable_date_that_does_not_matter_is_told_and_does_no_harm(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,Talking,2026-01-02,,soon,,\n", DEALS)
    assert [each.cell for each in export.bad_cells] == ["E2"]
    assert [deal.id for deal in export.deals] == ["D1"]


def test_one_deal_in_two_rows_that_differ_is_held_back(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,New,,,,ana,\nD2,New,,,,,\nD1,Lost,,,2026-01-02,ana,\n", DEALS)
    assert [deal.id for deal in export.deals] == ["D2"]
    assert [each.cell for each in export.bad_cells] == ["A2", "A4"]
    assert [each.row for each in export.left_out] == [2, 4]


def test_one_deal_in_two_equal_rows_is_taken_once(tmp_path):
    export = read_text(tmp_path, HEADER + "D1,New,,,,ana,\nD1 ,New,,,,ana,\n", DEALS)
    assert [deal.id for deal in export.deals] == ["D1"]
    assert [(each.row, each.reason) for each in export.left_out] == [(3, "says the same as row 2")]
    assert export.is_whole is False


def test_a_map_that_names_a_stage_the_process_has_not_is_refused(tmp_path):
    with pytest.raises(UnknownName, match=r"'sale@1' has no stage 'ofer'") as caught:
        read_text(tmp_path, HEADER, replace(DEALS, stages={"Offer": "ofer"}))
    assert caught.value.hint == "did you mean 'offer'?"


def test_a_map_that_names_a_fact_the_process_has_not_is_refused(tmp_path):
    with pytest.raises(UnknownName, match=r"'sale@1' has no fact 'amuont'"):
        read_text(tmp_path, HEADER, replace(DEALS, facts={"amuont": Column("Value")}))


def test_a_map_of_an_unknown_time_zone_is_refused(tmp_path):
    with pytest.raises(BadValue, match="there is no time zone 'Europe/Atlantis'"):
        read_text(tmp_path, HEADER, replace(DEALS, time_zone="Europe/Atlantis"))


def test_days_begin_at_midnight_of_the_map_s_zone(tmp_path):
    (deal,) = read_text(
        tmp_path, HEADER + "D1,Talking,2026-07-02,,,,\n", replace(DEALS, time_zone="Europe/Berlin")
    ).deals
    assert path_of(deal) == [("talking", datetime(2026, 7, 1, 22, tzinfo=UTC))]


def test_days_begin_at_midnight_of_the_process_s_zone_where_the_map_names_none(tmp_path):
    export = tmp_path / "export.csv"
    export.write_text(HEADER + "D1,Talking,2026-07-02,,,,\n", encoding="utf-8")
    (deal,) = read(export, DEALS, replace(PROCESS, time_zone="Europe/Berlin")).deals
    assert path_of(deal) == [("talking", datetime(2026, 7, 1, 22, tzinfo=UTC))]


CELLS = st.sampled_from(["D1", "D2", "", "New", "Won", "Lost", "Wno", "2026-01-02", "2026-01-03", "soon", "7", "x"])


@given(st.lists(st.lists(CELLS, min_size=3, max_size=8), max_size=10))
def test_every_row_is_accounted_for(tmp_path_factory, rows):
    text = HEADER + "".join(",".join(row) + "\n" for row in rows)
    export = read_text(tmp_path_factory.getbasetemp(), text, DEALS)
    deals = list(export.deals)
    assert export.rows == len(rows) == export.taken + export.blank + export.left_out_rows
    assert export.taken == len(deals) == len({deal.id for deal in deals}) == export.deal_count
    assert export.moves == sum(len(deal.moves) for deal in deals)
    for deal in deals:
        dates = [move.happened_at for move in deal.moves if move.happened_at]
        assert dates == sorted(dates)
