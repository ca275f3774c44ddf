"""What differs in the order of stages: which moved, what that asks of moves forward, and where deals start."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from engine.machine.tracks import passed
from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Track
from engine.model.rule import Force
from engine.versions.kin import Kin, action_kin
from engine.versions.order_ways import shifted, shifts
from engine.versions.pair import Pair
from engine.versions.saying import named
from engine.versions.ways import Ways

Gates = tuple[tuple[str, ...], tuple[str, ...]]
"""Stages with requirements to pass that moves now pass and did not, and that they passed and no longer do."""


def order_changes(pair: Pair, old: Track, new: Track, kin: Kin, ways: tuple[Ways, Ways]) -> Iterator[Change]:
    """What differs in the order of the stages that both versions have, and in what moves then pass.

    ``ways`` are where the actions of the old and the new track lead.
    """
    yield from _first(old, new, kin)
    kept, order = _order(old, new, kin)
    if order == sorted(order):
        return
    effects: dict[Level, list[str]] = {}
    moves = shifted(shifts(old, new, action_kin(pair, old, new), kin), kin)
    for level, how in (*passing(gates_between(pair, old, new, kin, ways)), *moves):
        effects.setdefault(level, []).append(how)
    staying = _longest_rise(order)
    moved = [kin.single(one) for number, one in enumerate(kept) if number not in staying]
    says = "; ".join(f"'{one}' now comes {_beside(new, one)}" for one in moved[:3])
    says += f"; {len(moved) - 3} more have another place" if len(moved) > 3 else ""
    for level, hows in effects.items():
        yield _change("D106", level, f"{says}: {'; '.join(hows)}", old, new, moved[0])
    if not effects:
        yield _change("D106", Level.NOTE, says, old, new, moved[0])


def is_reordered(old: Track, new: Track, kin: Kin) -> bool:
    """Whether open stages that both versions have stand in another order."""
    _, order = _order(old, new, kin)
    return order != sorted(order)


def _order(old: Track, new: Track, kin: Kin) -> tuple[list[str], list[int]]:
    """The stages that are open in both versions, as the old one orders them, and where the new one has them."""
    at = {stage.id: number for number, stage in enumerate(new.stages) if not stage.ends}
    kept = [stage.id for stage in old.stages if not stage.ends and kin.single(stage.id) in at]
    return kept, [at[kin.single(one)] for one in kept]


def passing(gates: Gates) -> Iterator[tuple[Level, str]]:
    """The level and the words of what moves now pass, and of what they no longer do."""
    more, less = gates
    if more:
        yield Level.TIGHTER, f"moves now pass {named(more)}, and meet what it takes, that did not before"
    if less:
        yield Level.LOOSER, f"moves no longer pass {named(less)}, nor meet what it takes, that did before"


def _first(old: Track, new: Track, kin: Kin) -> Iterator[Change]:
    if new.first.id in kin.forth[old.first.id]:
        return
    track = f" ({old.id})" if old.id != MAIN else ""
    thing = f"{old.id}/{new.first.id}" if track else new.first.id
    told = (
        (Level.TIGHTER, f"deals no longer start in '{kin.name(old.first.id)}'{track}"),
        (Level.LOOSER, f"deals now start in '{new.first.id}'{track}, which they did not before"),
    )
    for level, says in told:
        places, texts = (old.first.at, new.first.at), (old.first.id, new.first.id)
        yield Change("D107", level, Subject.STAGES, thing, says, *places, *texts, old.id)


def _beside(track: Track, stage_id: str) -> str:
    pipeline = [stage.id for stage in track.stages if not stage.ends]
    at = pipeline.index(stage_id)
    return f"after '{pipeline[at - 1]}'" if at else "first"


def _longest_rise(order: list[int]) -> set[int]:
    """The positions of a longest rising subsequence: what is not in it has moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, value in enumerate(order):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else -1)
        tails[length:] = [value, *tails[length + 1 :]]
        ends[length:] = [number, *ends[length + 1 :]]
    found = set()
    at = ends[-1]
    while at >= 0:
        found.add(at)
        at = before[at]
    return found


def gates_between(pair: Pair, old: Track, new: Track, kin: Kin, ways: tuple[Ways, Ways]) -> Gates:
    """Which gates differ, by the moves that both versions have; the stages as they are now called."""
    old_gates, new_gates = (
        {stage.id for stage in track.stages if any(one.force is Force.MUST for one in stage.to_pass)}
        for track in (old, new)
    )
    both = {one for one in new_gates if any(was in old_gates for was in kin.back[one])}
    # Where only one version asks for something that is told with the requirement.
    if not both:
        return (), ()
    more: dict[str, None] = {}
    less: dict[str, None] = {}
    for (source, target), (start, goal) in _moves_of_both(pair, old, new, kin, ways):
        were = {kin.single(stage.id) for stage in passed(old, source, target) if stage.id in old_gates} & both
        are = {one.id for one in passed(new, start, goal) if one.id in new_gates} & both
        more.update(dict.fromkeys(sorted(are - were)))
        less.update(dict.fromkeys(sorted(were - are)))
    return tuple(more), tuple(less)


def _moves_of_both(
    pair: Pair, old: Track, new: Track, kin: Kin, ways: tuple[Ways, Ways]
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Each way that an action of both versions leads, in old ids and in new ones; once, however many lead so."""
    kinds, after = action_kin(pair, old, new), ways[1].of
    told: set[tuple[str, str]] = set()
    for actions, led in ways[0].shared():
        others = {id(after[one]): after[one] for action in actions for one in kinds.forth.get(action, ())}
        for source, target in led:
            way = kin.single(source), kin.single(target)
            if (source, target) not in told and all(way) and any(way in each for each in others.values()):
                told.add((source, target))
                yield (source, target), way


def _change(code: str, level: Level, says: str, old: Track, new: Track, moved: str) -> Change:
    stage = new.stage(moved)
    thing = "stages" if old.id == MAIN else f"{old.id}/stages"
    if old.id != MAIN:
        says += f" ({old.id})"
    places = (old.first.at, stage.at if stage else None)
    return Change(code, level, Subject.STAGES, thing, says, *places, _pipeline(old), _pipeline(new), old.id)


def _pipeline(track: Track) -> str:
    return " > ".join(stage.id for stage in track.stages if not stage.ends)
