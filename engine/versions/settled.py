"""A plan as a person gave it back, laid over the plan as it is: what is illegal in it, or what is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum

from engine.model.names import did_you_mean
from engine.model.plan import Fate, FilledLine, Plan, PlanFault, PlanLine, TrackStep
from engine.model.process import Process, Track


class Undecided(Enum):
    """What becomes of deals that nobody placed: nothing is done to any deal, or they are left where they are."""

    REFUSED = "refused"
    LEFT = "left"


def faults(lines: Sequence[FilledLine], new: Process, *, undecided: Undecided) -> tuple[PlanFault, ...]:
    """What cannot be done as it is written, in the order of the lines."""
    return tuple(fault for line in lines if line.migrate for fault in _of_line(line, new, undecided))


def to_do(lines: Sequence[FilledLine]) -> tuple[FilledLine, ...]:
    """The lines that move a deal; those that nobody decided are left."""
    return tuple(line for line in lines if line.migrate and line.to_stage)


def settled(
    plan: Plan, lines: Sequence[FilledLine], new: Process, *, undecided: Undecided = Undecided.REFUSED
) -> tuple[Plan, tuple[PlanFault, ...]]:
    """The plan with what was decided, of just the deals of ``lines``, and what is still to be said of them.

    ``plan`` is to be of all those deals as they are now; one of which it says nothing cannot be brought over.
    Deals of which somebody must still say where they stand in a side track are out of it where they are to be left.
    """
    given = {line.deal: line for line in lines}
    laid = tuple(_laid(line, given[line.deal], new) for line in plan.lines if line.deal in given)
    if undecided is Undecided.LEFT:
        laid = tuple(line for line in laid if not line.waits)
    there = {line.deal for line in plan.lines}
    lost = tuple(_lost(line, new) for line in lines if line.deal not in there)
    waiting = tuple(fault for line in laid for fault in _waiting(line, given[line.deal], new))
    return replace(plan, lines=laid), (*lost, *waiting)


def _lost(line: FilledLine, new: Process) -> PlanFault:
    """Of a deal that can come to no other version: a row made by hand, for 'plan' writes none for such deals."""
    why = "it is closed, on it already, of another process, or on a version that cannot be read"
    message = f"deal '{line.deal}' cannot come to {new.name}: {why}"
    return PlanFault(f"{line.row}, deal", message, "take the row out")


def taken_over(plan: Plan, lines: Sequence[FilledLine], new: Process) -> tuple[Plan, int]:
    """The plan with what was filled in of an earlier one, and of how many deals nothing could be taken over.

    That is so for those that stand elsewhere since, and where the stage that was chosen is none of the version.
    """
    given = {line.deal: line for line in lines}
    found = [(line, given.get(line.deal)) for line in plan.lines]
    kept = tuple(_taken(line, filled) if filled and _still_fits(line, filled, new) else line for line, filled in found)
    lost = sum(filled is not None and not _still_fits(line, filled, new) for line, filled in found)
    return replace(plan, lines=kept), lost


def _taken(line: PlanLine, filled: FilledLine) -> PlanLine:
    steps = tuple(_step(step, filled) for step in line.tracks)
    to = filled.to_stage or line.to_stage
    return replace(line, to_stage=to, migrate=filled.migrate, because=filled.because, tracks=steps)


def _still_fits(line: PlanLine, filled: FilledLine, new: Process) -> bool:
    stands = filled.stage == line.stage or (filled.length == line.length and line.digest.startswith(filled.base))
    return stands and (not filled.to_stage or new.main.stage(filled.to_stage) is not None)


def _of_line(line: FilledLine, new: Process, undecided: Undecided) -> Iterator[PlanFault]:
    if not line.to_stage:
        if undecided is Undecided.REFUSED:
            message = f"nobody says where deal '{line.deal}' goes"
            hint = "write a stage of the new version, or 'no' under migrate: then it stays on its version"
            yield PlanFault(f"{line.row}, to_stage", message, hint)
        return
    stage = new.main.stage(line.to_stage)
    if stage is None:
        yield _unknown(line, "to_stage", line.to_stage, new, new.main)
    for track_id, to in line.tracks.items():
        track = new.track(track_id)
        if track is not None and to and track.stage(to) is None:
            yield _unknown(line, f"track:{track_id}", to, new, track)


def _unknown(line: FilledLine, column: str, to: str, new: Process, track: Track) -> PlanFault:
    where = "" if track is new.main else f" in its track '{track.id}'"
    hint = did_you_mean(to, (stage.id for stage in track.stages), most=12)
    return PlanFault(f"{line.row}, {column}", f"{new.name} has no stage '{to}'{where}", hint)


def _laid(line: PlanLine, given: FilledLine, new: Process) -> PlanLine:
    steps = tuple(_step(step, given) for step in line.tracks)
    if given.to_stage == line.to_stage:
        return replace(line, tracks=steps, because=given.because)
    by_hand = "someone decided" if line.fate is Fate.DECIDE else "someone decided otherwise"
    why = f"{line.why}; {by_hand}: '{given.to_stage}'"
    # The same id alone is no answer of the version: it may have given that id to another stage since.
    is_left_open = any(each.stage == line.stage for each in line.candidates)
    is_still_there = is_left_open and given.to_stage == line.stage and not new.main.is_end(line.stage)
    fate = Fate.STAYS if is_still_there else Fate.DECIDE
    return replace(line, to_stage=given.to_stage, fate=fate, why=why, because=given.because, tracks=steps)


def _step(step: TrackStep, given: FilledLine) -> TrackStep:
    return step if step.is_gone else replace(step, to_stage=given.tracks.get(step.track) or step.to_stage)


def _waiting(line: PlanLine, given: FilledLine, new: Process) -> Iterator[PlanFault]:
    stage = new.main.stage(line.to_stage)
    if stage is not None and stage.ends and line.fate is Fate.DECIDE and not line.because:
        message = f"'{stage.id}' is an end ({stage.ends}), and the deal is open"
        yield PlanFault(f"{given.row}, because", message, "say under because why the deal is over")
    for step in line.tracks:
        if step.waits:
            message = f"nobody says where deal '{line.deal}' stands in the track '{step.track}'"
            hint = f"{new.name} has no stage '{step.from_stage}' there; write one that it has"
            yield PlanFault(f"{given.row}, track:{step.track}", message, hint)
