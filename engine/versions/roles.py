"""What differs in roles, and in who may override: codes D55x."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.place import Place
from engine.model.process import Process, role_may, roles_that_may
from engine.versions.action_parts import roles_between
from engine.versions.pair import Pair
from engine.versions.saying import listed, named

ANYONE = "anyone"


def role_changes(pair: Pair) -> Iterator[Change]:
    """Roles, what they include, and the process's own ``by`` and ``override``."""
    yield from _roles(pair)
    yield from _default(pair)
    yield from _override(pair)


def _roles(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.roles, pair.new.roles
    for role in new:
        if role not in old:
            yield _new(pair, role)
        elif set(old[role]) != set(new[role]):
            yield from _included(pair, role)
    for role in old:
        if role not in new:
            yield _gone(pair, role)


def _new(pair: Pair, role: str) -> Change:
    can = _kept(pair.new, role, _held(pair.new))
    says = f"the role '{role}' is new{_including(pair.new.roles[role])}"
    says += f", and may {_doing(can)}" if can else ""
    level = Level.LOOSER if can else Level.NOTE
    return _change("D551", says, role, None, _at(pair.new, "roles", role), level=level)


def _gone(pair: Pair, role: str) -> Change:
    could = _kept(pair.old, role, _held(pair.old))
    says = f"the role '{role}' is gone: who has no other role can no longer act"
    if could:
        says = f"the role '{role}' is gone: who has no other role can no longer {_doing(could)}"
    level = Level.TIGHTER if could else Level.NOTE
    return _change("D552", says, role, _at(pair.old, "roles", role), None, level=level)


def _included(pair: Pair, role: str) -> Iterator[Change]:
    """What that lets the role do is told of what is kept to the same roles in both versions; else with that."""
    was, now = pair.old.roles[role], pair.new.roles[role]
    says = f"the role '{role}' now includes {_listed(now)}, not {_listed(was)}"
    where = (role, _at(pair.old, "roles", role), _at(pair.new, "roles", role), ", ".join(was), ", ".join(now))
    held, still = _held(pair.old), _held(pair.new)
    could = _kept(pair.old, role, {one: held[one] for one in held if one in still})
    can = _kept(pair.new, role, {one: still[one] for one in still if one in held})
    lost = tuple(one for one in could if one not in can)
    gained = tuple(one for one in can if one not in could)
    if lost:
        yield _change("D553", f"{says}, and may no longer {_doing(lost)}", *where, level=Level.TIGHTER)
    if gained:
        yield _change("D553", f"{says}, and may now {_doing(gained)}", *where, level=Level.LOOSER)
    if not lost and not gained:
        yield _change("D553", says, *where)


Held = tuple[str, frozenset[str]]
"""To do or to approve an action, ``do sign``; and the roles that it is kept to."""


def _held(process: Process) -> Mapping[Held, tuple[str, ...]]:
    """All that is kept to roles, with these as they are written."""
    found: dict[Held, tuple[str, ...]] = {}
    for track in process.all_tracks():
        for action in track.actions:
            found[f"do {action.id}", frozenset(action.by)] = action.by
            for approval in action.approvals:
                found[f"approve {action.id}", frozenset(approval.by)] = approval.by
    return {one: by for one, by in found.items() if by}


def _kept(process: Process, role: str, held: Mapping[Held, tuple[str, ...]]) -> tuple[Held, ...]:
    return tuple(one for one, by in held.items() if role_may(process, role, by))


def _doing(held: Iterable[Held]) -> str:
    """``do 'sign' and 'lose' and approve 'sign'``."""
    found: dict[str, list[str]] = {}
    for what, _ in held:
        verb, _, action = what.partition(" ")
        found.setdefault(verb, []).append(action)
    return listed(f"{verb} {named(actions)}" for verb, actions in found.items())


def _including(roles: tuple[str, ...]) -> str:
    return f" and includes {_listed(roles)}" if roles else ""


def _default(pair: Pair) -> Iterator[Change]:
    """Who may act where an action leaves that to the process; an action that did and no longer does tells it itself."""
    old, new = pair.old.by, pair.new.by
    if set(old) == set(new):
        return
    was, now = (_listed(by) if by else ANYONE for by in (old, new))
    says = f"where an action does not say, {now} may act, no longer {was}"
    where = ("by", *_keys(pair, "by"), ", ".join(old), ", ".join(new))
    lost, gained = roles_between(pair, old, new)
    if lost or not old:
        who = named(lost) if old else "who has no such role"
        yield _change("D556", f"{says}: {who} can no longer do it", *where, level=Level.TIGHTER)
    if gained or not new:
        who = named(gained) if new else ANYONE
        yield _change("D556", f"{says}: {who} can now do it", *where, level=Level.LOOSER)
    if not lost and not gained and old and new:
        yield _change("D556", says, *where)


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
        (Level.LOOSER, Level.NOTE),
        "D552",
        "Nobody has the role before somebody is given it, in `people.yaml` where there is one. It is looser where the "
        "role may do or approve what is kept to roles, by itself or by those that it includes: see that this is meant.",
        Example("guest: []}", "guest: [], legal: []}"),
        "base_rest.yaml",
    ),
    Code(
        "D552",
        "a role is gone",
        (Level.TIGHTER, Level.NOTE),
        "D551",
        "Who has this role alone can no longer do what is kept to roles; where nothing is, it is a note. Give them "
        "another role, and take this one out of `people.yaml`.",
        Example("roles: {rep: [], manager: [rep], guest: []}", "roles: {rep: [], manager: [rep]}"),
        "base_rest.yaml",
    ),
    Code(
        "D553",
        "a role includes other roles",
        (Level.TIGHTER, Level.LOOSER, Level.NOTE),
        "D553",
        "A role may do what the roles may that it includes. It is tighter where the role may now do or approve less, "
        "looser where it may do more.",
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
        (Level.TIGHTER, Level.LOOSER, Level.NOTE),
        "D556",
        "The process's own `by` counts for all actions that name none. It is tighter for roles that could do them and "
        "no longer can, looser for those that now can.",
        Example("by: [rep]\n", "by: [manager]\n"),
        "base_rest.yaml",
    ),
)
