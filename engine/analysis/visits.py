"""The visits that deals of one process made of the stages of its main track, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.model.process import Process, Stage
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, places, where, whole_numbers


@dataclass(frozen=True, slots=True)
class Visits:
    """One item a visit, deal by deal, each deal's in order. ``entered`` in microseconds, ``NEVER``: undated.

    ``deal`` is the deal's number, ``stage`` the stage's, ``row`` where the visit stands in the table of moves.
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


def its_visits(tables: Tables, process: Process, deals: object) -> tuple[Visits, tuple[Stage, ...]]:
    """Visits of the main track in order, and the stages they number."""
    main = where(tables.moves, "track", process.main.id) & where(tables.moves, "process", process.id)
    moves: Any = kept(tables.moves, main)
    deal = places(moves, "deal", deals)
    stages = process.main.stages
    stage = codes_among(moves, "to_stage", tuple(each.id for each in stages))
    if (stage < 0).any():
        others = tuple(dict.fromkeys(codes(moves.filter(stage < 0), "to_stage")[1]))
        # A slash has only where a deal was handed over to another process.
        stages = (*stages, *(Stage(each, ends="other" if "/" in each else "") for each in others))
        stage = codes_among(moves, "to_stage", tuple(each.id for each in stages))
    visits = Visits(deal, stage, whole_numbers(moves, "seq"), moments(moves, "entered_at"), np.flatnonzero(main))
    if (deal < 0).any():
        visits = visits.taken(deal >= 0)
    before, after = visits.deal[:-1], visits.deal[1:]
    if not ((after > before) | ((after == before) & (visits.seq[1:] > visits.seq[:-1]))).all():
        visits = visits.at(np.lexsort((visits.seq, visits.deal)))
    return visits, stages


def as_of(visits: Visits, until: int) -> Visits:
    """The visits as they stood then: what was entered later is not known, nor what came after it."""
    later = visits.entered > until
    if not later.any():
        return visits
    gone: Ints = np.cumsum(later)
    starts = np.flatnonzero(visits.begins)
    before: Ints = np.repeat(gone[starts] - later[starts], np.diff(starts, append=len(gone)))
    return visits.taken(gone == before)


def numbered(visits: Visits) -> tuple[Ints, Visits]:
    """The deals that have visits, and their visits with deals numbered without gaps."""
    begins = visits.begins
    there = visits.deal[begins]
    if len(there) and there[-1] == len(there) - 1:
        return there, visits
    return there, replace(visits, deal=np.cumsum(begins) - 1)


def closing_visits(visits: Visits, first: Ints, last: Ints, is_open: Mask) -> Ints:
    """The first end since the last re-opening: the visit after the last open one; -1 where the deal is open."""
    closed = ~is_open[last]
    if not (closed & (last > first) & ~is_open[last - 1]).any():
        return np.where(closed, last, -1)
    after = first.copy()
    open_visits = np.flatnonzero(is_open)
    its_last = first_of_each(visits.deal[open_visits][::-1])[::-1]
    after[visits.deal[open_visits[its_last]]] = open_visits[its_last] + 1
    return np.where(closed, after, -1)


def first_dated(visits: Visits, first: Ints) -> Ints:
    """Of each deal the first time that anything of it is dated; ``NEVER``: nothing is."""
    started = visits.entered[first]
    if (started == NEVER).any():
        dated = np.flatnonzero(visits.entered != NEVER)
        its_first = dated[first_of_each(visits.deal[dated])]
        started[visits.deal[its_first]] = visits.entered[its_first]
    return started


def first_of_each(deals: Ints) -> Mask:
    """Which items are the first of their deal, where those of one deal stand together."""
    return np.append(np.ones(min(len(deals), 1), np.bool_), deals[1:] != deals[:-1])
