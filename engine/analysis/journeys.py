"""The deals of one process and their visits of the main track as arrays: what every part of a review goes through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from engine.analysis.asked import Asked, check_bounds, window_of
from engine.model.process import Process, Stage
from engine.tables.build import Tables
from engine.tables.coded import (
    NEVER,
    Floats,
    Ints,
    Mask,
    codes,
    codes_among,
    kept,
    moments,
    places,
    where,
    whole_numbers,
)

OUTCOMES = ("", "won", "lost", "other")
"""How a deal came out, by its number; 0 is still open."""
OPEN, WON, LOST, OTHER = range(4)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Visits:
    """One item a visit, deal by deal, each deal's in order. ``entered`` in microseconds, ``NEVER``: undated.

    ``deal`` is the deal's number, ``stage`` the stage's, ``row`` where the visit stands in the table of moves.
    ``again`` is whether another visit of the deal follows.
    """

    deal: Ints
    stage: Ints
    seq: Ints
    entered: Ints
    row: Ints

    @property
    def again(self) -> Mask:
        """Which visits another one of the same deal follows."""
        return np.append(self.deal[1:] == self.deal[:-1], np.zeros(min(len(self.deal), 1), np.bool_))

    @property
    def begins(self) -> Mask:
        """Which visits are the first of their deal."""
        return first_of_each(self.deal)

    def taken(self, keep: Mask) -> Visits:
        """Those of the mask."""
        return self.at(np.flatnonzero(keep))

    def at(self, places: Ints) -> Visits:
        """Those at the places, in that order."""
        return Visits(self.deal[places], self.stage[places], self.seq[places], self.entered[places], self.row[places])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Deals that are not looked at: of another version, handed over, of no dated close or closed before ``since``."""

    other_version: int = 0
    handed_over: int = 0
    before_since: int = 0
    close_undated: int = 0
    not_yet: int = 0


@dataclass(frozen=True, slots=True)
class Journeys:
    """Deals and their visits. Arrays of a deal have one item a deal; times are microseconds, ``NEVER``: not dated.

    ``first`` and ``last`` are the deal's visits' ends, ``closing`` the visit that closed it (-1: open), ``started`` the
    first dated time. ``ends`` and ``order`` are of a stage: its number in ``OUTCOMES``, and its place in the pipeline
    (-1 for ends that are not won and for stages the process does not know; won ends come last). ``leaving`` is when
    each visit was left; ``by_stage`` has the visits stage by stage, and ``edges`` where each stage begins in it.
    ``tables`` hold all deals, ``rows`` says in which row of its deals each stands, ``version`` which it follows.
    """

    tables: Tables
    process: Process
    stages: tuple[Stage, ...]
    ends: Ints
    order: Ints
    rows: Ints
    version: Ints
    outcome: Ints
    first: Ints
    last: Ints
    closing: Ints
    started: Ints
    closed: Ints
    visits: Visits
    leaving: Ints
    by_stage: Ints
    edges: Ints
    until: int
    since: int
    window_days: float
    left_out: LeftOut

    @property
    def count(self) -> int:
        """How many deals."""
        return len(self.rows)

    @property
    def open_stages(self) -> tuple[int, ...]:
        """The numbers of the stages of the pipeline, in order, without ends."""
        return tuple(place for place, stage in enumerate(self.process.main.stages) if not stage.ends)

    def left(self, visits: Ints) -> tuple[Mask, Ints]:
        """Whether each of the visits (by their numbers) was left, and when; ``NEVER``: not, or nobody dated it."""
        return self.last[self.visits.deal[visits]] != visits, self.leaving[visits]

    def visits_of(self, stage: int) -> Ints:
        """The visits of a stage, by their numbers, in order."""
        return self.by_stage[self.edges[stage] : self.edges[stage + 1]]

    def title(self, stage: int) -> str:
        """What people call the stage."""
        return self.stages[stage].title or self.stages[stage].id

    def entries(self, starts: Ints) -> Ints | None:
        """The ages from which spans that began at ``starts`` were watched; ``None``: from the start."""
        return None if self.since == NEVER else self.since - starts

    def of(self, deals: Mask) -> Journeys:
        """Some of the deals alone, numbered anew; the mask has one item a deal."""
        found = Found(self.tables, self.process, self.stages, self.until, self.window_days)
        there, visits = _numbered(self.visits.taken(deals[self.visits.deal]))
        return _told(found, self.rows[there], visits, self.since, self.left_out)


