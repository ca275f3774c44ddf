"""Plain deals: each is played on by itself until somebody has to work on it, for nothing else ties it to others."""

from __future__ import annotations

from engine.simulation.drawing_ahead import BLOCK, Ahead, First
from engine.simulation.plan import NEVER, NONE, Cast, Plan, Purpose
from engine.simulation.queueing import Event, Pools
from engine.simulation.sheet import Roll, Sheet
from engine.simulation.staying import Stay
from engine.simulation.told import Told

HARD, WAITS, WORKS = 0, 1, 2
"""What happens in a stage: much; a dwell around the clock; the same after work on entering. No clock runs in these."""


class Walkers:
    """Deals whose attempts are judged before all starts. ``kinds`` says of each stage what happens in it."""

    def __init__(self, plan: Plan, cast: Cast, sheet: Sheet, roll: Roll, pools: Pools, events: list[Event]) -> None:
        self.sheet, self.roll, self.pools, self.events = sheet, roll, pools, events
        self.kinds = [_kind(sheet, stage) for stage in range(len(plan.stages))]
        self.ahead, self.drawn, self.block = Ahead(plan, cast.keys), list[First | None](), NONE
        self.told = Told()

    def arrive(self, deal: int, moment: int) -> None:
        """A deal is taken up, where it stands or starts."""
        sheet, roll = self.sheet, self.roll
        if deal // BLOCK != self.block:
            self.block = deal // BLOCK
            self.drawn = self.ahead.block(self.block)
        stay = Stay(deal, roll.keys[deal], [0] * len(sheet.keys))
        stay.ahead = self.drawn
        stay.enter(sheet, roll.stage[deal], roll.entered[deal], roll.barred[deal] >> sheet.branches)
        if roll.branch[deal] != NONE:
            self._go(stay, stay.take_up(sheet, roll))
        elif self.kinds[stay.stage] == HARD:
            stay.draw(sheet, moment)
            self._go(stay, moment)
        elif self._travel(stay, moment):
            self._go(stay, stay.since)

    def worked(self, stay: Stay, moment: int) -> None:
        """The work on a deal is done."""
        stay.over(self.sheet, moment)
        self._go(stay, moment)

    def called(self, stay: Stay, moment: int) -> None:
        """A clock calls a deal away from work that it waits for, or that is being done."""
        self.pools.release(stay, moment)
        way = self.sheet.branches + stay.clock
        if self._move(stay, way, self.sheet.clock_to[stay.clock], moment):
            self._go(stay, stay.since)

    def timer(self, stay: Stay, moment: int) -> None:
        """Nothing else is waited for here."""

    def finish(self) -> None:
        """The end has come: who still waits for work stays where it is."""
        for stay in self.pools.unfinished():
            self.told.visit(stay, NONE, NONE)

    def _travel(self, stay: Stay, moment: int) -> bool:
        """Go through stages in which little happens; whether there is more to do from ``stay.since`` on.

        The same as ``_go`` does, with fewer words.
        """
        sheet, kinds, end, visits, ahead = self.sheet, self.kinds, self.sheet.end, stay.visits, stay.ahead
        deal, stage, entered = stay.deal, stay.stage, stay.entered
        barred, needs, place = self.roll.barred[deal], self.roll.needs[deal], deal % BLOCK
        write = self.told.visits.extend
        while True:
            kind, first = kinds[stage], ahead[stage]
            if kind == HARD or first is None or visits[stage] or barred or needs:
                stay.enter(sheet, stage, entered, barred >> sheet.branches)
                stay.draw(sheet, moment)
                return True
            visits[stage] = 1
            branch = first[0][place]
            if kind == WORKS:
                stay.stage, stay.entered, stay.contact, stay.barred = stage, entered, entered, 0
                stay.settle(sheet, branch, moment, first[1][place])
                self.pools.ask(stay, moment, first[2][place])
                return False
            left = moment + first[1][place]
            if left >= end:
                write((deal, stage, entered, NONE, NONE))
                return False
            write((deal, stage, entered, left, branch))
            stage = sheet.to[branch]
            if sheet.is_end[stage]:
                return False
            moment = entered = left

    def _go(self, stay: Stay, moment: int) -> None:
        """Play a deal from a moment on, until it asks for work or all is over."""
        sheet, end = self.sheet, self.sheet.end
        while moment < end:
            if stay.phase < stay.last:
                need = sheet.need[stay.phase]
                if need != NONE and not self.roll.needs[stay.deal] >> need & 1:
                    stay.phase += 1
                    continue
                if sheet.is_work[stay.phase]:
                    self._ask(stay, moment)
                    return
                until = stay.waited(sheet, moment)
            else:
                until = NEVER if stay.branch == NONE else stay.attempted(moment)
            if stay.due < until:
                moment = max(stay.due, moment)
                way, to = sheet.branches + stay.clock, sheet.clock_to[stay.clock]
                if moment < end:
                    if not self._move(stay, way, to, moment):
                        return
                    moment = stay.since
                continue
            moment = until
            if stay.phase < stay.last:
                stay.over(sheet, moment)
            elif moment < end:
                if not self._attempt(stay, moment):
                    return
                moment = stay.since
        self.told.visit(stay, NONE, NONE)

    def _ask(self, stay: Stay, moment: int) -> None:
        self.pools.ask(stay, moment, stay.seconds(self.sheet))
        if stay.due < self.sheet.end:
            self.pools.watch(stay, max(stay.due, moment))

    def _attempt(self, stay: Stay, moment: int) -> bool:
        """Try the branch; whether there is more to do from ``stay.since`` on."""
        branch, sheet, roll = stay.branch, self.sheet, self.roll
        barred = roll.barred[stay.deal] >> branch & 1
        agreed = sheet.agreed[branch]
        denied = agreed != NONE and roll.needs[stay.deal] >> agreed & 1 and not stay.is_granted(sheet)
        if barred or denied:
            self.told.refused(stay, branch, moment, denied=not barred)
            stay.draw(sheet, moment)
            return True
        return self._move(stay, branch, sheet.to[branch], moment)

    def _move(self, stay: Stay, way: int, to: int, moment: int) -> bool:
        """Leave the stage by a way; whether there is more to do from ``stay.since`` on."""
        self.told.visit(stay, moment, way)
        if self.sheet.is_end[to]:
            return False
        stay.stage, stay.entered = to, moment
        return self._travel(stay, moment)


def _kind(sheet: Sheet, stage: int) -> int:
    """What happens in a stage."""
    branches = range(sheet.first[stage], sheet.first[stage + 1])
    if sheet.clocks[stage] != sheet.clocks[stage + 1] or not branches:
        return HARD
    kinds = {_kind_of_branch(sheet, sheet.phase[branch], sheet.phase[branch + 1]) for branch in branches}
    return kinds.pop() if len(kinds) == 1 else HARD


def _kind_of_branch(sheet: Sheet, first: int, last: int) -> int:
    works = first < last and sheet.is_work[first] and sheet.purpose[first] == Purpose.ENTRY_WORK
    dwell = first + 1 if works else first
    if dwell + 1 != last or not sheet.own[dwell] or sheet.calendar[dwell] != NONE:
        return HARD
    return WORKS if works else WAITS
