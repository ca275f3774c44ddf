"""Deals touched before they started, as a process with actions tells them: the start first, then the touch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.history.cells import MISSING
from engine.history.columns import Coded
from engine.history.facts import all_taken
from engine.history.places import first_of, places_of
from engine.history.stream import Visits
from engine.model.process import Process


def started_first(visits: Visits, process: Process) -> tuple[Visits, int]:
    """The visits with each start in the first stage before all touches, and how many of these have its time now.

    A deal cannot be touched before it starts. One that is first seen in a later stage started before all that is
    told of it, so its touches stand as they are; a bare process knows no starts.
    """
    places = places_of(visits.deals.codes)
    first = first_of(visits.stage >= 0, places)
    late = (first > places.starts) & (visits.stage[first] == 0) if places.count else np.zeros(0, np.bool_)
    if not process.main.actions or not late.any():
        return visits, 0
    key = 2 * np.arange(len(visits.stage))
    key[first[late]] = 2 * places.starts[late] - 1
    since = np.repeat(np.where(late, visits.happened[first], MISSING), places.ends - places.starts)
    until = np.repeat(np.where(late, first, -1), places.ends - places.starts)
    moved = (np.arange(len(key)) < until) & (visits.happened != MISSING) & (visits.happened < since)
    happened = np.where(moved, since, visits.happened)
    rows = np.argsort(key, kind="stable")
    return replace(
        visits,
        deals=Coded(visits.deals.texts, visits.deals.codes[rows]),
        stage=visits.stage[rows],
        happened=happened[rows],
        numbers=visits.numbers[rows],
        asides=all_taken(visits.asides, rows),
        touch=None if visits.touch is None else visits.touch[rows],
    ), int(moved.sum())
