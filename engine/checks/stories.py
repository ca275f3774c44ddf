"""The examples of a process: each story is lived through, in memory, with the machine that judges real deals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from engine.checks.life import BEGINS, MOVER, Life, born, entry_of, followed, lived, moved, ticked
from engine.machine.compile import Machine, compile_process
from engine.machine.decide import decide, start
from engine.machine.facts import check_facts, view
from engine.machine.tracks import stage_of
from engine.model.decision import Decision, Move, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue, StagewrightError
from engine.model.finding import Finding
from engine.model.process import Action, Process, Track, role_may
from engine.model.rule import Approval
from engine.model.story import Step, Story
from engine.model.values import show_value


def stories(process: Process) -> Iterator[Finding]:
    """E111 to E118: a story that goes otherwise than it is told. Each ends at its first surprise."""
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
    life = born(machine, decision)
    for step in story.steps:
        after = _step(life, step, story.id)
        if isinstance(after, Finding):
            return after
        life = after
    return None


def _step(life: Life, step: Step, story: str) -> Life | Finding:
    life = replace(life, now=life.now + max(step.after, timedelta(0)))
    try:
        if step.kind == "move":
            return _move(life, step, story)
        if step.kind == "tick":
            return _tick(life, step, story)
        entries = _approvals(life, step) if step.kind == "approve" else [_recorded(life, step)]
    except StagewrightError as error:
        message = f"'{step.action or step.kind}' cannot be done in story '{story}': {error}"
        return Finding("E116", step.at, message, error.hint or "mend the story")
    return followed(lived(life, entries))


def _recorded(life: Life, step: Step) -> Entry:
    check_facts(life.machine.process, step.facts)
    kind = EntryKind.TOUCHED if step.kind == "touch" else EntryKind.RECORDED
    return entry_of(life, kind, facts=step.facts, touchpoint=step.touchpoint)


def _move(life: Life, step: Step, story: str) -> Life | Finding:
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
    wrong = _verdict(step, decision, story)
    if wrong is not None:
        return wrong
    if not decision.allowed:
        life = lived(life, [entry_of(life, EntryKind.REFUSED, decision)])
        return _known(life, step, story) or life
    life = moved(life, decision)
    track = life.machine.process.track_of(step.action) or life.machine.process.main
    return _stands(life, step, story, track=track, what=f"'{step.action}'") or _known(life, step, story) or life


def _tick(life: Life, step: Step, story: str) -> Life | Finding:
    """Time has passed, and clocks do what is due."""
    life, rung, refused = ticked(life)
    clocks = tuple(dict.fromkeys(alarm.clock for alarm in rung))
    if step.warned is not None and set(clocks) != set(step.warned):
        told = f"{', '.join(clocks) or 'no clock'} warned in story '{story}', not {', '.join(step.warned) or 'none'}"
        return Finding("E117", step.at, told, f"write warned: [{', '.join(clocks)}] if that is meant")
    wrong = _stands(life, step, story, track=life.machine.process.main, what="the tick")
    if wrong is not None and refused:
        causes = "; ".join(f"{each.move.action}: {_told(each.refusals)}" for each in refused)
        return replace(wrong, message=f"{wrong.message}; a clock was refused {causes}")
    return wrong or life


def _verdict(step: Step, decision: Decision, story: str) -> Finding | None:
    """What is wrong with how the move came out, if anything."""
    where = f"in story '{story}'"
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


def _stands(life: Life, step: Step, story: str, *, track: Track, what: str) -> Finding | None:
    stage = stage_of(life.deal, track)
    if step.stage and step.stage != stage:
        message = f"after {what} the deal of story '{story}' stands in '{stage}'"
        return Finding("E115", step.at, message, f"the story says '{step.stage}'; mend the story or the action")
    return None


def _known(life: Life, step: Step, story: str) -> Finding | None:
    """What the deal should then know, and does not."""
    facts, of = life.machine.process.facts, view(life.deal.facts, {}, life.machine.frame.defaults)
    for name, value in step.knows.items():
        found = of.get(name)
        if found != value:
            is_now = "is unknown" if found is None else f"is {show_value(found, facts[name].type)}"
            message = f"after '{step.action}' {name} {is_now} in story '{story}'"
            told = f"the story says {show_value(value, facts[name].type)}; mend the story, or what stamps or sets it"
            return Finding("E118", step.at, message, told)
    return None


def _told(refusals: tuple[Verdict, ...]) -> str:
    return "; ".join(f"{verdict.requirement} ({verdict.needs or verdict.says})" for verdict in refusals)


def _ids(refusals: tuple[Verdict, ...]) -> str:
    return ", ".join(verdict.requirement for verdict in refusals)


def _mover(life: Life, step: Step) -> str:
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


def _approvals(life: Life, step: Step) -> list[Entry]:
    process = life.machine.process
    wanted = [approval for action in _variants(process, step.action) for approval in action.approvals]
    role = step.role or _approver(process, wanted)
    given = [approval for approval in wanted if role_may(process, role, approval.by)]
    if not given:
        roles = ", ".join(dict.fromkeys(name for approval in wanted for name in approval.by))
        raise BadValue(f"role '{role}' approves nothing of it", hint=f"write a role of: {roles}" if roles else "")
    return [
        entry_of(life, EntryKind.APPROVED, action=step.action, approval=approval.id, role=role, offset=number)
        for number, approval in enumerate(given)
    ]


def _approver(process: Process, wanted: list[Approval]) -> str:
    return next((role for role in process.roles if any(role_may(process, role, a.by) for a in wanted)), "")
