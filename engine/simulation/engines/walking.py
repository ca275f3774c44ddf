"""Plain deals: each is played on by itself until somebody has to work on it, for nothing else ties it to others."""

from __future__ import annotations

from collections.abc import Sequence

from engine.simulation.engines.drawing_ahead import BLOCK, Ahead, First
from engine.simulation.engines.queueing import Event, Pools
from engine.simulation.engines.sheet import Roll, Sheet
from engine.simulation.engines.staying import Stay
from engine.simulation.engines.told import Told
from engine.simulation.plan import NEVER, NONE, Cast, Plan, Purpose

HARD, WAITS, WORKS = 0, 1, 2
"""What happens in a stage: much; a dwell around the clock; the same after work on entering. No clock runs in these."""


class Walkers:
    """Deals whose attempts are judged before all starts. ``kinds`` says of each stage what happens in it."""

    def __init__(self, plan: Plan, cast: Cast, sheet: Sheet, roll: Roll, pools: Pools, events: list[Event]) -> None:
        self.sheet, self.roll, self.pools, self.events = sheet, roll, pools, events
        self.kinds = [_kind(sheet, stage) for stage in range(len(plan.stages))]
        self.ahead, self.drawn, self.block = Ahead(plan, cast.keys), list[First | None](), NONE
        self.told = Told()
        self.write = self.told.visits.extend

    def arrive(self, deal: int, moment: int) -> None:
        """A deal is taken up, where it stands or starts."""
        sheet, roll = self.sheet, self.roll
        if deal // BLOCK != self.block:
            self.block = deal // BLOCK
            self.drawn = self.ahead.block(self.block)
        visits, stage = [0] * len(sheet.keys), roll.stage[deal]
        if roll.branch[deal] == NONE and roll.entered[deal] == roll.last_contact[deal] == moment:
            self._play(self._travel(deal, self.drawn, visits, stage, moment, None))
            return
        stay = Stay(deal, roll.keys[deal], visits, self.drawn)
        stay.stand(
            sheet,
            stage,
            entered=roll.entered[deal],
            contact=roll.last_contact[deal],
            barred=roll.barred[deal] >> sheet.branches,
        )
        if roll.branch[deal] == NONE:
            stay.draw(sheet, moment)
        else:
            moment = stay.take_up(sheet, roll)
        self._go(stay, moment)

    def worked(self, stay: Stay, moment: int) -> None:
        """The work on a deal is done."""
        if stay.dwell == NONE:
            stay.over(self.sheet, moment)
            self._go(stay, moment)
            return
        # Nothing but a dwell is left, and nobody refuses.
        left = moment + stay.dwell
        if left < self.sheet.end:
            self._play(self._leave(stay, stay.branch, self.sheet.to[stay.branch], left))
        else:
            self.told.visit(stay, NONE, NONE)

    def called(self, stay: Stay, moment: int) -> None:
        """A clock calls a deal away from work that it waits for, or that is being done."""
        self.pools.release(stay, moment)
        self._play(self._call(stay, moment))

    def timer(self, stay: Stay, moment: int) -> None:
        """Nothing else is waited for here."""

    def finish(self) -> None:
        """The end has come: who still waits for work stays where it is."""
        for stay in self.pools.unfinished():
            self.told.visit(stay, NONE, NONE)

    def _leave(self, stay: Stay, way: int, to: int, moment: int) -> Stay | None:
        """Leave the stage by a way; where there is much to do, the stay of what comes then."""
        self.write((stay.deal, stay.stage, stay.entered, moment, way))
        if self.sheet.is_end[to]:
            return None
        return self._travel(stay.deal, stay.ahead, stay.visits, to, moment, stay)

    def _travel(
        self,
        deal: int,
        ahead: Sequence[First | None],
        visits: list[int],
        stage: int,
        moment: int,
        stay: Stay | None,
    ) -> Stay | None:
        """Go through stages in which little happens, the first of them entered at that moment.

        The same as ``_go`` does, with fewer words. The stay of a stage where more happens is told, once it is drawn;
        ``stay`` is what may become that, for to make one takes long.
        """
        sheet, kinds, end = self.sheet, self.kinds, self.sheet.end
        place, write = deal % BLOCK, self.write
        asks_much = self.roll.barred[deal] or self.roll.needs[deal]
        while True:
            kind, first = kinds[stage], ahead[stage]
            if kind == HARD or first is None or visits[stage] or asks_much:
                stay = stay or Stay(deal, self.roll.keys[deal], visits, ahead)
                stay.enter(sheet, stage, moment, self.roll.barred[deal] >> sheet.branches)
                stay.draw(sheet, moment)
                return stay
            visits[stage] = 1
            branch = first[0][place]
            if kind == WORKS:
                if moment < end:
                    stay = stay or Stay(deal, self.roll.keys[deal], visits, ahead)
                    stay.settle(sheet, stage, branch, moment, first[1][place])
                    self.pools.ask(stay, moment, first[2][place])
                return None
            left = moment + first[1][place]
            if left >= end:
                write((deal, stage, moment, NONE, NONE))
                return None
            write((deal, stage, moment, left, branch))
            stage, moment = sheet.to[branch], left
            if sheet.is_end[stage]:
                return None

    def _play(self, stay: Stay | None) -> None:
        if stay is not None:
            self._go(stay, stay.since)

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
            is_called = stay.due < until
            moment = max(stay.due, moment) if is_called else until
            if not is_called and stay.phase < stay.last:
                stay.over(sheet, moment)
            elif moment < end:
                found = self._call(stay, moment) if is_called else self._attempt(stay, moment)
                if found is None:
                    return
                stay, moment = found, found.since
        self.told.visit(stay, NONE, NONE)

    def _ask(self, stay: Stay, moment: int) -> None:
        self.pools.ask(stay, moment, stay.seconds(self.sheet))
        if stay.due < self.sheet.end:
            self.pools.watch(stay, max(stay.due, moment))

    def _call(self, stay: Stay, moment: int) -> Stay | None:
        """A clock acts; where there is more to do, the stay of what comes then."""
        return self._leave(stay, self.sheet.branches + stay.clock, self.sheet.clock_to[stay.clock], moment)

    def _attempt(self, stay: Stay, moment: int) -> Stay | None:
        """Try the branch; where there is more to do, the stay of what comes then."""
        branch, sheet, roll = stay.branch, self.sheet, self.roll
        barred = roll.barred[stay.deal] >> branch & 1
        agreed = sheet.agreed[branch]
        needs = roll.needs[stay.deal]
        denied = agreed != NONE and needs >> agreed & 1 and not stay.is_granted(sheet, needs)
        if barred or denied:
            self.told.refused(stay, branch, moment, denied=not barred)
            stay.draw(sheet, moment)
            return stay
        return self._leave(stay, branch, sheet.to[branch], moment)


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
