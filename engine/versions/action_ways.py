"""What differs in where actions lead: from which stages they are possible, and to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.versions.kin import Kin
from engine.versions.saying import listed, named
from engine.versions.ways import Way, missing, missing_for_some, ways_of


@dataclass(frozen=True, slots=True)
class _Apart:
    """The ways of one action that the other version has not.

    ``whole``: the stages from which it leads nowhere there; ``partly``: of the others, by stage, the targets.
    """

    whole: tuple[Way, ...]
    partly: Mapping[str, tuple[str, ...]]


def way_changes(old: Track, new: Track, actions: Kin, stages: Kin) -> Iterator[Change]:
    """The ways that actions lost and gained between stages that both versions have."""
    before, after = ways_of(old).of, ways_of(new).of
    for action, ways in before.items():
        there = {way for one in actions.forth[action] for way in after[one]}
        if actions.forth[action] and there != ways.keys():
            now = (_first(old, action), _first(new, actions.forth[action][0]))
            yield from _lost(_apart(ways, there, stages.forth), now, stages, (old.id, there))
            for source, one in missing_for_some(ways, there, stages.forth):
                says = f"'{now[1].id}' is no longer possible from '{source}' for deals that go on in '{one}'"
                yield _change("D208", Level.TIGHTER, says, now, old.id)
    for action, ways in after.items():
        there = {way for one in actions.back[action] for way in before[one]}
        if actions.back[action] and there != ways.keys():
            now = (_first(old, actions.back[action][0]), _first(new, action))
            yield from _gained(_apart(ways, there, stages.back), now, old.id)
            for source, one in missing_for_some(ways, there, stages.back):
                says = f"'{action}' is now also possible from '{source}' for deals that came from '{one}'"
                yield _change("D209", Level.LOOSER, says, now, old.id)


def _apart(ways: Iterable[Way], others: set[Way], there: Mapping[str, tuple[str, ...]]) -> _Apart:
    sources = {source for source, _ in others}
    apart = missing(ways, others, there)
    whole = tuple(way for way in apart if sources.isdisjoint(there.get(way[0], ())))
    partly: dict[str, list[str]] = {}
    for source, target in apart:
        if (source, target) not in whole:
            partly.setdefault(source, []).append(target)
    return _Apart(whole, {source: tuple(targets) for source, targets in partly.items()})


def _lost(apart: _Apart, now: tuple[Action, Action], stages: Kin, there: tuple[str, set[Way]]) -> Iterator[Change]:
    track, others = there
    name = f"'{now[1].id}'"
    if apart.whole:
        says = f"{name} is no longer possible from {named(stages.name(source) for source, _ in apart.whole)}"
        yield _change("D208", Level.TIGHTER, says, now, track)
    for targets, sources in _alike(apart.partly):
        says = f"{name} no longer leads from {named(map(stages.name, sources))} to {_to(map(stages.name, targets))}"
        instead = _instead(sources, others, stages)
        yield _change("D210", Level.TIGHTER, f"{says}{instead}", now, track)


def _instead(sources: Iterable[str], others: set[Way], stages: Kin) -> str:
    """To where it leads from there now, where that is one stage that it may be told with."""
    here = {one for source in sources for one in stages.forth.get(source, ())}
    targets = {target for source, target in others if source in here}
    new = [target for target in targets if not stages.back.get(target) and "/" not in target and target != PREVIOUS]
    return f", but to the new {_to(new)}" if len(new) == 1 else ""


def _gained(apart: _Apart, now: tuple[Action, Action], track: str) -> Iterator[Change]:
    name = f"'{now[1].id}'"
    by_target: dict[str, tuple[str, ...]] = {}
    for source, target in apart.whole:
        by_target[source] = (*by_target.get(source, ()), target)
    for targets, sources in _alike(by_target):
        says = f"{name} is now also possible from {named(sources)}, to {_to(targets)}"
        yield _change("D209", Level.LOOSER, says, now, track)
    for targets, sources in _alike(apart.partly):
        says = f"{name} now also leads from {named(sources)} to {_to(targets)}"
        yield _change("D211", Level.LOOSER, says, now, track)


def _alike(by_source: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Targets, and the sources of which just these are true."""
    found: dict[tuple[str, ...], list[str]] = {}
    for source, targets in by_source.items():
        found.setdefault(targets, []).append(source)
    return ((targets, tuple(sources)) for targets, sources in found.items())


def _to(targets: Iterable[str]) -> str:
    return listed("the stage before" if target == PREVIOUS else f"'{target}'" for target in targets)


def _first(track: Track, action_id: str) -> Action:
    return track.variants(action_id)[0]


def _change(code: str, level: Level, says: str, now: tuple[Action, Action], track: str) -> Change:
    old, new = now
    thing = new.id
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    return Change(code, level, Subject.ACTIONS, thing, says, old.at, new.at, _written(old), _written(new), track)


def _written(action: Action) -> str:
    targets = (action.transfer.name,) if action.transfer else action.targets
    return f"from {', '.join(action.sources)} to {', '.join(targets)}"
