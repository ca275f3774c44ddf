"""Deals whose moves depend on what they went through: the machine judges each, and side tracks run beside the main one.

Here everything that happens to a deal is an event of its own, for what one track does may tell what another may do.
"""

from __future__ import annotations

from dataclasses import replace
from heapq import heappush

from engine.machine.compile import Machine
from engine.model.deal import Deal, Folding
from engine.model.decision import Decision
from engine.model.syntax import Value
from engine.simulation.casting.facts import rows_in, value_at
from engine.simulation.engines.judging import Judge, record
from engine.simulation.engines.queueing import TIMED, Event, Pools
from engine.simulation.engines.sheet import Roll, Sheet
from engine.simulation.engines.staying import Stay
from engine.simulation.engines.told import Told
from engine.simulation.plan import NEVER, NONE, Cast, Plan


class Life:
    """A deal while it is played: what the machine is asked about, and where it stands in each track.

    ``fresh`` are the tracks in which it has entered a stage and nothing is drawn yet. ``agreed`` says by track
    which approvals what is tried there needs, by their bits, once that was asked.
    """

    __slots__ = ("agreed", "folding", "fresh", "known", "stays", "visits")

    def __init__(self, folding: Folding, visits: list[int]) -> None:
        self.folding = folding
        self.known: Deal | None = None
        self.stays: dict[int, Stay] = {}
        self.fresh: dict[int, Stay] = {}
        self.agreed: dict[int, dict[int, bool]] = {}
        self.visits = visits

    @property
    def deal(self) -> Deal:
        """The deal as it stands."""
        if self.known is None:
            self.known = self.folding.deal()
        return self.known

    def record(self, decision: Decision, moment: int) -> None:
        """A move is made."""
        record(self.folding, decision, moment)
        self.known = None


