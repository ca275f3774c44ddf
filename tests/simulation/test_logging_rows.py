"""A log is in canonical order, however an engine wrote it down."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.simulation.engines.logging_rows import by_deal, log_of

ROWS = st.lists(st.tuples(st.integers(0, 1 << 17), st.integers(0, 5)), max_size=30)


@given(st.lists(st.integers(0, (1 << 32) - 1) | st.integers(0, 3), max_size=50))
def test_places_are_sorted_and_equal_ones_left_as_they_are(places: list[int]) -> None:
    expected = sorted(range(len(places)), key=lambda row: places[row])
    assert by_deal(np.array(places, np.int64)).tolist() == expected


@given(ROWS)
def test_rows_are_by_deal_then_by_time_then_as_written(rows: list[tuple[int, int]]) -> None:
    numbered = [(deal, 0, at, 9, number) for number, (deal, at) in enumerate(rows)]
    log = log_of(list(zip(*numbered, strict=True)) or [()] * 5, [()] * 4, [()] * 7)
    expected = sorted(numbered, key=lambda row: (row[0], row[2]))
    assert list(zip(log.deal.tolist(), log.entered.tolist(), log.way.tolist(), strict=True)) == [
        (row[0], row[2], row[4]) for row in expected
    ]
