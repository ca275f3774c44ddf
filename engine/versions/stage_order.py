"""What differs in the order of stages: which moved, what that asks of moves forward, and where deals start."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from engine.machine.tracks import passed
from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Track
from engine.versions.kin import Kin
from engine.versions.saying import named
from engine.versions.ways import Ways


def order_changes(old: Track, new: Track, kin: Kin, before: Ways) -> Iterator[Change]:
    """What differs in the order of the stages that both versions have."""
    yield from _first(old, new, kin)
    at = {stage.id: number for number, stage in enumerate(new.stages) if not stage.ends}
    kept = [stage.id for stage in old.stages if not stage.ends and kin.single(stage.id) in at]
    order = [at[kin.single(one)] for one in kept]
    if order == sorted(order):
        return
    staying = _longest_rise(order)
    moved = [kin.single(one) for number, one in enumerate(kept) if number not in staying]
    says = "; ".join(f"'{one}' now comes {_beside(new, one)}" for one in moved[:3])
    says += f"; {len(moved) - 3} more have another place" if len(moved) > 3 else ""
    more, less = _gates(old, new, kin, before)
    if more:
        passing = f"moves now pass {named(more)}, and meet what it takes, that did not before"
        yield _change("D106", Level.TIGHTER, f"{says}: {passing}", old, new, moved[0])
    if less:
        passing = f"moves no longer pass {named(less)}, nor meet what it takes, that did before"
        yield _change("D106", Level.LOOSER, f"{says}: {passing}", old, new, moved[0])
    if not more and not less:
        yield _change("D106", Level.NOTE, says, old, new, moved[0])


def _first(old: Track, new: Track, kin: Kin) -> Iterator[Change]:
    if new.first.id in kin.forth[old.first.id]:
        return
    says = f"deals now start in '{new.first.id}', not in '{kin.name(old.first.id)}'"
    if old.id != MAIN:
        says += f" ({old.id})"
    thing = f"{old.id}/{new.first.id}" if old.id != MAIN else new.first.id
    yield Change(
        "D107", Level.NOTE, Subject.STAGES, thing, says, old.first.at, new.first.at, old.first.id, new.first.id, old.id
    )


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


def _gates(old: Track, new: Track, kin: Kin, before: Ways) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stages with requirements to pass that moves now pass over or no longer do, as they are now called."""
    more: dict[str, None] = {}
    less: dict[str, None] = {}
    new_gates = {stage.id for stage in new.stages if stage.to_pass}
    old_gates = {stage.id for stage in old.stages if stage.to_pass}
    asked = {(source, target): None for _, source, target in before.all()}
    for source, target in asked:
        if not kin.single(source) or not kin.single(target):
            continue
        were = {kin.single(stage.id) for stage in passed(old, source, target) if stage.id in old_gates}
        are = {one.id for one in passed(new, kin.single(source), kin.single(target)) if one.id in new_gates}
        both = {one for one in were | are if _gates_in_both(one, old_gates, new_gates, kin.back)}
        more.update(dict.fromkeys(sorted((are - were) & both)))
        less.update(dict.fromkeys(sorted((were - are) & both)))
    return tuple(more), tuple(less)


def _gates_in_both(stage: str, old_gates: set[str], new_gates: set[str], back: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether both versions ask for something there: else that is told with the requirement."""
    return stage in new_gates and any(one in old_gates for one in back.get(stage, ()))


def _change(code: str, level: Level, says: str, old: Track, new: Track, moved: str) -> Change:
    stage = new.stage(moved)
    thing = "stages" if old.id == MAIN else f"{old.id}/stages"
    if old.id != MAIN:
        says += f" ({old.id})"
    places = (old.first.at, stage.at if stage else None)
    return Change(code, level, Subject.STAGES, thing, says, *places, _pipeline(old), _pipeline(new), old.id)


def _pipeline(track: Track) -> str:
    return " > ".join(stage.id for stage in track.stages if not stage.ends)
