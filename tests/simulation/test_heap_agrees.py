"""The event heap gives the same log, byte by byte, as the engines that can do less."""

from __future__ import annotations

from hypothesis import given, settings

from engine.simulation import commit
from engine.simulation.heap import play
from engine.simulation.plan import Cast, Plan
from tests.simulation.random_worlds import worlds
from tests.simulation.worlds import told


@given(worlds(works=True, clocks=False))
@settings(max_examples=10)
def test_the_heap_and_the_calendars_of_people_give_the_same_log(world: tuple[Plan, Cast]) -> None:
    of, who = world
    assert of.is_first_come
    assert told(play(of, who)) == told(commit.play(of, who))
