"""The funnel: hand-worked, with skips, ties and open deals, and laws that hold for any deals."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.built_in.funnel import funnel, funnel_ends
from engine.analysis.measure.measure import measure
from engine.model.errors import BadValue
from engine.model.study import Estimate
from engine.numerics.intervals import wilson
from tests.analysis.measure.looking import looked_at, values
from tests.analysis.telling import SALE, day, deal, many, rows, tables
from tests.analysis.test_any_deals import deals as any_deals
from tests.analysis.test_any_deals import told as as_deals

COUNTS = ("stage", "deals", "skipped", "came", "ended")

FEW = (
    deal("A", "new 0, demo 2, new 3, demo 9, offer 10, won 11"),
    deal("B", "new 0, demo 6, lost 8"),
    deal("C", "new 0, offer 4, won 5"),
    deal("D", "new 0, lost 2"),
    deal("E", "new 8"),
    deal("F", "new 0, gone 2"),
)


def test_deals_are_counted_in_each_stage_with_those_that_went_over_it():
    found = funnel(looked_at(*FEW, within=(3.0, 7.0)))
    assert rows(found, *COUNTS) == [
        ("new", 6, 0, 3, 2),
        ("demo", 3, 1, 2, 1),
        ("offer", 2, 0, 2, 0),
    ]


def test_coming_further_competes_with_ending_and_open_deals_count_as_watched():
    found = funnel(looked_at(*FEW, within=(2.0, 7.0)))
    # From new at 2 days one of 6 goes on, and two end; at 3 one is censored; at 4 one of 2 goes on, at 6 the last.
    # From demo C passes at once; A goes on after 8 days, B ends after 2.
    assert values(found, "by_2d", "by_7d") == [
        (round(1 / 6, 9), round(1 / 6 + 3 / 6, 9)),
        (round(1 / 3, 9), round(1 / 3, 9)),
        (1.0, 1.0),
    ]


def test_where_all_are_seen_to_the_end_shares_are_plain_shares_with_wilsons_interval():
    deals = [*many(30, "new 0, demo 5"), *many(20, "new 0, demo 40"), *many(50, "new 0, lost 20"), deal("Z", "new 200")]
    ((by_30,), *_) = rows(funnel(looked_at(*deals[:-1], deal("Z", "new 0, lost 200"))), "by_30d")
    plain = wilson(30, 101)
    assert (by_30.value, by_30.low, by_30.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_how_deals_came_out_is_told_from_each_stage():
    found = funnel_ends(looked_at(*FEW, within=(5.0, 10.0)))
    assert rows(found, "stage", "deals", "won", "lost", "other", "open") == [
        ("new", 6, 2, 2, 1, 1),
        ("demo", 3, 2, 1, 0, 0),
        ("offer", 2, 2, 0, 0, 0),
    ]
    # From new: at 2 two of 6 end, each its way; at 3 one is censored; of 3 one is won at 5, one lost at 8.
    assert values(found, "won_10d", "lost_10d", "other_10d")[0] == (
        round(4 / 6 / 3, 9),
        round(1 / 6 + 4 / 6 / 3, 9),
        round(1 / 6, 9),
    )


def test_a_horizon_beyond_the_follow_up_has_no_column_but_a_reason():
    found = funnel(looked_at(*FEW))
    assert [each.id for each in found.headings] == list(COUNTS)
    assert found.charts == ()
    assert "Nothing can be told by day 30, 60, 90: the follow-up is 11.0 days long." in found.notes
    assert [each.id for each in funnel(looked_at(*FEW, within=(0.5, 40.0))).headings][5:] == ["by_0_5d"]


def test_a_horizon_that_is_asked_for_and_cannot_be_told_is_refused():
    asked = Asked(within=(timedelta(days=30),))
    with pytest.raises(BadValue, match=r"30 days reaches beyond the follow-up of 11\.0 days"):
        measure(tables(*FEW), SALE, asked=asked)
    assert measure(tables(*FEW), SALE, asked=Asked()).sections


def test_where_nobody_was_watched_for_so_long_there_is_no_figure_and_a_note():
    found = funnel(looked_at(deal("A", "new 0, demo 90"), deal("B", "new 0"), deal("C", "new 80, lost 100")))
    assert values(found, "by_30d", "by_90d") == [(0.0, round(1 / 3, 9)), (None, None), (None, None)]
    assert any(each.startswith("'-':") for each in found.notes)


def test_a_share_of_none_is_bounded_by_those_of_whom_it_is_known():
    found = funnel(looked_at(*many(20, "new 0, lost 50"), *many(20, "new 100, lost 110"), deal("A", "new 109")))
    ((by_30,), *_) = rows(found, "by_30d")
    assert (by_30.value, by_30.low, by_30.high) == (0.0, 0.0, wilson(0, 40).high)


def test_undated_passages_are_counted_and_in_no_share():
    found = funnel(looked_at(deal("A", "new, demo 2, won 40"), deal("B", "new 0, demo 30, won"), within=(30.0,)))
    assert rows(found, "stage", "deals", "came")[:2] == [("new", 2, 2), ("demo", 2, 2)]
    where = "1 deal in 'new', 1 deal in 'demo', 1 deal in 'offer'"
    assert f"Counted, but in no share of the funnel for want of dates: {where}." in found.notes


def test_since_lets_deals_enter_late():
    over = deal("A", "new 0, demo 3, won 4")
    others = [deal("B", "new 0, demo 12, won 15"), deal("C", "new 5, lost 13"), deal("D", "new 0"), deal("E", "new 20")]
    found = funnel(looked_at(over, *others, since=day(5), within=(13.0,)))
    # B and D are watched from their fifth day on, C from its first: after 8 days it is one of 3, after 12 B one of 2.
    assert rows(found, "stage", "deals", "came", "ended")[0] == ("new", 4, 1, 1)
    assert values(found, "by_13d")[0] == (round(2 / 3 / 2, 9),)


def test_no_deals_and_deals_that_stood_in_no_stage_have_a_sentence():
    empty = looked_at(deal("A", "new 0")).of(looked_at(deal("A", "new 0")).told.outcome > 0)
    for found in (funnel(empty), funnel_ends(empty)):
        assert (found.rows, found.notes) == ((), ())
        assert found.empty == "No deal stood in a stage of the pipeline."
    assert rows(funnel(looked_at(deal("A", "lost 3"))), *COUNTS) == [
        ("new", 0, 0, 0, 0),
        ("demo", 0, 0, 0, 0),
        ("offer", 0, 0, 0, 0),
    ]


@given(any_deals.filter(len), st.integers(0, 4))
@settings(max_examples=60)
def test_for_any_deals_the_counts_add_up_and_intervals_hold_their_figure(drawn, horizon):
    seen = looked_at(*as_deals(drawn), within=(horizon / 2, 3.0))
    steps = rows(funnel(seen), *COUNTS[1:])
    assert all(deals >= came + ended for deals, _, came, ended in steps)
    assert [came for _, _, came, _ in steps[:-1]] == [deals for deals, *_ in steps[1:]]
    ends = rows(funnel_ends(seen), "deals", "won", "lost", "other", "open")
    assert all(deals == sum(rest) for deals, *rest in ends)
    assert {won for _, won, *_ in ends} == {steps[-1][2]}
    told = [each for section in (funnel(seen), funnel_ends(seen)) for row in section.rows for each in row]
    shares = [each for each in told if isinstance(each, Estimate)]
    assert all(each.low is None or each.low <= each.value + 1e-9 for each in shares)
    assert all(each.high is None or each.value <= each.high + 1e-9 for each in shares)
    assert all(
        sum(each.value for each in row if isinstance(each, Estimate)) <= 1 + 1e-9 for row in funnel_ends(seen).rows
    )
