"""What differs in stages: codes D1xx. Which there are, what became of them; their order and figures stand beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.conditions.compare import always_true
from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Split, Stage, Track
from engine.model.syntax import Or
from engine.versions.kin import Kin, stage_kin, tracks_of_both
from engine.versions.pair import Pair
from engine.versions.saying import named, written
from engine.versions.stage_kinds import kind_changes
from engine.versions.stage_order import order_changes
from engine.versions.stage_parts import part_changes
from engine.versions.stage_reach import reach_changes
from engine.versions.ways import Ways, come_by, left_by, reached_from


@dataclass(frozen=True, slots=True)
class Tracks:
    """A track of both versions, where its actions lead, and which stages are the same."""

    old: Track
    new: Track
    kin: Kin
    before: Ways = field(repr=False)
    after: Ways = field(repr=False)


def stage_changes(pair: Pair) -> Iterator[Change]:
    """What differs in the stages of each track that both versions have."""
    for old, new in tracks_of_both(pair):
        tracks = Tracks(old, new, stage_kin(pair, old, new), pair.ways(old), pair.ways(new))
        yield from _added(tracks)
        yield from _removed(tracks)
        yield from _became(tracks, pair)
        yield from order_changes(pair, old, new, tracks.kin, (tracks.before, tracks.after))
        yield from reach_changes(old, new, tracks.kin, tracks.before, tracks.after)
        yield from kind_changes(pair, old, new, tracks.kin, (tracks.before, tracks.after))
        yield from part_changes(pair, old, new, tracks.kin)


def _added(tracks: Tracks) -> Iterator[Change]:
    come, left = come_by(tracks.after), left_by(tracks.after)
    for stage in tracks.new.stages:
        if tracks.kin.back[stage.id]:
            continue
        told = _placed(tracks.new, stage)
        if come.get(stage.id):
            told += f"; {named(come[stage.id])} can lead to it"
        if left.get(stage.id) and not stage.ends:
            told += f"; {named(left[stage.id])} can lead on from it"
        yield _change("D101", Level.NOTE, told, tracks, new=stage)


def _placed(track: Track, stage: Stage) -> str:
    what = f"'{stage.id}' is a new"
    if stage.ends:
        return f"{what} end ({stage.ends})"
    pipeline = [one.id for one in track.stages if not one.ends]
    at = pipeline.index(stage.id)
    if at == 0:
        return f"{what} stage, the first of all"
    return f"{what} stage, after '{pipeline[at - 1]}'"


def _removed(tracks: Tracks) -> Iterator[Change]:
    standing = reached_from(tracks.old.first.id, tracks.before)
    for stage in tracks.old.stages:
        if tracks.kin.forth[stage.id]:
            continue
        if stage.ends:
            says = f"the end '{stage.id}' ({stage.ends}) is gone: no deal can end there any more"
        elif stage.id in standing:
            says = f"'{stage.id}' is gone, and nothing says where deals that stand there go on"
        else:
            says = f"'{stage.id}' is gone; no deal could come to stand there"
        level = Level.BREAK if not stage.ends and stage.id in standing else Level.NOTE
        yield _change("D102", level, says, tracks, old=stage)


def _became(tracks: Tracks, pair: Pair) -> Iterator[Change]:
    old_stages = {stage.id: stage for stage in tracks.old.stages}
    new_stages = {stage.id: stage for stage in tracks.new.stages}
    for old_id, new_id in tracks.kin.couples:
        if old_id != new_id and tracks.kin.single(old_id):
            says = f"'{old_id}' is now called '{new_id}'"
            yield _change("D103", Level.NOTE, says, tracks, old=old_stages[old_id], new=new_stages[new_id])
    for new_id, merged in tracks.kin.back.items():
        if len(merged) > 1:
            others = [one for one in merged if one != new_id]
            says = f"{named(others)} became one stage, '{new_id}'"
            if new_id in merged:
                says = f"{named(others)} became part of '{new_id}'"
            yield _change("D104", Level.NOTE, says, tracks, old=old_stages[others[0]], new=new_stages[new_id])
    for old_id, targets in tracks.kin.forth.items():
        if len(targets) > 1:
            yield _split(old_stages[old_id], new_stages[targets[0]], targets, tracks, pair)


def _split(stage: Stage, first: Stage, targets: tuple[str, ...], tracks: Tracks, pair: Pair) -> Change:
    splits = pair.became.stages.get(stage.id, ()) if tracks.old.id == MAIN else ()
    says = f"'{stage.id}' was split into {named(targets)}"
    lacks = _lacks(stage, splits, pair)
    if lacks:
        says += f", and {lacks}"
    after = ", ".join(f"{one.to}{f' when {written(one.when)}' if one.when else ''}" for one in splits)
    level = Level.BREAK if lacks and not stage.ends else Level.NOTE
    return _change("D105", level, says, tracks, old=stage, new=first, after=after)


def _lacks(stage: Stage, splits: tuple[Split, ...], pair: Pair) -> str:
    """What keeps some deals of a split stage from having a place; empty where every one has."""
    whens = [one.when for one in splits if one.when]
    if pair.old.version > pair.new.version or not splits:
        return "nothing says which deals go where" if not stage.ends else ""
    if len(whens) < len(splits):
        return ""
    trees = tuple(when.tree for when in whens)
    covers = always_true(trees[0] if len(trees) == 1 else Or(trees), pair.new.facts)
    if covers:
        return ""
    return "a deal for which none of the conditions is true goes nowhere"


def _change(
    code: str,
    level: Level,
    says: str,
    tracks: Tracks,
    *,
    old: Stage | None = None,
    new: Stage | None = None,
    after: str = "",
) -> Change:
    stage = new or old
    thing = stage.id if stage else ""
    if tracks.old.id != MAIN:
        thing, says = f"{tracks.old.id}/{thing}", f"{says} ({tracks.old.id})"
    places = (old.at if old else None, new.at if new else None)
    return Change(code, level, Subject.STAGES, thing, says, *places, after=after, track=tracks.old.id)
