"""A column of JSON documents to what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from engine.model.errors import BadValue
from engine.tables.dialect import in_documents, throughout_document


@dataclass(frozen=True, slots=True)
class Documents:
    """Looks into documents, one column of them after the other. Both raise ``BadValue`` for what is no JSON."""

    connection: duckdb.DuckDBPyConnection

    def single(self, documents: pa.Array, paths: Sequence[str]) -> tuple[pa.Array, ...]:
        """What stands at each path: a text as it is, anything else as JSON, null where nothing stands."""
        # In one list, so that a document is read once however many paths there are.
        (column,) = self._asked(documents, in_documents("document", *paths))
        found = column.flatten()
        places = pa.array(np.arange(0, len(found), len(paths)))
        return tuple(found.slice(at).take(places) for at in range(len(paths)))

    def each(self, documents: pa.Array, paths: Sequence[str]) -> tuple[pa.Array, ...]:
        """All that stands at paths such as ``$.verdicts[*][0]``: for each path a list for each document."""
        return self._asked(documents, *(throughout_document("document", path) for path in paths))

    def _asked(self, documents: pa.Array, *expressions: str) -> tuple[pa.Array, ...]:
        self.connection.register("documents", pa.table({"document": documents}))
        try:
            found = self.connection.sql(f"SELECT {', '.join(expressions)} FROM documents").to_arrow_table()
        except duckdb.Error as error:
            raise BadValue("a document is no JSON") from error
        return tuple(column.combine_chunks() for column in found.columns)


@contextmanager
def looking_into() -> Iterator[Documents]:
    """What looks into documents, and at nothing else of the world."""
    settings: dict[str, Any] = {"autoinstall_known_extensions": "false", "enable_external_access": "false"}
    with duckdb.connect(config=settings) as connection:
        yield Documents(connection)
