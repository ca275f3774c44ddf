"""What the machine says of a move of a deal that is played, and what the deal is once the move was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from engine.machine.automatic import following, is_transfer
from engine.machine.choose import Case, choose
from engine.machine.clocks import EXEMPT as OF_CLOCKS
from engine.machine.clocks import applies
from engine.machine.compile import Machine
from engine.machine.decide import assembled, judge_all, sets_of, start_case
from engine.machine.requirements import NOTE
from engine.machine.verdicts import fails
from engine.model.deal import Deal, Folding, after
from engine.model.decision import About, Decision, Move
from engine.model.entry import Entry, EntryKind
from engine.model.names import ENGINE, MAIN
from engine.model.process import Clock
from engine.model.syntax import Value
from engine.simulation.casting.columns import NOTE_GIVEN
from engine.simulation.compiling.attempts import acting
from engine.simulation.compiling.calendar import seconds_of
from engine.simulation.plan import NONE, Plan

EXEMPT = frozenset({About.ROLE, About.REASON, About.APPROVAL})
"""What the machine is not asked: somebody who may is always there, with a reason; approvals pass as time does."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOVER = "simulation"


class Judge:
    """The machine as the numbers of a plan ask it. ``tracks`` are those that are simulated, the main one first."""

    def __init__(self, plan: Plan, machine: Machine) -> None:
        self.plan, self.machine = plan, machine
        self.living = plan.living.tolist()
        self.tracks = list(dict.fromkeys(track for track, _ in plan.stages))
        self.stages = {name: number for number, name in enumerate(plan.stages)}
        self.track_of = [self.tracks.index(track) for track, _ in plan.stages]
        self.actions = {action: number for number, action in enumerate(plan.actions)}
        self.moves = [self._move(branch) for branch in range(plan.branches)]
        self.clocks = [clock for number in range(len(plan.stages)) for clock in self._clocks(number)]
        self.bits = [self._bits(branch) for branch in range(plan.branches)]
        # What branches come to that are judged beforehand and record nothing: the same for every deal.
        self.same: dict[int, Decision] = {}

    def _move(self, branch: int) -> Move:
        """The move of a branch: role, reason and note are always given."""
        ways, process = self.plan.ways, self.machine.process
        action = self.plan.actions[int(ways.action[branch])]
        to = self.plan.stages[int(ways.to[branch])][1]
        by = self.machine.routes(action).variants[0].by or process.by or tuple(process.roles)
        role = next(iter(by), "")
        return Move(action, to=to, reason=ways.reason[branch], note=NOTE_GIVEN, actor=_MOVER, role=role)

    def _clocks(self, number: int) -> Iterator[Clock | None]:
        """The clock of each alarm of a stage."""
        alarms, (track_id, stage_id) = self.plan.alarms, self.plan.stages[number]
        track = self.machine.process.track(track_id)
        found = [each.clock for each in acting(self.machine, track, track.stage(stage_id))] if track else []
        yield from found[: int(alarms.first[number + 1] - alarms.first[number])]

    def _bits(self, branch: int) -> list[int]:
        """The bits of single approvals of a branch, or those that its phases are for."""
        several = self.plan.ways.approvals(branch)
        if several:
            return list(several)
        first, last = self.plan.ways.phase[branch : branch + 2].tolist()
        return [bit for bit in dict.fromkeys(self.plan.phases.need[first:last].tolist()) if bit != NONE]

    def started(self, facts: Mapping[str, Value], moment: int) -> Folding:
        """A prospect that comes, whatever the first stage asks for."""
        now, process = moment_of(moment), self.machine.process
        way = self.machine.way(process.main, None, "", process.main.first.id)
        if way.sets or way.stamps:
            case = start_case(self.machine, Move("", actor=_MOVER, facts=facts), now)
            facts = sets_of(case.way, case.facts, case.situation)
        entry = Entry(
            deal="new",
            sequence=1,
            kind=EntryKind.STARTED,
            happened_at=now,
            recorded_at=now,
            process=process.id,
            version=process.version,
            digest="",
            to_stage=process.main.first.id,
            facts=facts,
        )
        return Folding(entry)

    def decision(self, deal: Deal, branch: int, moment: int) -> Decision:
        """What the machine says of the attempt of a branch; of one judged beforehand what it comes to."""
        found = self.same.get(branch)
        if found is not None:
            return found
        case = self._case(deal, branch, moment)
        found = self._decision(case, EXEMPT, is_living=self.living[branch])
        routes = self.machine.routes(found.move.action).routes
        is_fixed = not self.living[branch] and len(routes.get(found.from_stage, ())) == 1
        if is_fixed and not (case.way.sets or case.way.stamps):
            self.same[branch] = found
        return found

    def clock(self, deal: Deal, number: int, moment: int) -> Decision | None:
        """What a clock does at that moment; ``None`` where nothing comes of it."""
        clock, way = self.clocks[number], self.plan.branches + number
        if clock is None:
            return None
        now = moment_of(moment)
        if self.living[way] and not applies(self.machine, deal, clock, now=now):
            return None
        move = Move(clock.then, reason=self.plan.alarms.reason[number], note=NOTE_GIVEN, actor=ENGINE)
        case = choose(self.machine, deal, move, now)
        decision = self._decision(case, EXEMPT | OF_CLOCKS, is_living=self.living[way])
        # Of an action with variants each is a way of its own: this one may not be the one that applies.
        is_meant = self.stages.get((decision.track, decision.to_stage)) == self.plan.alarms.to[number]
        return decision if decision.allowed and is_meant else None

    def _decision(self, case: Case, exempt: frozenset[About], *, is_living: bool) -> Decision:
        checks = (
            tuple(each for each in case.way.checks if each[0].about not in exempt and each[0].asks != NOTE)
            if is_living
            else ()
        )
        verdicts = (*case.misplaced, *judge_all(checks, case.facts, case.situation)) if is_living else ()
        allowed = all(each.stands for each in verdicts)
        sets = sets_of(case.way, case.facts, case.situation) if allowed else {}
        return assembled(case.way, case.situation, verdicts, sets, allowed=allowed)

    def needs_approval(self, deal: Deal, branch: int, bit: int, moment: int) -> bool:
        """Whether somebody must still give the approval of that bit before the branch is tried."""
        case = self._case(deal, branch, moment)
        checks = [check for check, _ in case.way.checks if check.about is About.APPROVAL]
        bits = self.bits[branch]
        if bit in bits and len(bits) == len(checks):
            checks = [checks[bits.index(bit)]]
        return any(fails(check, case.facts, case.situation) for check in checks)

    def _case(self, deal: Deal, branch: int, moment: int) -> Case:
        return choose(self.machine, deal, self.moves[branch], moment_of(moment))

    def following(self, deal: Deal, moment: int) -> Iterable[Decision]:
        """What the process then does by itself; it hands over to no process that nothing else is handed over to."""
        now = moment_of(moment)
        found = following(
            self.machine,
            deal,
            now=now,
            after=lambda deal, decision: after(deal, _entry(deal, decision, now)),
            actor=ENGINE,
        )
        return [decision for decision in found if self.is_told(decision) or not is_transfer(decision)]

    def is_told(self, decision: Decision) -> bool:
        """Whether the plan knows where it leads."""
        return (decision.track, decision.to_stage) in self.stages

    def standing(self, folding: Folding, track: int) -> tuple[int, int]:
        """The stage of a side track in which the deal stands, and since when."""
        name, entered = self.tracks[track], folding.track_entered_at
        stage = folding.tracks.get(name) or self.machine.frame.first_stages[name]
        since = entered.get(name) or entered.get(MAIN) or folding.started_at
        return self.stages[name, stage], seconds_of(since)

    def way_of(self, decision: Decision) -> int:
        """The number of the way of what the process did by itself."""
        return self.plan.automatic(self.actions[decision.move.action], self.to(decision))

    def to(self, decision: Decision) -> int:
        """The number of the stage that a decision leads to."""
        return self.stages[decision.track, decision.to_stage]


def record(folding: Folding, decision: Decision, moment: int) -> None:
    """The move is made."""
    folding.add(_entry(folding, decision, moment_of(moment)))


def moment_of(seconds: int) -> datetime:
    """A moment from its seconds since 1970."""
    return _EPOCH + timedelta(seconds=seconds)


def _entry(deal: Deal | Folding, decision: Decision, now: datetime) -> Entry:
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1,
        kind=EntryKind.MOVED,
        happened_at=now,
        recorded_at=now,
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        track=decision.track,
        action=decision.move.action,
        from_stage=decision.from_stage,
        to_stage=decision.to_stage,
        outcome=decision.outcome,
        reason=decision.move.reason,
        touchpoint=decision.touchpoint,
        facts=decision.sets,
    )
