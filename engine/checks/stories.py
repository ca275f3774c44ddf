"""The examples of a process: each story is lived through, in memory, with the machine that judges real deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.machine.automatic import following
from engine.machine.compile import Machine, compile_process
from engine.machine.decide import decide, start
from engine.machine.facts import check_facts
from engine.machine.tracks import stage_of
from engine.model.deal import Deal, after, fold
from engine.model.decision import Decision, Move, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue, StagewrightError
from engine.model.finding import Finding
from engine.model.names import MAIN
from engine.model.process import Action, Process, role_may
from engine.model.rule import Approval
from engine.model.story import Step, Story
from engine.model.syntax import Value

BEGINS = datetime(2026, 1, 1, 9, tzinfo=UTC)
"""When every story begins: what comes of it does not change with the day on which it is checked."""
MOVER, APPROVER, ENGINE = "mover", "approver", "engine"


@dataclass(frozen=True, slots=True)
class _Life:
    """A deal in a story, and the time there."""

    machine: Machine
    story: Story
    deal: Deal
    now: datetime


def stories(process: Process) -> Iterator[Finding]:
    """E111 to E116: a story that goes otherwise than it is told. Each ends at its first surprise."""
    if not process.examples:
        return
    machine = compile_process(process)
    for story in process.examples:
        finding = _surprise(machine, story)
        if finding is not None:
            yield finding


def _surprise(machine: Machine, story: Story) -> Finding | None:
    decision = start(machine, story.facts, actor=MOVER, now=BEGINS)
    if not decision.allowed:
        message = f"the deal of story '{story.id}' cannot start: {_told(decision.refusals)}"
        return Finding("E111", story.at, message, "give what is missing in 'facts', or mend what refuses it")
    life = _followed(_Life(machine, story, _born(machine.process, decision), BEGINS))
    for step in story.steps:
        after = _step(life, step)
        if isinstance(after, Finding):
            return after
        life = after
    return None


def _step(life: _Life, step: Step) -> _Life | Finding:
    now = life.now + max(step.after, timedelta(0))
    life = _Life(life.machine, life.story, life.deal, now)
    try:
        if step.kind == "move":
            return _move(life, step)
        entries = _approvals(life, step) if step.kind == "approve" else [_recorded(life, step)]
    except StagewrightError as error:
        message = f"'{step.action or step.kind}' cannot be done in story '{life.story.id}': {error}"
        return Finding("E116", step.at, message, error.hint or "mend the story")
    return _after(life, entries)


def _after(life: _Life, entries: list[Entry]) -> _Life:
    deal = fold(entries, life.deal)
    return life if deal is None else _followed(_Life(life.machine, life.story, deal, life.now))


def _followed(life: _Life) -> _Life:
    """The deal once the automatic actions have been taken: the engine waits for nobody to tell them."""

    def then(deal: Deal, decision: Decision) -> Deal:
        standing = _Life(life.machine, life.story, deal, life.now)
        return after(deal, _entry(standing, EntryKind.MOVED, decision))

    deal = life.deal
    for decision in following(life.machine, deal, now=life.now, after=then, actor=ENGINE):
        deal = then(deal, decision)
    return _Life(life.machine, life.story, deal, life.now)


def _recorded(life: _Life, step: Step) -> Entry:
    check_facts(life.machine.process, step.facts)
    kind = EntryKind.TOUCHED if step.kind == "touch" else EntryKind.RECORDED
    return _entry(life, kind, facts=step.facts, touchpoint=step.touchpoint)


def _move(life: _Life, step: Step) -> _Life | Finding:
    move = Move(
        step.action,
        to=step.to,
        reason=step.reason,
        note=step.note,
        actor=MOVER,
        role=step.role or _mover(life, step),
        facts=step.facts,
        override=step.override,
    )
    decision = decide(life.machine, life.deal, move, now=life.now)
    wrong = _verdict(life, step, decision)
    if wrong is not None:
        return wrong
    if not decision.allowed:
        refused = after(life.deal, _entry(life, EntryKind.REFUSED, decision))
        return _Life(life.machine, life.story, refused, life.now)
    life = _after(life, [_entry(life, EntryKind.MOVED, decision)])
    return _stands(life, step) or life


def _verdict(life: _Life, step: Step, decision: Decision) -> Finding | None:
    """What is wrong with how the move came out, if anything."""
    where = f"in story '{life.story.id}'"
    if not step.is_refused and not decision.allowed:
        message = f"'{step.action}' is refused {where}: {_told(decision.refusals)}"
        return Finding("E112", step.at, message, "mend the story before it, or write 'refused' if that is meant")
    if step.is_refused and decision.allowed:
        message = f"'{step.action}' is allowed {where}, which says that it is refused"
        return Finding("E113", step.at, message, "add the requirement that should refuse it, or remove 'refused'")
    if step.is_refused and step.refused and not _exactly(step.refused, decision.refusals):
        message = f"'{step.action}' is refused {where} by {_ids(decision.refusals)}, not by {', '.join(step.refused)}"
        return Finding("E114", step.at, message, f"write refused: [{_ids(decision.refusals)}] if that is meant")
    return None


def _exactly(names: tuple[str, ...], refusals: tuple[Verdict, ...]) -> bool:
    """Whether each name is among the refusals, by id or by what it is about, and each refusal among the names."""
    found = {verdict.requirement for verdict in refusals} | {verdict.about.value for verdict in refusals}
    told = all(verdict.requirement in names or verdict.about.value in names for verdict in refusals)
    return told and found.issuperset(names)


def _stands(life: _Life, step: Step) -> Finding | None:
    track = life.machine.process.track_of(step.action) or life.machine.process.main
    stage = stage_of(life.deal, track)
    if step.stage and step.stage != stage:
        message = f"after '{step.action}' the deal of story '{life.story.id}' stands in '{stage}'"
        return Finding("E115", step.at, message, f"the story says '{step.stage}'; mend the story or the action")
    return None


def _told(refusals: tuple[Verdict, ...]) -> str:
    return "; ".join(f"{verdict.requirement} ({verdict.needs or verdict.says})" for verdict in refusals)


def _ids(refusals: tuple[Verdict, ...]) -> str:
    return ", ".join(verdict.requirement for verdict in refusals)


def _mover(life: _Life, step: Step) -> str:
    """The first role declared that may do the action, and override where that is asked; none where anyone may."""
    process = life.machine.process
    variants = _variants(process, step.action)
    here = [action for action in variants if life.deal.stage in action.sources] or list(variants)
    may = [role for role in process.roles if any(role_may(process, role, action.by) for action in here)]
    if step.override and process.override_by:
        may = [role for role in may if role_may(process, role, process.override_by)]
    elif not any(action.by for action in here):
        return ""
    return may[0] if may else ""


def _variants(process: Process, action: str) -> tuple[Action, ...]:
    track = process.track_of(action)
    return track.variants(action) if track else ()


def _approvals(life: _Life, step: Step) -> list[Entry]:
    process = life.machine.process
    wanted = [approval for action in _variants(process, step.action) for approval in action.approvals]
    role = step.role or _approver(process, wanted)
    given = [approval for approval in wanted if role_may(process, role, approval.by)]
    if not given:
        roles = ", ".join(dict.fromkeys(name for approval in wanted for name in approval.by))
        raise BadValue(f"role '{role}' approves nothing of it", hint=f"write a role of: {roles}" if roles else "")
    return [
        _entry(life, EntryKind.APPROVED, action=step.action, approval=approval.id, role=role, offset=number)
        for number, approval in enumerate(given)
    ]


def _approver(process: Process, wanted: list[Approval]) -> str:
    return next((role for role in process.roles if any(role_may(process, role, a.by) for a in wanted)), "")


def _born(process: Process, decision: Decision) -> Deal:
    entry = Entry(
        deal="story",
        sequence=1,
        kind=EntryKind.STARTED,
        happened_at=BEGINS,
        recorded_at=BEGINS,
        process=process.id,
        version=process.version,
        digest="",
        to_stage=decision.to_stage,
        facts=decision.sets,
        actor=MOVER,
    )
    deal = fold([entry])
    if deal is None:
        raise StagewrightError("a story begins with its start")
    return deal


def _entry(
    life: _Life,
    kind: EntryKind,
    decision: Decision | None = None,
    *,
    facts: Mapping[str, Value] | None = None,
    touchpoint: str = "",
    action: str = "",
    approval: str = "",
    role: str = "",
    offset: int = 0,
) -> Entry:
    """The next entry of the deal; of a move, what was decided."""
    deal, moved = life.deal, decision if decision and decision.allowed else None
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1 + offset,
        kind=kind,
        happened_at=life.now,
        recorded_at=life.now,
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        track=decision.track if decision else MAIN,
        action=decision.move.action if decision else action,
        from_stage=decision.from_stage if decision else "",
        to_stage=decision.to_stage if decision else "",
        outcome=moved.outcome if moved else "",
        reason=decision.move.reason if decision else "",
        actor=APPROVER if kind is EntryKind.APPROVED else MOVER,
        role=decision.move.role if decision else role,
        touchpoint=moved.touchpoint if moved else touchpoint,
        approval=approval,
        facts=moved.sets if moved else facts or {},
    )
