"""Clocks call deals away from queues and from work, and people are free from that second on."""

from __future__ import annotations

from typing import Any

from engine.simulation.engines.heap import play
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, NONE, Plan
from tests.simulation.worlds import Clock, Job, Pool, cast, end, plan, stage, to


def desk(*clocks: Clock, effort: int = 100, touch: Any = None, until: int = 1 << 40) -> Plan:
    return plan(
        {
            "new": stage(to("won", 1, 0, touch=touch), work=Job("ae", effort), clocks=clocks),
            "won": end("won"),
            "lost": end("lost"),
        },
        pools={"ae": Pool(1)},
        until=until,
    )


def works(log: Log) -> list[tuple[int, ...]]:
    return list(zip(log.work_deal.tolist(), log.asked.tolist(), log.begun.tolist(), log.done.tolist(), strict=True))


def visits(log: Log) -> list[tuple[int, ...]]:
    return list(zip(log.deal.tolist(), log.entered.tolist(), log.left.tolist(), log.way.tolist(), strict=True))


def test_a_clock_cuts_the_queue_and_the_next_one_is_served() -> None:
    of = desk(Clock("lost", 130))
    log = play(of, cast(of, [0, 10, 90]))
    # The second waits behind the first, is begun at 100 and called away at 140; the third is begun that second.
    assert works(log) == [(0, 0, 0, 100), (1, 10, 100, 140), (2, 90, 140, 220)]
    assert visits(log) == [(0, 0, 100, 0), (1, 10, 140, 1), (2, 90, 220, 1)]


def test_who_is_called_away_while_it_waits_is_never_begun() -> None:
    of = desk(Clock("lost", 50))
    log = play(of, cast(of, [0, 10, 55]))
    assert works(log) == [(0, 0, 0, 50), (1, 10, 50, 60), (2, 55, 60, 105)]
    log = play(desk(Clock("lost", 40)), cast(of, [0, 0, 0]))
    assert works(log) == [(0, 0, 0, 40), (1, 0, NEVER, 40), (2, 0, NEVER, 40)]
    assert log.work_person.tolist() == [0, NONE, NONE]


def test_work_that_ends_with_the_clock_is_done_and_the_deal_moves_on() -> None:
    of = desk(Clock("lost", 100))
    assert visits(play(of, cast(of, [0]))) == [(0, 0, 100, 0)]


def test_a_clock_that_the_rules_bar_never_acts_and_the_next_one_does() -> None:
    of = desk(Clock("lost", 30), Clock("lost", 60))
    log = play(of, cast(of, [0, 0], barred=[[1], [1, 2]]))
    assert visits(log) == [(0, 0, 60, 2), (1, 0, 160, 0)]


def test_a_contact_puts_an_idle_clock_off() -> None:
    of = desk(Clock("lost", 120, idle=True), touch=Job("ae", 110))
    # Worked on until 100, which is no contact: the clock is due at 120, in the midst of the touchpoint.
    assert visits(play(of, cast(of, [0]))) == [(0, 0, 120, 1)]
    of = plan(
        {
            "new": stage(
                to("won", 1, 50, touch=Job("ae", 60), agreed=0, wait=100), clocks=[Clock("lost", 115, idle=True)]
            ),
            "won": end("won"),
            "lost": end("lost"),
        },
        pools={"ae": Pool(1)},
    )
    assert visits(play(of, cast(of, [0], needs=[[0]]))) == [(0, 0, 210, 0)]
    assert visits(play(of, cast(of, [0]))) == [(0, 0, 110, 0)]


def test_an_overdue_clock_acts_when_the_simulation_takes_the_deal_up() -> None:
    of = desk(Clock("lost", 50))
    log = play(of, cast(of, [], open_deals=[(0, -100, 0, 10)]))
    assert visits(log) == [(0, -100, 0, 1)]


def test_from_the_end_on_nothing_is_told() -> None:
    of = desk(until=150)
    log = play(of, cast(of, [0, 0, 0, 150]))
    assert works(log) == [(0, 0, 0, 100), (1, 0, 100, 200), (2, 0, NEVER, NEVER)]
    assert visits(log) == [(0, 0, 100, 0), (1, 0, NONE, NONE), (2, 0, NONE, NONE)]
