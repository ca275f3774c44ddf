"""What the machine says of a move of a deal that is played, and what the deal is once the move was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from engine.machine.automatic import following, is_transfer
from engine.machine.choose import Case, choose
from engine.machine.clocks import act, applies
from engine.machine.compile import Keyed, Machine
from engine.machine.decide import assembled, judge_all, sets_of, start_case
from engine.machine.verdicts import fails
from engine.model.deal import Deal, Folding, after
from engine.model.decision import About, Decision, Move
from engine.model.entry import Entry, EntryKind
from engine.model.names import ENGINE, MAIN
from engine.model.process import Clock
from engine.model.syntax import Value
from engine.simulation.plan import NONE, Plan

GIVEN = frozenset({About.ROLE, About.APPROVAL})
"""What the machine is not asked here: somebody who may is always there, and approvals pass as time does."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOVER = "simulation"


class Judge:
    """The machine as the numbers of a plan ask it. ``tracks`` are the ids of all tracks, the main one first."""

    def __init__(self, plan: Plan, machine: Machine) -> None:
        self.plan, self.machine = plan, machine
        main = plan.stages[plan.firsts[0]][0]
        names = [(MAIN if track == main else track, stage) for track, stage in plan.stages]
        self.tracks = list(dict.fromkeys(track for track, _ in names))
        self.stages = {name: number for number, name in enumerate(names)}
        self.track_of = [self.tracks.index(track) for track, _ in names]
        self.firsts = [self.stages[track.id, track.first.id] for track in machine.process.all_tracks()]
        self.actions = {action: number for number, action in enumerate(plan.actions)}
        self.moves = [self._move(branch, names[to][1]) for branch, to in enumerate(plan.ways.to.tolist())]
        self.clocks = [clock for number in range(len(names)) for clock in self._clocks(number, names[number])]

    def _move(self, branch: int, to: str) -> Move:
        """The move of a branch: role, reason and note are always given."""
        action = self.plan.actions[int(self.plan.ways.action[branch])]
        routes = self.machine.actions.get(action)
        if routes is None:
            return Move(action, to=to)
        reason, role = self.plan.ways.reason[branch], ""
        for variant in routes.variants:
            reason = reason or next((each.code for each in variant.reasons), "")
            role = role or next(iter(variant.by), "")
        return Move(action, to=to, reason=reason, note=_MOVER, actor=_MOVER, role=role)

    def _clocks(self, stage: int, name: tuple[str, str]) -> Iterator[Clock | None]:
        """The clock of each alarm of a stage."""
        here = list(self.machine.clocks.get(name[0], {}).get(name[1], ()))
        alarms = self.plan.alarms
        for alarm in range(int(alarms.first[stage]), int(alarms.first[stage + 1])):
            action = self.plan.actions[int(alarms.action[alarm])]
            wanted = [each for each in here if each.then == action and (each.basis == "idle") == alarms.idle[alarm]]
            if wanted:
                here.remove(wanted[0])
            yield wanted[0] if wanted else None

    def started(self, facts: Mapping[str, Value], moment: int) -> Folding:
        """A prospect that comes, whatever the first stage asks for."""
        now = moment_of(moment)
        case = start_case(self.machine, Move("", actor=_MOVER, facts=facts), now)
        process = self.machine.process
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
            facts=sets_of(case.way, case.facts, case.situation),
        )
        return Folding(entry)

    def decision(self, folding: Folding, branch: int, moment: int) -> Decision:
        """What the machine says of the attempt of a branch; of one judged beforehand what it comes to."""
        case = self._case(folding, branch, moment)
        is_living = bool(self.plan.living[branch])
        verdicts = judge_all(_asked(case), case.facts, case.situation) if is_living else ()
        allowed = not is_living or (not case.misplaced and all(each.stands for each in verdicts))
        sets = sets_of(case.way, case.facts, case.situation) if allowed else {}
        return assembled(case.way, case.situation, verdicts, sets, allowed=allowed)

    def needs_approval(self, folding: Folding, branch: int, moment: int) -> bool:
        """Whether somebody must still approve before the branch is tried."""
        case = self._case(folding, branch, moment)
        checks = (check for check, _ in case.way.checks if check.about is About.APPROVAL)
        return any(fails(check, case.facts, case.situation) for check in checks)

    def _case(self, folding: Folding, branch: int, moment: int) -> Case:
        return choose(self.machine, folding.deal(), self.moves[branch], moment_of(moment))

    def clock(self, folding: Folding, clock: Clock, moment: int) -> Decision | None:
        """What a clock does at that moment; ``None`` where nothing comes of it."""
        deal, now = folding.deal(), moment_of(moment)
        if not applies(self.machine, deal, clock, now=now):
            return None
        decision = act(self.machine, deal, clock, now=now, actor=ENGINE)
        return decision if decision.allowed and not is_transfer(decision) else None

    def following(self, folding: Folding, moment: int) -> Iterable[Decision]:
        """What the process then does by itself. What leads to another process is left undone."""
        now = moment_of(moment)
        found = following(
            self.machine,
            folding.deal(),
            now=now,
            after=lambda deal, decision: after(deal, _entry(deal, decision, now)),
            actor=ENGINE,
        )
        return [decision for decision in found if not is_transfer(decision)]

    def standing(self, folding: Folding, track: int) -> tuple[int, int]:
        """The stage of a side track in which the deal stands, and since when."""
        name, entered = self.tracks[track], folding.track_entered_at
        stage = folding.tracks.get(name) or self.machine.frame.first_stages[name]
        since = entered.get(name) or entered.get(MAIN) or folding.started_at
        return self.stages[name, stage], seconds_of(since)

    def way_of(self, decision: Decision) -> int:
        """The number of the way of what the process did by itself (``NONE``: the plan does not know the action)."""
        action = self.actions.get(decision.move.action)
        return NONE if action is None else self.plan.automatic(action, self.to(decision))

    def to(self, decision: Decision) -> int:
        """The number of the stage that a decision leads to."""
        return self.stages[decision.track, decision.to_stage]


def record(folding: Folding, decision: Decision, moment: int) -> None:
    """The move is made."""
    folding.add(_entry(folding, decision, moment_of(moment)))


def moment_of(seconds: int) -> datetime:
    """A moment from its seconds since 1970."""
    return _EPOCH + timedelta(seconds=seconds)


def seconds_of(moment: datetime) -> int:
    """The whole seconds since 1970."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def _asked(case: Case) -> Keyed:
    return tuple(each for each in case.way.checks if each[0].about not in GIVEN)


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
