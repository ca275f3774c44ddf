"""The built-in measures, in the order in which a report tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.analysis.measure.cycle_time import cycle_time, cycle_time_from_stages
from engine.analysis.measure.dwell import dwell, dwell_with_skips
from engine.analysis.measure.funnel import funnel, funnel_ends
from engine.analysis.measure.outcomes import outcomes
from engine.analysis.measure.view import View
from engine.model.study import Section


@dataclass(frozen=True, slots=True)
class Measure:
    """A built-in measure. Its section has the ``id`` too, and the first ``keys`` of its columns name a row.

    What ``of`` finds for deals of one group has the same columns as for all. ``in_full``: it is told of all deals even
    where figures are broken down by group.
    """

    id: str
    of: Callable[[View], Section]
    keys: int = 1
    in_full: bool = False


MEASURES: tuple[Measure, ...] = (
    # One line a measure.
    Measure("outcomes", outcomes),
    Measure("funnel", funnel),
    Measure("funnel-ends", funnel_ends),
    Measure("dwell", dwell),
    Measure("dwell-with-skips", dwell_with_skips),
    Measure("cycle-time", cycle_time),
    Measure("cycle-time-from-stages", cycle_time_from_stages),
)
