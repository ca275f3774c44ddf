"""The names that a process declares, gathered before anything is read that may use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.loading import codes, written
from engine.loading.facts import merged, read_facts, with_tables
from engine.loading.follows import renamed
from engine.loading.ids import apart, distinct, fit_all
from engine.loading.loaded import Findings
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.reading import Reading, TrackNames, known, stages
from engine.loading.reasons import own_reasons
from engine.loading.stages import ends_of
from engine.loading.used import Used
from engine.model.names import MAIN
from engine.model.place import Place
from engine.model.rule import Fact
from engine.model.scope import Scope

_STEP_WORDS = ("record", "touch", "approve", "tick")


def declare(root: Keyed, in_use: Used, found: Findings) -> Reading:
    """The names of a process, and the facts with their tables."""
    tracks = {track.id: track for track in _tracks(root, found)}
    main = tracks.pop(MAIN)
    roles = fit_all(_keys(root.get("roles")), found, noun="role")
    touchpoints = distinct(written.scalars(root.get("touchpoints")), found, noun="touchpoint")
    own = read_facts(root.get("facts"), found)
    facts = merged(own.known, in_use.facts, root.at_key("uses"), "a rule set in use", found)
    names = Scope(
        facts={name: fact.type for name, fact in facts.items()},
        stages=main.stages,
        actions=tuple(action for track in (main, *tracks.values()) for action in track.actions),
        touchpoints=touchpoints,
        reasons=tuple(dict.fromkeys(_reason_codes(root, in_use))),
        reason_groups=tuple(dict.fromkeys(_reason_groups(root, in_use))),
        roles=roles,
        tracks={name: track.stages for name, track in tracks.items()},
        renamed=renamed(root.get("follows")),
    )
    sound = {
        *facts,
        *roles,
        *tracks,
        *main.stages,
        *names.actions,
        *(one for track in tracks.values() for one in track.stages),
    }
    doubtful = frozenset(_all_ids(root)) - sound | (own.doubtful - in_use.facts.keys())
    stands = _sections_stand(root)
    reading = Reading(
        found, names, facts, main, tracks, (), in_use.shared, doubtful, stands, in_use.complete and stands
    )
    reading = _with_groups(root, reading)
    tables = {**facts, **_shared_tables(reading), **with_tables(root.get("facts"), reading)}
    apart(_keys(root.get("groups")), facts, found, noun="group", other="fact")
    apart(_keys(root.get("groups")), main.stages, found, noun="group", other="stage")
    return replace(reading, facts=tables)


def places_of(root: Keyed) -> dict[str, Place]:
    """Where roles, groups, touchpoints and uses are declared: ``roles/ae`` and so on, and each key at the top."""
    tops = {key.value: key.at for key in _keys(root)}
    named = [(section, key) for section in ("roles", "groups", "uses") for key in _keys(root.get(section))]
    named += [("touchpoints", one) for one in written.scalars(root.get("touchpoints"))]
    return {**tops, **{f"{section}/{one.value.strip()}": one.at for section, one in named}}


def _sections_stand(root: Keyed) -> bool:
    """Whether all that declares names could be read: what is missing of it would be told at every use."""
    sections = [root.get(name) for name in ("facts", "roles", "groups", "actions", "tracks", "uses")]
    listed = root.get("touchpoints")
    return all(one is None or isinstance(one, Keyed) for one in sections) and not isinstance(listed, Scalar)


def _shared_tables(reading: Reading) -> dict[str, Fact]:
    """Tables of rule sets, read again with the names of this process; what it lacks is told at ``uses``."""
    tables: dict[str, Fact] = {}
    for shared in reading.shared:
        found = Findings()
        again = with_tables(shared.declared, replace(reading, found=found))
        tables |= {name: fact for name, fact in again.items() if fact.table}
        for finding in found.told() if reading.complete else ():
            message = f"a table of {shared.id}@{shared.version} does not fit here: {finding.message}"
            reading.found.error(codes.RULE_MISFIT, shared.at, message, finding.hint)
    return tables


def _all_ids(root: Keyed) -> Iterator[str]:
    """Everything written where an id is declared, at fault or not."""
    for name in ("facts", "roles", "tracks"):
        yield from (key.value for key in _keys(root.get(name)))
    for holder in (root, *(value for _, value in written.pairs(root.get("tracks")))):
        for name in ("stages", "actions"):
            yield from (key.value for key in _keys(written.get(holder, name)))


def _keys(node: Node | None) -> Iterator[Scalar]:
    return (key for key, _ in written.pairs(node))


def _tracks(root: Keyed, found: Findings) -> Iterator[TrackNames]:
    taken: dict[str, str] = {}
    yield _track(MAIN, root, taken, found)
    for key, value in written.pairs(root.get("tracks")):
        if isinstance(value, Keyed) and fit_all([key], found, noun="track", words=True):
            yield _track(key.value, value, taken, found)


def _track(name: str, node: Keyed, taken: dict[str, str], found: Findings) -> TrackNames:
    states = fit_all(_keys(node.get("stages")), found, noun="stage")
    actions = []
    for key in _keys(node.get("actions")):
        if key.value in _STEP_WORDS:
            message = f"'{key.value}' cannot be the id of an action: examples use the word"
            found.error(codes.RESERVED_ID, key.at, message, "choose another id")
        elif key.value in taken:
            message = f"the action '{key.value}' stands in track '{taken[key.value]}' and in track '{name}'"
            found.error(codes.ID_TWICE, key.at, message, "give one of them another id")
        elif fit_all([key], found, noun="action"):
            actions.append(key.value)
            taken[key.value] = name
    return TrackNames(name, states, ends_of(node.get("stages")), tuple(actions), known=frozenset(states))


def _reason_codes(root: Keyed, in_use: Used) -> Iterator[str]:
    for shared in in_use.shared:
        for reasons in shared.reasons.values():
            yield from (reason.code for reason in reasons)
    yield from (key.value for listed in _reason_lists(root) for key in _keys(listed))


def _reason_groups(root: Keyed, in_use: Used) -> Iterator[str]:
    shared = (reason for one in in_use.shared for reasons in one.reasons.values() for reason in reasons)
    own = (reason for listed in _reason_lists(root) for reason in own_reasons(listed))
    yield from (reason.group for reason in (*shared, *own) if reason.group)


def _reason_lists(root: Keyed) -> Iterator[Node | None]:
    """What stands under ``reasons`` of each action: a list of its own, or the name of a shared one."""
    for holder in (root, *(value for _, value in written.pairs(root.get("tracks")))):
        for _, action in written.pairs(written.get(holder, "actions")):
            for one in action.nodes if isinstance(action, Items) else (action,):
                yield written.get(one, "reasons")


def _with_groups(root: Keyed, reading: Reading) -> Reading:
    """Groups list stages only: a group of groups would have to be read in order."""
    groups: Mapping[str, tuple[str, ...]] = {
        key.value: stages(value, reading.main, reading)
        for key, value in written.pairs(root.get("groups"))
        if fit_all([key], reading.found, noun="group")
    }
    main = replace(reading.main, groups=groups)
    return replace(reading, main=main, scope=replace(reading.scope, groups=groups))


def role_lists(node: Node | None, reading: Reading) -> dict[str, tuple[str, ...]]:
    """Roles and the roles each includes."""
    return {
        key.value: known(written.scalars(value), reading.scope.roles, reading, code=codes.UNKNOWN_ROLE, noun="role")
        for key, value in written.pairs(node)
        if key.value in reading.scope.roles
    }
