"""Cycle times: hand-worked by outcome and from each stage, and laws that hold for any deals."""

import math

import pytest
from hypothesis import given, settings

from engine.analysis.measure.built_in.cycle_time import cycle_time, cycle_time_from_stages
from engine.analysis.measure.built_in.dwell import dwell, dwell_with_skips
from engine.model.study import Estimate
from tests.analysis.measure.looking import looked_at, values
from tests.analysis.telling import deal, rows
from tests.analysis.test_any_deals import deals as any_deals
from tests.analysis.test_any_deals import told as as_deals

FEW = (
    deal("A", "new 0, demo 2, won 4"),
    deal("B", "new 0, demo 2, offer 3, won 8"),
    deal("C", "new 0, lost 6"),
    deal("D", "new 0, won 2"),
    deal("E", "new 5"),
)


def test_times_of_an_outcome_are_of_those_that_came_to_it():
    found = cycle_time(looked_at(*FEW))
    # At 2 one of 5 is won; at 3 one is censored; of 3 left one is won at 4, one lost at 6, one won at 8.
    share = 4 / 5 / 3
    mean = (2 * 1 / 5 + 4 * share + 8 * share) / (1 / 5 + 2 * share)
    assert values(found, "outcome", "deals", "share", "p50_days", "mean_days") == [
        ("won", 3, round(1 / 5 + 2 * share, 9), 4.0, round(mean, 9)),
        ("lost", 1, round(share, 9), 6.0, 6.0),
        ("ended otherwise", 0, None, None, None),
        ("any end", 4, 1.0, 6.0, round(2 / 5 + (4 + 6 + 8) * share, 9)),
    ]
    assert found.says == ("Still open, and counted as open: 1 deal.",)


def test_from_reaching_a_stage_a_win_without_it_takes_no_part():
    found = cycle_time_from_stages(looked_at(*FEW))
    # D was won straight from new. A took 2 days from demo, B 6; from offer only B, who stood there, 5.
    assert values(found, "stage", "deals", "won", "share", "p50_days", "mean_days") == [
        ("demo", 2, 2, 1.0, 2.0, 4.0),
        ("offer", 1, 1, 1.0, 5.0, 5.0),
    ]


def test_of_one_deal_there_is_a_figure_and_no_interval():
    found = cycle_time(looked_at(deal("A", "new 0, won 5")))
    assert rows(found, "p50_days", "p90_days", "mean_days")[0] == (Estimate(5.0),) * 3


def test_while_others_are_open_the_mean_says_how_far_it_was_counted():
    found = cycle_time(looked_at(*FEW, deal("F", "new 0"), deal("Z", "new 9, lost 9")))
    assert values(found, "outcome", "mean_up_to_days")[0] == ("won", 9.0)


def test_no_deals_and_no_dates_have_a_sentence():
    seen = looked_at(deal("A", "new, won"))
    assert rows(cycle_time(seen), "outcome", "deals", "p50_days")[0] == ("won", 1, None)
    assert "Left out of the times, for want of dates: 1 deal." in cycle_time(seen).notes
    for measure in (cycle_time, cycle_time_from_stages):
        assert measure(seen.of(seen.told.outcome == 0)).rows == ()


@given(any_deals.filter(len))
@settings(max_examples=50)
def test_for_any_deals_figures_are_sound(drawn):
    seen = looked_at(*as_deals(drawn))
    (won, lost, other, whole) = rows(cycle_time(seen), "deals", "share")
    assert won[0] + lost[0] + other[0] == whole[0]
    if whole[1] is not None:
        assert sum(each.value for _, each in (won, lost, other) if each) == pytest.approx(whole[1].value)
    sections = [measure(seen) for measure in (cycle_time, cycle_time_from_stages, dwell, dwell_with_skips)]
    told = [each for section in sections for row in section.rows for each in row if isinstance(each, Estimate)]
    edges = [each for estimate in told for each in (estimate.value, estimate.low, estimate.high) if each is not None]
    assert all(math.isfinite(each) and each >= 0 for each in edges)
    assert all(each.low <= each.value + 1e-9 for each in told if None not in (each.low, each.value))
    assert all(each.value <= each.high + 1e-9 for each in told if None not in (each.high, each.value))
