"""An export whose rows are stages that deals entered: each row is a visit, in its place in time."""

from __future__ import annotations

import numpy as np

from engine.history.cells import MISSING
from engine.history.clean import InOrder, in_order, whole_deals, without_repeats
from engine.history.facts import all_taken, asides
from engine.history.faults import Faults
from engine.history.keys import check_deals, stages, times
from engine.history.stream import Visits
from engine.model.map import Map
from engine.model.process import Process


def read_moves(map_: Map, process: Process, faults: Faults) -> tuple[Visits, InOrder]:
    """The visits that a sheet of the shape ``moves`` tells, and how its rows stood in the file."""
    check_deals(map_, faults)
    stage = stages(map_, process, faults)
    happened = np.full(len(stage), MISSING, np.int64)
    if map_.happened is not None:
        happened, wrong = times(map_.happened, map_, faults)
        faults.unreadable |= wrong
    beside = asides(map_, process, faults)
    keep = without_repeats(faults, whole_deals(faults))
    order = in_order(faults.deal.codes, happened, np.flatnonzero(keep))
    rows = order.rows
    visits = Visits(
        deals=faults.deal.taken(rows),
        stage=stage[rows],
        happened=happened[rows],
        numbers=faults.sheet.numbers[rows],
        asides=all_taken(beside, rows),
    )
    return visits, order
