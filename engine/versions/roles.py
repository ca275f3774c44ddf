"""What differs in roles, and in who may override: codes D55x."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.place import Place
from engine.model.process import Process, roles_that_may
from engine.versions.pair import Pair

ANYONE = "anyone"


def role_changes(pair: Pair) -> Iterator[Change]:
    """Roles, what they include, and the process's own ``by`` and ``override``."""
    yield from _roles(pair)
    yield from _default(pair)
    yield from _override(pair)


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
    """Whom that lets act is told with each action."""
    if set(pair.old.by) != set(pair.new.by):
        was, now = (_listed(one.by) if one.by else ANYONE for one in (pair.old, pair.new))
        says = f"where an action does not say, {now} may act, no longer {was}"
        yield _change("D556", says, "by", *_keys(pair, "by"), ", ".join(pair.old.by), ", ".join(pair.new.by))


def _allowed(process: Process, by: tuple[str, ...] | None) -> frozenset[str]:
    if by is None:
        return frozenset()
    return frozenset(roles_that_may(process, by)) | frozenset(by) if by else frozenset({ANYONE})


def _override(pair: Pair) -> Iterator[Change]:
    """Who may waive, roles that include a named one counted in; anyone is more than any role."""
    old, new = _allowed(pair.old, pair.old.override_by), _allowed(pair.new, pair.new.override_by)
    gained = frozenset() if ANYONE in old else new - old
    lost = frozenset() if ANYONE in new else old - new
    before, after, at = _waive(pair.old), _waive(pair.new), _keys(pair, "override")
    if gained:
        says = f"{_sorted(gained)} may now waive requirements and approvals"
        yield _change("D554", says, "override", *at, before, after, level=Level.LOOSER)
    if lost:
        says = f"{_sorted(lost)} may no longer waive requirements and approvals"
        yield _change("D555", says, "override", *at, before, after, level=Level.TIGHTER)


def _waive(process: Process) -> str:
    if process.override_by is None:
        return "nobody"
    return ", ".join(process.override_by) or ANYONE


def _at(process: Process, section: str, name: str) -> Place:
    return process.places.get(f"{section}/{name}", process.at)


def _keys(pair: Pair, key: str) -> tuple[Place | None, Place | None]:
    return pair.old.places.get(key), pair.new.places.get(key)


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
        "The process's own `by` counts for all actions that name none; whom it lets do more or less is told with each "
        "of them.",
        Example("by: [rep]\n", "by: [manager]\n"),
        "base_rest.yaml",
    ),
)
