"""The order of a track's stages: what lies between two of them, and what having stood in one implies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.deal import Deal
from engine.model.names import MAIN
from engine.model.process import Stage, Track

WON = "won"


def stage_of(deal: Deal, track: Track) -> str:
    """Where the deal stands in a track; in its first stage until it has moved there."""
    return deal.stage if track.id == MAIN else deal.tracks.get(track.id, track.first.id)


def counted_from(deal: Deal, track: Track) -> str:
    """The open stage from which the deal's next move is counted: where it stands or, from an end, where it last stood.

    Ends have no place of their own. Where nobody knows where it stood it is the furthest open stage visited or, in a
    track that keeps no such thing, the first.
    """
    source = stage_of(deal, track)
    here = track.stage(source)
    if here is None or not here.ends:
        return source
    known = [stage.id for stage in track.stages if not stage.ends]
    if track.id == MAIN:
        if deal.previous in known:
            return deal.previous
        visited = [stage for stage in known if stage in deal.visited]
        return visited[-1] if visited else next(iter(known), source)
    return next(iter(known), source)


def passed(track: Track, source: str, target: str) -> tuple[Stage, ...]:
    """The open stages that a move forward leaves or goes over, in order; none where it is no move forward.

    Forward is to a later open stage, or to a won end, which lies behind every open stage wherever it is declared.
    ``source`` is an open stage: see ``counted_from``.
    """
    at = _positions(track)
    goal = track.stage(target)
    if goal is None or source not in at or not _leads_on(goal, at, source):
        return ()
    end = len(track.stages) if goal.ends else at[target]
    return tuple(stage for stage in track.stages if not stage.ends and at[source] <= at[stage.id] < end)


def is_forward(track: Track, source: str, target: str) -> bool:
    """Whether a move leads to a later open stage or to a won end."""
    goal = track.stage(target)
    return goal is not None and _leads_on(goal, _positions(track), source)


def _leads_on(goal: Stage, at: Mapping[str, int], source: str) -> bool:
    return goal.ends == WON or (not goal.ends and source in at and at[goal.id] > at[source])


def stamping(track: Track, source: str, target: str) -> tuple[Stage, ...]:
    """The stages whose stamps a move may take: those that it skips, then the one it enters."""
    goal = track.stage(target)
    skipped = tuple(stage for stage in passed(track, source, target) if stage.id != source)
    return (*skipped, goal) if goal else skipped


def reaching(track: Track) -> Mapping[str, frozenset[str]]:
    """By stage: the stages of which having stood in one means that it was reached, in it or over it.

    An open stage is reached by itself, by later open ones and by won ends; an end by itself alone.
    """
    won = {stage.id for stage in track.stages if stage.ends == WON}
    found: dict[str, frozenset[str]] = {}
    later: set[str] = set()
    for stage in reversed(track.stages):
        if stage.ends:
            found[stage.id] = frozenset({stage.id})
        else:
            later.add(stage.id)
            found[stage.id] = frozenset(later | won)
    return MappingProxyType(found)


def _positions(track: Track) -> dict[str, int]:
    """The places of the open stages."""
    return {stage.id: number for number, stage in enumerate(track.stages) if not stage.ends}
