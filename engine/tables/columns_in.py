"""Tables from columns of plain numbers: codes of values, seconds, counts. No row is ever a Python object of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.model.values import show_value
from engine.tables import schema
from engine.tables.build import exact

NONE = -1
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A column of values: which of ``values`` each row has; ``NONE``: none, which is null or ``otherwise``."""

    values: Sequence[Any]
    codes: npt.NDArray[Any]
    otherwise: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """A column of times, in whole seconds since 1970 (UTC); ``NONE``: no time."""

    seconds: npt.NDArray[np.int64]


Column = Labelled | Moments | npt.NDArray[Any]
"""Or plain numbers; of floats NaN is null."""


def table(form: pa.Schema, columns: Mapping[str, Column]) -> pa.Table:
    """The columns of a schema as a table."""
    return pa.table([_array(columns[each.name], each.type) for each in form], schema=form)


def moves(columns: Mapping[str, Column]) -> pa.Table:
    """The table of moves."""
    return table(schema.MOVES, columns)


def touches(columns: Mapping[str, Column]) -> pa.Table:
    """The table of contacts."""
    return table(schema.TOUCHES, columns)


def facts(columns: Mapping[str, Column]) -> pa.Table:
    """The table of facts."""
    return table(schema.FACTS, columns)


def verdicts(columns: Mapping[str, Column]) -> pa.Table:
    """The table of verdicts."""
    return table(schema.VERDICTS, columns)


def same(text: str, size: int) -> Labelled:
    """One text in every row."""
    return Labelled((text,), np.zeros(size, np.int64))


def _array(column: Column, kind: pa.DataType) -> pa.Array:
    if isinstance(column, Labelled):
        return _labelled(column, kind)
    if isinstance(column, Moments):
        seconds = column.seconds.astype(np.int64)
        return pa.array(seconds * _SECOND, mask=seconds == NONE).cast(kind)
    if pa.types.is_floating(kind):
        return pa.array(column, kind, mask=np.isnan(column))
    return pa.array(column).cast(kind)


def _labelled(column: Labelled, kind: pa.DataType) -> pa.Array:
    values = [*column.values, column.otherwise]
    codes = np.where(column.codes == NONE, len(values) - 1, column.codes)
    return pa.array([_cell(value, kind) for value in values], kind).take(pa.array(codes))


def _cell(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return value if value is None or isinstance(value, str) else show_value(value)
    fits = (
        (pa.types.is_boolean, bool),
        (pa.types.is_decimal, Decimal),
        (pa.types.is_date, date),
        (pa.types.is_duration, timedelta),
    )
    if not any(test(kind) and isinstance(value, of) for test, of in fits):
        # Only a fact called amount can be of another type than its column.
        return None
    return exact(value) if isinstance(value, Decimal) else value
