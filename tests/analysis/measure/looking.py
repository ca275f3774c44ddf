"""Deals told in short texts to the view that measures look at."""

from __future__ import annotations

from datetime import datetime

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.view import View, view
from engine.model.study import Estimate, Section
from tests.analysis.telling import SALE, Told, rows, tables


def looked_at(*deals: Told, within: tuple[float, ...] = (30.0, 60.0, 90.0), since: datetime | None = None) -> View:
    """The view of deals of ``SALE``."""
    return view(journeys(tables(*deals), SALE, asked=Asked(since=since)), every=None, within=within)


def values(found: Section, *columns: str) -> list[tuple[object, ...]]:
    """The figures of some columns, of estimates without their intervals and rounded."""
    return [tuple(_value(each) for each in row) for row in rows(found, *columns)]


def _value(figure: object) -> object:
    plain = figure.value if isinstance(figure, Estimate) else figure
    return round(plain, 9) if isinstance(plain, float) else plain
