"""What differs in touchpoints and groups of stages: codes D91x."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.place import Place
from engine.model.process import Process
from engine.versions.matched import lost_and_gained, stage_couples
from engine.versions.pair import Pair


def list_changes(pair: Pair) -> Iterator[Change]:
    """Touchpoints and groups that came or went, and groups of other stages."""
    yield from _touchpoints(pair)
    yield from _groups(pair)


def _touchpoints(pair: Pair) -> Iterator[Change]:
    for one in pair.new.touchpoints:
        if one not in pair.old.touchpoints:
            says = f"the touchpoint '{one}' is new: contacts of this kind can be recorded"
            yield _change("D911", says, one, None, _at(pair.new, "touchpoints", one))
    for one in pair.old.touchpoints:
        if one not in pair.new.touchpoints:
            says = f"the touchpoint '{one}' is gone: contacts of this kind can no longer be recorded"
            yield _change("D912", says, one, _at(pair.old, "touchpoints", one), None)


def _groups(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.groups, pair.new.groups
    stages = stage_couples(pair)
    for group, members in new.items():
        at = _at(pair.new, "groups", group)
        if group not in old:
            yield _change("D913", f"the group '{group}' is new: {', '.join(members)}", group, None, at)
        elif any(lost_and_gained(old[group], members, stages)):
            says = f"the group '{group}' now stands for {', '.join(members)}"
            was = _at(pair.old, "groups", group)
            yield _change("D915", says, group, was, at, ", ".join(old[group]), ", ".join(members))
    for group in old:
        if group not in new:
            yield _change("D914", f"the group '{group}' is gone", group, _at(pair.old, "groups", group), None)


def _at(process: Process, section: str, name: str) -> Place:
    return process.places.get(f"{section}/{name}", process.at)


def _change(
    code: str, says: str, thing: str, old: Place | None, new: Place | None, before: str = "", after: str = ""
) -> Change:
    return Change(code, Level.NOTE, Subject.PROCESS, thing, says, old, new, before, after)


CODES: tuple[Code, ...] = (
    Code(
        "D911",
        "a touchpoint is new",
        (Level.NOTE,),
        "D912",
        "Contacts of this kind can be recorded. They count as activity for clocks that wait for none.",
        Example("touchpoints: [call, email]", "touchpoints: [call, email, meeting]"),
        "base_rest.yaml",
    ),
    Code(
        "D912",
        "a touchpoint is gone",
        (Level.NOTE,),
        "D911",
        "Contacts of this kind can no longer be recorded of deals on the new version. What was recorded stays.",
        Example("touchpoints: [call, email]", "touchpoints: [call]"),
        "base_rest.yaml",
    ),
    Code(
        "D913",
        "a group of stages is new",
        (Level.NOTE,),
        "D914",
        "A group is a short name for stages. What uses it is told where it stands.",
        Example("first: [lead]}", "first: [lead], late: [demo]}"),
        "base_rest.yaml",
    ),
    Code(
        "D914",
        "a group of stages is gone",
        (Level.NOTE,),
        "D913",
        "A group is a short name for stages. What used it is told where it stood.",
        Example("groups: {early: [lead, qualified], first: [lead]}", "groups: {early: [lead, qualified]}"),
        "base_rest.yaml",
    ),
    Code(
        "D915",
        "a group stands for other stages",
        (Level.NOTE,),
        "D915",
        "All that names the group holds for other stages than before; each action and clock that this concerns is "
        "told too.",
        Example("first: [lead]}", "first: [qualified]}"),
        "base_rest.yaml",
    ),
)