class Lives:
    """All deals that go on, by their place in the cast. ``timed`` numbers what they wait for."""

    def __init__(
        self, plan: Plan, cast: Cast, machine: Machine, sheet: Sheet, roll: Roll, pools: Pools, events: list[Event]
    ) -> None:
        self.sheet, self.roll, self.pools, self.events = sheet, roll, pools, events
        self.judge = Judge(plan, machine)
        self.firsts, self.living, self.acts = plan.firsts, plan.living.tolist(), plan.acts
        self.open_deals = cast.open_deals
        # Columns may hold open deals too, which come before all others.
        self.columns = [(name, column, cast.size - rows_in(column)) for name, column in cast.facts.items()]
        self.told = Told()
        self.lives: dict[int, Life] = {}
        self.timed = 0

    def arrive(self, deal: int, moment: int) -> None:
        """A deal is taken up, where it stands or starts."""
        is_open = deal < len(self.open_deals)
        known = self._resumed(deal) if is_open else self.judge.started(self._facts(deal), moment)
        life = self.lives[deal] = Life(known, [0] * len(self.sheet.keys))
        for first in self.firsts:
            stay = self._stay(life, deal, self.judge.track_of[first])
            if is_open:
                self._resume(life, stay, moment)
            else:
                self._enter(stay, first, moment)
                life.fresh[stay.track] = stay
        if not is_open:
            self._follow(life, moment)
        self._settle(life, moment)

    def _resumed(self, deal: int) -> Folding:
        """An open deal as it is recorded, and what it lacked as it was drawn."""
        recorded = self.open_deals[deal]
        return Folding.of(replace(recorded, facts={**self._facts(deal), **recorded.facts}))

    def _facts(self, deal: int) -> dict[str, Value]:
        """What is known of one when it comes or is taken up."""
        found = {name: value_at(column, deal - before) for name, column, before in self.columns}
        return {name: value for name, value in found.items() if value is not None}

    def _stay(self, life: Life, deal: int, track: int) -> Stay:
        stay = life.stays[track] = Stay(deal, self.roll.keys[deal], life.visits, track=track)
        return stay

    def _resume(self, life: Life, stay: Stay, moment: int) -> None:
        """An open deal goes on where it stands."""
        sheet, roll, deal = self.sheet, self.roll, stay.deal
        if stay.track == 0:
            self._stand(stay, roll.stage[deal], roll.entered[deal], roll.last_contact[deal])
            if roll.branch[deal] == NONE:
                life.fresh[0] = stay
            else:
                self._go(life, stay, stay.take_up(sheet, roll))
            return
        stage, entered = self.judge.standing(life.folding, stay.track)
        self._stand(stay, stage, entered, max(entered, roll.last_contact[deal]))
        if stay.take_up_aged(sheet, moment):
            self._go(life, stay, moment)
        else:
            life.fresh[stay.track] = stay

    def _enter(self, stay: Stay, stage: int, moment: int) -> None:
        self._stand(stay, stage, moment, moment)

    def _stand(self, stay: Stay, stage: int, entered: int, contact: int) -> None:
        barred = self.roll.barred[stay.deal] >> self.sheet.branches
        stay.stand(self.sheet, stage, entered=entered, contact=contact, barred=barred)

    def worked(self, stay: Stay, moment: int) -> None:
        """The work on a deal is done."""
        life = self.lives[stay.deal]
        stay.over(self.sheet, moment)
        self._go(life, stay, moment)
        self._settle(life, moment)

    def called(self, stay: Stay, moment: int) -> None:
        """A clock may call a deal away from work that it waits for, or that is being done."""
        life = self.lives[stay.deal]
        if not self._clock(life, stay, moment) and stay.due < self.sheet.end:
            self.pools.watch(stay, max(stay.due, moment))
        self._settle(life, moment)

    def timer(self, stay: Stay, moment: int) -> None:
        """A wait has ended, or a clock may act."""
        stay.timer = NONE
        life = self.lives[stay.deal]
        until = self._until(stay, moment)
        if stay.due < until:
            if not self._clock(life, stay, moment):
                self._go(life, stay, moment)
        elif stay.phase < stay.last:
            stay.over(self.sheet, moment)
            self._go(life, stay, moment)
        else:
            self._attempt(life, stay, moment)
        self._settle(life, moment)

    def finish(self) -> None:
        """The end has come: what is not over is told as it stands."""
        for _ in self.pools.unfinished():
            """What was asked for is told."""
        for life in self.lives.values():
            self._close(life)

    def _close(self, life: Life) -> None:
        for stay in life.stays.values():
            if not self.sheet.is_end[stay.stage]:
                self.told.visit(stay, NONE, NONE)

    def _until(self, stay: Stay, moment: int) -> int:
        """When what is at hand is over, if no clock acts before."""
        if stay.phase < stay.last:
            return stay.waited(self.sheet, moment)
        return NEVER if stay.branch == NONE else stay.attempted(moment)

    def _go(self, life: Life, stay: Stay, moment: int) -> None:
        """Go on with the phase at hand of one track."""
        sheet = self.sheet
        while stay.phase < stay.last and not self._is_for(life, stay, moment):
            stay.phase += 1
        if stay.phase < stay.last and sheet.is_work[stay.phase]:
            self.pools.ask(stay, moment, stay.seconds(sheet))
            if stay.due < sheet.end:
                self.pools.watch(stay, max(stay.due, moment))
            return
        until = max(min(stay.due, self._until(stay, moment)), moment)
        if until < sheet.end:
            self.timed += 1
            stay.timer = self.timed
            heappush(self.events, (until, stay.deal, TIMED + stay.track, self.timed, stay))

    def _is_for(self, life: Life, stay: Stay, moment: int) -> bool:
        """Whether the phase at hand is for this deal."""
        need = self.sheet.need[stay.phase]
        return need == NONE or self._needs(life, stay, need, moment)

    def _needs(self, life: Life, stay: Stay, bit: int, moment: int) -> bool:
        if not self.living[stay.branch]:
            return bool(self.roll.needs[stay.deal] >> bit & 1)
        agreed = life.agreed.setdefault(stay.track, {})
        if bit not in agreed:
            agreed[bit] = self.judge.needs_approval(life.deal, stay.branch, bit, moment)
        return agreed[bit]

    def _attempt(self, life: Life, stay: Stay, moment: int) -> None:
        branch, agreed = stay.branch, self.sheet.agreed[stay.branch]
        decision = None
        if self.living[branch] or not self.roll.barred[stay.deal] >> branch & 1:
            decision = self.judge.decision(life.deal, branch, moment)
        allowed = decision is not None and decision.allowed
        denied = agreed != NONE and self._needs(life, stay, agreed, moment) and not stay.is_granted(self.sheet)
        if decision is not None and allowed and not denied:
            self._move(life, decision, branch, moment)
            self._follow(life, moment)
            return
        self.told.refused(stay, branch, moment, denied=allowed)
        self._draw(life, stay, moment)

    def _draw(self, life: Life, stay: Stay, moment: int) -> None:
        life.agreed.pop(stay.track, None)
        stay.draw(self.sheet, moment)
        self._go(life, stay, moment)

    def _clock(self, life: Life, stay: Stay, moment: int) -> bool:
        """Let the clock that is due act; whether it did. It does not come again in this visit."""
        number = stay.clock
        decision = self.judge.clock(life.deal, number, moment)
        if decision is None:
            stay.barred |= 1 << number
            stay.wind(self.sheet)
            return False
        self._move(life, decision, self.sheet.branches + number, moment)
        self._follow(life, moment)
        return True

    def _follow(self, life: Life, moment: int) -> None:
        """What the process now does by itself."""
        if not self.acts:
            return
        for decision in self.judge.following(life.deal, moment):
            way = self.judge.way_of(decision) if self.judge.is_told(decision) else NONE
            self._move(life, decision, way, moment)

    def _move(self, life: Life, decision: Decision, way: int, moment: int) -> None:
        """The deal moves in one track; what was under way there is dropped."""
        if not self.judge.is_told(decision):
            # Nothing is assumed of this track; what the process does by itself there it does all the same.
            life.record(decision, moment)
            return
        track = self.judge.tracks.index(decision.track)
        stay = life.stays[track]
        self._drop(stay, moment)
        self.told.visit(stay, moment, way)
        life.record(decision, moment)
        self._enter(stay, self.judge.to(decision), moment)
        life.agreed.pop(track, None)
        life.fresh[track] = stay

    def _drop(self, stay: Stay, moment: int) -> None:
        if stay.work != NONE:
            self.pools.release(stay, moment)
        stay.timer = NONE

    def _settle(self, life: Life, moment: int) -> None:
        """Once all that follows has happened: begin what was entered, or stop the deal where it has ended."""
        main = life.stays[0]
        if self.sheet.is_end[main.stage]:
            for stay in life.stays.values():
                self._drop(stay, moment)
            self._close(life)
            del self.lives[main.deal]
            return
        fresh, life.fresh = life.fresh, {}
        for track in sorted(fresh):
            self._draw(life, fresh[track], moment)
