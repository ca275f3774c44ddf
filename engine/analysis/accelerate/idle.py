"""How long deals stand in a stage before the first contact of each kind, and how soon after it they move on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import WON, Journeys, days
from engine.analysis.lengths import share_and_times
from engine.analysis.spans import Spans
from engine.analysis.touches import ANY, Touches, of_kind, touches
from engine.analysis.visits import first_of_each
from engine.analysis.words import below, counted
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import NEVER, Ints, Mask

_CAME, _ELSE = 1, 2
_FEWEST = 5
"""Of fewer visits with such a contact no row is told."""
_SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False)
class _Visits:
    """The dated visits of a stage: their numbers, when each was entered and is over, and how: ahead, or otherwise."""

    its: Ints
    entered: Ints
    over: Ints
    again: Mask
    ahead: Mask


def idle(told: Journeys) -> Section:
    """A row a stage and touchpoint, where most days go by before the first contact on top."""
    found = touches(told)
    kinds = [(name, of_kind(found, kind)) for kind, name in enumerate(found.kinds)]
    rows: list[tuple[Figure, ...]] = []
    for stage in told.open_stages:
        visits, name = _visits(told, stage), told.title(stage)
        own = [row for kind, its in kinds if (row := _row(told, visits, its, (name, kind)))]
        whole = _row(told, visits, found, (name, ANY))
        # Of a single kind, 'any' would say the same twice.
        rows += own if len(own) < 2 or whole is None else [whole, *own]
    rows.sort(key=lambda row: -float(str(row[4])))
    adrift = int((found.visit < 0).sum())
    return Section(
        "idle",
        "Idle time before a contact",
        (
            Heading("stage", "Stage"),
            Heading("touchpoint", "First contact"),
            Heading("deals", "Deals with one", Unit.COUNT),
            Heading("share", "Share of visits with one", Unit.SHARE),
            Heading("total_days", "Days before it, in all", Unit.DAYS),
            Heading("p50_days", "Half within", Unit.DAYS),
            Heading("on_p50_days", "After it, half moved on within", Unit.DAYS),
        ),
        tuple(rows),
        notes=below(
            rows,
            "Days run from entering the stage to the first such contact there; 'half within' is of the visits that had "
            "one. 'Half moved on within' is of those that then advanced, from that contact on. Open visits count as "
            "open (Aalen-Johansen).",
            *((f"Left out, for want of a dated stage: {counted(adrift, 'touchpoint')}.",) if adrift else ()),
        ),
        empty=f"No touchpoint is told of, or too few: a row needs {_FEWEST} visits of a stage with one.",
        shown=_SHOWN,
    )


def _visits(told: Journeys, stage: int) -> _Visits:
    its = np.flatnonzero((told.visits.stage == stage) & (told.visits.entered != NEVER))
    again, left = told.left(its)
    known = ~again | (left != NEVER)
    its, again, left = its[known], again[known], left[known]
    then = told.visits.stage[np.minimum(its + 1, max(len(told.visits.stage) - 1, 0))]
    ahead = again & ((told.order[then] > told.order[stage]) | (told.ends[then] == WON))
    return _Visits(its, told.visits.entered[its], np.where(again, left, told.until), again, ahead)


def _row(told: Journeys, visits: _Visits, found: Touches, names: tuple[str, str]) -> tuple[Figure, ...] | None:
    first = np.full(len(told.visits.deal), NEVER)
    dated = found.visit >= 0
    order = np.lexsort((found.at[dated], found.visit[dated]))
    visit, at = found.visit[dated][order], found.at[dated][order]
    begins = first_of_each(visit)
    first[visit[begins]] = at[begins]
    came_at = first[visits.its]
    came = came_at != NEVER
    if int(came.sum()) < _FEWEST:
        return None
    ends = np.where(came, came_at, visits.over)
    cause = np.where(came, _CAME, np.where(visits.again, _ELSE, 0))
    waited = Spans(ends - visits.entered, cause, told.entries(visits.entered), 0)
    share, half, _ = share_and_times(waited.ways(2), _CAME)
    onward = Spans(
        (visits.over - came_at)[came],
        np.where(visits.ahead, _CAME, np.where(visits.again, _ELSE, 0))[came],
        told.entries(came_at[came]),
        0,
    )
    deals = len(np.unique(told.visits.deal[visits.its[came]]))
    return (
        *names,
        deals,
        share,
        float(days(waited.exits[came]).sum()),
        half,
        share_and_times(onward.ways(2), _CAME)[1],
    )
