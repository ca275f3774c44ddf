"""The five tables to the visits of a process: where deals stood, and by which tries of somebody they left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from engine.model.names import ENGINE, MAIN, PREVIOUS
from engine.model.process import Action, Process, Track, targets_from
from engine.simulation.fit.seen import NONE, Seen, Visits, seconds
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, where, whole_numbers


def seen_in(tables: Tables, process: Process, *, as_of: datetime, since: datetime | None = None) -> Seen:
    """The visits of all deals of the process, whichever version they went by, as they stood at ``as_of``."""
    moves: Any = _its_moves(tables, process)
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
        stage, stages, elsewhere = _stages(moves, track, process)
        its &= ~elsewhere | _just_left(rows, its, elsewhere)
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


def _its_moves(tables: Tables, process: Process) -> Any:
    """All moves of deals that ever stood in the process, also those in others to which they were handed over."""
    own = where(tables.moves, "process", process.id)
    if own.all():
        return tables.moves
    deal, _ = codes(tables.moves, "deal")
    return kept(tables.moves, np.isin(deal, np.unique(deal[own])))


def _stages(moves: Any, track: Track, process: Process) -> tuple[Ints, tuple[str, ...], Mask]:
    """The stage of each move, the stages they number, and which are of another process, called ``process/stage``."""
    known = tuple(each.id for each in track.stages)
    elsewhere = ~where(moves, "process", process.id)
    found = codes_among(moves, "to_stage", known)
    here = where(moves, "track", track.id)
    if not ((found < 0) & here).any() and not elsewhere.any():
        return found, known, elsewhere
    code, others = codes(moves, "to_stage")
    own = np.unique(code[here & ~elsewhere]).tolist()
    stages = (*known, *sorted(others[each] for each in own if each >= 0 and others[each] not in known))
    found = codes_among(moves, "to_stage", stages)
    by, processes = codes(moves, "process")
    rows = np.flatnonzero(here & elsewhere)
    names = [f"{processes[of]}/{others[to]}" for of, to in zip(by[rows].tolist(), code[rows].tolist(), strict=True)]
    numbers = {name: len(stages) + at for at, name in enumerate(dict.fromkeys(names))}
    found[rows] = [numbers[name] for name in names]
    return found, (*stages, *numbers), elsewhere


def _just_left(rows: _Rows, its: Mask, elsewhere: Mask) -> Mask:
    """The moves by which deals were handed over: of what they did there nothing else is told."""
    found = np.zeros(len(its), np.bool_)
    at = np.flatnonzero(its)
    if not elsewhere[at].any():
        return found
    order = at[np.lexsort((rows.seq[at], rows.deal[at]))]
    after = (rows.deal[order[1:]] == rows.deal[order[:-1]]) & ~elsewhere[order[:-1]] & elsewhere[order[1:]]
    found[order[1:][after]] = True
    return found


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
    handed_over = np.array(["/" in each for each in visits.stages], np.bool_)[visits.stage]
    rows = np.flatnonzero((visits.entered != NEVER) & ~handed_over)[::-1]
    started[visits.deal[rows]] = visits.entered[rows]
    return started
