"""The built-in measures, in the order in which a report tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.analysis.measure.built_in.ageing import ageing
from engine.analysis.measure.built_in.by_period import by_period
from engine.analysis.measure.built_in.chances import chances
from engine.analysis.measure.built_in.cohorts import cohorts
from engine.analysis.measure.built_in.contacts import contacts
from engine.analysis.measure.built_in.cycle_time import cycle_time, cycle_time_from_stages
from engine.analysis.measure.built_in.deviations import deviations
from engine.analysis.measure.built_in.dwell import dwell, dwell_with_skips
from engine.analysis.measure.built_in.funnel import funnel, funnel_ends
from engine.analysis.measure.built_in.outcomes import outcomes
from engine.analysis.measure.built_in.overrides import overrides
from engine.analysis.measure.built_in.pipeline import pipeline
from engine.analysis.measure.built_in.reasons import reasons, reasons_by_stage
from engine.analysis.measure.built_in.refusals import refusals
from engine.analysis.measure.built_in.slippage import slippage
from engine.analysis.measure.built_in.stuck import stuck
from engine.analysis.measure.built_in.velocity import velocity
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
    Measure("by-period", by_period),
    Measure("cohorts", cohorts),
    Measure("velocity", velocity),
    Measure("funnel", funnel),
    Measure("funnel-ends", funnel_ends),
    Measure("dwell", dwell),
    Measure("dwell-with-skips", dwell_with_skips),
    Measure("cycle-time", cycle_time),
    Measure("cycle-time-from-stages", cycle_time_from_stages),
    Measure("pipeline", pipeline),
    Measure("chances", chances),
    Measure("ageing", ageing),
    Measure("stuck", stuck, in_full=True),
    Measure("slippage", slippage),
    Measure("reasons", reasons, keys=2),
    Measure("reasons-by-stage", reasons_by_stage, keys=3),
    Measure("refusals", refusals, keys=2),
    Measure("overrides", overrides, keys=2),
    Measure("deviations", deviations, keys=2),
    Measure("contacts", contacts, keys=2),
)
