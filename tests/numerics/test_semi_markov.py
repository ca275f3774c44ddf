"""Chains passed on the way to a goal: against brute force, closed forms, and made-up processes played again faster."""

from dataclasses import dataclass

import numpy as np
import pytest

from engine.numerics.hurrying import GONE, OPEN, state
from engine.numerics.semi_markov import Chain, Figure, passing, stretch, sums

GOAL = 3
FOR_EVER = 1e9


@dataclass(frozen=True)
class Played:
    """Spans of all states (state, owner, days, where to), how many got to the goal, and in how many days."""

    spans: np.ndarray
    won: float
    days: float
    spent: tuple[float, ...]


def played(count, seed, hurry=(1.0, 1.0, 1.0), watch=None):
    """Three states: ahead (one in ten goes over the second), back from the second, gone from each; then the goal.

    Each way has its own clock, and the first to ring wins; ``hurry`` is how long that of advancing takes.
    """
    dice = np.random.default_rng(seed)
    here, day, who = np.zeros(count, np.int64), np.zeros(count), np.arange(count)
    last = np.full(count, FOR_EVER) if watch is None else dice.uniform(*watch, count)
    spans, ended, spent = [], np.full(count, np.nan), np.zeros((3, count))
    for _ in range(200):
        if not len(who):
            break
        size, at = len(who), here
        ahead = dice.gamma(2.0, 1.0, size) * np.array([2.0, 4.0, 5.0])[at] * np.array(hurry)[at]
        gone = dice.exponential(1.0, size) * np.array([20.0, 30.0, 25.0])[at]
        back = np.where(at == 1, dice.exponential(40.0, size), FOR_EVER)
        over = (at == 0) & (dice.random(size) < 0.1)
        left = np.minimum(ahead, np.minimum(gone, back))
        to = np.where(left == ahead, at + 1 + over, np.where(left == back, 0, GONE))
        seen = day + left <= last[who]
        length = np.where(seen, left, last[who] - day)
        spans.append(np.stack([at, who, length, np.where(seen, to, OPEN)]))
        spent[at, who] += length
        done = seen & (to == GOAL)
        ended[who[done]] = (day + left)[done]
        on = seen & (to >= 0) & (to < GOAL)
        here, day, who = to[on], (day + left)[on], who[on]
    won = ~np.isnan(ended)
    return Played(np.concatenate(spans, axis=1), won.mean(), ended[won].mean(), tuple(spent[:, won].mean(axis=1)))


def chain_of(spans, count, starts=None):
    stretches = []
    for each in range(GOAL):
        its = spans[:, spans[0] == each]
        to = np.unique(its[3][its[3] >= 0]).astype(np.int64)
        then = its[3].astype(np.int64)
        cause = np.where(then >= 0, np.searchsorted(to, then), then)
        stretches.append(stretch(state(its[2], cause, None, to > each), to, its[1].astype(np.int64)))
    return Chain(tuple(stretches), np.zeros(count, np.int64) if starts is None else starts)


def gains(chain, number, share):
    as_it_is = tuple(sums(chain, each) for each in range(GOAL))
    tried = (*as_it_is[:number], sums(chain, number, share), *as_it_is[number + 1 :])
    before, after = passing(chain, as_it_is), passing(chain, tried)
    return after.reached.less(before.reached), before.time.less(after.time)


@pytest.fixture(scope="module")
def whole():
    found = played(20_000, 1)
    return found, chain_of(found.spans, 20_000)


def test_the_goal_is_reached_as_often_as_it_was_and_as_late(whole):
    found, chain = whole
    as_it_is = passing(chain, tuple(sums(chain, each) for each in range(GOAL)), states=(0, 1, 2))
    assert as_it_is.reached.value == pytest.approx(found.won, abs=1e-9)
    assert as_it_is.time.value == pytest.approx(found.days, rel=0.01)
    assert [each.value for each in as_it_is.spent] == pytest.approx(found.spent, rel=0.02)
    assert sum(each.value for each in as_it_is.spent) == pytest.approx(as_it_is.time.value)


def test_paths_counted_one_by_one_come_to_the_same():
    dice = np.random.default_rng(3)
    shares = np.array([[0.1, 0.5, 0.1, 0.05], [0.2, 0.1, 0.4, 0.1], [0.05, 0.1, 0.0, 0.7]])
    days = dice.uniform(1, 9, (GOAL, GOAL + 1))
    spans = []
    for here in range(GOAL):
        for to in (*range(GOAL + 1), GONE):
            each = round(1000 * (shares[here, to] if to != GONE else 1 - shares[here].sum()))
            spans += [(here, 0, days[here, to] if to != GONE else 4.0, to)] * each
    chain = chain_of(np.array(spans).T, 1)
    found = passing(chain, tuple(sums(chain, each) for each in range(GOAL)))
    # Every path, step by step: the chance to be somewhere, and the days it took weighed by that chance.
    at, took, won, total = np.array([1.0, 0, 0]), np.zeros(GOAL), 0.0, 0.0
    for _ in range(400):
        won += at @ shares[:, GOAL]
        total += took @ shares[:, GOAL] + at @ (shares * days)[:, GOAL]
        at, took = at @ shares[:, :GOAL], took @ shares[:, :GOAL] + at @ (shares * days)[:, :GOAL]
    assert found.reached.value == pytest.approx(won)
    assert found.time.value == pytest.approx(total / won)


