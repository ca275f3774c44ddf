"""What one place asked and asks, matched: by its rule, by its meaning, by its words, by the facts it reads."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from engine.model.syntax import Tree, facts_read
from engine.versions.demands import Demand
from engine.versions.matched import form

Key = Callable[[Demand], Hashable]


@dataclass(frozen=True, slots=True)
class Matched:
    """Old and new demands that are the same one, those that are gone, and those that have come."""

    both: tuple[tuple[Demand, Demand], ...] = ()
    gone: tuple[Demand, ...] = ()
    come: tuple[Demand, ...] = ()


def matched(olds: Sequence[Demand], news: Sequence[Demand]) -> Matched:
    """Demands of one kind at one place. Of several that could be meant the first ones go together."""
    before, after = list(olds), list(news)
    both: list[tuple[Demand, Demand]] = []
    for key in _KEYS:
        if not before or not after:
            break
        both += _paired(before, after, key)
    if before and after:
        both += _by_place(before, after, olds, news)
    return Matched(tuple(both), tuple(before), tuple(after))


def meaning(demand: Demand) -> Hashable:
    """What two demands have in common that mean the same, but for what their words and places are."""
    return (form(demand.when) if demand.when else None), form(demand.must)


def _paired(before: list[Demand], after: list[Demand], key: Key) -> list[tuple[Demand, Demand]]:
    waiting: dict[Hashable, list[Demand]] = {}
    for one in after:
        found = key(one)
        if found is not None:
            waiting.setdefault(found, []).append(one)
    both = []
    for one in list(before):
        found = key(one)
        if found is not None and waiting.get(found):
            other = waiting[found].pop(0)
            both.append((one, other))
            before.remove(one)
            after.remove(other)
    return both


def _by_place(
    before: list[Demand], after: list[Demand], olds: Sequence[Demand], news: Sequence[Demand]
) -> list[tuple[Demand, Demand]]:
    """What has the same place in its list and reads one fact at least that the other reads too."""
    both = []
    for one, other in zip(olds, news, strict=False):
        if one in before and other in after and not (one.name or other.name) and _read(one) & _read(other):
            both.append((one, other))
            before.remove(one)
            after.remove(other)
    return both


def _read(demand: Demand) -> frozenset[str]:
    trees: tuple[Tree, ...] = (demand.must,) if demand.when is None else (demand.when, demand.must)
    return frozenset().union(*map(facts_read, trees))


def _all_of_it(demand: Demand) -> Hashable:
    return demand.name, demand.when, demand.must, demand.force


def _rule(demand: Demand) -> Hashable:
    return demand.name or None


def _meaning_and_force(demand: Demand) -> Hashable:
    return None if demand.is_ask else (meaning(demand), demand.force)


def _meaning(demand: Demand) -> Hashable:
    return None if demand.is_ask else meaning(demand)


def _words(demand: Demand) -> Hashable:
    return None if demand.is_ask or demand.name else demand.says


def _facts(demand: Demand) -> Hashable:
    return None if demand.is_ask or demand.name else (_read(demand) or None)


def _ask(demand: Demand) -> Hashable:
    return (demand.name, meaning(demand)) if demand.is_ask else None


_KEYS: tuple[Key, ...] = (_all_of_it, _ask, _rule, _meaning_and_force, _meaning, _words, _facts)