def first_of_each(deals: Ints) -> Mask:
    """Which items are the first of their deal, where those of one deal stand together."""
    return np.append(np.ones(min(len(deals), 1), np.bool_), deals[1:] != deals[:-1])


def moment(microseconds: int) -> datetime | None:
    """A time as people read it."""
    return None if microseconds == NEVER else _EPOCH + timedelta(microseconds=int(microseconds))


def days(spans: Ints) -> Floats:
    """Microseconds to days."""
    return spans / _DAY


def journeys(tables: Tables, process: Process, *, asked: Asked) -> Journeys:
    """The deals of this version of the process, or of all. Raises ``BadValue`` for bounds beyond what was seen."""
    own = where(tables.deals, "process", process.id)
    its = own if asked.every_version else own & where(tables.deals, "version", process.version)
    deals = kept(tables.deals, its)
    visits, stages, elsewhere = _its_visits(tables, process, deals)
    first, until = _seen(tables, visits, asked)
    check_bounds(asked, first=moment(first), until=moment(until))
    seen = (until - first) / _DAY if first != NEVER else 0.0
    found = Found(tables, process, stages, until, window_of(asked, seen))
    there, then = _numbered(_as_of(visits, until))
    rows = np.flatnonzero(its)
    left_out = LeftOut(int(own.sum() - its.sum()), elsewhere, not_yet=len(rows) - len(there))
    told = _told(found, rows[there], then, NEVER, left_out)
    return told if asked.since is None else _closed_since(found, told, _microseconds(asked.since))


@dataclass(frozen=True, slots=True)
class Found:
    """What is the same for all deals while they are made out."""

    tables: Tables
    process: Process
    stages: tuple[Stage, ...]
    until: int
    window_days: float


def _its_visits(tables: Tables, process: Process, deals: object) -> tuple[Visits, tuple[Stage, ...], int]:
    """Visits of the main track in order, the stages they number, and how many deals were handed over elsewhere."""
    main = where(tables.moves, "track", process.main.id) & where(tables.moves, "process", process.id)
    moves: Any = kept(tables.moves, main)
    deal = places(moves, "deal", deals)
    stages = process.main.stages
    stage = codes_among(moves, "to_stage", tuple(each.id for each in stages))
    if (stage < 0).any():
        others = tuple(dict.fromkeys(codes(moves.filter(stage < 0), "to_stage")[1]))
        # A slash has only where a deal was handed over to another process, as exports and simulated runs tell it.
        stages = (*stages, *(Stage(each, ends="other" if "/" in each else "") for each in others))
        stage = codes_among(moves, "to_stage", tuple(each.id for each in stages))
    visits = Visits(deal, stage, whole_numbers(moves, "seq"), moments(moves, "entered_at"), np.flatnonzero(main))
    if (deal < 0).any():
        visits = visits.taken(deal >= 0)
    before, after = visits.deal[:-1], visits.deal[1:]
    if not ((after > before) | ((after == before) & (visits.seq[1:] > visits.seq[:-1]))).all():
        visits = visits.at(np.lexsort((visits.seq, visits.deal)))
    return visits, stages, _handed_over(tables, process, moves)


def _handed_over(tables: Tables, process: Process, moves: object) -> int:
    others = kept(tables.deals, ~where(tables.deals, "process", process.id))
    if not others.num_rows:
        return 0
    found = places(moves, "deal", others)
    return len(np.unique(found[found >= 0]))


def _seen(tables: Tables, visits: Visits, asked: Asked) -> tuple[int, int]:
    """The first time that anything is dated, and where the follow-up ends."""
    dated = visits.entered[visits.entered != NEVER]
    touched = moments(tables.touches, "happened_at")
    last = max((int(each.max()) for each in (dated, touched) if len(each)), default=NEVER)
    first = int(dated.min()) if len(dated) else NEVER
    return first, last if asked.as_of is None else _microseconds(asked.as_of)


