"""Which stages and actions of a picture were added, removed or changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from engine.model.change import Change, Subject
from engine.model.names import MAIN
from engine.model.place import NOWHERE, Place
from engine.model.process import Process


class Mark(Enum):
    """What happened to a thing; the value is the sign that tells it without colour."""

    SAME = ""
    ADDED = "+"
    REMOVED = "−"
    CHANGED = "~"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one picture, by track and id; ids of stages and of actions may be the same. Not listed: the same."""

    stages: Mapping[tuple[str, str], Mark] = field(default_factory=dict)
    actions: Mapping[tuple[str, str], Mark] = field(default_factory=dict)

    def stage(self, track: str, stage: str) -> Mark:
        """What happened to a stage."""
        return self.stages.get((track, stage), Mark.SAME)

    def action(self, track: str, action: str) -> Mark:
        """What happened to an action."""
        return self.actions.get((track, action), Mark.SAME)

    def any_in(self, track: str) -> bool:
        """Whether anything of a track is marked."""
        return any(name == track for name, _ in (*self.stages, *self.actions))


_Key = tuple[str, str]


def marked(changes: Iterable[Change], old: Process, new: Process) -> tuple[Marks, Marks, int]:
    """The marks of the old picture and of the new one, and how many changes neither shows."""
    every = tuple(changes)
    sides = (_Things(old), _Things(new))
    renamed = _renamed(every, *sides)
    found = [list(_of_tracks(old, new, Mark.REMOVED)), list(_of_tracks(new, old, Mark.ADDED))]
    whole = {key[0] for marks in found for key, _, _ in marks}
    unseen = 0
    for change in every:
        seen = change.subject is Subject.TRACKS and change.thing in whole
        for side, things in enumerate(sides):
            for key, kind in things.of(change, _place(change, side), renamed if side == 0 else {}):
                found[side].append((key, kind, _mark(change)))
                seen = True
        unseen += not seen
    found[0] += _otherwise(sides[0], sides[1])
    found[1] += _otherwise(sides[1], sides[0])
    return _marks(found[0]), _marks(found[1]), unseen


def _otherwise(here: _Things, there: _Things) -> Iterator[tuple[_Key, str, Mark]]:
    """What the other version has not under its name: unless it was added or removed, it became something else."""
    for kind, keys in here.by_id.items():
        yield from ((key, kind, Mark.CHANGED) for key in keys if key not in there.by_id[kind])


def _of_tracks(process: Process, other: Process, mark: Mark) -> Iterator[tuple[_Key, str, Mark]]:
    """All of the tracks that the other version has not."""
    for track in process.tracks:
        if other.track(track.id) is None:
            yield from (((track.id, stage.id), "stage", mark) for stage in track.stages)
            yield from (((track.id, action.id), "action", mark) for action in track.actions)


def _place(change: Change, side: int) -> Place | None:
    return (change.old, change.new)[side]


def _is_whole(change: Change) -> bool:
    """Whether it is about a stage or an action as a whole, and not about something in it."""
    whole = change.thing.removeprefix(f"{change.track}/")
    return change.subject in (Subject.STAGES, Subject.ACTIONS) and "/" not in whole


def _mark(change: Change) -> Mark:
    if not _is_whole(change):
        return Mark.CHANGED
    if change.old in (None, NOWHERE):
        return Mark.ADDED
    return Mark.REMOVED if change.new in (None, NOWHERE) else Mark.CHANGED


class _Things:
    """The stages and actions of a version, by place and by id."""

    def __init__(self, process: Process) -> None:
        self.by_place: dict[Place, tuple[_Key, str]] = {}
        self.by_id: dict[str, dict[_Key, None]] = {"stage": {}, "action": {}}
        for track in process.all_tracks():
            for kind, things in (("stage", track.stages), ("action", track.actions)):
                for thing in things:
                    key = (track.id, thing.id)
                    self.by_id[kind][key] = None
                    if thing.at != NOWHERE:
                        self.by_place.setdefault(thing.at, (key, kind))

    def of(self, change: Change, place: Place | None, renamed: Mapping[_Key, _Key]) -> Iterator[tuple[_Key, str]]:
        """What of this version a change is about; nothing where it is about facts, roles and their like."""
        if place is not None and place in self.by_place:
            yield self.by_place[place]
            return
        if _is_whole(change) and place in (None, NOWHERE):
            return
        for kind in _kinds(change):
            key = (change.track, _first(change))
            key = renamed.get(key, key)
            if key in self.by_id[kind]:
                yield key, kind
                return


def _kinds(change: Change) -> tuple[str, ...]:
    if change.subject is Subject.STAGES:
        return ("stage",)
    return ("action", "stage") if change.subject in _DRAWN else ()


_DRAWN = (Subject.ACTIONS, Subject.REQUIREMENTS, Subject.APPROVALS, Subject.ROLES, Subject.REASONS, Subject.TRACKS)


def _first(change: Change) -> str:
    thing = change.thing.removeprefix(f"{change.track}/") if change.track != MAIN else change.thing
    return thing.split("/")[0]


def _renamed(changes: Sequence[Change], old: _Things, new: _Things) -> Mapping[_Key, _Key]:
    """New key to the old one, of stages and actions that are in both under different ids."""
    pairs = {}
    for change in changes:
        before, after = (old.by_place.get(change.old or NOWHERE), new.by_place.get(change.new or NOWHERE))
        if before and after and before[0] != after[0]:
            pairs[after[0]] = before[0]
    return pairs


def _marks(found: Iterable[tuple[_Key, str, Mark]]) -> Marks:
    kept: dict[str, dict[_Key, Mark]] = {"stage": {}, "action": {}}
    for key, kind, mark in found:
        # A thing that was added or removed is not also changed.
        if kept[kind].get(key, Mark.CHANGED) is Mark.CHANGED:
            kept[kind][key] = mark
    return Marks(kept["stage"], kept["action"])
