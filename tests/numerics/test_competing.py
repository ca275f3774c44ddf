"""Aalen and Johansen's incidences: their laws, hand-worked figures, and those of lifelines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from engine.numerics.competing import (
    aalen_johansen,
    emptied_early,
    mean_of_those,
    quantile_of_those,
    share_by,
    way,
)
from engine.numerics.intervals import of_share, wilson
from engine.numerics.survival import kaplan_meier
from engine.numerics.watching import Quantile, Z, known_by
from tests.numerics.spread import variance

spans = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 2), st.integers(0, 20)), min_size=1, max_size=60)


def columns(rows):
    exits, cause, entries = (np.array(each) for each in zip(*rows, strict=True))
    return exits.astype(float), cause.astype(np.int64), entries.astype(float)


def test_ends_of_two_causes_at_one_time_share_a_risk_set():
    # 5 watched; at 2 one ends each way, at 3 one is censored, at 4 both that are left end, each its way.
    found = aalen_johansen(np.array([2.0, 2, 3, 4, 4]), np.array([1, 2, 0, 1, 2]), 2)
    assert found.at_risk.tolist() == [5, 2]
    assert found.survival == pytest.approx([3 / 5, 0])
    assert way(found, 1).line == pytest.approx([1 / 5, 1 / 2])
    assert way(found, 2).line == pytest.approx([1 / 5, 1 / 2])
    assert (found.reached(1), found.longest, found.watched) == (pytest.approx(0.5), 4.0, 5)


def test_one_less_the_curve_with_others_as_censored_would_say_too_much():
    exits, cause = np.array([1.0, 2, 3, 4]), np.array([2, 1, 2, 1])
    assert aalen_johansen(exits, cause, 2).reached(1) == pytest.approx(0.5)
    assert 1 - kaplan_meier(exits, cause == 1).survival[-1] == 1.0


def test_a_quantile_is_of_those_that_end_this_way():
    found = aalen_johansen(np.arange(1.0, 9), np.array([1, 2, 1, 2, 1, 2, 1, 2]), 2)
    assert quantile_of_those(way(found, 1), 0.5).value == 3
    assert quantile_of_those(way(found, 2), 0.5).value == 4


def test_none_that_end_this_way_have_no_quantile():
    found = aalen_johansen(np.array([1.0, 2.0]), np.array([1, 0]), 2)
    assert quantile_of_those(way(found, 2), 0.5) == Quantile(None, None, None)
    nothing = aalen_johansen(np.zeros(0), np.zeros(0, np.int64), 2)
    assert (nothing.reached(1), quantile_of_those(way(nothing, 1), 0.5)) == (0.0, Quantile(None, None, None))
    assert variance(way(nothing, 1)).tolist() == []


def test_a_risk_set_that_is_empty_before_all_have_come_says_nothing():
    found = aalen_johansen(np.array([1.0, 9.0]), np.array([1, 1]), 1, np.array([0.0, 5.0]))
    assert emptied_early(found)
    assert quantile_of_those(way(found, 1), 0.5) == Quantile(None, None, None)


@given(spans)
def test_what_lasts_and_what_ended_make_the_whole(rows):
    found = aalen_johansen(*columns(rows)[:2], 2, columns(rows)[2])
    assert found.survival + way(found, 1).line + way(found, 2).line == pytest.approx(np.ones(len(found.times)))


@given(spans)
def test_a_share_is_told_with_the_spread_that_lifelines_and_greenwood_bear_out(rows):
    exits, cause, entries = columns(rows)
    found = aalen_johansen(exits, cause, 2, entries)
    its = way(found, 1)
    if its.says_nothing:
        return
    for time, share, spread in zip(its.times, its.line, variance(its), strict=True):
        if 1e-9 < share < 1 - 1e-9 and spread > 1e-12:
            told, plain = share_by(found, its, float(time), known=len(exits)), of_share(float(share), float(spread))
            assert (told.value, told.low, told.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-6)


@given(spans)
def test_with_one_cause_it_is_the_curve_turned_over(rows):
    exits, cause, entries = columns(rows)
    found = aalen_johansen(exits, np.minimum(cause, 1), 1, entries)
    curve = kaplan_meier(exits, cause > 0, entries)
    assert way(found, 1).line == pytest.approx(1 - curve.survival)
    # Greenwood's formula is what the variance becomes where nothing competes.
    left = curve.at_risk > curve.ended
    summed = np.cumsum(np.where(left, curve.ended / np.maximum(curve.at_risk * (curve.at_risk - curve.ended), 1), 0))
    alive = curve.survival > 0
    assert variance(way(found, 1))[alive] == pytest.approx((curve.survival**2 * summed)[alive], abs=1e-12)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 2)), min_size=1, max_size=60))
def test_where_all_ended_the_incidence_is_the_share_that_did(rows):
    exits, cause = (np.array(each) for each in zip(*rows, strict=True))
    found = aalen_johansen(exits.astype(float), cause, 2)
    assert way(found, 1).line == pytest.approx([((exits <= each) & (cause == 1)).mean() for each in found.times])
    line = (way(found, 1).line > 0) & (way(found, 1).line < 1)
    binomial = way(found, 1).line * (1 - way(found, 1).line) / len(exits)
    assert variance(way(found, 1))[line] == pytest.approx(binomial[line])


def test_the_incidence_and_its_variance_are_those_of_lifelines():
    dice = np.random.default_rng(3)
    exits = np.unique(dice.exponential(20, 300).round(6))
    cause = dice.integers(0, 3, len(exits))
    found = aalen_johansen(exits, cause, 2)
    for each in (1, 2):
        theirs = AalenJohansenFitter(alpha=0.1, calculate_variance=True).fit(exits, cause, event_of_interest=each)
        line, spread = (
            frame.loc[found.times].to_numpy().ravel() for frame in (theirs.cumulative_density_, theirs.variance_)
        )
        assert way(found, each).line == pytest.approx(line, abs=1e-6)
        # Where the last one ends theirs divides by nought.
        assert variance(way(found, each))[:-1] == pytest.approx(spread[:-1], abs=1e-6)


def test_with_delayed_entry_the_incidence_is_that_of_lifelines():
    dice = np.random.default_rng(4)
    entries = dice.uniform(0, 10, 300).round(6) * dice.integers(0, 2, 300)
    exits = np.unique(dice.exponential(20, 300).round(6) + 1)
    entries = np.minimum(entries[: len(exits)], exits - 0.5)
    cause = dice.integers(0, 3, len(exits))
    found = aalen_johansen(exits, cause, 2, entries)
    for each in (1, 2):
        theirs = AalenJohansenFitter(calculate_variance=False).fit(exits, cause, event_of_interest=each, entry=entries)
        line = theirs.cumulative_density_.loc[found.times].to_numpy().ravel()
        assert way(found, each).line == pytest.approx(line, abs=1e-6)


def test_the_interval_of_a_quantile_holds_the_truth_nine_times_in_ten():
    inside = []
    for seed in range(400):
        dice = np.random.default_rng(seed)
        ends, ways = dice.exponential(10, 200), dice.integers(1, 3, 200)
        watched = dice.uniform(60, 90, 200)
        found = aalen_johansen(np.minimum(ends, watched), np.where(ends <= watched, ways, 0), 2)
        half = quantile_of_those(way(found, 1), 0.5)
        inside.append(half.low <= 10 * np.log(2) <= half.high)
    assert 0.86 < np.mean(inside) < 0.94


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 2)), min_size=1, max_size=60), st.integers(0, 45))
def test_where_all_ended_a_share_by_a_time_is_the_plain_one_with_wilsons_interval(rows, time):
    exits, cause = (np.array(each) for each in zip(*rows, strict=True))
    found = aalen_johansen(exits.astype(float), cause, 2)
    share = share_by(found, way(found, 1), time, known=known_by(time, exits, cause))
    plain = wilson(int(((exits <= time) & (cause == 1)).sum()), len(exits))
    assert (share.value, share.low, share.high) == pytest.approx((plain.value, plain.low, plain.high))


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 2)), min_size=3, max_size=60))
def test_where_all_ended_the_mean_of_those_is_the_plain_one_with_its_plain_error(rows):
    exits, cause = (np.array(each) for each in zip(*rows, strict=True))
    its = exits[cause == 1].astype(float)
    mean = mean_of_those(way(aalen_johansen(exits.astype(float), cause, 2), 1))
    if not len(its):
        assert np.isnan(mean.value)
        return
    assert mean.value == pytest.approx(its.mean())
    if len(its) > 30:
        error = np.log(mean.high / mean.value) * mean.value
        assert error == pytest.approx(Z * its.std(ddof=1) / np.sqrt(len(its)), rel=0.05)


def test_a_share_beyond_what_was_watched_is_known_only_if_none_go_on():
    exits, cause = np.array([2.0, 5, 8]), np.array([1, 2, 0])
    found = aalen_johansen(exits, cause, 2)
    assert np.isnan(share_by(found, way(found, 1), 9, known=2).value)
    over = aalen_johansen(exits, np.array([1, 2, 1]), 2)
    assert share_by(over, way(over, 1), 9, known=3).value == pytest.approx(2 / 3)
    assert known_by(6, exits, cause) == 3
    assert known_by(9, exits, cause) == 2


def test_one_that_ended_so_has_a_quantile_without_an_interval():
    found = aalen_johansen(np.array([3.0, 5.0]), np.array([1, 2]), 2)
    assert quantile_of_those(way(found, 1), 0.5) == Quantile(3, None, None)
