"""Which moves a requirement is asked of, wherever it stands: what is gained and lost where it was moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.machine.tracks import WON
from engine.model.process import Track
from engine.versions.demands import Demand, Kept
from engine.versions.kin import Kin
from engine.versions.ways import Ways

Move = tuple[str, str, str]
"""An action, from where, to where."""


@dataclass(frozen=True, slots=True)
class Terrain:
    """A track of both versions with all its moves, and which stages and actions are the same."""

    old: Track
    new: Track
    before: Ways
    after: Ways
    stages: Kin
    actions: Kin


def actions_gained(terrain: Terrain, olds: Iterable[Demand], news: Iterable[Demand]) -> tuple[str, ...]:
    """The actions, as they are now called, that do a move which these demands are now asked of and were not."""
    before, after = set(_covered(olds, terrain.old, terrain.before)), _covered(news, terrain.new, terrain.after)
    known = set(terrain.before.all())
    found: dict[str, None] = {}
    for move in after:
        were = [one for one in _counterparts(move, terrain.stages.back, terrain.actions.back) if one in known]
        if were and before.isdisjoint(were):
            found[move[0]] = None
    return tuple(found)


def actions_lost(terrain: Terrain, olds: Iterable[Demand], news: Iterable[Demand]) -> tuple[str, ...]:
    """The actions, as they are now called, that do a move which these demands were asked of and no longer are."""
    back = Kin(terrain.stages.back, terrain.stages.forth), Kin(terrain.actions.back, terrain.actions.forth)
    turned = Terrain(terrain.new, terrain.old, terrain.after, terrain.before, *back)
    return tuple(terrain.actions.name(one) for one in actions_gained(turned, news, olds))


def _covered(demands: Iterable[Demand], track: Track, ways: Ways) -> Iterator[Move]:
    at = {stage.id: number for number, stage in enumerate(track.stages) if not stage.ends}
    won = {stage.id for stage in track.stages if stage.ends == WON}
    here = tuple(demands)
    for move in ways.all():
        if any(_is_asked(demand, move, at, won) for demand in here):
            yield move


def _is_asked(demand: Demand, move: Move, at: Mapping[str, int], won: set[str]) -> bool:
    action, source, target = move
    match demand.kept:
        case Kept.ALWAYS:
            return True
        case Kept.TO_ENTER | Kept.STAGE_ASKS:
            return target == demand.owner
        case Kept.REQUIRES | Kept.ACTION_ASKS:
            return action == demand.owner
    if source not in at or demand.owner not in at:
        return False
    end = len(at) + len(won) + max(at.values()) if target in won else at.get(target, -1)
    return at[source] <= at[demand.owner] < end


def _counterparts(
    move: Move, stages: Mapping[str, tuple[str, ...]], actions: Mapping[str, tuple[str, ...]]
) -> Iterator[Move]:
    action, source, target = move
    for one in actions.get(action, ()):
        for start in stages.get(source, ()):
            for end in stages.get(target, (target,)):
                yield one, start, end
