"""The five tables to files, and to the tables that people read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.model.errors import UnknownName, UnwritableFile
from engine.model.names import did_you_mean
from engine.model.table import Cell, Table
from engine.tables.build import Tables
from engine.tables.schema import NAMES
from engine.tables.until import last_time, until

__all__ = ["NAMES", "Tables", "columns", "exact_rows", "parquet", "last_time", "rows", "table", "until"]


def table(tables: Tables, name: str) -> Table:
    """One of the five, whole, as cells that ``report`` writes; times in UTC. Raises ``UnknownName``."""
    return Table(name, columns(tables, name), tuple(rows(tables, name)))


def columns(tables: Tables, name: str) -> tuple[str, ...]:
    """The names of a table's columns. Raises ``UnknownName``."""
    return tuple(_table(tables, name).column_names)


def rows(tables: Tables, name: str) -> Iterator[tuple[Cell, ...]]:
    """A table's rows as people read them, numbers of days rounded; times in UTC. Raises ``UnknownName``."""
    return _rows(tables, name, _rounded)


def exact_rows(tables: Tables, name: str) -> Iterator[tuple[Cell, ...]]:
    """The same with nothing rounded."""
    return _rows(tables, name, _exact)


def _rows(tables: Tables, name: str, cell: Callable[[Any], Cell]) -> Iterator[tuple[Cell, ...]]:
    # Some thousands at a time: the table itself is small beside its rows as Python's values.
    for batch in _with_zone(_table(tables, name)).to_batches(max_chunksize=10_000):
        yield from zip(*([cell(value) for value in column.to_pylist()] for column in batch.columns), strict=True)


def parquet(tables: Tables, name: str, path: Path) -> None:
    """Writes one of the five to a Parquet file, whole, by rename. Raises ``UnknownName``, ``UnwritableFile``."""
    found = _with_zone(_table(tables, name))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            pq.write_table(found, file, compression="zstd")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UnwritableFile(f"'{path}' cannot be written: {error.strerror or error}") from None


def _table(tables: Tables, name: str) -> pa.Table:
    if name not in NAMES:
        raise UnknownName(f"there is no table '{name}'", hint=did_you_mean(name, NAMES))
    return tables.table(name)


def _rounded(value: Any) -> Cell:
    return _exact(round(value, 6)) if isinstance(value, float) else _exact(value)


def _exact(value: Any) -> Cell:
    found: Cell = Decimal(repr(value)) if isinstance(value, float) else value
    return found


def _with_zone(found: pa.Table) -> pa.Table:
    # Inside, times are in UTC without saying so; whoever reads the file cannot know that.
    said = [
        pa.field(each.name, pa.timestamp("us", tz="UTC")) if pa.types.is_timestamp(each.type) else each
        for each in found.schema
    ]
    return found.cast(pa.schema(said))
