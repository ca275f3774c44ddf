"""A figure over runs."""

from __future__ import annotations

import numpy as np
import pytest

from engine.model.study import Estimate
from engine.simulation.results.over_runs import curve, mean, quantile, spread


def test_a_quantile_is_a_figure_that_a_run_came_to() -> None:
    figures = list(range(1, 101))

    assert spread(figures) == (10.0, 50.0, 90.0)
    assert quantile([7], 0.1) == quantile([7], 0.9) == 7
    assert curve(np.array([[1, 5], [2, 4], [3, 3]]), 0.5) == (2.0, 4.0)


def test_the_interval_of_the_mean_narrows_with_the_runs() -> None:
    few, many = mean([0, 10] * 5), mean([0, 10] * 500)

    assert few.value == many.value == 5
    assert _width(few) / _width(many) == pytest.approx(10.5 * 1.833 / 1.646, rel=0.01)


def test_of_two_runs_the_interval_of_the_mean_is_as_wide_as_students() -> None:
    assert _width(mean([100, 110])) == pytest.approx(2 * 6.3138 * 5, rel=1e-4)


def test_of_one_run_nobody_can_say_how_sure_its_mean_is() -> None:
    assert mean([3]).low is None
    assert mean([0, 0, 1]).low == 0.0


def _width(estimate: Estimate) -> float:
    return (estimate.high or 0.0) - (estimate.low or 0.0)
