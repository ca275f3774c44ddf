"""Opens the five tables for questions in SQL; once they are loaded, no query reaches a file or the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from engine.tables.build import Tables
from engine.tables.schema import NAMES


@contextmanager
def opened(tables: Tables) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the five tables by their names, and nothing else of the world."""
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        for name in NAMES:
            connection.register("arriving", tables.table(name))
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")  # noqa: S608 - our own five names
            connection.unregister("arriving")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
