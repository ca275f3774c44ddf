"""A process in plain words: sections of headings with labelled details. How they look is left to process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model.expression import Assignment, Expression
from engine.model.formula import Formula
from engine.model.names import MAIN
from engine.model.process import Action, Clock, Metric, MetricPart, Process, Stage, Track
from engine.model.rule import Approval, Ask, Fact, Force, Reason, Requirement
from engine.model.syntax import PERCENT
from engine.model.values import duration_text, show_value
from engine.report.details import Detail
from engine.report.pipeline import described
from engine.report.wording import both, either


@dataclass(frozen=True, slots=True)
class Block:
    """A thing declared: its cells stand in columns with those of the section's other blocks."""

    cells: tuple[str, ...]
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    blocks: tuple[Block, ...]


def sections(process: Process) -> tuple[Section, ...]:
    """The parts of the process that are not empty, in the order in which they are read."""
    told = [Section("roles", tuple(_roles(process)))]
    for track in process.all_tracks():
        name = "" if track.id == MAIN else f" of {track.title or track.id}"
        told.append(Section(f"stages{name}", tuple(_stage(track, stage) for stage in track.stages)))
        told.append(Section(f"actions{name}", tuple(_action(process, track, action) for action in track.actions)))
        told.append(Section(f"always{name}", tuple(_rule(rule) for rule in track.always)))
    told.append(Section("clocks", tuple(_clock(process, clock) for clock in process.clocks)))
    told.append(Section("facts", tuple(_fact(fact) for fact in process.facts.values())))
    told.append(Section("metrics", tuple(_metric(metric) for metric in process.metrics)))
    told.append(Section("examples", tuple(Block((story.id, story.title)) for story in process.examples)))
    return tuple(section for section in told if section.blocks)


def _roles(process: Process) -> Iterator[Block]:
    for role, others in process.roles.items():
        yield Block((role, f"may do what {both(others)} may" if others else ""))
    if process.override_by is not None:
        yield Block(("override", f"{either(process.override_by) or 'anyone'} may waive requirements and approvals"))


def _stage(track: Track, stage: Stage) -> Block:
    share = show_value(stage.probability, PERCENT) if stage.probability is not None else ""
    target = f"target {duration_text(stage.target)}" if stage.target is not None else ""
    alert = f"alert {duration_text(stage.alert)}" if stage.alert is not None else ""
    ends = f"ends {stage.ends}" if stage.ends else ""
    actions = both(dict.fromkeys(action.id for action in track.actions if stage.id in action.sources))
    details = [
        *([Detail("unless", stage.unless.text)] if stage.unless else []),
        *_asks("asks", stage.asks),
        *_requirements("to enter", stage.to_enter),
        *_requirements("to pass", stage.to_pass),
        *_assignments("stamps", stage.stamps),
        *([Detail("actions", actions)] if actions else []),
    ]
    return Block((stage.id, stage.title, share, target or ends, alert), tuple(details))


def _asks(label: str, asks: Sequence[Ask]) -> Iterator[Detail]:
    always = [ask.fact for ask in asks if ask.when is None]
    if always:
        yield Detail(label, both(always))
    for ask in asks:
        if ask.when is not None:
            yield Detail(label, f"{ask.fact}, when {ask.when.text}")


def _requirements(label: str, requirements: Iterable[Requirement]) -> Iterator[Detail]:
    for requirement in requirements:
        yield Detail(label, requirement.says or requirement.id, f"[{requirement.rule}]" if requirement.rule else "")
        yield from _conditions(requirement)


def _conditions(requirement: Requirement) -> Iterator[Detail]:
    if requirement.when:
        yield Detail("when", requirement.when.text, depth=1)
    yield Detail("must" if requirement.force is Force.MUST else "should", requirement.condition.text, depth=1)
    if requirement.fix:
        yield Detail("fix", requirement.fix, depth=1)


def _assignments(label: str, assignments: Iterable[Assignment]) -> Iterator[Detail]:
    for assignment in assignments:
        yield Detail(label, f"{assignment.fact} = {assignment.value.text}")


