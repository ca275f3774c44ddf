"""Rows of named columns to a Parquet file and back, some thousands at a time; what they mean, the journal knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.model.errors import UnreadableFile, UnwritableFile

_ROWS = 10_000
_OF_KIND = {"text": pa.string(), "number": pa.int64(), "yes-no": pa.bool_(), "bytes": pa.binary()}
_NO_ARCHIVE = "go back to the archive as 'stagewright journal copy' wrote it"


def write(path: Path, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """The rows as a Parquet file. ``columns`` are names and kinds. Raises ``UnwritableFile``."""
    schema = _schema(columns)
    left = iter(rows)
    try:
        with pq.ParquetWriter(path, schema, compression="zstd") as file:
            while page := list(islice(left, _ROWS)):
                cells = zip(*page, strict=True)
                arrays = [pa.array(each, kind.type) for each, kind in zip(cells, schema, strict=True)]
                file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    except OSError as error:
        raise UnwritableFile(f"'{path}' cannot be written: {error.strerror or error}") from None


def read(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number and the values of each row. Raises ``UnreadableFile`` for what is no such file, or was cut."""
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(_schema(columns)):
                raise UnreadableFile(f"'{path}': the columns are not those of an archive", hint=_NO_ARCHIVE)
            for batch in file.iter_batches(batch_size=_ROWS):
                for values in batch.to_pylist():
                    number += 1
                    yield number, values
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableFile(
            f"'{path}' is no Parquet file, or was cut after row {number}: {why}", hint=_NO_ARCHIVE
        ) from None


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _OF_KIND[kind]) for name, kind in columns.items()])
