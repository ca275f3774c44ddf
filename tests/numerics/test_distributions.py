"""Quantile tables against their formulas, and the quantile functions against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.numerics.dice import mixed
from engine.numerics.distributions import (
    CELLS,
    LARGEST,
    POINTS,
    drawn,
    drawn_one,
    mean,
    remaining,
    share_below,
    shares,
    table,
)
from engine.numerics.special import gamma_quantile, gamma_shape, gamma_share, normal_quantile

RATIOS = (1.05, 1.5, 3.0, 10.0, 50.0)
ALL = mixed(np.arange(200_000, dtype=np.uint64))
P90 = float(stats.norm.ppf(0.9))


def test_the_normal_quantile_is_that_of_scipy() -> None:
    at = np.concatenate([[1e-300, 1e-20, 1e-9], np.linspace(1e-6, 1 - 1e-6, 10_001), [1 - 1e-12]])
    np.testing.assert_allclose(normal_quantile(at), stats.norm.ppf(at), rtol=1e-12, atol=1e-12)
    assert normal_quantile(np.array([0.0, 1.0])).tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize("shape", [0.05, 0.3, 1.0, 1.5, 12.0, 900.0])
def test_the_gamma_quantile_is_that_of_scipy(shape: float) -> None:
    at = shares()[1:]
    expected = stats.gamma.ppf(at, shape)
    np.testing.assert_allclose(gamma_quantile(shape, at), expected, rtol=1e-9, atol=1e-200)
    np.testing.assert_allclose(gamma_share(shape, expected), at, rtol=1e-9, atol=1e-12)


def test_a_gamma_of_a_large_shape_is_nearly_that_of_scipy() -> None:
    at = shares()[1:]
    np.testing.assert_allclose(gamma_quantile(5e4, at), stats.gamma.ppf(at, 5e4), rtol=1e-5)


@pytest.mark.parametrize("ratio", [1.001, *RATIOS, 1e6])
def test_the_shape_of_a_gamma_is_found_from_its_p50_and_p90(ratio: float) -> None:
    shape = gamma_shape(ratio)
    assert stats.gamma.ppf(0.9, shape) / stats.gamma.ppf(0.5, shape) == pytest.approx(ratio, rel=1e-6)


@pytest.mark.parametrize("form", ["lognormal", "gamma", "weibull"])
@pytest.mark.parametrize("ratio", RATIOS)
def test_p50_and_p90_come_back_from_what_is_drawn(form: str, ratio: float) -> None:
    values = drawn(table(form, p50=1e6, p90=1e6 * ratio), ALL)
    assert np.median(values) == pytest.approx(1e6, rel=0.02 * math.log(ratio) + 0.001)
    assert np.quantile(values, 0.9) == pytest.approx(1e6 * ratio, rel=0.03 * math.log(ratio) + 0.001)


@pytest.mark.parametrize("form", ["lognormal", "gamma", "weibull", "exponential", "constant", "quantiles"])
def test_points_are_exactly_where_the_distribution_has_them(form: str) -> None:
    found = table(form, p50=1e6, p90=4e6, quantiles=[(0, 0), (0.5, 1e6), (1, 4e6)])
    assert found.shape == (POINTS,)
    assert found[CELLS // 2] == 1_000_000
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(
    ("sigma", "within"), [(0.3, 0.001), (1.0, 0.001), (1.4, 0.001), (2.0, 0.01)], ids="narrow usual wide widest".split()
)
def test_the_mean_of_a_lognormal_is_that_of_the_formula(sigma: float, within: float) -> None:
    found = table("lognormal", p50=1e6, p90=1e6 * math.exp(sigma * P90))
    assert mean(found) == pytest.approx(1e6 * math.exp(sigma**2 / 2), rel=within)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_means_of_the_others_are_those_of_their_formulas(ratio: float) -> None:
    shape = gamma_shape(ratio)
    expected = 1e6 * shape / stats.gamma.ppf(0.5, shape)
    assert mean(table("gamma", p50=1e6, p90=1e6 * ratio)) == pytest.approx(expected, rel=1e-3)
    power = math.log(math.log(10) / math.log(2)) / math.log(ratio)
    expected = 1e6 * math.gamma(1 + 1 / power) / math.log(2) ** (1 / power)
    assert mean(table("weibull", p50=1e6, p90=1e6 * ratio)) == pytest.approx(expected, rel=1e-3 if ratio < 20 else 1e-2)
    assert mean(table("exponential", p50=1e6 * math.log(2))) == pytest.approx(1e6, rel=1e-3)


def test_the_mean_of_a_table_is_that_of_what_is_drawn_from_it() -> None:
    found = table("lognormal", p50=3600, p90=86_400)
    values = drawn(found, (np.arange(1 << 20, dtype=np.uint64) << np.uint64(12)) + np.uint64(2048))
    assert values.mean() == pytest.approx(mean(found), rel=1e-6)


def test_quantiles_are_met_to_both_ends() -> None:
    found = table("quantiles", quantiles=[(0, 10), (0.25, 10), (0.5, 100), (1, 1000)])
    assert found[0] == found[CELLS // 4] == 10
    assert (found[CELLS // 2], found[-1]) == (100, 1000)
    assert drawn_one(found, 0xFFFFFFFF) == 1000


@given(st.integers(0, 2**64 - 1), st.sampled_from(["lognormal", "exponential", "constant"]))
def test_one_is_drawn_as_many_are(draw: int, form: str) -> None:
    found = table(form, p50=5000, p90=20_000)
    assert drawn(found, np.array([draw], np.uint64)).tolist() == [drawn_one(found, draw)]


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.2, 4.0, 12.0]))
@settings(max_examples=60)
def test_what_is_drawn_lies_where_the_share_below_it_says(draw: int, ratio: float) -> None:
    found = table("lognormal", p50=1e7, p90=1e7 * ratio)
    value = drawn_one(found, draw)
    assert share_below(found, np.array([value]))[0] == pytest.approx(draw / 2**32, abs=2e-6)


def test_nothing_lies_below_the_least_value_and_all_below_what_is_larger_than_the_largest() -> None:
    always = table("constant", p50=5)
    assert share_below(always, np.array([0, 5, 6])).tolist() == [0, 0, 1]
    steps = table("quantiles", quantiles=[(0, 10), (0.5, 10), (0.5, 20), (1, 20)])
    assert share_below(steps, np.array([10, 11, 20, 21])) == pytest.approx([0, 0.5, 0.5, 1], abs=0.002)


def test_what_is_larger_than_tables_hold_is_cut() -> None:
    assert table("constant", p50=1e30).tolist() == [LARGEST] * POINTS


@pytest.mark.parametrize(
    ("form", "given"),
    [
        ("lognormal", {"p50": 0, "p90": 5}),
        ("gamma", {"p50": 5, "p90": 4}),
        ("constant", {"p50": -1}),
        ("exponential", {"p50": math.nan}),
        ("quantiles", {"quantiles": [(0, 5)]}),
        ("quantiles", {"quantiles": [(0, 5), (1, 4)]}),
        ("quantiles", {"quantiles": [(0, -5), (1, 4)]}),
        ("pareto", {"p50": 1, "p90": 2}),
    ],
    ids=lambda each: str(each),
)
def test_numbers_that_no_distribution_has_are_refused(form: str, given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        table(form, **given)  # type: ignore[arg-type]


def test_what_remains_of_gaps_is_that_of_renewal_theory() -> None:
    alike = remaining(table("constant", p50=10_000))
    assert np.abs(alike - 10_000 * shares()).max() <= 1
    memoryless = table("exponential", p50=1e6)
    inside = slice(1, CELLS - 1)
    np.testing.assert_allclose(remaining(memoryless)[inside], memoryless[inside], rtol=6e-3)
    of = table("gamma", p50=1e6, p90=8e6)
    cells = drawn(of, ALL).astype(np.float64)
    assert mean(remaining(of)) == pytest.approx((cells**2).mean() / (2 * cells.mean()), rel=0.02)
    assert remaining(table("constant")).tolist() == [0] * POINTS
