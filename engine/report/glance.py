"""A figure that is read first, in two lines: the figure, and below it its interval and what else is said."""

from __future__ import annotations

from engine.model.study import Estimate, KeyFigure, Unit
from engine.report.figures import NOTHING, figure_text


def told(each: KeyFigure, currency: str) -> tuple[str, str]:
    """The figure with its unit, and what stands below it (may be empty)."""
    whole = figure_text(each.figure, each.unit, currency)
    if not isinstance(each.figure, Estimate):
        return _in_days(whole, each.unit), each.says
    middle, _, interval = whole.partition(" (")
    return _in_days(middle, each.unit), ", ".join(filter(None, (interval.removesuffix(")"), each.says)))


def _in_days(text: str, unit: Unit) -> str:
    return f"{text} days" if unit is Unit.DAYS and text != NOTHING else text
