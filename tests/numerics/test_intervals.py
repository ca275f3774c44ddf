"""Intervals of shares, differences, quantiles and numbers of two groups, and what many questions discover."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.numerics.discoveries import discoveries
from engine.numerics.intervals import (
    Band,
    delete_a_group,
    mean,
    mover,
    newcombe,
    product,
    quantile,
    ratio,
    shares_differ,
    total,
    two_sided,
    wilson,
)
from engine.numerics.pairs import medians_apart, superiority
from tests.numerics.drawn import drawn_again

numbers = st.lists(st.integers(-50, 50), min_size=2, max_size=50)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_has_the_score_interval_of_scipy(counts):
    band, theirs = wilson(*counts), stats.binomtest(*counts).proportion_ci(0.9, "wilson")
    assert (band.low, band.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert band.low <= band.value <= band.high


def test_a_share_of_nothing_is_not_known():
    assert math.isnan(wilson(0, 0).value)
    assert math.isnan(newcombe(0, 0, 1, 2).low)


def test_newcombes_own_example_comes_out():
    # 56/70 against 48/80 (Newcombe 1998, table II, case a) at 95 %: 0.0524 to 0.3339; at 90 % it lies within.
    band = newcombe(56, 70, 48, 80)
    assert band.value == pytest.approx(0.2)
    assert 0.0524 < band.low < band.value < band.high < 0.3339


def test_intervals_of_two_shares_give_newcombes_interval_of_their_difference():
    # Newcombe 1998, table II, case a, method 10, at 95 %.
    one, two = (
        Band(hits / of, *stats.binomtest(hits, of).proportion_ci(0.95, "wilson")) for hits, of in ((56, 70), (48, 80))
    )
    band = mover(one, two)
    assert (band.low, band.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_even_intervals_of_two_figures_give_that_of_two_normal_ones():
    band = mover(Band(10, 7, 13), Band(4, 0, 8))
    assert (band.value, band.low, band.high) == (6, 1, 11)


def test_an_edge_that_needs_what_nobody_knows_is_not_known():
    band = mover(Band(10, 7, math.nan), Band(4, 0, 8))
    assert (band.low, math.isnan(band.high)) == (1, True)


def test_a_difference_read_the_other_way_is_its_negative():
    one, other = newcombe(9, 10, 3, 10), newcombe(3, 10, 9, 10)
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))


def test_the_test_of_two_shares_is_that_of_scipy():
    theirs = stats.chi2_contingency([[56, 14], [48, 32]], correction=False).pvalue
    assert shares_differ(56, 70, 48, 80) == pytest.approx(theirs)
    assert (shares_differ(0, 0, 1, 2), shares_differ(0, 4, 0, 9)) == (1.0, 1.0)


def test_a_normal_number_lies_two_errors_away_once_in_twenty_two():
    assert two_sided(2) == pytest.approx(2 * stats.norm.sf(2))


def test_a_quantile_lies_between_two_of_the_values():
    band = quantile(np.arange(1.0, 102), 0.5)
    assert (band.value, band.low, band.high) == (51, 42, 60)
    assert math.isnan(quantile(np.array([1.0, 2.0]), 0.5).low)
    assert math.isnan(quantile(np.zeros(0), 0.5).value)


@given(numbers, numbers)
def test_the_share_of_pairs_is_counted_and_its_test_is_that_of_scipy(ones, others):
    one, other = np.array(ones, float), np.array(others, float)
    found = superiority(one, other)
    pairs = np.sign(one[:, None] - other[None, :])
    assert found.band.value == pytest.approx((pairs.mean() + 1) / 2)
    usual = found.band.low < found.band.value < found.band.high
    theirs = stats.brunnermunzel(other, one, distribution="normal").pvalue if usual else found.chance
    assert found.chance == pytest.approx(theirs)


def test_groups_that_do_not_overlap_are_told_apart_and_equal_ones_are_not():
    low, high = np.arange(5.0), np.arange(5.0) + 10
    assert (superiority(high, low).band.value, superiority(high, low).chance) == (1.0, 0.0)
    assert (superiority(np.ones(4), np.ones(3)).band.value, superiority(np.ones(4), np.ones(3)).chance) == (0.5, 1.0)
    assert superiority(np.ones(1), np.ones(3)).chance == 1.0


def test_the_interval_between_medians_holds_the_truth_nine_times_in_ten():
    inside = []
    for seed in range(400):
        dice = np.random.default_rng(seed)
        band = medians_apart(dice.exponential(10, 80) + 3, dice.exponential(10, 60))
        inside.append(band.low <= 3 <= band.high)
    assert 0.87 < np.mean(inside) < 0.95


def test_the_error_of_a_median_does_not_jump_where_counts_are_large():
    dice = np.random.default_rng(2)
    values = dice.normal(0, 1, 1_001)
    exact, close = (medians_apart(values[:count], np.zeros(5)) for count in (1_000, 1_001))
    assert exact.high - exact.low == pytest.approx(close.high - close.low, rel=0.05)


def test_few_numbers_have_medians_but_no_interval():
    band = medians_apart(np.array([1.0, 3.0]), np.array([1.0]))
    assert (band.value, math.isnan(band.low)) == (1.0, True)
    assert math.isnan(medians_apart(np.zeros(0), np.ones(2)).value)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_are_those_of_scipy(chances):
    found = discoveries(np.array(chances))
    theirs = stats.false_discovery_control(chances) <= 0.1 if chances else []
    assert found.tolist() == pytest.approx(list(theirs))


def test_the_largest_that_lies_below_its_line_takes_all_before_it_along():
    # 0.06 lies above its own line (0.05), yet 0.07 lies below the next (0.075).
    assert discoveries(np.array([0.01, 0.06, 0.07, 0.9])).tolist() == [True, True, True, False]


def test_a_ratio_of_sums_has_an_interval_like_that_of_samples_drawn_again():
    dice = np.random.default_rng(8)
    exposures = dice.uniform(1, 10, 300)
    counts = dice.poisson(exposures * 0.4).astype(float)
    band = ratio(counts, exposures)
    drawn = drawn_again(lambda rows: counts[rows].sum() / exposures[rows].sum(), 300, seed=2)
    assert band.value == drawn.value
    assert (band.low, band.high) == pytest.approx((drawn.low, drawn.high), rel=0.02)


def test_a_ratio_to_nothing_is_not_known_and_one_of_nothing_has_no_interval():
    assert math.isnan(ratio(np.zeros(2), np.zeros(2)).value)
    assert (ratio(np.zeros(2), np.ones(2)).value, math.isnan(ratio(np.zeros(2), np.ones(2)).low)) == (0.0, True)


def test_the_jackknife_over_groups_holds_the_truth_nine_times_in_ten():
    dice, groups, held = np.random.default_rng(5), 20, 0
    for _ in range(1_000):
        counts, exposures = dice.poisson(3.0, 80).astype(float), dice.exponential(2.0, 80)
        place = dice.permutation(80) % groups
        without = np.array([counts[place != each].sum() / exposures[place != each].sum() for each in range(groups)])
        band = delete_a_group(counts.sum() / exposures.sum(), without)
        held += band.low <= 1.5 <= band.high
    assert 870 <= held <= 930


def test_a_figure_that_rests_on_one_group_or_cannot_do_without_it_has_no_interval():
    assert np.isnan(delete_a_group(5.0, np.array([5.0, 5.0, 4.0])).low)
    assert np.isnan(delete_a_group(5.0, np.array([5.1, math.nan, 4.0])).low)
    assert np.isnan(delete_a_group(5.0, np.array([])).low)
    assert delete_a_group(-1.0, np.array([-2.0, 0.0, -1.0])).low < -1.0


def test_means_sums_and_products_are_held_by_their_intervals_as_often_as_they_say():
    # 1,000 fixed histories of 60 deals; true figures are known. Values are skewed, and large deals are slow.
    dice = np.random.default_rng(20261126)
    values = dice.gamma(2.0, 500.0, (1000, 60))
    took = values / 100 + dice.gamma(3.0, 5.0, (1000, 60))
    won = dice.random((1000, 60)) < 0.5
    held = [0, 0, 0]
    for worth, days, is_won in zip(values, took, won, strict=True):
        its, slow = worth[is_won], days[is_won]
        share = is_won.mean()
        pulls = (is_won - share) / (share * 60)
        pulls[is_won] += (its - its.mean()) / its.sum() - (slow - slow.mean()) / slow.sum()
        found = (mean(worth), product(share * its.mean() / slow.mean(), pulls))
        for place, (band, truth) in enumerate(zip(found, (1000.0, 0.5 * 1000 / 25), strict=True)):
            held[place] += band.low <= truth <= band.high
    for count in dice.poisson(40, 1000):
        band = total(dice.gamma(2.0, 500.0, count))
        held[2] += band.low <= 40_000 <= band.high
    assert all(870 <= each <= 930 for each in held), held


def test_values_around_nothing_have_an_interval_around_them():
    around = mean(np.array([-100.0, 100.0, -1.0, 2.0]))
    assert around.low < 0 < around.high
    assert total(np.array([-5.0, 5.0])).value == 0
    assert total(np.zeros(0)).value == 0
    assert math.isnan(mean(np.array([3.0, 3.0])).low)
    assert math.isnan(product(1.0, np.array([1e6, -1e6])).low)
