"""What is still to come of spans of some age: against the plain incidence, a loop, and spans whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics.competing import aalen_johansen, interval, variance, way
from engine.numerics.intervals import wilson
from engine.numerics.remaining import remaining

SPANS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=40)


def fitted(rows):
    exits, cause = (np.array(each, np.int64) for each in zip(*rows, strict=True))
    return aalen_johansen(exits, cause, 2), exits, cause


@given(SPANS)
def test_at_the_start_it_is_the_incidence_with_its_interval(rows):
    found, _, _ = fitted(rows)
    its = remaining(found, 1, np.zeros(3, np.int64), np.ones(3))
    assert its.total == pytest.approx(3 * found.reached(1))
    if len(found.times):
        assert (its.error / 3) ** 2 == pytest.approx(variance(way(found, 1))[-1], abs=1e-12)
        edges = [each[-1] for each in interval(way(found, 1))]
        if not np.isnan(edges[0]):
            assert (its.band.low / 3, its.band.high / 3) == pytest.approx(edges)


@given(SPANS, st.lists(st.integers(-100, 100), min_size=40, max_size=40))
def test_of_each_age_it_is_what_a_loop_over_the_later_ends_comes_to(rows, weights):
    found, exits, cause = fitted(rows)
    open_spans = cause == 0
    weight = np.array(weights[: len(rows)], np.float64)[open_spans]
    by_hand = sum(w * to_come(rows, age) for w, age in zip(weight, exits[open_spans], strict=True))
    assert remaining(found, 1, exits[open_spans], weight).total == pytest.approx(by_hand, abs=1e-9)


def to_come(rows, age):
    """One end after the other, from this age on."""
    won, left = 0.0, 1.0
    for time in sorted({each for each, cause in rows if cause and each > age}):
        there = sum(each >= time for each, _ in rows)
        ended = [cause for each, cause in rows if each == time and cause]
        won, left = won + left * ended.count(1) / there, left * (1 - len(ended) / there)
    return won


def test_nine_in_ten_intervals_hold_the_truth():
    # Exponential: of two rates, whatever the age, and watched so long that hardly any are open to the end.
    dice = np.random.default_rng(4)
    ages, weights = np.array([0.0, 3.0, 8.0, 15.0]), np.array([5.0, 1.0, 2.0, 2.0])
    truth = 10 * 0.03 / 0.07
    held = 0
    for _ in range(600):
        exits, cause = dice.exponential(1 / 0.07, 300), 1 + (dice.random(300) < 4 / 7)
        watched = dice.uniform(0, 120, 300)
        found = aalen_johansen(np.minimum(exits, watched), np.where(exits <= watched, cause, 0), 2)
        band = remaining(found, 1, ages, weights).band
        held += band.low <= truth <= band.high
    assert 0.87 <= held / 600 <= 0.93


def test_where_none_or_all_ended_so_the_interval_is_that_of_as_many_as_were_seen_to_end():
    exits = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    lost = remaining(aalen_johansen(exits, np.array([2, 2, 2, 2, 0]), 2), 1, np.array([1.5]), np.array([100.0]))
    assert (lost.total, lost.later) == (0.0, 3)
    assert (lost.band.low, lost.band.high) == (0.0, pytest.approx(100 * wilson(0, 3).high))
    won = remaining(aalen_johansen(exits, np.ones(5, np.int64), 2), 1, np.array([1.5]), np.array([100.0]))
    assert (won.band.low, won.band.high) == (pytest.approx(100 * wilson(4, 4).low), pytest.approx(100))


def test_nothing_to_go_by_gives_nothing_and_never_fails():
    none = aalen_johansen(np.zeros(0), np.zeros(0, np.int64), 2)
    assert remaining(none, 1, np.zeros(0), np.zeros(0)).total == 0
    all_lost = aalen_johansen(np.array([1.0, 2.0, 3.0]), np.array([2, 2, 0]), 2)
    oldest = remaining(all_lost, 1, np.array([3.0]), np.array([100.0])).band
    assert oldest.value == 0.0
    assert np.isnan(oldest.high)
    owed = remaining(all_lost, 2, np.array([0.5]), np.array([-100.0])).band
    assert owed.low < owed.value == pytest.approx(-200 / 3)
