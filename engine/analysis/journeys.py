"""The deals of one process and their visits of the main track as arrays: what every part of a review goes through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np

from engine.analysis.asked import Asked, check_bounds, window_of
from engine.analysis.visits import Visits, as_of, closing_visits, first_dated, its_visits, numbered
from engine.model.process import Process, Stage
from engine.tables.build import Tables
from engine.tables.coded import (
    DAY,
    NEVER,
    Floats,
    Ints,
    Mask,
    kept,
    moments,
    where,
    whole_numbers,
)
from engine.tables.handed_over import told_here

OUTCOMES = ("", "won", "lost", "other")
"""How a deal came out, by its number; 0 is still open."""
OPEN, WON, LOST, OTHER = range(4)
ENDED = MappingProxyType({WON: "won", LOST: "lost", OTHER: "ended otherwise"})
"""What people call the ways in which a deal comes out, in the order in which they are told."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Deals that are not looked at: of another version, of no dated close or closed before ``since``."""

    other_version: int = 0
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
    ``tables`` hold all deals as this process saw them (``told_here``), ``rows`` says in which row of its deals each
    stands, ``version`` which it follows.
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
        there, visits = numbered(self.visits.taken(deals[self.visits.deal]))
        return _told(found, self.rows[there], visits, self.since, self.left_out)


def moment(microseconds: int) -> datetime | None:
    """A time as people read it."""
    return None if microseconds == NEVER else _EPOCH + timedelta(microseconds=int(microseconds))


def days(spans: Ints) -> Floats:
    """Microseconds to days."""
    return spans / DAY


def journeys(tables: Tables, process: Process, *, asked: Asked) -> Journeys:
    """The deals of this version of the process, or of all. Raises ``BadValue`` for bounds beyond what was seen.

    Deals handed over to another process are among them, as ended otherwise when they went.
    """
    tables = told_here(tables, process)
    own = where(tables.deals, "process", process.id)
    its = own if asked.every_version else own & where(tables.deals, "version", process.version)
    deals = kept(tables.deals, its)
    visits, stages = its_visits(tables, process, deals)
    first, until = _seen(tables, visits, asked)
    check_bounds(asked, first=moment(first), until=moment(until))
    seen = (until - first) / DAY if first != NEVER else 0.0
    found = Found(tables, process, stages, until, window_of(asked, seen))
    there, then = numbered(as_of(visits, until))
    rows = np.flatnonzero(its)
    left_out = LeftOut(int(own.sum() - its.sum()), not_yet=len(rows) - len(there))
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


def _seen(tables: Tables, visits: Visits, asked: Asked) -> tuple[int, int]:
    """The first time that anything is dated, and where the follow-up ends."""
    dated = visits.entered[visits.entered != NEVER]
    touched = moments(tables.touches, "happened_at")
    last = max((int(each.max()) for each in (dated, touched) if len(each)), default=NEVER)
    first = int(dated.min()) if len(dated) else NEVER
    return first, last if asked.as_of is None else _microseconds(asked.as_of)


def _microseconds(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)


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
    closing = closing_visits(visits, first, last, ends[visits.stage] == OPEN)
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
        started=first_dated(visits, first),
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


def _closed_since(found: Found, told: Journeys, since: int) -> Journeys:
    """Deals closed since then, and those still open: one closed before says nothing about times after it either."""
    is_open = told.outcome == OPEN
    keep = is_open | (told.closed >= since)
    undated = int((~is_open & (told.closed == NEVER)).sum())
    left_out = replace(told.left_out, close_undated=undated, before_since=int((~keep).sum()) - undated)
    there, visits = numbered(told.visits.taken(keep[told.visits.deal]))
    return _told(found, told.rows[there], visits, since, left_out)
