"""The five tables to Parquet files, or row by row to whoever prints them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engine.model.errors import UnknownName, UnwritableFile
from engine.model.names import did_you_mean
from engine.model.table import Cell
from engine.tables.build import Tables
from engine.tables.schema import NAMES


def write_parquet(tables: Tables, name: str, path: Path) -> int:
    """One table to a Parquet file, written whole; the number of its rows. Raises ``UnwritableFile``."""
    table = _with_zone(table_of(tables, name))
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UnwritableFile(f"'{path}' cannot be written: {error.strerror or error}") from None
    return int(table.num_rows)


def columns(tables: Tables, name: str) -> tuple[str, ...]:
    """The names of a table's columns."""
    return tuple(table_of(tables, name).column_names)


def rows(tables: Tables, name: str) -> Iterator[tuple[Cell, ...]]:
    """A table's rows, some thousands at a time in memory; times are in UTC."""
    for batch in _with_zone(table_of(tables, name)).to_batches(max_chunksize=10_000):
        yield from zip(*(_cells(column) for column in batch.columns), strict=True)


def table_of(tables: Tables, name: str) -> pa.Table:
    """The table of that name. Raises ``UnknownName``."""
    if name not in NAMES:
        raise UnknownName(f"there is no table '{name}'", hint=did_you_mean(name, NAMES))
    return tables.table(name)


def _cells(column: pa.Array) -> list[Cell]:
    cells: list[Cell] = column.to_pylist()
    return cells


def _with_zone(table: pa.Table) -> pa.Table:
    # Inside, times are in UTC without saying so; whoever reads the file cannot know that.
    said = [
        pa.field(each.name, pa.timestamp("us", tz="UTC")) if pa.types.is_timestamp(each.type) else each
        for each in table.schema
    ]
    return table.cast(pa.schema(said))
