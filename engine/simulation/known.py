"""What each who takes part knows, read back from columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from engine.machine.vectors import MICROSECOND, Measure, Numbers, Texts, Truth, Vector
from engine.model.syntax import Value

Row = Callable[[int], Value | None]


def facts_of(columns: Mapping[str, Vector | None]) -> Callable[[int], Mapping[str, Value]]:
    """What is known of the deal at a place in the cast: its facts by name, those not known left out."""
    rows = {name: _row(column) for name, column in columns.items() if column is not None}

    def facts(place: int) -> Mapping[str, Value]:
        found = {name: row(place) for name, row in rows.items()}
        return {name: value for name, value in found.items() if value is not None}

    return facts


def _row(column: Vector) -> Row:
    if isinstance(column, Truth):
        return lambda place: True if column.yes[place] else False if column.no[place] else None
    if isinstance(column, Texts):
        return lambda place: column.labels[column.codes[place]] if column.codes[place] >= 0 else None
    return lambda place: _number(column, int(column.values[place])) if column.known[place] else None


def _number(column: Numbers, value: int) -> Value:
    if column.measure is Measure.DAY:
        return date.fromordinal(value)
    if column.measure is Measure.MICROSECOND:
        return value * MICROSECOND
    return Decimal(value).scaleb(-column.scale)
