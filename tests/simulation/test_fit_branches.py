"""How visits end: held to lifelines, and tries reckoned back from moves to what gives these moves again."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from engine.simulation.fit.branches import Spans, course_of, quantiles
from engine.simulation.fit.refusals import Patterns, patterns_of, refused_share, tried


def spans(count, seed, *, late=False):
    chance = np.random.default_rng(seed)
    ends = (chance.weibull([0.8, 1.4, 1.0], (count, 3)) * [9e6, 4e6, 2e7]).astype(np.int64)
    until = chance.integers(1, 8_000_000, count)
    first = ends.min(axis=1)
    cause = np.where(first <= until, ends.argmin(axis=1) + 1, 0)
    entries = chance.integers(0, 1_500_000, count) if late else np.zeros(count, np.int64)
    # No two end at the same time: lifelines would shake them apart.
    return Spans(np.minimum(first, until) * count + np.arange(count), cause, entries * count)


@pytest.mark.parametrize("late", [False, True], ids=["watched from the start", "some watched late"])
def test_incidences_are_those_of_lifelines(late):
    whole = spans(1_500, 1, late=late).seen
    found = course_of(whole, 3)
    for cause in (1, 2, 3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitter = AalenJohansenFitter(calculate_variance=False)
            fitter.fit(whole.exits, whole.cause, event_of_interest=cause, entry=whole.entries if late else None)
        curve = fitter.cumulative_density_
        inside = curve.index <= found.times[-1]
        place = np.searchsorted(found.times, curve.index[inside].to_numpy(), "right")
        ours = np.concatenate([[0.0], found.lines[cause - 1]])[place]
        assert ours == pytest.approx(curve.to_numpy()[inside, 0], abs=0.004 if late else 1e-9)


def test_what_goes_on_beyond_the_follow_up_ends_at_the_last_rate():
    chance = np.random.default_rng(2)
    lasts = chance.exponential(5e6, 4_000).astype(np.int64)
    until = chance.integers(1, 6_000_000, 4_000)
    found = course_of(Spans(np.minimum(lasts, until), (lasts <= until).astype(np.int64), 0 * lasts), 1)
    levels, values = zip(*quantiles(found, 0), strict=True)
    assert found.left == pytest.approx(np.exp(-found.times[-1] / 5e6), abs=0.03)
    assert np.interp(0.9, levels, values) == pytest.approx(5e6 * np.log(10), rel=0.35)


def test_where_none_ended_for_long_none_will_soon():
    exits = np.concatenate([np.arange(1, 801), np.full(200, 3_000)])
    found = course_of(Spans(exits * 86_400, np.repeat([1, 0], [800, 200]), 0 * exits), 1)
    assert found.left == pytest.approx(0.2)
    assert 1 / found.rate > 1_000 * 365 * 86_400 / 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.02, 1.0), min_size=2, max_size=5),
    st.lists(st.tuples(st.integers(1, 31), st.floats(0.05, 1.0)), min_size=1, max_size=5),
)
def test_tries_reckoned_back_from_moves_give_these_moves_again(weights, groups):
    shares = np.array(weights) / sum(weights)
    count = len(shares)
    masks = [np.array([bool(bits >> place & 1) for place in range(count)]) for bits, _ in groups]
    masks = [np.ones(count, np.bool_)] + [each for each in masks if each.any() and shares[each].sum() > 0.1]
    weight = np.ones(len(masks)) / len(masks)
    patterns = Patterns(np.array(masks), weight)

    def moves(of):
        return (patterns.open * of / (patterns.open @ of)[:, None] * weight[:, None]).sum(axis=0)

    found = tried(moves(shares), patterns)
    assert moves(found) == pytest.approx(moves(shares), abs=1e-4)
    assert refused_share(found, patterns) == pytest.approx(refused_share(shares, patterns), abs=0.01)


def test_who_can_do_nothing_at_all_is_left_out_of_the_reckoning():
    barred = np.array([[True, False, True], [True, False, False]])
    found = patterns_of(barred)
    assert found.open.tolist() == [[False, True], [True, True]]
    assert found.share.tolist() == [0.5, 0.5]