def _microseconds(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)


def _as_of(visits: Visits, until: int) -> Visits:
    """The visits as they stood then: what was entered later is not known, nor what came after it."""
    later = visits.entered > until
    if not later.any():
        return visits
    gone: Ints = np.cumsum(later)
    starts = np.flatnonzero(visits.begins)
    before: Ints = np.repeat(gone[starts] - later[starts], np.diff(starts, append=len(gone)))
    return visits.taken(gone == before)


def _numbered(visits: Visits) -> tuple[Ints, Visits]:
    """The deals that have visits, and their visits with deals numbered without gaps."""
    begins = visits.begins
    there = visits.deal[begins]
    if len(there) and there[-1] == len(there) - 1:
        return there, visits
    return there, replace(visits, deal=np.cumsum(begins) - 1)


def _of_stages(found: Found) -> tuple[Ints, Ints]:
    ends = np.array([OUTCOMES.index(stage.ends) for stage in found.stages], np.int64)
    order = np.arange(len(ends))
    order[(ends != OPEN) | (order >= len(found.process.main.stages))] = -1
    order[ends == WON] = len(ends)
    return ends, order


def _told(found: Found, rows: Ints, visits: Visits, since: int, left_out: LeftOut) -> Journeys:
    """What is known of each deal from its visits."""
    ends, order = _of_stages(found)
    first = np.flatnonzero(visits.begins)
    last = np.append(first[1:], len(visits.deal))[: len(first)] - 1
    closing = _closing(visits, first, last, ends[visits.stage] == OPEN)
    leaving = np.append(visits.entered[1:], visits.entered[:1])
    leaving[last] = NEVER
    return Journeys(
        tables=found.tables,
        process=found.process,
        stages=found.stages,
        ends=ends,
        order=order,
        rows=rows,
        version=whole_numbers(found.tables.deals, "version")[rows],
        # At -1 stands the last visit of all; whatever it is, an open deal is open.
        outcome=np.where(closing >= 0, ends[visits.stage][closing], OPEN) if len(first) else first,
        first=first,
        last=last,
        closing=closing,
        started=_first_dated(visits, first),
        closed=np.where(closing >= 0, visits.entered[closing], NEVER) if len(first) else first,
        visits=visits,
        leaving=leaving,
        # Of small numbers the order is found several times faster.
        by_stage=np.argsort(visits.stage.astype(np.int16), kind="stable"),
        edges=np.append(0, np.cumsum(np.bincount(visits.stage, minlength=len(found.stages)))),
        until=found.until,
        since=since,
        window_days=found.window_days,
        left_out=left_out,
    )


def _closing(visits: Visits, first: Ints, last: Ints, is_open: Mask) -> Ints:
    """The first end since the last re-opening: the visit after the last open one; -1 where the deal is open."""
    closed = ~is_open[last]
    if not (closed & (last > first) & ~is_open[last - 1]).any():
        return np.where(closed, last, -1)
    after = first.copy()
    open_visits = np.flatnonzero(is_open)
    its_last = first_of_each(visits.deal[open_visits][::-1])[::-1]
    after[visits.deal[open_visits[its_last]]] = open_visits[its_last] + 1
    return np.where(closed, after, -1)


def _first_dated(visits: Visits, first: Ints) -> Ints:
    started = visits.entered[first]
    if (started == NEVER).any():
        dated = np.flatnonzero(visits.entered != NEVER)
        its_first = dated[first_of_each(visits.deal[dated])]
        started[visits.deal[its_first]] = visits.entered[its_first]
    return started


def _closed_since(found: Found, told: Journeys, since: int) -> Journeys:
    """Deals closed since then, and those still open: one closed before says nothing about times after it either."""
    is_open = told.outcome == OPEN
    keep = is_open | (told.closed >= since)
    undated = int((~is_open & (told.closed == NEVER)).sum())
    left_out = replace(told.left_out, close_undated=undated, before_since=int((~keep).sum()) - undated)
    there, visits = _numbered(told.visits.taken(keep[told.visits.deal]))
    return _told(found, told.rows[there], visits, since, left_out)
