"""What both versions ask, place beside place: what is in both, what is gone, and what has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.model.process import Action, Track
from engine.versions.coverage import Terrain
from engine.versions.demands import Demand, Kept, of_action, of_stage, of_track
from engine.versions.kin import Kin, action_kin, stage_kin
from engine.versions.matching import matched
from engine.versions.pair import Pair
from engine.versions.relating import new_in_later_words, old_in_later_words
from engine.versions.variants import variant_couples


@dataclass(slots=True)
class Asked:
    """Of one track. ``gone`` and ``come`` tell of each demand with which owners of the other version it is missing.

    ``dropped`` and ``brought`` are those of stages that were removed or added. ``olds`` and ``news`` are all there are.
    """

    terrain: Terrain
    olds: list[Demand] = field(default_factory=list)
    news: list[Demand] = field(default_factory=list)
    both: list[tuple[Demand, Demand]] = field(default_factory=list)
    gone: list[tuple[Demand, tuple[str, ...]]] = field(default_factory=list)
    come: list[tuple[Demand, tuple[str, ...]]] = field(default_factory=list)
    dropped: list[Demand] = field(default_factory=list)
    brought: list[Demand] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Holder:
    """A thing that asks, and the counterparts of it in the other version, by position."""

    owner: str
    demands: tuple[Demand, ...]
    kin: tuple[int, ...]


def asked(pair: Pair, old: Track, new: Track) -> Asked:
    """What a track of both versions asks of its moves."""
    stages, actions = stage_kin(pair, old, new), action_kin(pair, old, new)
    found = Asked(Terrain(old, new, pair.ways(old), pair.ways(new), stages, actions))
    _compare(*_of_tracks(pair, old, new), found)
    befores, afters = _of_stages(pair, old, new, stages)
    _compare(befores, afters, found)
    found.dropped += (one for holder in befores if not holder.kin for one in holder.demands)
    found.brought += (one for holder in afters if not holder.kin for one in holder.demands)
    _compare(*_of_actions(pair, old, new, actions, stages), found)
    return found


def _of_tracks(pair: Pair, old: Track, new: Track) -> tuple[list[_Holder], list[_Holder]]:
    before = tuple(of_track(old, lambda tree: old_in_later_words(tree, pair)))
    after = tuple(of_track(new, lambda tree: new_in_later_words(tree, pair)))
    return [_Holder("", before, (0,))], [_Holder("", after, (0,))]


def _of_stages(pair: Pair, old: Track, new: Track, kin: Kin) -> tuple[list[_Holder], list[_Holder]]:
    before_at = {stage.id: number for number, stage in enumerate(old.stages)}
    after_at = {stage.id: number for number, stage in enumerate(new.stages)}
    befores = [
        _Holder(
            stage.id,
            tuple(of_stage(old.id, stage, pair.old, lambda tree: old_in_later_words(tree, pair))),
            tuple(after_at[one] for one in kin.forth[stage.id]),
        )
        for stage in old.stages
    ]
    afters = [
        _Holder(
            stage.id,
            tuple(of_stage(new.id, stage, pair.new, lambda tree: new_in_later_words(tree, pair))),
            tuple(before_at[one] for one in kin.back[stage.id]),
        )
        for stage in new.stages
    ]
    return befores, afters


def _of_actions(pair: Pair, old: Track, new: Track, actions: Kin, stages: Kin) -> tuple[list[_Holder], list[_Holder]]:
    couples = variant_couples(pair, old, new, actions, stages)
    forth: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for one, other in couples:
        forth.setdefault(one, []).append(other)
        back.setdefault(other, []).append(one)
    befores = [
        _Holder(action.id, _action_demands(old, action, pair, earlier=True), tuple(forth.get(number, ())))
        for number, action in enumerate(old.actions)
    ]
    afters = [
        _Holder(action.id, _action_demands(new, action, pair, earlier=False), tuple(back.get(number, ())))
        for number, action in enumerate(new.actions)
    ]
    return befores, afters


def _action_demands(track: Track, action: Action, pair: Pair, *, earlier: bool) -> tuple[Demand, ...]:
    if earlier:
        return tuple(of_action(track.id, action, pair.old, lambda tree: old_in_later_words(tree, pair)))
    return tuple(of_action(track.id, action, pair.new, lambda tree: new_in_later_words(tree, pair)))


def _compare(befores: Sequence[_Holder], afters: Sequence[_Holder], found: Asked) -> None:
    """Every holder with each of its counterparts; what is missing there is kept with whom it is missing."""
    both: dict[tuple[Demand, Demand], None] = {}
    gone: dict[Demand, dict[str, None]] = {}
    come: dict[Demand, dict[str, None]] = {}
    for holder in befores:
        found.olds += holder.demands
        for position in holder.kin:
            other = afters[position]
            kinds = {one.kept for one in (*holder.demands, *other.demands)}
            for kept in (each for each in Kept if each in kinds):
                here = matched(_kept(holder.demands, kept), _kept(other.demands, kept))
                both.update(dict.fromkeys(here.both))
                for one in here.gone:
                    gone.setdefault(one, {})[other.owner] = None
                for one in here.come:
                    come.setdefault(one, {})[holder.owner] = None
    for holder in afters:
        found.news += holder.demands
    found.both += both
    found.gone += _partly(gone, (one for one, _ in both))
    found.come += _partly(come, (one for _, one in both))


def _partly(missing: dict[Demand, dict[str, None]], held: Iterable[Demand]) -> Iterator[tuple[Demand, tuple[str, ...]]]:
    """Each demand with the owners among whom it is missing; none where it is missing everywhere."""
    somewhere = set(held)
    return ((one, tuple(owners) if one in somewhere else ()) for one, owners in missing.items())


def _kept(demands: tuple[Demand, ...], kept: Kept) -> tuple[Demand, ...]:
    return tuple(one for one in demands if one.kept is kept)
