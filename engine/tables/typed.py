"""Columns of facts as exact whole numbers, each kind in its own unit: for conditions asked of every row at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.tables.coded import Ints, Mask
from engine.tables.schema import NUMBER

_PLACES = NUMBER.scale
_WIDEST = 2**62


@dataclass(frozen=True, slots=True)
class Whole:
    """Decimals times ten to the ``scale``, days since 1970, or microseconds; 0 where nothing is ``known``."""

    values: Ints
    known: Mask
    scale: int = 0


def whole(table: pa.Table, column: str) -> Whole | None:
    """A column of decimals, dates or lengths of time; ``None`` where one of them does not fit 62 bits."""
    cells = _one_piece(table, column)
    known: Mask = cells.is_valid().to_numpy(zero_copy_only=False)
    if cells.type == NUMBER:
        return _decimals(cells, known)
    width = pa.int32() if pa.types.is_date32(cells.type) else pa.int64()
    found = cells.cast(width).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return Whole(found, known) if _fits(found) else None


def is_typed(table: pa.Table, column: str, of: pa.DataType) -> bool:
    """Whether the table has such a column, of that type."""
    return column in table.column_names and table.schema.field(column).type == of


def flags(table: pa.Table, column: str) -> tuple[Mask, Mask]:
    """Where a column of true and false is true, and where it is false."""
    cells = _one_piece(table, column)
    known: Mask = cells.is_valid().to_numpy(zero_copy_only=False)
    yes: Mask = cells.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003 - of pyarrow
    return yes, known & ~yes


def _decimals(cells: pa.Array, known: Mask) -> Whole | None:
    # Two words a decimal, the lower first; the upper one only repeats the sign where the lower holds it all.
    words = np.frombuffer(cells.buffers()[1], np.int64).reshape(-1, 2)[cells.offset : cells.offset + len(cells)]
    values, upper = np.where(known, words[:, 0], 0), np.where(known, words[:, 1], 0)
    if not (upper == values >> 63).all() or not _fits(values):
        return None
    scale = next((places for places in range(_PLACES) if not (values % 10 ** (_PLACES - places)).any()), _PLACES)
    return Whole(values // 10 ** (_PLACES - scale), known, scale)


def _fits(values: Ints) -> bool:
    return not len(values) or max(abs(int(values.min())), abs(int(values.max()))) < _WIDEST


def _one_piece(table: pa.Table, column: str) -> pa.Array:
    cells = table.column(column)
    return cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks()
