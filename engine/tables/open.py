"""Opens the five tables for questions in SQL; once they are loaded, no query reaches a file or the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from engine.tables.build import Tables
from engine.tables.schema import NAMES

Columns = Mapping[str, np.ndarray[Any, Any]]
"""Columns by name, all of one length; a masked array where some cells are null."""

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Opened:
    """The five tables, open: they answer questions in SQL, where ``deals``, ``moves``, … are their names.

    Values are handed over as parameters (``?`` in the SQL), never written into it.
    """

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def each_row(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows one by one, a batch in memory. Nothing else may be asked until the last one has come."""
        answer = self.connection.execute(sql, list(parameters))
        while batch := answer.fetchmany(_BATCH):
            yield from batch

    def columns(self, sql: str, parameters: Sequence[Any] = ()) -> Columns:
        """The columns of the answer as arrays: for figures on many rows."""
        return self.connection.execute(sql, list(parameters)).fetchnumpy()

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """The answer as a table of Arrow."""
        return self.connection.sql(sql, params=list(parameters)).to_arrow_table()

    def names(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[str, ...]:
        """The names of the answer's columns."""
        return tuple(each[0] for each in self.connection.execute(sql, list(parameters)).description)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """A statement without an answer, such as the making of a temporary view."""
        self.connection.execute(sql, list(parameters))


@contextmanager
def opened(tables: Tables) -> Iterator[Opened]:
    """The five tables by their names, and nothing else of the world."""
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        for name in NAMES:
            # Read where it stands in memory: nothing is copied, and what it reads the tables hold until the end.
            connection.register(name, tables.table(name))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield Opened(connection)