def _action(process: Process, track: Track, action: Action) -> Block:
    words = {"later": "a later stage", "earlier": "an earlier stage", "previous": "the stage before"}
    targets = action.transfer.name if action.transfer else either(words.get(each, each) for each in action.targets)
    to = f"{described(process, track, action.sources)} → {targets}"
    details = [
        *([Detail("when", action.when.text)] if action.when else []),
        *([Detail("auto", _auto(action))] if action.auto else []),
        *([Detail("by", either(action.by))] if action.by else []),
        *([Detail("contact", action.touchpoint)] if action.touchpoint else []),
        *_asks("asks", action.asks),
        *_reasons(action.reasons),
        *_requirements("requires", action.requires),
        *(detail for approval in action.approvals for detail in _approval(approval)),
        *_assignments("sets", action.sets),
        *_elsewhere(action),
    ]
    number = f" ({action.variant})" if action.variant else ""
    return Block((action.id + number, to, action.title), tuple(details))


def _auto(action: Action) -> str:
    why = f", with reason {action.reason}" if action.reason else ""
    return f"done by itself as soon as it is so{why}"


def _reasons(reasons: Sequence[Reason]) -> Iterator[Detail]:
    for index, reason in enumerate(reasons):
        group = f"({reason.group})" if reason.group else ""
        yield Detail(
            "" if index else "reasons", f"{reason.code}: {reason.title}" if reason.title else reason.code, group
        )


def _approval(approval: Approval) -> Iterator[Detail]:
    lasts = f", lasts {duration_text(approval.lasts)}" if approval.lasts is not None else ""
    yield Detail("approval", f"{approval.says or approval.id} ({either(approval.by)}{lasts})")
    if approval.when:
        yield Detail("when", approval.when.text, depth=1)


def _elsewhere(action: Action) -> Iterator[Detail]:
    if action.transfer:
        yield Detail("transfer", f"goes on there, with the facts that {action.transfer.process} has too")
    for start in action.starts:
        yield Detail("starts", f"a deal in {start.process}" + (f", when {start.when.text}" if start.when else ""))
        yield from (Detail("sets", f"{each.fact} = {each.value.text}", depth=1) for each in start.sets)


def _rule(requirement: Requirement) -> Block:
    rule = f"[{requirement.rule}]" if requirement.rule else ""
    return Block((requirement.says or requirement.id, rule), tuple(_conditions(requirement)))


def _clock(process: Process, clock: Clock) -> Block:
    track = process.track(clock.track) or process.main
    what = "without activity" if clock.basis == "idle" else "in one stage"
    limit = f"{duration_text(clock.limit)} {what}, in {described(process, track, clock.stages)}"
    details = [Detail("when", clock.when.text)] if clock.when else []
    details += [Detail("warns", f"after {duration_text(clock.warn)}")] if clock.warn is not None else []
    details += [Detail("activity", f"also {both(clock.activity)}")] if clock.activity else []
    reason = f", reason {clock.reason}" if clock.reason else ""
    details += [Detail("then", clock.then + reason)] if clock.then else []
    return Block((clock.id, limit), tuple(details))


def _fact(fact: Fact) -> Block:
    kind = fact.type.kind.value
    kind += f": {either(fact.type.choices)}" if fact.type.choices else ""
    default = f"default {show_value(fact.default, fact.type)}" if fact.default is not None else ""
    rows = fact.table.rows if fact.table else ()
    hit = fact.table.hit.value if fact.table else ""
    details = [
        Detail(hit if index == 0 else "", row.when.text if row.when else "otherwise", show_value(row.then, fact.type))
        for index, row in enumerate(rows)
    ]
    return Block((fact.id, kind, default, fact.title), tuple(details))


def _metric(metric: Metric) -> Block:
    details = tuple(Detail(name, _part(part)) for name, part in metric.parts.items())
    return Block((metric.id, metric.title or metric.kind), details)


def _part(part: MetricPart) -> str:
    if isinstance(part, (Expression, Formula)):
        return part.text
    if isinstance(part, Mapping):
        return ", ".join(f"{name} {_part(inner)}" for name, inner in part.items())
    if isinstance(part, tuple):
        return both(part)
    return part if isinstance(part, str) else duration_text(part)
