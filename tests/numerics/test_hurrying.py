"""States left in competing ways, hurried: against closed forms, Aalen-Johansen, and counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics.competing import aalen_johansen
from engine.numerics.hurrying import GONE, OPEN, course, pulls, state

ONE = np.array([True])
SPANS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from((OPEN, GONE, 0, 1))), min_size=1, max_size=19)


def arrays(spans):
    return np.array([age for age, _ in spans], np.int64), np.array([cause for _, cause in spans], np.int64)


@given(SPANS)
def test_as_it_is_a_state_is_left_as_aalen_and_johansen_say(spans):
    exits, cause = arrays(spans)
    found = course(state(exits, cause, None, np.array([True, False])), 0.0)
    ways = aalen_johansen(exits, np.array([0, 3, 1, 2])[cause + 2], 3)
    assert found.shares == pytest.approx([ways.reached(1), ways.reached(2)], abs=1e-9)
    last = ways.survival[-1] if len(ways.survival) else 1.0
    assert found.left == pytest.approx(last, abs=1e-9)


@given(SPANS, st.floats(0.0, 0.9))
def test_shares_and_what_is_left_never_exceed_one(spans, share):
    exits, cause = arrays(spans)
    found = course(state(exits, cause, None, np.array([True, False])), share)
    assert found.shares.min() >= 0
    assert found.shares.sum() + found.left <= 1 + 1e-9
    assert (found.days >= 0).all()


def test_a_hurried_way_comes_before_what_would_have_come_first():
    # Of four, one is lost on day 9, the others advance on day 10; a fifth sooner they advance on day 8.
    exits, cause = np.array([9, 10, 10, 10]), np.array([GONE, 0, 0, 0])
    its = state(exits, cause, None, ONE)
    assert course(its, 0.0).shares == pytest.approx([0.75])
    hurried = course(its, 0.2)
    assert hurried.shares == pytest.approx([1.0])
    assert hurried.days == pytest.approx([8.0])


def test_of_two_ends_at_one_age_the_hurried_way_comes_first():
    exits, cause = np.array([5, 5, 5, 5]), np.array([0, 0, GONE, 1])
    found = course(state(exits, cause, None, np.array([True, False])), 0.0)
    assert found.shares == pytest.approx([0.5, 0.25])
    assert found.left == 0


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_exponential_rates_a_and_l_become_a_by_1_less_x_and_l(share):
    dice = np.random.default_rng(4)
    a, lost, count = 1 / 12, 1 / 20, 120_000
    ahead, gone = dice.exponential(1 / a, count), dice.exponential(1 / lost, count)
    cause = np.where(ahead < gone, 0, GONE)
    found = course(state(np.minimum(ahead, gone), cause, None, ONE), share)
    faster = a / (1 - share)
    assert found.shares[0] == pytest.approx(faster / (faster + lost), rel=0.01)
    assert found.days[0] / found.shares[0] == pytest.approx(1 / (faster + lost), rel=0.01)


def test_open_spans_and_a_late_watch_tell_the_same_rates():
    dice = np.random.default_rng(5)
    ahead, gone = dice.exponential(10, 60_000), dice.exponential(25, 60_000)
    watch = dice.uniform(0, 15, 60_000)
    ends = watch + dice.uniform(5, 60, 60_000)
    ages = np.minimum(np.minimum(ahead, gone), ends)
    cause = np.where(ages == ends, OPEN, np.where(ahead < gone, 0, GONE))
    found = course(state(ages, cause, watch, ONE), 0.2)
    assert found.shares[0] == pytest.approx(0.125 / (0.125 + 0.04), rel=0.02)


def test_a_follow_up_that_ends_while_many_still_advance_is_too_short():
    dice = np.random.default_rng(6)
    ages = dice.exponential(30, 3_000)
    assert state(np.minimum(ages, 20), np.where(ages < 20, 0, OPEN), None, ONE).too_short
    assert not state(np.minimum(ages, 150), np.where(ages < 150, 0, OPEN), None, ONE).too_short


def test_spans_that_stay_for_ever_are_no_short_follow_up():
    # All that ever advance do so within 40 days; the rest has stood there for years.
    ages = np.concatenate([np.linspace(1, 40, 400), np.full(300, 900.0)])
    cause = np.repeat([0, OPEN], [400, 300])
    its = state(ages, cause, None, ONE)
    assert not its.too_short
    assert course(its, 0.2).shares == pytest.approx([4 / 7])


def test_few_that_are_watched_alone_at_high_ages_are_passed_over():
    ages = np.concatenate([np.full(990, 10.0), np.linspace(1, 9, 9), [500.0]])
    cause = np.concatenate([np.full(990, OPEN), np.zeros(9, np.int64), [0]])
    found = state(ages, cause, None, ONE)
    # The last one would have to stand for all 990 that nobody watched for longer.
    assert found.longest == 10
    assert course(found, 0.0).shares[0] < 0.02


def test_pulls_of_spans_are_what_the_figures_change_by():
    dice = np.random.default_rng(7)
    ages = dice.integers(0, 12, 40)
    cause = dice.choice([OPEN, GONE, 0, 1], 40)
    watch = np.where(dice.random(40) < 0.3, dice.integers(0, 4, 40), 0)
    hurried = np.array([True, False])
    for share in (0.0, 0.3):
        its = state(ages, cause, watch, hurried)
        found, more = pulls(its, share), 400
        for span in (0, 7, 21, 33):
            # Everyone 400 times, and one of them once more.
            again = np.append(np.tile(np.arange(40), more), span)
            one = course(state(ages[again], cause[again], watch[again], hurried), share)
            all_alike = course(state(*(np.tile(each, more) for each in (ages, cause, watch)), hurried), share)
            change = np.concatenate([one.shares - all_alike.shares, one.days - all_alike.days]) * more
            assert found[:, span] == pytest.approx(change, abs=0.02)


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_are_no_trouble(count):
    its = state(np.full(count, 3), np.zeros(count, np.int64), None, ONE)
    assert course(its, 0.2).shares[0] == count
    assert pulls(its, 0.2).shape == (2, count)
