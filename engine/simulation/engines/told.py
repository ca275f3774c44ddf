"""What is written down while a run is played."""

from __future__ import annotations

from array import array

import numpy as np

from engine.simulation.engines.logging_rows import log_of
from engine.simulation.engines.queueing import Pools
from engine.simulation.engines.staying import Stay
from engine.simulation.log import Log
from engine.simulation.plan import Ints


class Told:
    """Visits and refusals, row after row."""

    def __init__(self) -> None:
        self.visits = array("q")
        self.refusals = array("q")

    def visit(self, stay: Stay, left: int, way: int) -> None:
        """A visit, left by a way (both ``NONE``: it is not over)."""
        self.visits.extend((stay.deal, stay.stage, stay.entered, left, way))

    def refused(self, stay: Stay, way: int, moment: int, *, denied: bool) -> None:
        """An attempt that came to nothing."""
        self.refusals.extend((stay.deal, way, moment, denied))

    def log(self, pools: Pools) -> Log:
        """All of it, with the work that was asked for."""
        return log_of(_columns(self.visits, 5), _columns(self.refusals, 4), _columns(pools.works, 7))


def _columns(rows: array[int], width: int) -> list[Ints]:
    """Rows written one after the other, as columns."""
    found = np.frombuffer(rows, np.int64).reshape(-1, width) if rows else np.empty((0, width), np.int64)
    return list(found.T)
