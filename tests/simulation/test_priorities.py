"""Who is served next: waits against the formulas of queues with priorities, and what no order can change."""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.simulation.engines.heap import play
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, Plan
from tests.simulation.worlds import Job, Pool, cast, end, exponential, plan, stage, to

EFFORT = 100_000
"""Mean seconds of work: long, so that whole seconds do not count."""


def counter(people: int, *, order: int, effort: Any = None) -> Plan:
    """One stage, entered once, in which somebody works on each deal."""
    effort = exponential(EFFORT) if effort is None else effort
    return plan(
        {"new": stage(to("won", 1, 0), work=Job("ae", effort)), "won": end("won")},
        pools={"ae": Pool(people, order=order)},
    )


def waits(log: Log) -> Any:
    return log.begun - log.asked


def erlang_c(people: int, load: float) -> float:
    """How likely it is to wait at all."""
    most = load**people / factorial(people) * people / (people - load)
    return most / (sum(load**k / factorial(k) for k in range(people)) + most)


def batches(values: Any) -> tuple[float, float]:
    """The mean, and how far the truth may be off (three standard errors of 30 batch means, the first one left out)."""
    means = np.array([part.mean() for part in np.array_split(values, 31)[1:]])
    return float(means.mean()), float(3 * means.std(ddof=1) / np.sqrt(len(means)))


@pytest.mark.parametrize(("people", "use"), [(1, 0.7), (3, 0.8)])
def test_waits_of_two_classes_are_those_of_cobham(people: int, use: float) -> None:
    size, share = 40_000, 0.4
    rng = np.random.default_rng(5)
    comes = np.cumsum(rng.exponential(EFFORT / people / use, size)).astype(np.int64)
    low = (rng.random(size) >= share).astype(np.int64)
    of = counter(people, order=1)
    found = waits(play(of, cast(of, comes, ranks=[low])))

    # Cobham, "Priority assignment in waiting line problems" (1954), for several servers.
    first = erlang_c(people, use * people) * EFFORT / people
    for rank, theory in enumerate((first / (1 - use * share), first / (1 - use * share) / (1 - use))):
        mean, off = batches(found[low == rank])
        assert abs(mean - theory) < off < theory / 4


COMING = st.lists(st.integers(0, 60), min_size=1, max_size=25).map(sorted)


@given(COMING, st.data(), st.integers(1, 3), st.integers(1, 9))
@settings(max_examples=60)
def test_no_order_changes_what_is_waited_in_all_where_all_take_alike(
    comes: list[int], data: st.DataObject, people: int, effort: int
) -> None:
    ranks = data.draw(st.lists(st.integers(-3, 3), min_size=len(comes), max_size=len(comes)))
    by_rank, first_come = counter(people, order=1, effort=effort), counter(people, order=0, effort=effort)
    ranked = play(by_rank, cast(by_rank, comes, ranks=[ranks]))
    plain = play(first_come, cast(first_come, comes))
    assert sorted(ranked.begun.tolist()) == sorted(plain.begun.tolist())
    assert waits(ranked).sum() == waits(plain).sum()


@given(COMING, st.data(), st.integers(1, 3))
@settings(max_examples=60)
def test_nobody_overtakes_a_better_rank_and_nobody_idles_while_work_waits(
    comes: list[int], data: st.DataObject, people: int
) -> None:
    ranks = data.draw(st.lists(st.integers(-3, 3), min_size=len(comes), max_size=len(comes)))
    of = counter(people, order=1, effort=(1, 9))
    log = play(of, cast(of, comes, ranks=[ranks]))
    asked, begun, done = log.asked, log.begun, log.done
    for one, rank in enumerate(ranks):
        waiting = (asked < begun[one]) & (begun > begun[one])
        assert all(rank <= ranks[other] for other in np.flatnonzero(waiting))
    for moment in np.unique(asked):
        working = ((begun <= moment) & (moment < done)).sum()
        assert working == people or not ((asked <= moment) & (begun > moment)).any()


def test_stages_are_served_as_the_pool_lists_them_and_then_who_waits_longest() -> None:
    of = plan(
        {
            "early": stage(to("late", 1, 0), work=Job("ae", 10)),
            "late": stage(to("won", 1, 0), work=Job("ae", 10)),
            "won": end("won"),
        },
        pools={"ae": Pool(1, order=2, stages={"late": 0, "early": 1})},
    )
    log = play(of, cast(of, [0, 1, 2]))
    assert list(zip(log.work_deal.tolist(), log.asked.tolist(), log.begun.tolist(), strict=True)) == [
        (0, 0, 0),
        (0, 10, 10),
        (1, 1, 20),
        (1, 30, 30),
        (2, 2, 40),
        (2, 50, 50),
    ]


def test_of_several_who_could_the_first_does_it_and_those_without_the_skill_are_passed_over() -> None:
    of = plan(
        {"new": stage(to("won", 1, 0), work=Job("ae", 10, skills=(1,))), "won": end("won")},
        pools={"ae": Pool([(0b01, ""), (0b11, ""), (0b10, "")])},
    )
    log = play(of, cast(of, [0, 1, 2, 30]))
    assert log.work_person.tolist() == [1, 2, 1, 1]
    assert log.begun.tolist() == [0, 1, 10, 30]


def test_work_goes_on_the_next_morning_and_what_nobody_can_begin_stays_in_the_queue() -> None:
    of = plan(
        {"new": stage(to("won", 1, 0), work=Job("ae", 60)), "won": end("won")},
        pools={"ae": Pool(1, hours="office")},
        hours={"office": [(100, 200), (300, 400), (500, 550)]},
    )
    log = play(of, cast(of, [0, 0, 0, 0, 0, 0]))
    assert log.begun.tolist() == [100, 160, 320, 380, 540, NEVER]
    assert log.done.tolist() == [160, 320, 380, 540, NEVER, NEVER]
    assert log.work_person.tolist() == [0, 0, 0, 0, 0, -1]
