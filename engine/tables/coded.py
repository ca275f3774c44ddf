"""Columns of the tables as arrays of whole numbers: for figures that go through every row at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER = int(np.iinfo(np.int64).min)
"""Stands for a time nobody wrote down, among times in microseconds since 1970 (UTC)."""

DAY = 86_400_000_000
"""So many microseconds has a day of elapsed time."""


def codes(table: pa.Table, column: str) -> tuple[Ints, tuple[Any, ...]]:
    """Which value each row has, and the values in the order first met. ``-1``: unknown."""
    coded = _whole(table, column).dictionary_encode()
    found: Ints = _filled(coded.indices, -1).astype(np.int64)
    return found, tuple(coded.dictionary.to_pylist())


def codes_among(table: pa.Table, column: str, values: tuple[str, ...]) -> Ints:
    """Which of the values each row has; ``-1``: none of them. Where they are known this is quicker than ``codes``."""
    found = pc.index_in(_whole(table, column), value_set=pa.array(values, pa.string()))
    return _filled(found, -1).astype(np.int64)


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """Which of the different values each is, numbered as first met, and where each was first met."""
    found: Ints = pa.array(values).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    highest = np.maximum.accumulate(found) if len(found) else found
    return found, np.flatnonzero(np.append(True, highest[1:] != highest[:-1])[: len(found)])


def moments(table: pa.Table, column: str) -> Ints:
    """Times in microseconds since 1970; ``NEVER`` where there is none."""
    found: Ints = _filled(_whole(table, column).cast(pa.int64()), NEVER)
    return found


def whole_numbers(table: pa.Table, column: str) -> Ints:
    """A column of whole numbers without unknown ones."""
    found: Ints = _whole(table, column).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def unknown(table: pa.Table, column: str) -> Mask:
    """Which rows have nothing there."""
    found: Mask = _whole(table, column).is_null().to_numpy(zero_copy_only=False)
    return found


def where(table: pa.Table, column: str, value: str | int) -> Mask:
    """Which rows have that value."""
    if isinstance(value, str) and _are_all(_whole(table, column), value.encode()):
        return np.ones(table.num_rows, np.bool_)
    found: Mask = _filled(pc.equal(_whole(table, column), value), 0).astype(np.bool_)
    return found


def kept(table: pa.Table, rows: Mask) -> pa.Table:
    """The rows of the mask; the table itself where that is all of them."""
    return table if rows.all() else table.filter(pa.array(rows))


def cells(table: pa.Table, column: str, rows: Ints) -> list[Any]:
    """What stands in some rows of a column."""
    found: list[Any] = table.column(column).take(pa.array(rows)).to_pylist()
    return found


def numbers(table: pa.Table, column: str, rows: Ints, *, unknown: float) -> Floats:
    """What stands in some rows of a column of numbers, to put them in order: not exact where there are many digits."""
    found: Floats = _filled(_whole(table, column).take(pa.array(rows)).cast(pa.float64()), 0)
    missing = _whole(table, column).take(pa.array(rows)).is_null().to_numpy(zero_copy_only=False)
    return np.where(missing, unknown, found)


def bands_of(table: pa.Table, column: str, rows: Ints, cuts: Sequence[Any]) -> Ints:
    """How many of the cuts (ascending) the cell of each of the rows reaches, compared exactly; ``-1``: unknown."""
    cells = _whole(table, column).take(pa.array(rows))
    found = np.zeros(len(rows), np.int64)
    for cut in cuts:
        found += _filled(pc.greater_equal(cells, pa.scalar(cut).cast(cells.type)), 0).astype(np.int64)
    return np.where(cells.is_null().to_numpy(zero_copy_only=False), -1, found)


def in_one_piece(table: pa.Table, *columns: str) -> pa.Table:
    """Some columns of the table, each in one piece: what is asked again and again need not be joined each time."""
    return table.select(list(columns)).combine_chunks()


def with_cells(table: pa.Table, column: str, rows: Ints, values: list[Any]) -> pa.Table:
    """The table with these values in some rows of a column."""
    found = np.array(table.column(column).to_pylist(), object)
    found[rows] = values
    at = table.column_names.index(column)
    return table.set_column(at, column, pa.array(found.tolist(), table.schema.field(column).type))


def in_order(table: pa.Table, rows: Ints) -> pa.Table:
    """The table with its rows in that order."""
    return table.take(pa.array(rows))


def places(table: pa.Table, column: str, among: pa.Table) -> Ints:
    """Of each row, in which row of ``among`` the same name stands (each there once); ``-1``: in none.

    Rows of one name mostly stand together, in the order of ``among``: then no name is looked up.
    """
    names, known = _whole(table, column), _whole(among, column)
    if len(names) == 0:
        return np.zeros(0, np.int64)
    edges = pc.not_equal(names[1:], names[:-1]).to_numpy(zero_copy_only=False)
    starts = np.concatenate([[0], np.flatnonzero(edges) + 1])
    found = names.take(pa.array(starts))
    lengths = np.diff(starts, append=len(names))
    if not found.equals(known):
        return np.repeat(_filled(pc.index_in(found, value_set=known), -1).astype(np.int64), lengths)
    return np.repeat(np.arange(len(starts)), lengths)


def exact_sums(table: pa.Table, column: str, groups: Ints, count: int) -> tuple[Decimal, ...]:
    """The exact sum of a column of decimals in each of ``count`` groups; a row of group ``-1`` is in none."""
    paired = pa.table({"group": groups, "cell": _whole(table, column)})
    summed = paired.group_by("group").aggregate([("cell", "sum")])
    found = [Decimal(0)] * count
    for group, cell in zip(summed["group"].to_pylist(), summed["cell_sum"].to_pylist(), strict=True):
        if group >= 0 and cell is not None:
            found[group] = cell
    return tuple(found)


def exact_sum(table: pa.Table, column: str, rows: Ints) -> Decimal:
    """The exact sum of some rows of a column of decimals."""
    found: Decimal | None = pc.sum(_whole(table, column).take(pa.array(rows))).as_py()
    return found or Decimal(0)


def _are_all(cells: pa.Array, value: bytes) -> bool:
    """Whether every cell is that text, by comparing the bytes: mostly all are of one process and one track."""
    count, length = len(cells), len(value)
    if not count or not length or cells.null_count or not pa.types.is_string(cells.type):
        return False
    offsets = np.frombuffer(cells.buffers()[1], np.int32)[cells.offset : cells.offset + count + 1]
    if int(offsets[-1]) - int(offsets[0]) != count * length or not (np.diff(offsets) == length).all():
        return False
    return bytes(memoryview(cells.buffers()[2])[offsets[0] : offsets[-1]]) == value * count


def _filled(cells: pa.Array, unknown: int) -> npt.NDArray[Any]:
    """The cells, with a value in the place of unknown ones."""
    found: npt.NDArray[Any] = pc.fill_null(cells, pa.scalar(unknown).cast(cells.type)).to_numpy(zero_copy_only=False)
    return found


def _whole(table: pa.Table, column: str) -> pa.Array:
    cells = table.column(column)
    return cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks()
