"""Quantiles of Student's t, against scipy's."""

from __future__ import annotations

import pytest

from engine.numerics.student import two_sided_t

stats = pytest.importorskip("scipy.stats")


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 29, 99, 1_000, 100_000])
def test_quantiles_of_t_are_those_of_scipy(level: float, freedom: int) -> None:
    assert two_sided_t(level, freedom) == pytest.approx(stats.t.ppf(0.5 + level / 2, freedom), rel=1e-5)
