"""The stages of a track and the moves between them, as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.model.names import STAGE_WORDS
from engine.model.process import Action, Track, targets_from

T = TypeVar("T")

AWAY = "→ another process"
"""Where a transfer leads: no stage of this process."""


@dataclass(frozen=True, slots=True)
class Moves:
    """``to`` has, for each stage, where one move leads from it; ``AWAY`` where it leaves the process."""

    to: Mapping[str, frozenset[str]]

    def reach(self, starts: Iterable[str], *, around: str = "") -> frozenset[str]:
        """The starts and all that chains of moves lead to from them, never through the stage ``around``."""
        found: set[str] = set()
        waiting = [start for start in starts if start != around]
        while waiting:
            stage = waiting.pop()
            if stage not in found:
                found.add(stage)
                waiting.extend(s for s in self.to.get(stage, ()) if s != around and s not in found)
        return frozenset(found)

    def leading_to(self, ends: Iterable[str]) -> frozenset[str]:
        """The ends and all stages from which a chain of moves leads to one of them."""
        turned: dict[str, set[str]] = {}
        for stage, targets in self.to.items():
            for target in targets:
                turned.setdefault(target, set()).add(stage)
        return Moves({stage: frozenset(before) for stage, before in turned.items()}).reach(ends)


def moves(track: Track) -> Moves:
    """Every move that the actions allow, whatever their requirements say."""
    to: dict[str, set[str]] = {stage.id: set() for stage in track.stages}
    for action in track.actions:
        for source in action.sources:
            if source in to:
                to[source].update(leads_to(track, action, source))
    _go_back(track, to)
    return Moves({stage: frozenset(targets) for stage, targets in to.items()})


def leads_to(track: Track, action: Action, source: str) -> tuple[str, ...]:
    """Where the action leads from a stage; not where a deal stood before, which depends on the deal."""
    if action.transfer is not None:
        return (AWAY,)
    return action.targets if STAGE_WORDS.isdisjoint(action.targets) else targets_from(track, action, source)


def _go_back(track: Track, to: Mapping[str, set[str]]) -> None:
    """``to: previous`` leads from a stage to each open one that leads to it, never to an end."""
    ends = {stage.id for stage in track.stages if stage.ends}
    forward = {stage: frozenset(targets) for stage, targets in to.items() if stage not in ends}
    for action in track.actions:
        if "previous" in action.targets:
            for source in action.sources:
                to[source].update(stage for stage, targets in forward.items() if source in targets)


_MOST_CIRCLES = 100


def circles(edges: Mapping[str, tuple[tuple[str, T], ...]]) -> Iterator[tuple[T, ...]]:
    """Circles of edges, the short ones first; at most ``_MOST_CIRCLES`` and 16 long, as the engine goes.

    ``edges`` has, for each stage, where its edges lead, and what each is. A circle is given from each of its stages.
    """
    waiting: list[tuple[tuple[str, ...], tuple[T, ...]]] = [((stage,), ()) for stage in edges]
    found = 0
    for stages, taken in waiting:
        for target, edge in edges.get(stages[-1], ()):
            if target == stages[0]:
                found += 1
                yield (*taken, edge)
            elif target not in stages and len(taken) < 15 and len(waiting) < 20 * _MOST_CIRCLES:
                waiting.append(((*stages, target), (*taken, edge)))
            if found >= _MOST_CIRCLES:
                return
