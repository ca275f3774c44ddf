"""What is still to come of spans of some age: against the plain incidence, a loop, and spans whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics.competing import aalen_johansen, way
from engine.numerics.intervals import wilson
from engine.numerics.remaining import bringing, remaining
from tests.numerics.spread import variance

SPANS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=40)
BRINGS = np.array([1.0, 0.25])
"""What the causes 1 and 2 bring."""


def columns(rows):
    return tuple(np.array(each, np.int64) for each in zip(*rows, strict=True))


@given(SPANS)
def test_at_the_start_it_is_the_incidence_with_its_variance(rows):
    found = aalen_johansen(*columns(rows), 2)
    its = remaining(bringing(found, np.array([1.0, 0.0])), ages=np.zeros(3, np.int64), weights=np.ones(3))
    assert its.total == pytest.approx(3 * found.reached(1))
    if len(found.times):
        assert (its.error / 3) ** 2 == pytest.approx(variance(way(found, 1))[-1], abs=1e-12)


@given(SPANS, st.lists(st.integers(-100, 100), min_size=40, max_size=40))
def test_of_each_age_it_is_what_a_loop_over_the_later_ends_comes_to(rows, weights):
    exits, cause = columns(rows)
    ages, weight = exits[cause == 0], np.array(weights[: len(rows)], np.float64)[cause == 0]
    by_hand = sum(w * to_come(rows, age) for w, age in zip(weight, ages, strict=True))
    its = remaining(bringing(aalen_johansen(exits, cause, 2), BRINGS), ages=ages, weights=weight)
    assert its.total == pytest.approx(by_hand, abs=1e-9)
    assert its.parts @ BRINGS == pytest.approx(by_hand, abs=1e-9)


def to_come(rows, age):
    """One time after the other, from this age on."""
    gained, left = 0.0, 1.0
    for time in sorted({each for each, cause in rows if cause and each > age}):
        there = sum(each >= time for each, _ in rows)
        ended = [cause for each, cause in rows if each == time and cause]
        gained, left = gained + left * sum(BRINGS[np.array(ended) - 1]) / there, left * (1 - len(ended) / there)
    return gained


def test_where_all_have_ended_so_that_nothing_is_censored_the_interval_is_wilsons():
    found = aalen_johansen(np.arange(1, 31), np.repeat([1, 2], [12, 18]), 2)
    band = remaining(bringing(found, np.array([1.0, 0.0])), ages=np.zeros(1), weights=np.array([50.0])).band()
    edges = wilson(12, 30)
    assert (band.value, band.low, band.high) == pytest.approx((20, 50 * edges.low, 50 * edges.high))


def test_nine_in_ten_intervals_hold_the_truth():
    # Exponential, so that what is to come is the same at each age; watched so long that hardly any are open to the end.
    dice = np.random.default_rng(4)
    ages, weights = np.array([0.0, 3.0, 8.0, 15.0]), np.array([5.0, 1.0, 2.0, 2.0])
    truth = 10 * (3 / 7 * 1.0 + 4 / 7 * 0.25)
    held = 0
    for _ in range(600):
        exits, cause = dice.exponential(1 / 0.07, 300), 1 + (dice.random(300) < 4 / 7)
        watched = dice.uniform(0, 120, 300)
        found = aalen_johansen(np.minimum(exits, watched), np.where(exits <= watched, cause, 0), 2)
        band = remaining(bringing(found, BRINGS), ages=ages, weights=weights).band()
        held += band.low <= truth <= band.high
    assert 0.87 <= held / 600 <= 0.93


def test_of_few_spans_watched_for_short_the_intervals_hold_the_truth_too():
    # Open deals are as old as those watched for longest; half of what ends brings all.
    dice, held, count = np.random.default_rng(8), 0, 0
    for _ in range(600):
        exits, watched, wins = dice.exponential(20, 18), dice.uniform(0, 60, 18), dice.random(18) < 0.5
        cause = np.where(exits > watched, 0, np.where(wins, 1, 2))
        ages = watched[cause == 0]
        if not len(ages) or not cause.any():
            continue
        found = aalen_johansen(np.minimum(exits, watched), cause, 2)
        band = remaining(bringing(found, np.array([1.0, 0.0])), ages=ages, weights=np.ones(len(ages))).band()
        count += 1
        held += not (band.low > len(ages) / 2 or band.high < len(ages) / 2)
    assert held / count >= 0.87


def test_where_none_or_all_bring_all_the_interval_is_that_of_as_many_as_were_seen_to_end():
    found = aalen_johansen(np.array([1, 2, 3, 4, 5]), np.array([1, 1, 1, 1, 0]), 1)
    asked = {"ages": np.array([1]), "weights": np.array([100.0])}
    none, all_ = (remaining(bringing(found, np.full(1, gain)), **asked) for gain in (0.0, 1.0))
    assert (none.total, none.later) == (0.0, 3)
    assert (none.band().low, none.band().high) == (0.0, pytest.approx(100 * wilson(0, 3).high))
    assert 0 < all_.band().low < all_.total < all_.band().high <= 100


def test_nothing_to_go_by_gives_nothing_and_never_fails():
    nothing = aalen_johansen(np.zeros(0), np.zeros(0, np.int64), 2)
    assert remaining(bringing(nothing, BRINGS), ages=np.zeros(0), weights=np.zeros(0)).total == 0
    found = aalen_johansen(np.array([1, 2, 3]), np.array([1, 1, 0]), 1)
    oldest = remaining(bringing(found, np.ones(1)), ages=np.array([3]), weights=np.array([100.0])).band()
    assert oldest.value == 0.0
    assert np.isnan(oldest.high)
    owed = remaining(bringing(found, np.ones(1)), ages=np.array([0]), weights=np.array([-100.0])).band(besides=3.0)
    assert owed.low < owed.value == pytest.approx(-200 / 3)


def test_what_weighs_nothing_brings_nothing_and_that_is_known():
    found = aalen_johansen(np.array([1, 2, 3, 4]), np.array([1, 1, 2, 0]), 2)
    for weights, total in ((np.zeros(2), 0.0), (np.array([-5.0, 5.0]), 0.0)):
        its = remaining(bringing(found, BRINGS), ages=np.array([0, 0]), weights=weights)
        assert (its.total, its.later) == (pytest.approx(total), pytest.approx(3))


@given(SPANS)
def test_any_number_of_causes_is_told_apart(rows):
    exits, cause = columns(rows)
    many = aalen_johansen(exits, cause * 40, 80)
    few = aalen_johansen(exits, cause, 2)
    assert way(many, 40).line == pytest.approx(way(few, 1).line)
    assert way(many, 80).line == pytest.approx(way(few, 2).line)
