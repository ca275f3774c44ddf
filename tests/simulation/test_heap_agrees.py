"""The event heap gives the same log, byte by byte, as the engines that can do less, and as its compiled loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from engine.numerics.compiled import has_compiler
from engine.simulation.engines import commit, heap_loop, waves
from engine.simulation.engines.heap import play
from engine.simulation.plan import Cast, Plan
from tests.simulation.random_worlds import worlds
from tests.simulation.worlds import Clock, Job, Pool, cast, end, exponential, plan, stage, to, told


@given(worlds(works=True, clocks=False))
@settings(max_examples=80)
def test_the_heap_and_the_engine_that_commits_on_arrival_give_the_same_log(world: tuple[Plan, Cast]) -> None:
    of, who = world
    assert of.is_first_come
    assert told(play(of, who)) == told(commit.play(of, who))


@given(worlds(works=False, clocks=True))
@settings(max_examples=80)
def test_without_work_the_heap_gives_the_log_of_waves(world: tuple[Plan, Cast]) -> None:
    of, who = world
    assert told(play(of, who)) == told(waves.play(of, who))


@given(worlds(works=True, clocks=True, orders=True))
@settings(max_examples=40)
def test_the_loop_says_in_few_words_what_the_heap_says(world: tuple[Plan, Cast]) -> None:
    of, who = world
    with pytest.MonkeyPatch.context() as patched, np.errstate(over="ignore"):
        # As Python runs it: compiled, it would be judged by the same rules in an instant, after seconds of compiling.
        patched.setattr(heap_loop, "compiled", lambda loop: loop)
        assert told(play(of, who)) == told(heap_loop.play_compiled(of, who))


def test_two_pools_that_wait_for_their_hours_are_both_opened() -> None:
    of = plan(
        {
            "a": stage(to("won", 0.5, 0, touch=Job("early", 0)), to("won", 0.5, 0, touch=Job("late", 0))),
            "won": end("won"),
        },
        pools={"early": Pool(1, hours="early"), "late": Pool(1, hours="late")},
        hours={"early": [(10, 20)], "late": [(30, 40)]},
        until=100,
    )
    who = cast(of, [0] * 8)
    log = play(of, who)
    assert sorted(set(log.begun.tolist())) == [10, 30]
    with pytest.MonkeyPatch.context() as patched, np.errstate(over="ignore"):
        patched.setattr(heap_loop, "compiled", lambda loop: loop)
        assert told(heap_loop.play_compiled(of, who)) == told(log)


HOUR = 3600


def office(*, order: int, clocks: tuple[Clock, ...] = ()) -> tuple[Plan, Cast]:
    """Months of work in office hours, with skills, approvals, refusals and deals that come back."""
    of = plan(
        {
            "new": stage(
                to("offer", 0.6, exponential(9 * HOUR), hours="office"),
                to("lost", 0.4, exponential(9 * HOUR)),
                work=Job("ae", exponential(HOUR)),
                clocks=clocks,
            ),
            "offer": stage(
                to("won", 0.5, exponential(HOUR), touch=Job("ae", exponential(HOUR), skills=(0,))),
                to("new", 0.5, exponential(HOUR), agreed=0, wait=exponential(HOUR), granted=0.5),
            ),
            "won": end("won"),
            "lost": end("lost"),
        },
        pools={"ae": Pool([(0b1, "office"), (0b0, ""), (0b1, "")], order=order, stages={"offer": 0, "new": 1})},
        hours={"office": [(day * 24 * HOUR, (day * 24 + 9) * HOUR) for day in range(200)]},
        until=150 * 24 * HOUR,
    )
    rng = np.random.default_rng(order)
    comes = np.sort(rng.integers(0, 140 * 24 * HOUR, 3000))
    needs = [[0] * (place % 3 == 0) for place in range(comes.size)]
    barred = [[0] * (place % 7 == 0) for place in range(comes.size)]
    return of, cast(of, comes, needs=needs, barred=barred, ranks=rng.integers(0, 5, (1, comes.size)))


def test_months_in_working_hours_are_the_same_whether_one_queues_or_books_people_ahead() -> None:
    of, who = office(order=0)
    log = play(of, who)
    assert (log.begun > log.asked).mean() > 0.2
    assert told(log) == told(commit.play(of, who))


@pytest.mark.skipif(not has_compiler(), reason="the extra [fast] is not installed")
@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_compiled_loop_gives_the_same_log(order: int) -> None:
    of, who = office(order=order, clocks=(Clock("lost", 60 * HOUR, idle=True),))
    assert told(heap_loop.play_compiled(of, who)) == told(play(of, who))


def test_rooms_that_are_too_small_are_made_larger() -> None:
    of = plan(
        {"new": stage(to("new", 1, 1), work=Job("ae", 1)), "won": end("won")},
        pools={"ae": Pool(1)},
        until=5000,
    )
    with pytest.MonkeyPatch.context() as patched, np.errstate(over="ignore"):
        patched.setattr(heap_loop, "compiled", lambda loop: loop)
        who = cast(of, [0])
        assert told(play(of, who)) == told(heap_loop.play_compiled(of, who))
