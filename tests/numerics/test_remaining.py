"""What is still to come of spans of some age: against the plain incidence, a loop, and spans whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics.competing import aalen_johansen, interval_at_end, variance, way
from engine.numerics.intervals import wilson
from engine.numerics.remaining import remaining

SPANS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=1, max_size=40)
GAINS = np.array([np.nan, 1.0, 0.25])
"""What the causes 1 and 2 bring."""


def columns(rows):
    return tuple(np.array(each, np.int64) for each in zip(*rows, strict=True))


@given(SPANS)
def test_at_the_start_it_is_the_incidence_with_its_interval(rows):
    exits, cause = columns(rows)
    its = remaining(exits, cause > 0, (cause == 1) * 1.0, ages=np.zeros(3, np.int64), weights=np.ones(3))
    found = aalen_johansen(exits, cause, 2)
    assert (its is None) == (not len(found.times))
    if its:
        assert its.total == pytest.approx(3 * found.reached(1))
        assert (its.error / 3) ** 2 == pytest.approx(variance(way(found, 1))[-1], abs=1e-12)
        edges = interval_at_end(way(found, 1))
        if not np.isnan(edges[0]):
            assert (its.band().low / 3, its.band().high / 3) == pytest.approx(edges)


@given(SPANS, st.lists(st.integers(-100, 100), min_size=40, max_size=40))
def test_of_each_age_it_is_what_a_loop_over_the_later_ends_comes_to(rows, weights):
    exits, cause = columns(rows)
    ages, weight = exits[cause == 0], np.array(weights[: len(rows)], np.float64)[cause == 0]
    by_hand = sum(w * to_come(rows, age) for w, age in zip(weight, ages, strict=True))
    its = remaining(exits, cause > 0, GAINS[cause], ages=ages, weights=weight)
    if its:
        assert its.total == pytest.approx(by_hand, abs=1e-9)
        assert (its.parts * GAINS[cause[cause > 0]]).sum() == pytest.approx(by_hand, abs=1e-9)


def to_come(rows, age):
    """One time after the other, from this age on."""
    gained, left = 0.0, 1.0
    for time in sorted({each for each, cause in rows if cause and each > age}):
        there = sum(each >= time for each, _ in rows)
        ended = [cause for each, cause in rows if each == time and cause]
        gained, left = gained + left * sum(GAINS[ended]) / there, left * (1 - len(ended) / there)
    return gained


def test_spans_watched_only_from_an_age_on_are_at_risk_from_then_on():
    exits, entries = np.array([2, 4, 6, 8, 9]), np.array([0, 3, 0, 5, 0])
    its = remaining(exits, np.array([1, 1, 1, 1, 0], bool), np.ones(5), entries, ages=np.array([9]), weights=np.ones(1))
    assert its.total == 0
    start = remaining(exits, np.array([1, 1, 1, 1, 0], bool), np.ones(5), entries, ages=np.zeros(1), weights=np.ones(1))
    # At risk: 3 at 2, then 3 at 4, 3 at 6, 2 at 8.
    assert start.total == pytest.approx(1 - 2 / 3 * 2 / 3 * 2 / 3 * 1 / 2)


def test_nine_in_ten_intervals_hold_the_truth():
    # Exponential, so that what is to come is the same at each age; watched so long that hardly any are open to the end.
    dice = np.random.default_rng(4)
    ages, weights = np.array([0.0, 3.0, 8.0, 15.0]), np.array([5.0, 1.0, 2.0, 2.0])
    truth = 10 * (3 / 7 * 1.0 + 4 / 7 * 0.25)
    held = 0
    for _ in range(600):
        exits, cause = dice.exponential(1 / 0.07, 300), 1 + (dice.random(300) < 4 / 7)
        watched = dice.uniform(0, 120, 300)
        times = np.minimum(exits, watched)
        band = remaining(times, exits <= watched, GAINS[cause], ages=ages, weights=weights).band()
        held += band.low <= truth <= band.high
    assert 0.87 <= held / 600 <= 0.93


def test_where_none_or_all_brought_something_the_interval_is_that_of_as_many_as_were_seen_to_end():
    exits, ended = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1, 1, 1, 1, 0], bool)
    none, all_ = (
        remaining(exits, ended, np.full(5, gain), ages=np.array([1.5]), weights=np.array([100.0]))
        for gain in (0.0, 1.0)
    )
    assert (none.total, none.later) == (0.0, 3)
    assert (none.band().low, none.band().high) == (0.0, pytest.approx(100 * wilson(0, 3).high))
    assert 0 < all_.band().low < all_.total < 100


def test_nothing_to_go_by_gives_nothing_and_never_fails():
    nothing = np.zeros(0)
    assert remaining(nothing, nothing > 0, nothing, ages=nothing, weights=nothing) is None
    exits, ended = np.array([1.0, 2.0, 3.0]), np.array([1, 1, 0], bool)
    oldest = remaining(exits, ended, np.ones(3), ages=np.array([3.0]), weights=np.array([100.0])).band()
    assert oldest.value == 0.0
    assert np.isnan(oldest.high)
    owed = remaining(exits, ended, np.ones(3), ages=np.array([0.5]), weights=np.array([-100.0])).band(besides=3.0)
    assert owed.low < owed.value == pytest.approx(-200 / 3)
