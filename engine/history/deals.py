"""An export whose rows are whole deals: each row is spread into the stages that the deal went through."""

from __future__ import annotations

import numpy as np

from engine.history.cells import MISSING
from engine.history.clean import whole_deals, without_repeats
from engine.history.columns import Codes, Mask
from engine.history.facts import all_taken, asides, only_where
from engine.history.faults import Faults
from engine.history.keys import Times, check_deals, stages, times
from engine.history.stream import Visits
from engine.model.errors import BadTime, BadValue
from engine.model.map import Map
from engine.model.process import Process


def read_deals(map_: Map, process: Process, faults: Faults) -> Visits:
    """The visits that a sheet of the shape ``deals`` tells.

    A deal went through the open stages that have a date, in order of these dates (on one day: of the pipeline),
    and stands last in its present stage. Ends that it does not stand in are passed over: exports put the day
    expected, or the day of any close, into such columns.
    """
    check_deals(map_, faults)
    present = stages(map_, process, faults)
    entered = _entered(map_, process, faults, present)
    _check_present(map_, process, faults, present=present, entered=entered)
    beside = asides(map_, process, faults)
    keep = without_repeats(faults, whole_deals(faults))
    rows = np.flatnonzero(_one_row_each(map_, faults, keep))

    visited = entered[rows] != MISSING
    visited[np.arange(len(rows)), present[rows]] = True
    place, stage = np.nonzero(visited)
    is_last = stage == present[rows][place]
    happened = entered[rows][place, stage]
    order = np.lexsort((stage, happened, is_last, place))
    source = rows[place[order]]
    return Visits(
        deals=faults.deal.taken(source),
        stage=stage[order].astype(np.int32),
        happened=happened[order],
        numbers=faults.sheet.numbers[source],
        asides=only_where(is_last[order], all_taken(beside, source)),
    )


def _entered(map_: Map, process: Process, faults: Faults, present: Codes) -> Times:
    """A column for each stage: when each row's deal entered it, where that matters."""
    table = np.full((len(present), len(process.main.stages)), MISSING, np.int64)
    read = {column: times(column, map_, faults) for column in dict.fromkeys(map_.entered.values())}
    for index, stage in enumerate(process.main.stages):
        column = map_.entered.get(stage.id)
        if column is None:
            continue
        happened, wrong = read[column]
        stands_here: Mask = present == index
        matters = stands_here | (not stage.ends)
        table[matters, index] = happened[matters]
        faults.unreadable |= wrong & matters
    return table


def _check_present(map_: Map, process: Process, faults: Faults, *, present: Codes, entered: Times) -> None:
    """Marks the rows that say a deal entered its present stage before another one."""
    rows = np.arange(len(present))
    readable = present >= 0
    since = np.where(readable, entered[rows, present], MISSING)
    others = entered.copy()
    others[rows[readable], present[readable]] = MISSING
    early = (since != MISSING) & (others.max(axis=1, initial=MISSING) > since)
    for index, stage in enumerate(process.main.stages):
        column = map_.entered.get(stage.id)
        here = early & (present == index)
        if column is not None and here.any():
            faults.note(column, here, BadTime(f"the deal entered another stage after it had entered '{stage.id}'"))
    faults.unreadable |= early


def _one_row_each(map_: Map, faults: Faults, keep: Mask) -> Mask:
    """The rows of ``keep`` whose deal has no other row: of two that differ nobody can say which is right."""
    codes = faults.deal.codes
    times_named = np.bincount(codes[keep], minlength=len(faults.deal.texts))
    several: Mask = keep & (times_named[codes] > 1)
    if several.any():
        faults.note(map_.deal, several, BadValue("another row has the same deal and says something else"))
        faults.leave_out(several, "another row has the same deal and says something else")
    return keep & ~several
