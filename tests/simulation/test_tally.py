"""Times in classes: quantiles of all runs together, those cut off counted."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.simulation.results.tally import middle, times

_SECONDS = st.lists(st.integers(0, 2**40), min_size=1, max_size=60)


def _times(seconds: list[int], ended: list[bool] | None = None):
    values = np.array(seconds, np.int64)
    is_ended = np.ones(values.size, np.bool_) if ended is None else np.array(ended)
    return times(np.zeros(values.size, np.int64), values, is_ended, groups=1)


@given(_SECONDS, st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_the_exact_one_to_half_a_percent(seconds: list[int], share: float) -> None:
    exact = sorted(seconds)[max(0, int(np.ceil(share * len(seconds) - 1e-9)) - 1)]

    found = _times(seconds).quantile(0, share)

    assert found is not None
    assert abs(found - exact) <= 0.008 * exact + 0.5


@given(_SECONDS, _SECONDS)
def test_runs_add_up_in_any_order(one: list[int], other: list[int]) -> None:
    together = _times([*one, *other])

    for added in (_times(one) + _times(other), _times(other) + _times(one)):
        assert (added.ended == together.ended).all()


def test_those_cut_off_count_as_kaplan_and_meier_count_them() -> None:
    # Of 4 one ends at 100 s, one is cut off at 200, of the 2 left one ends at 300: 3/4, then 3/8.
    found = _times([100, 200, 300, 400], [True, False, True, False])

    assert found.quantile(0, 0.25) == found.quantile(0, 0.2)
    assert abs((found.quantile(0, 0.5) or 0) - 300) < 3
    assert found.quantile(0, 0.7) is None
    assert abs(found.longest(0) - 400) < 4
    assert found.count(0) == (2, 2)


def test_whole_seconds_that_are_few_are_exact() -> None:
    assert [_times([second]).quantile(0, 0.5) for second in range(60)] == list(range(60))
    assert middle(0) == 0
