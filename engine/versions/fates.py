"""What becomes of a stage: the same, another name, a place that the version tells, or a question to somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.model.plan import Fate
from engine.model.process import Process, Split, Track
from engine.versions.became import Became


@dataclass(frozen=True, slots=True)
class StageFate:
    """What becomes of deals in one stage. ``splits``: which of them goes where is told by the first that is true.

    ``to`` is empty where somebody must say, or where ``splits`` tell it.
    """

    fate: Fate
    to: str
    why: str
    splits: tuple[Split, ...] = ()


def stage_fate(old: Process, new: Process, names: Became, stage_id: str) -> StageFate:
    """What becomes of the deals of ``old`` that stand in a main stage; ``names`` says what became of its ids."""
    splits = tuple(split for split in names.stages.get(stage_id, ()) if new.main.stage(split.to))
    if not splits:
        return _unnamed(old, new, stage_id, was_told=stage_id in names.stages)
    if len(splits) > 1 or splits[0].when is not None:
        return StageFate(Fate.MAPS, "", f"{new.name} tells by its conditions where a deal in '{stage_id}' goes", splits)
    to = splits[0].to
    if not new.main.is_end(to) and sources_of(old, names, to) == (stage_id,):
        return StageFate(Fate.FOLLOWS, to, f"'{stage_id}' is called '{to}' in {new.name}")
    return StageFate(Fate.MAPS, to, f"{new.name} says that a deal in '{stage_id}' goes to '{to}'")


def track_fate(new: Track | None, stage_id: str) -> str:
    """Where a deal stands in a side track that stood in a stage of it; empty: somebody must say."""
    return stage_id if new is not None and new.stage(stage_id) else ""


def sources_of(old: Process, names: Became, to: str) -> tuple[str, ...]:
    """The main stages of ``old`` from which deals come to a stage."""
    return tuple(stage.id for stage in old.main.stages if to in names.stage(stage.id))


def renamed(old: Process, new: Process, names: Became) -> Mapping[str, str]:
    """What the deals' past is called since: ``stages/…`` and ``actions/…``, old to new.

    Of a stage that was split it is the first in the pipeline: having stood in it says no more than is known.
    """
    order = {stage.id: number for number, stage in enumerate(new.main.stages)}
    found: dict[str, str] = {}
    for stage in old.main.stages:
        targets = sorted((to for to in names.stage(stage.id) if to in order), key=order.__getitem__)
        if targets and targets[0] != stage.id:
            found[f"stages/{stage.id}"] = targets[0]
    for action_id in _actions(old):
        if names.action(action_id) != action_id and names.action(action_id) in set(_actions(new)):
            found[f"actions/{action_id}"] = names.action(action_id)
    return found


def stranded(new: Process, stage_id: str, splits: Sequence[Split]) -> str:
    """Why a person must say where a deal goes whose stage was split, and no condition tells."""
    told = " or ".join(f"'{split.to}'" for split in splits)
    return f"'{stage_id}' became {told} in {new.name}, and by what is known of the deal none of them can be chosen"


def unsure(new: Process, stage_id: str, names: Sequence[str]) -> StageFate:
    """A person must say where a deal goes of whose stage only a part of the way tells what it is called.

    In the step that is missing, others may have become part of it, or it may have been split.
    """
    told = " or ".join(f"'{name}'" for name in names)
    why = f"'{stage_id}' was called {told} by a step of the way to {new.name}, and another step of it is not known"
    return StageFate(Fate.DECIDE, "", why)


def _unnamed(old: Process, new: Process, stage_id: str, *, was_told: bool) -> StageFate:
    here = new.main.stage(stage_id)
    if here is None:
        rest = "and where it sends such deals there is none either" if was_told else "nor says what became of it"
        return StageFate(Fate.DECIDE, "", f"{new.name} has no stage '{stage_id}', {rest}")
    if here.ends and not old.main.is_end(stage_id):
        return StageFate(Fate.DECIDE, "", f"'{stage_id}' is an end ({here.ends}) in {new.name}, and the deal is open")
    return StageFate(Fate.STAYS, stage_id, f"'{stage_id}' is also a stage of {new.name}")


def _actions(process: Process) -> Iterator[str]:
    for track in process.all_tracks():
        yield from (action.id for action in track.actions)
