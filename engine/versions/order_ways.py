"""Where actions lead elsewhere for the order of stages alone: ``later`` and ``earlier`` stand as they stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import combinations

from engine.model.change import Level
from engine.model.names import EARLIER, LATER
from engine.model.process import Action, Track
from engine.versions.kin import Kin
from engine.versions.saying import listed, named
from engine.versions.ways import Way, leads

_MOST = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """Actions that are written alike, old id and new id, and what the order of stages does to where they lead.

    ``lost`` are ways of the old version in its ids, ``gained`` those of the new one in its own.
    """

    actions: tuple[tuple[str, str], ...]
    lost: frozenset[Way]
    gained: frozenset[Way]


def shifts(old: Track, new: Track, actions: Kin, stages: Kin) -> tuple[Shift, ...]:
    """What another order does to actions that lead ``later`` or ``earlier`` from the same stages in both versions."""
    turned = _turned(old, new, stages)
    if not turned:
        return ()
    alike: dict[object, list[tuple[str, str]]] = {}
    for one, other in actions.couples:
        if actions.single(one):
            written = tuple(tuple(map(_written, track.variants(each))) for track, each in ((old, one), (new, other)))
            alike.setdefault(written, []).append((one, other))
    found = (_shift(old, new, tuple(couples), turned, stages) for couples in alike.values())
    return tuple(shift for shift in found if shift.lost or shift.gained)


def shifted(found: Iterable[Shift], stages: Kin) -> Iterator[tuple[Level, str]]:
    """What that means, in words: ways that are lost are tighter, those that are gained looser."""
    told = tuple(found)
    lost = [(shift, {(stages.name(one), stages.name(other)) for one, other in shift.lost}) for shift in told]
    gained = [(shift, shift.gained) for shift in told]
    for level, how, each in ((Level.TIGHTER, "no longer", lost), (Level.LOOSER, "now also", gained)):
        groups = [(shift, ways) for shift, ways in each if ways]
        says = "; ".join(f"{_names(shift, how)} {_ways(ways, stages)}" for shift, ways in groups[:_MOST])
        more = sum(len(shift.actions) for shift, _ in groups[_MOST:])
        if groups:
            yield level, says + (f"; {more} more actions lead elsewhere too" if more else "")


def _turned(old: Track, new: Track, stages: Kin) -> tuple[tuple[str, str], ...]:
    """Two by two, the open stages of both versions of which the first now stands behind the second; old ids."""
    at = {stage.id: number for number, stage in enumerate(new.stages) if not stage.ends}
    kept = [stage.id for stage in old.stages if not stage.ends and stages.single(stage.id) in at]
    return tuple(two for two in combinations(kept, 2) if at[stages.single(two[0])] > at[stages.single(two[1])])


def _shift(old: Track, new: Track, couples: tuple[tuple[str, str], ...], turned: Iterable[Way], stages: Kin) -> Shift:
    befores, afters = old.variants(couples[0][0]), new.variants(couples[0][1])
    was, now = (_all_ways(old, befores), _all_ways(new, afters))
    later, earlier = (_from(befores, word) & _back(_from(afters, word), stages) for word in (LATER, EARLIER))
    lost, gained = set(), set()
    for first, second in turned:
        for there, back in (((first, second), later), ((second, first), earlier)):
            if there[0] in back and _now(there, stages) not in now:
                lost.add(there)
        for there, back in (((first, second), earlier), ((second, first), later)):
            if there[0] in back and there not in was:
                gained.add(_now(there, stages))
    return Shift(couples, frozenset(lost), frozenset(gained))


def _written(action: Action) -> object:
    return action.sources, action.targets, action.transfer is None


def _all_ways(track: Track, forms: Iterable[Action]) -> Set[Way]:
    return {way for form in forms for way in leads(track, form)}


def _from(forms: Iterable[Action], word: str) -> set[str]:
    return {source for form in forms if word in form.targets and form.transfer is None for source in form.sources}


def _back(sources: Set[str], stages: Kin) -> set[str]:
    return {old for old in stages.forth if stages.single(old) in sources}


def _now(way: Way, stages: Kin) -> Way:
    return stages.single(way[0]), stages.single(way[1])


def _names(shift: Shift, how: str) -> str:
    return f"{named(new for _, new in shift.actions)} {how} {'lead' if shift.actions[1:] else 'leads'}"


def _ways(ways: Set[Way], stages: Kin) -> str:
    """``from 'a' to 'b'``, in the order of the new version; of many the first few, and how many more."""
    found = ((source, [one for one in stages.back if (source, one) in ways]) for source in stages.back)
    return listed(f"from '{source}' to {named(targets)}" for source, targets in found if targets)
