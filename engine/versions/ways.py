"""Where the actions of a track lead, and which of that two versions do not share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import product

from engine.model.names import EARLIER, LATER, PREVIOUS
from engine.model.process import Action, Track, targets_from

Way = tuple[str, str]
"""From a stage to a stage (or to ``previous``, or to a stage of another process)."""

_WORDS = frozenset({LATER, EARLIER, PREVIOUS})


@dataclass(frozen=True, slots=True)
class Ways:
    """By action, where it leads, in the order declared; all its variants together.

    Actions that are written alike share one mapping: hundreds may lead from every open stage to every later one.
    """

    of: Mapping[str, Mapping[Way, None]]

    def all(self) -> Iterator[tuple[str, str, str]]:
        """Every action, from where, to where."""
        return ((action, *way) for action, ways in self.of.items() for way in ways)

    def shared(self) -> Iterator[tuple[tuple[str, ...], Mapping[Way, None]]]:
        """The actions that share one mapping, with it."""
        ways = {id(each): each for each in self.of.values()}
        actions: dict[int, list[str]] = {}
        for action, each in self.of.items():
            actions.setdefault(id(each), []).append(action)
        return ((tuple(actions[number]), each) for number, each in ways.items())


def ways_of(track: Track) -> Ways:
    """Where the actions of a track lead."""
    forms: dict[str, list[Action]] = {}
    for action in track.actions:
        forms.setdefault(action.id, []).append(action)
    led: dict[object, Mapping[Way, None]] = {}
    found: dict[str, Mapping[Way, None]] = {}
    for name, variants in forms.items():
        written = tuple((one.sources, one.targets, one.transfer and one.transfer.name) for one in variants)
        if written not in led:
            led[written] = dict.fromkeys(way for one in variants for way in leads(track, one))
        found[name] = led[written]
    return Ways(found)


def leads(track: Track, action: Action) -> Iterator[Way]:
    """Where one variant of an action leads."""
    if action.transfer is None and _WORDS.isdisjoint(action.targets):
        return product(action.sources, action.targets)
    return _led(track, action)


def _led(track: Track, action: Action) -> Iterator[Way]:
    for source in action.sources:
        yield from ((source, target) for target in targets_from(track, action, source))
        if PREVIOUS in action.targets:
            yield source, PREVIOUS


def missing(ways: Iterable[Way], among: Set[Way], there: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Way, str]]:
    """The ways that have no counterpart among those of the other version, with the stage there that lacks it.

    ``there`` leads from the ids of these ways to those of the other version. What begins or ends where the other has
    nothing is told with that stage; what was merged into one stage is no way any more.
    """
    for way in ways:
        sources, targets = there.get(way[0], ()), _met(way[1], there)
        if not targets or (way[0] != way[1] and not set(sources).isdisjoint(targets)):
            continue
        for source in sources:
            if all((source, target) not in among for target in targets):
                yield way, source


def _met(target: str, there: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (target,) if target == PREVIOUS or "/" in target else there.get(target, ())


def reached_from(start: str, ways: Ways) -> frozenset[str]:
    """The stages that moves lead to from one, itself among them."""
    return _closed(start, _graph(ways, forwards=True))


def leading_to(goals: Iterable[str], ways: Ways) -> frozenset[str]:
    """The stages from which moves lead to one of the goals."""
    graph = _graph(ways, forwards=False)
    return frozenset().union(*(_closed(goal, graph) for goal in goals))


def left_by(ways: Ways) -> Mapping[str, tuple[str, ...]]:
    """By stage, the actions that lead away from it."""
    return _by_stage(ways, 0)


def come_by(ways: Ways) -> Mapping[str, tuple[str, ...]]:
    """By stage, the actions that lead to it from another."""
    return _by_stage(ways, 1)


def _by_stage(ways: Ways, end: int) -> Mapping[str, tuple[str, ...]]:
    stages: dict[str, Iterable[str]] = {}
    for actions, each in ways.shared():
        stages |= dict.fromkeys(actions, tuple(dict.fromkeys(way[end] for way in each if way[0] != way[1])))
    found: dict[str, list[str]] = {}
    for action in ways.of:
        for stage in stages[action]:
            found.setdefault(stage, []).append(action)
    return {stage: tuple(actions) for stage, actions in found.items()}


def _graph(ways: Ways, *, forwards: bool) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for _, each in ways.shared():
        for source, target in each:
            one, other = (source, target) if forwards else (target, source)
            found.setdefault(one, set()).add(other)
    return found


def _closed(start: str, graph: Mapping[str, Set[str]]) -> frozenset[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for other in graph.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(seen)