@pytest.mark.parametrize("number", range(GOAL))
def test_what_is_foretold_of_a_hurried_state_comes_about(whole, number):
    _, chain = whole
    wins, sooner = gains(chain, number, 0.2)
    hurry = np.ones(GOAL)
    hurry[number] = 0.8
    before, after = played(400_000, 50), played(400_000, 51, tuple(hurry))
    assert wins.value == pytest.approx(after.won - before.won, abs=0.004)
    assert sooner.value == pytest.approx(before.days - after.days, rel=0.06)


def test_the_longest_state_is_not_the_one_where_most_days_are_won():
    # Deals lost stand in the first state for long; those that reach the goal rush through it.
    dice = np.random.default_rng(2)
    rows = [(0, each, dice.uniform(40, 60), GONE) for each in range(600)]
    for each in range(600, 1000):
        rows += [(0, each, dice.uniform(1, 2), 1), (1, each, dice.uniform(8, 12), 2), (2, each, 1.0, GOAL)]
    chain = chain_of(np.array(rows).T, 1000)
    assert gains(chain, 1, 0.2)[1].value > 5 * gains(chain, 0, 0.2)[1].value


def test_open_spans_tell_the_same_gains():
    found = played(40_000, 4, watch=(10, 120))
    wins, sooner = gains(chain_of(found.spans, 40_000), 2, 0.3)
    before, after = played(400_000, 60), played(400_000, 61, (1.0, 1.0, 0.7))
    assert wins.value == pytest.approx(after.won - before.won, abs=0.005)
    assert sooner.value == pytest.approx(before.days - after.days, rel=0.08)


@pytest.mark.parametrize("watch", [None, (5, 80)])
def test_what_each_pulls_is_what_being_there_twice_changes(watch):
    found, times = played(60, 8, watch=watch), 100
    figures = gains(chain_of(found.spans, 60), 1, 0.3)
    tiled = np.tile(found.spans, times)
    alike = [each.value for each in gains(chain_of(tiled, 60), 1, 0.3)]
    for who in (0, 5, 11, 42):
        more = np.concatenate([tiled, found.spans[:, found.spans[1] == who]], axis=1)
        starts = np.zeros(60 * times + 1, np.int64)
        changed = [each.value for each in gains(chain_of(more, len(starts), starts), 1, 0.3)]
        pulls = [each.pulls[who] for each in figures]
        assert (np.array(changed) - alike) * times == pytest.approx(pulls, rel=0.02, abs=1e-4)


def test_intervals_hold_the_truth_as_often_as_they_say():
    many = chain_of(played(300_000, 9).spans, 300_000)
    wins, sooner = gains(many, 0, 0.2)[0].value, gains(many, 2, 0.2)[1].value
    held = []
    for seed in range(160):
        chain = chain_of(played(300, 5_000 + seed, watch=(20, 150)).spans, 300)
        bands = gains(chain, 0, 0.2)[0].band, gains(chain, 2, 0.2)[1].band
        held.append([band.low <= true <= band.high for band, true in zip(bands, (wins, sooner), strict=True)])
    assert np.mean(held, axis=0) == pytest.approx([0.9, 0.9], abs=0.045)


def test_figures_are_multiplied_with_their_doubts():
    one, other = Figure(2.0, np.array([0.1, -0.1])), Figure(3.0, np.array([0.2, -0.2]))
    found = one.times(1.0, other)
    assert found.value == 6.0
    assert found.pulls == pytest.approx([0.7, -0.7])


def test_a_chain_that_never_reaches_the_goal_says_so():
    spans = np.array([(0, 0, 1.0, 1), (1, 0, 1.0, 0), (0, 0, 1.0, 1), (1, 0, 1.0, GONE)]).T
    chain = chain_of(spans, 1)
    found = passing(chain, tuple(sums(chain, each) for each in range(GOAL)))
    assert found.reached.value == 0
    assert np.isnan(found.time.value)


def test_time_that_led_ahead_is_told_apart_from_time_that_led_back(whole):
    _, chain = whole
    found = passing(chain, tuple(sums(chain, each) for each in range(GOAL)), states=(0, 1, 2))
    assert found.ahead[0].value == pytest.approx(found.spent[0].value)
    assert 0.8 * found.spent[1].value < found.ahead[1].value < found.spent[1].value


def test_where_few_pull_at_a_figure_nine_in_ten_intervals_hold_it_too():
    # The mean of the six deals of 200 that got so far.
    dice, held = np.random.default_rng(5), 0
    for _ in range(2_000):
        times, pulls = dice.normal(10, 3, 6), np.zeros(200)
        pulls[:6] = (times - times.mean()) / 6
        band = Figure(float(times.mean()), pulls).band
        held += band.low <= 10 <= band.high
    assert 0.87 <= held / 2_000 <= 0.93


def test_where_many_pull_at_it_alike_it_is_the_normal_interval():
    pulls = np.tile([-1.0, 1.0], 5_000)
    assert Figure(0.0, pulls).band.high == pytest.approx(164.5, abs=0.1)
    assert Figure(0.0, np.zeros(3)).band.high == 0.0
