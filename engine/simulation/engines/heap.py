"""The engine that can do everything: events in the order of time, in plain Python.

What can be judged beforehand is ``walking``; where a process has side tracks, automatic actions or rules that look at
what happened, the machine judges each move of each deal in ``living_deals``.
"""

from __future__ import annotations

from heapq import heappop
from typing import Protocol

import numpy as np

from engine.machine.compile import Machine
from engine.model.errors import BadValue
from engine.simulation.engines.living_deals import Lives
from engine.simulation.engines.queueing import ASKED, DONE, TIMED, Event, Pools
from engine.simulation.engines.sheet import Sheet, roll_of, sheet_of
from engine.simulation.engines.staying import Stay
from engine.simulation.engines.told import Told
from engine.simulation.engines.walking import Walkers
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, Cast, Plan


def play(plan: Plan, cast: Cast, machine: Machine | None = None) -> Log:
    """What happens in one run.

    Raises ``BadValue`` where the plan is not plain and no machine is given to judge its moves.
    """
    sheet, roll, events = sheet_of(plan), roll_of(cast), list[Event]()
    pools = Pools(plan, sheet, roll, events)
    players: Players
    if plan.is_plain:
        players = Walkers(plan, cast, sheet, roll, pools, events)
    elif machine is None:
        raise BadValue(f"{plan.process} cannot be judged before it starts", hint="hand over its machine")
    else:
        players = Lives(plan, cast, machine, sheet, roll, pools, events)
    _run(players, cast)
    return players.told.log(pools)


class Players(Protocol):
    """Who plays the deals."""

    sheet: Sheet
    events: list[Event]
    pools: Pools
    told: Told

    def arrive(self, deal: int, moment: int) -> None:
        """A deal is taken up, where it stands or starts."""

    def worked(self, stay: Stay, moment: int) -> None:
        """The work on a deal is done."""

    def called(self, stay: Stay, moment: int) -> None:
        """A clock is due while a deal waits for work, or is being worked on."""

    def timer(self, stay: Stay, moment: int) -> None:
        """A moment has come that the players wait for."""

    def finish(self) -> None:
        """The end has come."""


def _run(players: Players, cast: Cast) -> None:
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
        if pools.changed or (events and events[0][0] == moment):
            _at(players, moment)
    players.finish()


def _at(players: Players, moment: int) -> None:
    """All that happens at one second: what ends and is asked for, and only then what can be begun."""
    events, pools = players.events, players.pools
    while True:
        if events and events[0][0] == moment:
            _, _, what, number, stay = heappop(events)
            if stay is None:
                pools.changed.add(number)
            elif what >= TIMED:
                if stay.timer == number:
                    players.timer(stay, moment)
            elif stay.work != number:
                continue
            elif what == DONE:
                pools.release(stay, moment)
                players.worked(stay, moment)
            elif what == ASKED:
                pools.come(stay, moment)
            else:
                players.called(stay, moment)
        elif pools.changed:
            pools.begin(moment)
        else:
            return
