"""Kaplan and Meier's curve: its laws, a textbook's figures, and those of lifelines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from engine.numerics.intervals import wilson
from engine.numerics.student import two_sided_t
from engine.numerics.survival import emptied_early, kaplan_meier, mean, quantile, share_ended
from engine.numerics.watching import LEVEL, Quantile

# Freireich's leukaemia patients under 6-MP (1963), as in every textbook: weeks, and whether the remission ended.
WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35], float)
ENDED = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], bool)

spans = st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.integers(0, 20)), min_size=1, max_size=60)


def columns(rows):
    exits, ended, entries = (np.array(each) for each in zip(*rows, strict=True))
    return exits.astype(float), ended.astype(bool), entries.astype(float)


def test_the_textbook_curve_comes_out():
    curve = kaplan_meier(WEEKS, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert quantile(curve, 0.9) == Quantile(None, None, None)
    assert quantile(curve, 0.5) == Quantile(23, 13, None)


def test_the_curve_is_told_at_any_time_that_was_watched():
    curve = kaplan_meier(WEEKS, ENDED)
    assert (curve.at(5.9), curve.at(6), round(curve.at(35), 4)) == (1.0, curve.survival[0], 0.4482)
    assert np.isnan(curve.at(35.1))


def test_nothing_ended_and_nothing_watched_have_no_quantile():
    assert quantile(kaplan_meier(WEEKS, np.zeros(21, bool)), 0.5) == Quantile(None, None, None)
    nothing = kaplan_meier(np.zeros(0), np.zeros(0, bool))
    assert (quantile(nothing, 0.5), nothing.longest, nothing.watched) == (Quantile(None, None, None), 0.0, 0)


def test_what_ended_before_anyone_watched_is_left_out():
    curve = kaplan_meier(np.array([5.0, 10.0, 20.0]), np.array([True, True, True]), np.array([5.0, 2.0, 0.0]))
    assert (curve.watched, curve.times.tolist(), curve.at_risk.tolist()) == (2, [10.0, 20.0], [2, 1])


def test_spans_of_no_length_end_at_once():
    curve = kaplan_meier(np.array([0.0, 0.0, 1.0, 2.0]), np.array([True, True, True, False]), np.zeros(4))
    assert curve.survival.tolist() == [0.5, 0.25]
    assert quantile(curve, 0.5).value == 0


def test_a_risk_set_that_is_empty_before_all_have_come_says_nothing():
    curve = kaplan_meier(np.array([1.0, 9.0]), np.array([True, True]), np.array([0.0, 5.0]))
    assert emptied_early(curve)
    assert quantile(curve, 0.5) == Quantile(None, None, None)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_where_all_ended_the_curve_is_the_share_that_lasted_longer(exits):
    times = np.array(exits, float)
    curve = kaplan_meier(times, np.ones(len(times), bool))
    expected = [(times > each).mean() for each in curve.times]
    assert curve.survival == pytest.approx(expected, abs=1e-12)
    assert quantile(curve, 0.5).value == np.quantile(times, 0.5, method="inverted_cdf")


@given(spans)
def test_the_curve_falls_within_its_interval(rows):
    curve = kaplan_meier(*columns(rows))
    assert (np.diff(curve.survival, prepend=1.0) < 1e-12).all()
    known = ~np.isnan(curve.low)
    assert (curve.low[known] <= curve.survival[known]).all()
    assert (curve.survival[known] <= curve.high[known]).all()


@given(spans)
def test_the_curve_and_its_interval_are_those_of_lifelines(rows):
    exits, ended, _ = columns(rows)
    curve = kaplan_meier(exits, ended)
    theirs = KaplanMeierFitter(alpha=0.1).fit(exits, ended, timeline=curve.times) if ended.any() else None
    survival = theirs.survival_function_.loc[curve.times, "KM_estimate"] if theirs else []
    bounds = theirs.confidence_interval_.loc[curve.times].to_numpy().T if theirs else np.zeros((2, 0))
    assert curve.survival == pytest.approx(np.array(survival), abs=1e-6)
    known = ~np.isnan(curve.low)
    assert curve.low[known] == pytest.approx(bounds[0][known], abs=1e-6)
    assert curve.high[known] == pytest.approx(bounds[1][known], abs=1e-6)


def test_with_delayed_entry_the_curve_is_that_of_lifelines():
    dice = np.random.default_rng(7)
    entries = dice.uniform(0, 20, 400).round() * dice.integers(0, 2, 400)
    exits = entries + dice.exponential(15, 400).round() + 1
    ended = dice.random(400) < 0.7
    curve = kaplan_meier(exits, ended, entries)
    theirs = KaplanMeierFitter(alpha=0.1).fit(exits, ended, entry=entries)
    assert curve.survival == pytest.approx(theirs.survival_function_.loc[curve.times, "KM_estimate"], abs=1e-6)
    known = ~np.isnan(curve.low)
    bounds = theirs.confidence_interval_.loc[curve.times].to_numpy().T
    assert curve.low[known] == pytest.approx(bounds[0][known], abs=1e-6)
    assert curve.high[known] == pytest.approx(bounds[1][known], abs=1e-6)
    assert quantile(curve, 0.5).value == theirs.median_survival_time_


def error_of(band, count):
    """The standard error that makes the interval of ``count`` ends, which lies evenly on the logarithm."""
    return np.log(band.high / band.value) * band.value / two_sided_t(LEVEL, int(count) - 1)


@given(st.lists(st.integers(1, 40), min_size=3, max_size=60).filter(lambda each: len(set(each)) > 1))
def test_where_all_ended_the_mean_is_the_plain_one_with_its_plain_error(exits):
    times = np.array(exits, float)
    found = mean(kaplan_meier(times, np.ones(len(times), bool)))
    assert found.value == pytest.approx(times.mean())
    assert error_of(found, len(times)) == pytest.approx(times.std(ddof=1) / np.sqrt(len(times)))
    share = share_ended(kaplan_meier(times, np.ones(len(times), bool)))
    assert (share.value, share.low) == (1.0, pytest.approx(wilson(len(times), len(times)).low))


def test_the_mean_is_the_area_that_lifelines_finds_and_its_error_that_of_leaving_each_out():
    dice = np.random.default_rng(5)
    drawn = dice.exponential(20, 300).round(3)
    exits, ended = np.minimum(drawn, 40), (dice.random(300) < 0.7) & (drawn < 40)
    found = mean(kaplan_meier(exits, ended))
    theirs = restricted_mean_survival_time(KaplanMeierFitter().fit(exits, ended), t=40)
    assert found.value == pytest.approx(theirs, abs=1e-6)
    others = [mean(kaplan_meier(np.delete(exits, each), np.delete(ended, each))).value for each in range(300)]
    assert error_of(found, ended.sum()) == pytest.approx(np.sqrt(299) * np.std(others), rel=0.02)


def test_nothing_ended_has_no_mean_and_one_end_no_interval():
    assert np.isnan(mean(kaplan_meier(WEEKS, np.zeros(21, bool))).value)
    one = mean(kaplan_meier(np.array([2.0, 4.0]), np.array([True, False])))
    assert (one.value, np.isnan(one.low)) == (3.0, True)
    assert mean(kaplan_meier(np.zeros(3), np.ones(3, bool))).value == 0


def test_a_share_of_all_is_as_sure_as_the_last_that_were_watched():
    # Ten of 100 end at once, one much later; all others are hidden between the two.
    exits = np.array([1.0] * 10 + [2.0] * 89 + [9.0])
    ended = np.array([True] * 10 + [False] * 89 + [True])
    share = share_ended(kaplan_meier(exits, ended))
    assert (share.value, share.high) == (1.0, 1.0)
    assert share.low == pytest.approx(1 - 0.9 * (1 - wilson(1, 1).low))
