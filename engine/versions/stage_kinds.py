"""Stages that are of another kind now, open or an end that counts so or so; and what moves then have to meet."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Level, Subject
from engine.model.names import MAIN
from engine.model.process import Stage, Track
from engine.versions.kin import Kin
from engine.versions.pair import Pair
from engine.versions.saying import kind_of
from engine.versions.stage_order import gates_between, is_reordered, passing
from engine.versions.ways import Ways


def kind_changes(pair: Pair, old: Track, new: Track, kin: Kin, ways: tuple[Ways, Ways]) -> Iterator[Change]:
    """What changed its kind. Only a won end lies behind all open stages: what it takes to pass them goes with that."""
    stages = {stage.id: stage for stage in new.stages}
    couples = [(stage, stages[one]) for stage in old.stages for one in kin.forth[stage.id]]
    others = [(one, other) for one, other in couples if one.ends != other.ends]
    if not others:
        return
    # Where the order is another too it is told of that.
    gates = ((), ()) if is_reordered(old, new, kin) else gates_between(pair, old, new, kin, ways)
    for number, (one, other) in enumerate(others):
        says = f"'{other.id}' is now {kind_of(other)}, before {kind_of(one)}"
        told = [(Level.BREAK, f"{says}: deals that stand there were not closed by any move")] if not one.ends else []
        told += [(Level.NOTE, says)] if not other.ends else []
        # Whichever of several it comes from: it is told once.
        told += [(level, f"{says}: {how}") for level, how in passing(gates) if not number]
        for level, sentence in told or [(Level.NOTE, says)]:
            yield _change(level, sentence, one, other, old.id)


def _change(level: Level, says: str, old: Stage, new: Stage, track: str) -> Change:
    thing = new.id
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    return Change("D114", level, Subject.STAGES, thing, says, old.at, new.at, kind_of(old), kind_of(new), track)
