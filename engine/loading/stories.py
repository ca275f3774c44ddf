"""Examples of a process: short stories of deals, with what must be allowed and what refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.loading import codes, written
from engine.loading.clocks import reason_of
from engine.loading.facts import values
from engine.loading.nodes import Node, Scalar
from engine.loading.reading import Reading, known, roles, stage
from engine.model.decision import About
from engine.model.names import EARLIER, LATER, PREVIOUS
from engine.model.process import Process
from engine.model.story import Step, Story


def stories(node: Node | None, process: Process, reading: Reading) -> tuple[Story, ...]:
    """The stories that can be read; ``process`` is as read so far, for its requirements and reasons."""
    read = []
    ids = requirement_ids(process) if node else ()
    for key, value in written.named(node):
        title, facts = written.text(written.get(value, "title")), values(written.get(value, "facts"), reading)
        entries = written.nodes(written.get(value, "moves"))
        steps = [_step(one, process, ids, reading) for one in entries]
        if None not in steps:
            read.append(Story(key.value, title, facts, tuple(step for step in steps if step), key.at))
    return tuple(read)


def _step(node: Node, process: Process, ids: tuple[str, ...], reading: Reading) -> Step | None:
    if isinstance(node, Scalar):
        action = _action(node, reading)
        return Step("move", action, at=node.at) if action else None
    entries = list(written.pairs(node))
    if len(entries) != 1:
        return None
    key, value = entries[0]
    if key.value == "record":
        return Step("record", facts=values(value, reading), at=key.at)
    if key.value == "touch":
        return _touch(key, value, reading)
    if key.value == "approve":
        return _approve(key, value, reading)
    if key.value == "tick":
        return _tick(key, value, process, reading)
    return _move(key, value, process, ids, reading)


def _action(node: Scalar, reading: Reading) -> str:
    code, declare = codes.UNKNOWN_ACTION, "declare it under 'actions', or take the step out of the example"
    found = known((node,), reading.scope.actions, reading, code=code, noun="action", declare=declare)
    return found[0] if found else ""


def _after(node: Node) -> timedelta:
    return written.duration(written.get(node, "after")) or timedelta(0)


def _role(node: Node, reading: Reading) -> str:
    found = roles(written.get(node, "role"), reading)
    return found[0] if found else ""


def _touch(key: Scalar, node: Node, reading: Reading) -> Step | None:
    named = written.scalars(node if isinstance(node, Scalar) else written.get(node, "touchpoint"))
    among = reading.scope.touchpoints
    found = known(named, among, reading, code=codes.UNKNOWN_TOUCHPOINT, noun="touchpoint")
    return Step("touch", touchpoint=found[0], after=_after(node), at=key.at) if found else None


def _approve(key: Scalar, node: Node, reading: Reading) -> Step | None:
    named = written.scalar(written.get(node, "action"))
    action = _action(named, reading) if named else ""
    return Step("approve", action, role=_role(node, reading), after=_after(node), at=key.at) if action else None


def _tick(key: Scalar, node: Node, process: Process, reading: Reading) -> Step:
    named = written.get(node, "warned")
    clocks = tuple(clock.id for clock in process.clocks)
    found = known(written.scalars(named), clocks, reading, code=codes.UNKNOWN_CLOCK, noun="clock")
    stage = _stage(written.get(node, "stage"), "", reading)
    return Step("tick", after=_after(node), stage=stage, warned=None if named is None else found, at=key.at)


def _move(key: Scalar, node: Node, process: Process, ids: tuple[str, ...], reading: Reading) -> Step | None:
    action = _action(key, reading)
    if not action:
        return None
    variants = tuple(one for track in process.all_tracks() for one in track.actions if one.id == action)
    refused = written.get(node, "refused")
    whatever = written.text(refused)
    reason = written.scalar(written.get(node, "reason"))
    return Step(
        "move",
        action,
        to=_stage(written.get(node, "to"), action, reading),
        reason=reason_of(reason, action, reading, variants) if reason else "",
        note=written.text(written.get(node, "note")),
        role=_role(node, reading),
        facts=values(written.get(node, "facts"), reading),
        after=_after(node),
        is_refused=refused is not None and whatever != "false",
        refused=() if whatever in ("true", "false") else _refused(refused, ids, reading),
        override=written.text(written.get(node, "override")) == "true",
        stage=_stage(written.get(node, "stage"), action, reading),
        knows=values(written.get(node, "knows"), reading),
        at=key.at,
    )


def _stage(node: Node | None, action: str, reading: Reading) -> str:
    name = written.scalar(node)
    track = reading.track_of(action) or reading.main
    if name is None or name.value in (LATER, EARLIER, PREVIOUS) or "/" in name.value:
        return name.value if name else ""
    found = stage(name, track, reading)
    return found[0] if found else ""


def _refused(node: Node | None, ids: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    options = [*ids, *(about.value for about in About)]
    # A requirement without a name is called by its place, and what was at fault there has been told.
    named = [one for one in written.scalars(node) if not (reading.found.any_error and _is_place(one, reading))]
    return tuple(dict.fromkeys(found for one in named for found in _requirement(one, options, reading)))


def _requirement(node: Scalar, options: Sequence[str], reading: Reading) -> tuple[str, ...]:
    place, slash, _ = node.value.strip().rpartition("/")
    if not slash:
        return known((node,), options, reading, code=codes.UNKNOWN_REQUIREMENT, noun="requirement")
    # A place that is no more is like nothing but another of the same owner; least of all is it like a kind.
    beside = [option for option in options if option.startswith(f"{place}/") or option == node.value.strip()]
    instead = "name a requirement that there is, or take it out of 'refused'"
    return known((node,), beside, reading, code=codes.UNKNOWN_REQUIREMENT, noun="requirement", declare=instead)


def requirement_ids(process: Process) -> tuple[str, ...]:
    """The ids of all requirements and approvals of a process."""
    ids: dict[str, None] = {}
    for track in process.all_tracks():
        for one in track.stages:
            ids.update((requirement.id, None) for requirement in (*one.to_enter, *one.to_pass))
        for action in track.actions:
            ids.update((requirement.id, None) for requirement in action.requires)
            ids.update((approval.id, None) for approval in action.approvals)
        ids.update((requirement.id, None) for requirement in track.always)
    return tuple(ids)


def _is_place(name: Scalar, reading: Reading) -> bool:
    owner, part, _ = (*name.value.strip().split("/"), "", "")[:3]
    beside = (action for track in reading.tracks.values() for action in track.actions)
    owners = (*reading.main.stages, *reading.main.actions, *beside)
    return owner in owners and part in ("to_enter", "to_pass", "requires", "approval", "asks")
