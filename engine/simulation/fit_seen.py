"""The five tables to the visits that a scenario is fitted on: who stood where from when to when, and how each left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import numpy as np

from engine.model.names import ENGINE, MAIN, PREVIOUS
from engine.model.process import Action, Process, Track, targets_from
from engine.model.scenario import Agreeing, Hours, Pool, Work
from engine.model.study import Section
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, where, whole_numbers

NONE = -1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Learnt(Generic[_T]):
    """Something learnt from history, with what is to be said about it."""

    value: _T
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """The visits of one track, deal by deal, each deal's in order; arrays have one item a visit, times are seconds.

    ``stages`` are those of the track, then any that the process does not know; ``ends`` is which of them are ends.
    ``left``: ``NEVER`` where it still stands there. ``gone``: where the watch ends, by leaving or not. ``way`` is the
    number in ``ways`` (stage, action, to) by which it left; ``NONE``: it stands there still, or left in a way that is
    no try of anybody (a clock, an automatic action, a new version, a hand-over), so that the visit counts as open until
    then. ``dated``: a visit of an open stage of which both times are known. ``entered_by`` and ``left_by`` are numbers
    in ``Seen.people``, ``came_by`` in ``Seen.actions``; ``NONE``: nobody can say.
    """

    track: str
    stages: tuple[str, ...]
    ends: Mask
    deal: Ints
    seq: Ints
    stage: Ints
    entered: Ints
    left: Ints
    gone: Ints
    way: Ints
    dated: Mask
    entered_by: Ints
    left_by: Ints
    came_by: Ints
    ways: tuple[tuple[str, str, str], ...]
    unknown_ways: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of the deals of a process. ``since``: ``NEVER`` from the beginning, else what ended before it says
    nothing (delayed entry); ``until`` is where the follow-up ends. ``started`` is the first dated time of each deal,
    ``closed`` when it came to an end and stayed there (``NEVER``: it did not, or nobody dated it).
    """

    tables: Tables
    process: Process
    names: tuple[str, ...]
    started: Ints
    closed: Ints
    people: tuple[str, ...]
    actions: tuple[str, ...]
    since: int
    until: int
    tracks: tuple[Visits, ...]

    @property
    def main(self) -> Visits:
        """The visits of the main track."""
        return self.tracks[0]


