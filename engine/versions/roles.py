"""What differs in roles, in who may override, in touchpoints and groups: codes D55x and D56x."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.place import Place
from engine.model.process import Process, roles_that_may
from engine.versions.matched import action_couples, lost_and_gained, stage_couples
from engine.versions.pair import Pair

ANYONE = "anyone"


def role_changes(pair: Pair) -> Iterator[Change]:
    """Roles, what they include, the process's own ``by`` and ``override``, touchpoints and groups."""
    yield from _roles(pair)
    yield from _default(pair)
    yield from _override(pair)
    yield from _touchpoints(pair)
    yield from _groups(pair)


def _roles(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.roles, pair.new.roles
    for role in new:
        at = _at(pair.new, "roles", role)
        if role not in old:
            yield _change("D551", f"the role '{role}' is new{_including(new[role])}", role, None, at)
        elif set(old[role]) != set(new[role]):
            says = f"the role '{role}' now includes {_listed(new[role])}, not {_listed(old[role])}"
            was = _at(pair.old, "roles", role)
            yield _change("D553", says, role, was, at, ", ".join(old[role]), ", ".join(new[role]))
    for role in old:
        if role not in new:
            says = f"the role '{role}' is gone: who has no other role can no longer act"
            yield _change("D552", says, role, _at(pair.old, "roles", role), None)


def _including(roles: tuple[str, ...]) -> str:
    return f" and includes {_listed(roles)}" if roles else ""


def _default(pair: Pair) -> Iterator[Change]:
    """Told only where no action feels it: all others are told with the action."""
    if set(pair.old.by) == set(pair.new.by) or any(_differs(pair, *two) for two in action_couples(pair)):
        return
    who = f"{_listed(pair.new.by)} may act, no longer {_listed(pair.old.by)}"
    says = f"where an action does not say, {who}; no action that both versions have is concerned"
    yield _change("D556", says, "by", pair.old.at, pair.new.at, ", ".join(pair.old.by), ", ".join(pair.new.by))


def _differs(pair: Pair, before: str, after: str) -> bool:
    return _may(pair.old, before) != _may(pair.new, after)


def _may(process: Process, action: str) -> list[frozenset[str]]:
    track = process.track_of(action)
    return [_allowed(process, one.by) for one in track.variants(action)] if track else []


def _allowed(process: Process, by: tuple[str, ...] | None) -> frozenset[str]:
    if by is None:
        return frozenset()
    return frozenset(roles_that_may(process, by)) | frozenset(by) if by else frozenset({ANYONE})


def _override(pair: Pair) -> Iterator[Change]:
    """Who may waive, roles that include a named one counted in; anyone is more than any role."""
    old, new = _allowed(pair.old, pair.old.override_by), _allowed(pair.new, pair.new.override_by)
    gained = frozenset() if ANYONE in old else new - old
    lost = frozenset() if ANYONE in new else old - new
    before, after = _waive(pair.old), _waive(pair.new)
    if gained:
        says = f"{_sorted(gained)} may now waive requirements and approvals"
        yield _change("D554", says, "override", pair.old.at, pair.new.at, before, after, level=Level.LOOSER)
    if lost:
        says = f"{_sorted(lost)} may no longer waive requirements and approvals"
        yield _change("D555", says, "override", pair.old.at, pair.new.at, before, after, level=Level.TIGHTER)


def _waive(process: Process) -> str:
    if process.override_by is None:
        return "nobody"
    return ", ".join(process.override_by) or ANYONE


def _touchpoints(pair: Pair) -> Iterator[Change]:
    for one in pair.new.touchpoints:
        if one not in pair.old.touchpoints:
            says = f"the touchpoint '{one}' is new: contacts of this kind can be recorded"
            yield _change("D557", says, one, None, _at(pair.new, "touchpoints", one))
    for one in pair.old.touchpoints:
        if one not in pair.new.touchpoints:
            says = f"the touchpoint '{one}' is gone: contacts of this kind can no longer be recorded"
            yield _change("D558", says, one, _at(pair.old, "touchpoints", one), None)


def _groups(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.groups, pair.new.groups
    stages = stage_couples(pair)
    for group, members in new.items():
        at = _at(pair.new, "groups", group)
        if group not in old:
            yield _change("D561", f"the group '{group}' is new: {', '.join(members)}", group, None, at)
        elif any(lost_and_gained(old[group], members, stages)):
            says = f"the group '{group}' now stands for {', '.join(members)}"
            was = _at(pair.old, "groups", group)
            yield _change("D563", says, group, was, at, ", ".join(old[group]), ", ".join(members))
    for group in old:
        if group not in new:
            yield _change("D562", f"the group '{group}' is gone", group, _at(pair.old, "groups", group), None)


def _at(process: Process, section: str, name: str) -> Place:
    return process.places.get(f"{section}/{name}", process.at)


def _listed(roles: tuple[str, ...]) -> str:
    return " and ".join(f"'{role}'" for role in roles) or "no role"


def _sorted(roles: frozenset[str]) -> str:
    return " and ".join(ANYONE if role == ANYONE else f"'{role}'" for role in sorted(roles))


def _change(
    code: str,
    says: str,
    thing: str,
    old: Place | None,
    new: Place | None,
    before: str = "",
    after: str = "",
    *,
    level: Level = Level.NOTE,
) -> Change:
    return Change(code, level, Subject.ROLES, thing, says, old, new, before, after)


CODES: tuple[Code, ...] = (
    Code(
        "D551",
        "a role is new",
        (Level.NOTE,),
        "D552",
        "Nobody has the role before somebody is given it, in `people.yaml` where there is one. What the role may do is "
        "told with each action.",
        Example("guest: []}", "guest: [], legal: []}"),
        "base_rest.yaml",
    ),
    Code(
        "D552",
        "a role is gone",
        (Level.NOTE,),
        "D551",
        "Who has this role alone can no longer do what is kept to roles. Give them another one, and take this one out "
        "of `people.yaml`.",
        Example("roles: {rep: [], manager: [rep], guest: []}", "roles: {rep: [], manager: [rep]}"),
        "base_rest.yaml",
    ),
    Code(
        "D553",
        "a role includes other roles",
        (Level.NOTE,),
        "D553",
        "A role may do what the roles may that it includes. Whom that lets do more or less is told with each action.",
        Example("manager: [rep], guest: []", "manager: [rep], guest: [rep]"),
        "base_rest.yaml",
    ),
    Code(
        "D554",
        "more people may waive",
        (Level.LOOSER,),
        "D555",
        "Who has the role may put aside any requirement and approval, though never `always`. It is the widest right "
        "there is: see that this is meant.",
        Example("override: {by: [manager]}", "override: {by: [rep]}"),
        "base_rest.yaml",
    ),
    Code(
        "D555",
        "fewer people may waive",
        (Level.TIGHTER,),
        "D554",
        "What they waived before is now refused, and they need somebody who still may.",
        Example("override: {by: [manager]}\n", ""),
        "base_rest.yaml",
    ),
    Code(
        "D556",
        "other roles may act where an action does not say",
        (Level.NOTE,),
        "D556",
        "The process's own `by` is another, and each action of both versions names its own, so nothing changes for "
        "them. It counts for actions that are new.",
        Example("by: [rep]\n", "by: [manager]\n"),
        "base_rest_by.yaml",
    ),
    Code(
        "D557",
        "a touchpoint is new",
        (Level.NOTE,),
        "D558",
        "Contacts of this kind can be recorded. They count as activity for clocks that wait for none.",
        Example("touchpoints: [call, email]", "touchpoints: [call, email, meeting]"),
        "base_rest.yaml",
    ),
    Code(
        "D558",
        "a touchpoint is gone",
        (Level.NOTE,),
        "D557",
        "Contacts of this kind can no longer be recorded of deals on the new version. What was recorded stays.",
        Example("touchpoints: [call, email]", "touchpoints: [call]"),
        "base_rest.yaml",
    ),
    Code(
        "D561",
        "a group of stages is new",
        (Level.NOTE,),
        "D562",
        "A group is a short name for stages. What uses it is told where it stands.",
        Example("first: [lead]}", "first: [lead], late: [demo]}"),
        "base_rest.yaml",
    ),
    Code(
        "D562",
        "a group of stages is gone",
        (Level.NOTE,),
        "D561",
        "A group is a short name for stages. What used it is told where it stood.",
        Example("groups: {early: [lead, qualified], first: [lead]}", "groups: {early: [lead, qualified]}"),
        "base_rest.yaml",
    ),
    Code(
        "D563",
        "a group stands for other stages",
        (Level.NOTE,),
        "D563",
        "All that names the group holds for other stages than before; each action and clock that this concerns is "
        "told too.",
        Example("first: [lead]}", "first: [qualified]}"),
        "base_rest.yaml",
    ),
)
