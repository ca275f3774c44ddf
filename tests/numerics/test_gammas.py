"""Draws by hash follow their gamma distribution, and their parts of the sum have the means they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.numerics.dice import own_keys
from engine.numerics.gammas import log_gammas, parts

KEYS = own_keys(7, np.arange(20_000, dtype=np.uint64))


@pytest.mark.parametrize("shape", [0.02, 0.4, 1.0, 3.7, 900.0])
def test_draws_follow_the_gamma_distribution(shape: float) -> None:
    found = np.exp(log_gammas(np.full(KEYS.size, shape), KEYS))
    assert stats.kstest(found, stats.gamma(shape).cdf).pvalue > 0.001


def test_shares_lie_as_a_dirichlet_distribution_says_even_where_hardly_anything_was_seen() -> None:
    shares = np.array([0.7, 0.25, 0.05])
    for seen in (0.5, 40):
        logs = log_gammas(
            np.tile(shares * seen, KEYS.size // 4), own_keys(1, np.arange(3 * (KEYS.size // 4), dtype=np.uint64))
        )
        found = parts(logs.reshape(-1, 3))
        apart = np.sqrt(shares * (1 - shares) / (seen + 1))
        assert np.abs(found.mean(axis=0) - shares).max() < 4 * apart.max() / np.sqrt(len(found))
        assert found.std(axis=0) == pytest.approx(apart, rel=0.05)


def test_nearly_the_same_shape_draws_nearly_the_same() -> None:
    one, two = (np.exp(log_gammas(np.full(KEYS.size, shape), KEYS)) / shape for shape in (40.0, 41.0))
    assert np.corrcoef(one, two)[0, 1] > 0.99
