"""The engine that can do everything: events in the order of time, in plain Python.

What can be judged beforehand is ``walking``; where a process has side tracks, automatic actions or rules that look at
what happened, the machine judges each move of each deal in ``living``.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from heapq import heappop

import numpy as np

from engine.machine.compile import Machine
from engine.model.errors import BadValue
from engine.simulation.logging_rows import log_of
from engine.simulation.plan import NEVER, NONE, Cast, Ints, Log, Plan
from engine.simulation.queueing import ASKED, CALLED, DONE, OPENED, Event, Pools
from engine.simulation.sheet import roll_of, sheet_of
from engine.simulation.walking import Walkers


def play(plan: Plan, cast: Cast, machine: Machine | None = None) -> Log:
    """What happens in one run.

    Raises ``BadValue`` where the plan is not plain and no machine is given to judge its moves.
    """
    sheet, roll, events = sheet_of(plan), roll_of(cast), list[Event]()
    pools = Pools(plan, sheet, roll, events)
    players = Walkers(sheet, roll, pools, events)
    _run(players, cast)
    return _log(players)


def _run(players: Walkers, cast: Cast) -> None:
    events, pools, end = players.events, players.pools, players.sheet.end
    # Those who come first are taken up first; of one second, in the order of the cast.
    order = np.argsort(cast.comes, kind="stable")
    comes = [*cast.comes[order].tolist(), NEVER]
    deals, arrived = order.tolist(), 0
    while True:
        moment = comes[arrived]
        if events and events[0][0] < moment:
            moment = events[0][0]
        if moment >= end:
            break
        while comes[arrived] == moment:
            players.arrive(deals[arrived], moment)
            arrived += 1
        _at(players, moment)
    for stay in pools.stays.values():
        players.stop(stay)


def _at(players: Walkers, moment: int) -> None:
    """All that happens at one second: what ends and is asked for, and only then what can be begun."""
    events, pools = players.events, players.pools
    while True:
        if events and events[0][0] == moment:
            _, _, what, number = heappop(events)
            if what == DONE:
                stay = pools.finish(number, moment)
                if stay is not None:
                    players.worked(stay, moment)
            elif what == ASKED:
                pools.join(number)
            elif what == CALLED:
                if number in pools.stays:
                    players.called(pools.stays[number], moment)
            elif what == OPENED:
                pools.changed.add(number)
        elif not pools.changed or not pools.begin(moment):
            return


def _log(players: Walkers) -> Log:
    pools, told = players.pools, players.told
    works = (pools.deal, pools.stage, pools.phase, pools.person, pools.asked, pools.begun, pools.done)
    return log_of(_columns(told.visits, 5), _columns(told.refusals, 4), works)


def _columns(rows: array[int], width: int) -> Ints:
    """Rows written one after the other, as columns."""
    found: Ints = np.frombuffer(rows, np.int64).reshape(-1, width).T if rows else np.empty((width, 0), np.int64)
    return found
