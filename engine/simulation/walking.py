"""Plain deals: each is played on by itself until somebody has to work on it, for nothing else ties it to others."""

from __future__ import annotations

from engine.simulation.plan import NEVER, NONE
from engine.simulation.queueing import Event, Pools
from engine.simulation.sheet import Roll, Sheet
from engine.simulation.staying import Stay
from engine.simulation.told import Told


class Walkers:
    """Deals whose attempts are judged before all starts."""

    def __init__(self, sheet: Sheet, roll: Roll, pools: Pools, events: list[Event]) -> None:
        self.sheet, self.roll, self.pools, self.events = sheet, roll, pools, events
        self.told = Told()

    def arrive(self, deal: int, moment: int) -> None:
        """A deal is taken up, where it stands or starts."""
        sheet, roll = self.sheet, self.roll
        stay = Stay(deal, roll.keys[deal], {})
        stay.enter(sheet, roll.stage[deal], roll.entered[deal], roll.barred[deal] >> sheet.branches)
        if roll.branch[deal] == NONE:
            stay.draw(sheet, moment)
        else:
            moment = stay.take_up(sheet, roll)
        self._go(stay, moment)

    def worked(self, stay: Stay, moment: int) -> None:
        """The work on a deal is done."""
        stay.over(self.sheet, moment)
        self._go(stay, moment)

    def called(self, stay: Stay, moment: int) -> None:
        """A clock calls a deal away from work that it waits for, or that is being done."""
        self.pools.call_away(stay.work, moment)
        way = self.sheet.branches + stay.clock
        if self._move(stay, way, self.sheet.clock_to[stay.clock], moment):
            self._go(stay, moment)

    def timer(self, number: int, moment: int) -> None:
        """Nothing else is waited for here."""

    def finish(self) -> None:
        """The end has come: who still waits for work stays where it is."""
        for stay in self.pools.stays.values():
            self.told.visit(stay, NONE, NONE)

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
                if moment < end and not self._move(stay, way, to, moment):
                    return
                continue
            moment = until
            if stay.phase < stay.last:
                stay.over(sheet, moment)
            elif moment < end and not self._attempt(stay, moment):
                return
        self.told.visit(stay, NONE, NONE)

    def _ask(self, stay: Stay, moment: int) -> None:
        self.pools.ask(stay, moment, stay.seconds(self.sheet))
        if stay.due < self.sheet.end:
            self.pools.watch(stay, max(stay.due, moment))

    def _attempt(self, stay: Stay, moment: int) -> bool:
        """Try the branch; whether the deal goes on."""
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
        """Leave the stage by a way; whether the deal goes on."""
        sheet = self.sheet
        self.told.visit(stay, moment, way)
        if sheet.is_end[to]:
            return False
        stay.enter(sheet, to, moment, self.roll.barred[stay.deal] >> sheet.branches)
        stay.draw(sheet, moment)
        return True
