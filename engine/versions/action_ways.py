"""What differs in where actions lead: from which stages they are possible, and to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.versions.kin import Kin
from engine.versions.order_ways import shifts
from engine.versions.pair import Pair
from engine.versions.saying import listed, named
from engine.versions.ways import Way, missing


@dataclass(frozen=True, slots=True)
class _Apart:
    """The ways of an action that the other version has not: where from, in words, and the targets.

    ``whole``: from there it leads nowhere in the other version; ``partly``: it does lead elsewhere.
    """

    whole: Mapping[str, tuple[str, ...]]
    partly: Mapping[str, tuple[str, ...]]


def way_changes(pair: Pair, old: Track, new: Track, actions: Kin, stages: Kin) -> Iterator[Change]:
    """The ways that actions lost and gained between stages that both versions have.

    Those that ``later`` and ``earlier`` lose and gain by the order of stages are told with it, once for all actions.
    """
    before, after = pair.ways(old).of, pair.ways(new).of
    told = shifts(old, new, actions, stages)
    lost = {one: shift.lost for shift in told for one, _ in shift.actions}
    gained = {other: shift.gained for shift in told for _, other in shift.actions}
    lacks, has = _Lacking(stages, stages.forth, {}), _Lacking(stages, stages.back, {}, is_new=True)
    for action, ways in before.items():
        there = tuple(after[one] for one in actions.forth[action])
        apart = lacks.apart(ways, there, lost.get(action, frozenset()))
        if apart:
            both = (_first(old, action), _first(new, actions.forth[action][0]))
            yield from _lost(apart, both, old.id, _instead(ways, _joined(there), stages))
    for action, ways in after.items():
        there = tuple(before[one] for one in actions.back[action])
        apart = has.apart(ways, there, gained.get(action, frozenset()))
        if apart:
            both = (_first(old, actions.back[action][0]), _first(new, action))
            yield from _gained(apart, both, old.id)


@dataclass(frozen=True, slots=True)
class _Lacking:
    """What actions have apart from the other version, looked for once for all that are written alike."""

    stages: Kin
    there: Mapping[str, tuple[str, ...]]
    known: dict[object, _Apart | None]
    is_new: bool = False

    def apart(
        self, ways: Mapping[Way, None], others: tuple[Mapping[Way, None], ...], told: frozenset[Way]
    ) -> _Apart | None:
        """The ways that those of the other version lack, but those that are told elsewhere; of shared mappings."""
        if not others:
            return None
        key = (id(ways), tuple(map(id, others)), told)
        if key not in self.known:
            among = _joined(others)
            same = among == ways.keys() and not self.stages.any_several
            left = () if same else [way for way in ways if way not in told]
            found = tuple(missing(left, among, self.there))
            self.known[key] = _apart(found, among, self.stages, is_new=self.is_new) if found else None
        return self.known[key]


def _joined(ways: Iterable[Mapping[Way, None]]) -> set[Way]:
    return {way for each in ways for way in each}


def _apart(apart: Iterable[tuple[Way, str]], others: set[Way], stages: Kin, *, is_new: bool = False) -> _Apart:
    """Each way with the stage of the other version that it is missing from, told by how that is called now."""
    sources = {source for source, _ in others}
    found: tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], list[str]]] = ({}, {})
    for (source, target), counterpart in apart:
        old, new = (counterpart, source) if is_new else (source, counterpart)
        goal = target if is_new else stages.name(target)
        found[counterpart in sources].setdefault((new, goal), []).append(old)
    return _Apart(_by_source(found[0], stages), _by_source(found[1], stages))


def _by_source(found: Mapping[tuple[str, str], list[str]], stages: Kin) -> dict[str, tuple[str, ...]]:
    """By source in words: ``'demo'``, or the deals of it where only those of some of its counterparts are meant."""
    told: dict[str, dict[str, None]] = {}
    for (new, target), olds in found.items():
        words = f"'{new}'"
        # A stage that was split into this one had another name: it must be said what "no longer" is meant of.
        if set(olds) != set(stages.back[new]) or any(len(stages.forth[one]) > 1 for one in olds):
            words += f" ({_whose(new, olds)})"
        told.setdefault(words, {})[target] = None
    return {words: tuple(targets) for words, targets in told.items()}


def _whose(stage: str, olds: Iterable[str]) -> str:
    others = [one for one in olds if one != stage]
    came = f"came from {named(others)}" if others else ""
    stood = "stood there before" if stage in olds else ""
    return "for deals that " + " or ".join(each for each in (stood, came) if each)


def _lost(apart: _Apart, both: tuple[Action, Action], track: str, instead: str) -> Iterator[Change]:
    name = f"'{both[1].id}'"
    if apart.whole:
        says = f"{name} is no longer possible from {listed(apart.whole)}"
        yield _change("D208", Level.TIGHTER, says, both, track)
    for targets, sources in _alike(apart.partly):
        says = f"{name} no longer leads from {listed(sources)} to {_to(targets)}{instead}"
        yield _change("D210", Level.TIGHTER, says, both, track)


def _instead(ways: Iterable[Way], others: set[Way], stages: Kin) -> str:
    """To which new stage it leads now, where it is one."""
    here = {one for source, _ in ways for one in stages.forth.get(source, ())}
    targets = {target for source, target in others if source in here}
    new = [target for target in targets if not stages.back.get(target) and "/" not in target and target != PREVIOUS]
    return f", but to the new {_to(new)}" if len(new) == 1 else ""


def _gained(apart: _Apart, both: tuple[Action, Action], track: str) -> Iterator[Change]:
    name = f"'{both[1].id}'"
    for targets, sources in _alike(apart.whole):
        says = f"{name} is now also possible from {listed(sources)}, to {_to(targets)}"
        yield _change("D209", Level.LOOSER, says, both, track)
    for targets, sources in _alike(apart.partly):
        says = f"{name} now also leads from {listed(sources)} to {_to(targets)}"
        yield _change("D211", Level.LOOSER, says, both, track)


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
