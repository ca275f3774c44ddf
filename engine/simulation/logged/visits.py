"""The visits of a log as the table of moves has them: with those of ends, and by which way each was entered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.simulation.log import Log
from engine.simulation.plan import NONE, Ints, Mask, Plan
from engine.simulation.results.summary import led_to


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Each visit in the order of deals and, of one deal, of time. ``NONE``: not left, no way, no stage before.

    ``way`` led into it, ``before`` is where the deal stood on that track, ``seq`` counts the visits of a deal from 1.
    """

    deal: Ints
    stage: Ints
    entered: Ints
    left: Ints
    way: Ints
    before: Ints
    seq: Ints


def visits_of(plan: Plan, log: Log) -> Visits:
    """All visits. The first stage of a side track is told, as in a journal, by the move out of it alone."""
    names = [track for track, _ in plan.stages]
    track_of = np.array([names.index(name) for name in names], np.int64)
    found = _with_ends(plan, log, track_of)
    deal, stage, entered, left, out = found
    track = track_of[stage]
    order = np.lexsort((entered, track, deal))
    deal, stage, entered, left, out, track = (each[order] for each in (*found, track))
    goes_on = _same_as_before(deal, track)
    way, before = (np.where(goes_on, np.roll(each, 1), NONE) for each in (out, stage))
    kept = np.flatnonzero(goes_on | (track == 0))
    rows = kept[np.lexsort((track[kept], entered[kept], deal[kept]))]
    deal = deal[rows]
    return Visits(deal, stage[rows], entered[rows], left[rows], way[rows], before[rows], _counted(deal))


def _with_ends(plan: Plan, log: Log, track_of: Ints) -> tuple[Ints, ...]:
    """The columns of visits, and one more visit for each way out that no visit follows: into an end."""
    columns: tuple[Ints, ...] = tuple(
        getattr(log, name).astype(np.int64) for name in ("deal", "stage", "entered", "left", "way")
    )
    deal, stage, entered, left, way = columns
    order = np.lexsort((entered, track_of[stage], deal))
    is_last = ~np.roll(_same_as_before(deal[order], track_of[stage][order]), -1)
    into = order[is_last & (way[order] != NONE)]
    none = np.full(into.size, NONE, np.int64)
    more = (deal[into], led_to(plan)[way[into]].astype(np.int64), left[into], none, none)
    return tuple(np.concatenate(pair) for pair in zip(columns, more, strict=True))


def _same_as_before(deal: Ints, track: Ints) -> Mask:
    """Whether the row before is of the same deal and track."""
    found: Mask = np.zeros(deal.size, np.bool_)
    found[1:] = (deal[1:] == deal[:-1]) & (track[1:] == track[:-1])
    return found


def _counted(deal: Ints) -> Ints:
    """Of rows in the order of deals: which one of its deal each is, from 1."""
    first = np.flatnonzero(np.append(True, deal[1:] != deal[:-1])[: deal.size])
    found: Ints = np.arange(deal.size) - np.repeat(first, np.diff(first, append=deal.size)) + 1
    return found
