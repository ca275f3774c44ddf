"""Axes: round figures from below all of them to above all of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.study import Estimate, Unit
from engine.report.charts.scale import scale, ticks

FIGURES = st.floats(-1e12, 1e12).filter(lambda each: each == 0 or abs(each) > 1e-6)


@given(st.lists(FIGURES, max_size=6), st.sampled_from([Unit.NUMBER, Unit.SHARE, Unit.DAYS, Unit.COUNT, Unit.MONEY]))
def test_an_axis_holds_all_figures_and_nothing_in_few_steps(figures: list[float], unit: Unit) -> None:
    axis = scale([Estimate(each) for each in figures], unit)
    steps = [later - sooner for sooner, later in pairwise(axis.ticks)]
    slack = max(steps) * 1e-8

    assert 0.0 in axis.ticks
    assert 2 <= len(axis.ticks) <= 8
    assert all(axis.ticks[0] - slack <= each <= axis.ticks[-1] + slack for each in figures)
    assert max(steps) == pytest.approx(min(steps))
    assert [axis.at(axis.ticks[0]), axis.at(axis.ticks[-1])] == [0.0, 1.0]
    assert len(set(axis.labels)) == len(axis.labels)


def test_an_interval_that_reaches_far_does_not_squeeze_the_figures() -> None:
    assert scale([Estimate(3.0, 1.0, 9000.0), Estimate(2.0, 1.0, 4.0)], Unit.DAYS).ticks[-1] == 4.0


@pytest.mark.parametrize(
    ("figures", "unit", "labels"),
    [
        ((0.35,), Unit.SHARE, ("0 %", "10 %", "20 %", "30 %", "40 %")),
        ((0.004,), Unit.SHARE, ("0 %", "0.1 %", "0.2 %", "0.3 %", "0.4 %")),
        ((3,), Unit.COUNT, ("0", "1", "2", "3")),
        ((0,), Unit.COUNT, ("0", "1")),
        ((), Unit.NUMBER, ("0", "0.2", "0.4", "0.6", "0.8", "1")),
        ((140_000.0,), Unit.MONEY, ("0", "50k", "100k", "150k")),
        ((-1_200_000.0, 900_000.0), Unit.MONEY, ("-1.5M", "-1M", "-500k", "0", "500k", "1M")),
        ((2_500.0,), Unit.MONEY, ("0", "500", "1,000", "1,500", "2,000", "2,500")),
    ],
)
def test_figures_of_an_axis_are_round_and_short(
    figures: tuple[float, ...], unit: Unit, labels: tuple[str, ...]
) -> None:
    assert scale([Estimate(each) for each in figures], unit).labels == labels


def test_days_may_have_parts_and_counts_may_not() -> None:
    assert ticks([1.0], Unit.DAYS)[1] == 0.2
    assert ticks([1.0], Unit.COUNT)[1] == 1.0
