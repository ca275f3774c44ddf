"""The built-in measures, in the order in which a report tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.analysis.measure.ageing import ageing
from engine.analysis.measure.chances import chances
from engine.analysis.measure.outcomes import outcomes
from engine.analysis.measure.pipeline import pipeline
from engine.analysis.measure.slippage import slippage
from engine.analysis.measure.stuck import stuck
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
    Measure("pipeline", pipeline),
    Measure("chances", chances),
    Measure("ageing", ageing),
    Measure("stuck", stuck, in_full=True),
    Measure("slippage", slippage),
)