@dataclass(frozen=True, slots=True)
class Staffed:
    """Who works when on what, and what is left of each visit as time that passes.

    ``of_stage`` is by (track, stage): the hours in which its dwell passes (empty: around the clock) and the work on
    entering it. ``spent`` has for each track and visit the seconds, in those hours, until the watch ends, without work
    that is told apart; ``begun`` the age by the same clock at ``since`` (0 or less: watched from the start).
    """

    spent: tuple[Ints, ...]
    begun: tuple[Ints, ...]
    hours: tuple[Hours, ...] = ()
    pools: tuple[Pool, ...] = ()
    touchpoints: Mapping[str, Work] = field(default_factory=dict)
    approvals: tuple[Agreeing, ...] = ()
    of_stage: Mapping[tuple[str, str], tuple[str, Work | None]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


def nobody(seen: Seen) -> Staffed:
    """Nobody works on anything: visits last as long as the clock on the wall says."""
    spent = tuple(np.where(each.dated, each.gone - each.entered, 0) for each in seen.tracks)
    begun = tuple(
        np.where(each.dated & (seen.since != NEVER), seen.since - each.entered, 0) if len(each.deal) else each.deal
        for each in seen.tracks
    )
    return Staffed(spent, begun)


def seconds(when: datetime) -> int:
    """A moment as whole seconds since 1970."""
    return (when - _EPOCH) // timedelta(seconds=1)


def seen_in(tables: Tables, process: Process, *, as_of: datetime, since: datetime | None = None) -> Seen:
    """The visits of all deals of the process, whichever version they went by, as they stood at ``as_of``."""
    moves: Any = kept(tables.moves, where(tables.moves, "process", process.id))
    deal, names = codes(moves, "deal")
    people = codes(moves, "actor")
    actions = codes(moves, "action")
    until = seconds(as_of)
    rows = _Rows(
        deal=deal,
        seq=whole_numbers(moves, "seq"),
        entered=_in_seconds(moments(moves, "entered_at")),
        left=_in_seconds(moments(moves, "left_at")),
        actor=people[0],
        action=actions[0],
    )
    tracks: list[Visits] = []
    closed = np.full(len(names), NEVER)
    for track in process.all_tracks():
        its = where(moves, "track", track.id) & ~(rows.entered > until)
        found = _Track(process, track, tuple(actions[1]), tuple(people[1]), until)
        stage, stages = _stages(moves, track)
        visits = _visits(found, rows.taken(its), stage[its], stages, closed)
        if track.id == MAIN:
            closed = _closed(visits, len(names))
        tracks.append(visits)
    started = _first(tracks[0], len(names))
    first = NEVER if since is None else seconds(since)
    return Seen(
        tables, process, tuple(names), started, closed, tuple(people[1]), tuple(actions[1]), first, until, tuple(tracks)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of moves as numbers."""

    deal: Ints
    seq: Ints
    entered: Ints
    left: Ints
    actor: Ints
    action: Ints

    def taken(self, rows: Any) -> _Rows:
        return _Rows(*(getattr(self, name)[rows] for name in _Rows.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """What is the same for all visits of a track."""

    process: Process
    track: Track
    actions: tuple[str, ...]
    people: tuple[str, ...]
    until: int


def _in_seconds(microseconds: Ints) -> Ints:
    return np.where(microseconds == NEVER, NEVER, microseconds // 1_000_000)


def _stages(moves: Any, track: Track) -> tuple[Ints, tuple[str, ...]]:
    known = tuple(each.id for each in track.stages)
    found = codes_among(moves, "to_stage", known)
    if not ((found < 0) & where(moves, "track", track.id)).any():
        return found, known
    others = codes(moves, "to_stage")[1]
    stages = (*known, *sorted(each for each in others if each and each not in known))
    return codes_among(moves, "to_stage", stages), stages


def _visits(found: _Track, rows: _Rows, stage: Ints, stages: tuple[str, ...], closed: Ints) -> Visits:
    order = np.lexsort((rows.seq, rows.deal))
    rows, stage = rows.taken(order), stage[order]
    size = len(rows.deal)
    again = np.append(rows.deal[1:] == rows.deal[:-1], np.zeros(min(size, 1), np.bool_))
    following = np.minimum(np.arange(size) + 1, max(size - 1, 0))
    known = {each.id: bool(each.ends) for each in found.track.stages}
    ends = np.array([known.get(each, False) for each in stages], np.bool_)
    left = np.where(again, rows.entered[following] if size else rows.left, rows.left)
    left = np.where(left > found.until, NEVER, left)
    # A side track stops where the deal comes to an end.
    stops = closed[rows.deal] if found.track.id != MAIN and size else np.full(size, NEVER)
    gone = np.where(left != NEVER, left, np.where(stops != NEVER, stops, found.until))
    by = np.where(again, rows.action[following], NONE) if size else rows.action
    to = np.where(again, stage[following], NONE) if size else stage
    actor = np.where(again, rows.actor[following], NONE) if size else rows.actor
    way, ways, unknown = _ways(found, stage, by, to, stages)
    alone = np.array([each == ENGINE for each in found.people] + [False], np.bool_)[actor]
    way = np.where(alone | _timed_out(found, stages, stage, by, gone - rows.entered), NONE, way)
    dated = (rows.entered != NEVER) & ~ends[stage] & (stage < len(known)) & (gone >= rows.entered)
    dated &= ~again | (left != NEVER)
    first = np.append(True, rows.deal[1:] != rows.deal[:-1])[:size]
    return Visits(
        track=found.track.id,
        stages=stages,
        ends=ends,
        deal=rows.deal,
        seq=rows.seq,
        stage=stage,
        entered=rows.entered,
        left=left,
        gone=gone,
        way=way,
        dated=dated,
        entered_by=rows.actor,
        left_by=actor,
        came_by=np.where(first, NONE, rows.action),
        ways=ways,
        unknown_ways=unknown,
    )


def _ways(
    found: _Track, stage: Ints, by: Ints, to: Ints, stages: tuple[str, ...]
) -> tuple[Ints, tuple[tuple[str, str, str], ...], Mapping[tuple[str, str], int]]:
    """How each visit was left: an action that the process has from there to there."""
    size = len(stages) + 1
    code = (stage * size + to) * (len(found.actions) + 1) + by
    code = np.where(to >= 0, code, NONE)
    way = np.full(len(code), NONE)
    numbers: dict[tuple[str, str, str], int] = {}
    unknown: dict[tuple[str, str], int] = {}
    for each in np.unique(code[code >= 0]).tolist():
        rows = code == each
        at = int(np.argmax(rows))
        source, target = stages[stage[at]], stages[to[at]]
        name = found.actions[by[at]] if by[at] >= 0 else ""
        action = _action(found.track, name, source, target)
        if found.track.is_end(source) or found.track.stage(source) is None:
            continue
        if action is None:
            unknown[source, target] = unknown.get((source, target), 0) + int(rows.sum())
            continue
        if action.auto:
            continue
        way[rows] = numbers.setdefault((source, action.id, target), len(numbers))
    return way, tuple(numbers), unknown


def _action(track: Track, name: str, source: str, target: str) -> Action | None:
    """The action that was done or, where nobody says which, the first that leads from there to there."""
    for action in track.actions:
        if name and action.id != name:
            continue
        if source in action.sources and target in _targets(track, action, source):
            return action
    return None if not name else _action(track, "", source, target)


def _targets(track: Track, action: Action, source: str) -> tuple[str, ...]:
    found = targets_from(track, action, source)
    if PREVIOUS in action.targets:
        found = (*found, *(each.id for each in track.stages if not each.ends and each.id != source))
    return found


def _timed_out(found: _Track, stages: tuple[str, ...], stage: Ints, by: Ints, lasted: Ints) -> Mask:
    """Which visits a clock on the time in a stage ended, as far as their length tells."""
    timed = np.zeros(len(stage), np.bool_)
    for clock in found.process.clocks:
        if not clock.then or clock.track != found.track.id or clock.basis != "stays" or clock.then not in found.actions:
            continue
        here = np.isin(stage, [at for at, each in enumerate(stages) if each in clock.stages])
        timed |= here & (by == found.actions.index(clock.then)) & (lasted >= clock.limit // timedelta(seconds=1))
    return timed


def _closed(visits: Visits, size: int) -> Ints:
    closed = np.full(size, NEVER)
    last = np.append(visits.deal[1:] != visits.deal[:-1], True)[: len(visits.deal)]
    rows = np.flatnonzero(last & visits.ends[visits.stage])
    closed[visits.deal[rows]] = visits.entered[rows]
    return closed


def _first(visits: Visits, size: int) -> Ints:
    started = np.full(size, NEVER)
    rows = np.flatnonzero(visits.entered != NEVER)[::-1]
    started[visits.deal[rows]] = visits.entered[rows]
    return started
