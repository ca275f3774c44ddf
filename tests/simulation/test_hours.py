"""Hours pass as somebody with a stopwatch would say, second by second, of one moment and of many."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.simulation.engines import hours, loop_parts
from engine.simulation.plan import NEVER
from tests.simulation.worlds import plan

STRETCHES = st.sets(st.integers(0, 60), min_size=2, max_size=12).map(lambda points: list(pairwise(sorted(points)))[::2])


def _by_stopwatch(stretches: list[tuple[int, int]], moment: int, seconds: int) -> int:
    if seconds == 0:
        return moment
    for second in range(moment, stretches[-1][1]):
        seconds -= any(begin <= second < end for begin, end in stretches)
        if seconds == 0:
            return second + 1
    return NEVER


@given(STRETCHES, st.lists(st.tuples(st.integers(-5, 70), st.integers(0, 30)), min_size=1))
def test_all_ways_to_reckon_say_what_a_stopwatch_says(
    stretches: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    # Another calendar before and after: each is looked up in its own part of the columns.
    of = plan({}, hours={"before": [(0, 7)], "of": stretches, "after": [(1, 2)]})
    expected = [_by_stopwatch(stretches, *each) for each in asked]
    one, columns = hours.stretches(of.calendars)[1], np.array(asked, np.int64).T
    assert [hours.passed(one, *each) for each in asked] == expected
    assert hours.all_passed(of.calendars, 1, *columns).tolist() == expected
    assert [loop_parts.passed(loop_parts.hours(of), 1, *each) for each in asked] == expected


@given(STRETCHES, st.integers(-5, 70))
def test_the_next_second_within_hours_is_the_first_on_the_clock(stretches: list[tuple[int, int]], moment: int) -> None:
    of = hours.stretches(plan({}, hours={"of": stretches}).calendars)[0]
    inside = (second for begin, end in stretches for second in range(begin, end) if second >= moment)
    assert hours.opening(of, moment) == next(inside, NEVER)
