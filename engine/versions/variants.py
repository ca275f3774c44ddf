"""Which variants of actions are the same: by what they lead from and to, where an action is written as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from engine.model.process import Track
from engine.versions.kin import Kin
from engine.versions.matched import alike
from engine.versions.pair import Pair
from engine.versions.ways import Way, leads

Couple = tuple[int, int]
"""The positions of two variants among the actions of their tracks."""


def variant_couples(pair: Pair, old: Track, new: Track, actions: Kin, stages: Kin) -> tuple[Couple, ...]:
    """The variants of all actions that both versions have, old beside new."""
    befores, afters = _positions(old), _positions(new)
    found: dict[Couple, None] = {}
    for old_id in befores:
        for new_id in actions.forth[old_id]:
            here, there = befores[old_id], afters[new_id]
            if len(here) == len(there) == 1 and actions.single(old_id):
                found[here[0], there[0]] = None
            else:
                found.update(dict.fromkeys(_of_lists(pair, old, new, here, there, stages)))
    return tuple(found)


def _positions(track: Track) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, action in enumerate(track.actions):
        found.setdefault(action.id, []).append(number)
    return found


def _of_lists(pair: Pair, old: Track, new: Track, here: list[int], there: list[int], stages: Kin) -> Iterator[Couple]:
    """First what leads alike under one condition, then what stands in order, then what has a way or a source in common.

    What then is left has no counterpart.
    """
    before = {number: _turned(leads(old, old.actions[number]), stages) for number in here}
    after = {number: frozenset(leads(new, new.actions[number])) for number in there}
    alike_in_all = [
        (one, other)
        for one in here
        for other in there
        if before[one] == after[other] and alike(old.actions[one].when, new.actions[other].when, pair)
    ]
    yield from _without(before, after, _one_each(alike_in_all))
    yield from _without(before, after, _by_place(before, after))
    yield from _without(before, after, _sharing(before, after))
    yield from _sharing(_sources(before), _sources(after))


Leading = dict[int, frozenset[Way]]


def _without(before: Leading, after: Leading, found: Iterable[Couple]) -> tuple[Couple, ...]:
    """The couples found; what they hold is then taken from what is left to match."""
    couples = tuple(found)
    for one, other in couples:
        before.pop(one, None)
        after.pop(other, None)
    return couples


def _one_each(couples: Iterable[Couple]) -> Iterator[Couple]:
    taken: set[tuple[str, int]] = set()
    for one, other in couples:
        if ("old", one) not in taken and ("new", other) not in taken:
            taken |= {("old", one), ("new", other)}
            yield one, other


def _by_place(before: Leading, after: Leading) -> Iterator[Couple]:
    starts, ends = _sources(before).values(), _sources(after).values()
    if len(before) == len(after) and all(one & other for one, other in zip(starts, ends, strict=True)):
        yield from zip(before, after, strict=True)


def _sharing(before: Mapping[int, Set[object]], after: Mapping[int, Set[object]]) -> Iterator[Couple]:
    for one, ways in before.items():
        yield from ((one, other) for other, others in after.items() if ways & others)


def _turned(ways: Iterable[Way], stages: Kin) -> frozenset[Way]:
    """The ways of an old variant in the stages of the new version."""
    return frozenset(
        (source, target)
        for start, end in ways
        for source in stages.forth.get(start, ())
        for target in stages.forth.get(end, (end,))
    )


def _sources(ways: Leading) -> dict[int, frozenset[str]]:
    return {number: frozenset(source for source, _ in each) for number, each in ways.items()}
