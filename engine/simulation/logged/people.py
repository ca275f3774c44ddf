"""Who made each move of a run: whoever worked on the deal last before it, or the engine by itself."""

from __future__ import annotations

import numpy as np

from engine.model.names import ENGINE
from engine.simulation.log import Log
from engine.simulation.logged.visits import Visits
from engine.simulation.plan import NONE, Ints, Plan


def actors_of(plan: Plan, log: Log, visits: Visits) -> tuple[Ints, tuple[str, ...]]:
    """Who made the move into each visit, as numbers in the names; ``NONE``: nobody who is known by name."""
    names = (*plan.crew.names, ENGINE)
    begun = np.flatnonzero((log.work_person != NONE) & (log.done <= plan.end))
    place = log.work_deal[begun].astype(np.int64) * len(plan.stages) + log.work_stage[begun]
    order = np.lexsort((log.done[begun], place))
    begun, place = begun[order], place[order]
    # One number for where and when: a work done at the second of a move is done before it.
    moment = np.clip(log.done[begun] - plan.begin, 0, None)
    width = int(plan.end - plan.begin) + 2
    asked = visits.deal * len(plan.stages) + visits.before
    at = np.searchsorted(place * width + moment, asked * width + visits.entered - plan.begin, side="right") - 1
    inside = np.maximum(at, 0)
    is_done = (at >= 0) & (visits.before != NONE) & (visits.way != NONE)
    found = np.full(visits.deal.size, NONE, np.int64)
    if begun.size:
        is_done &= place[inside] == asked
        found = np.where(is_done, log.work_person[begun[inside]], NONE)
    return np.where(visits.way >= plan.branches, len(plan.crew.names), found), names
