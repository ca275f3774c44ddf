"""A plain CSV file to the sheet that ``csv`` makes of it, by Arrow, many times faster; the odd ones ``csv`` reads."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow

from engine.history.columns import Coded, join, letter
from engine.history.csv import places_in
from engine.history.sheet import Layout, Sheet
from engine.history.unpack import GZIP

_PART = _BLOCK = 2**22
_LONGEST = 131_072
"""Python's reader refuses a longer cell; a longer row is left to it."""


def read_quickly(path: Path, layout: Layout) -> Sheet | None:
    """The wanted columns, or ``None`` for a file that is not so plain that both readers must agree on it.

    Raises ``UnreadableFile`` for a plain file without a wanted column.
    """
    if not _suits(layout):
        return None
    with path.open("rb") as file:
        if file.peek(2)[:2] == GZIP or not _is_plain(file, layout.delimiter):
            return None
        file.seek(0)
        header = _header(file, layout)
    if not any(header):
        return None
    places = places_in(header, path, layout)
    columns = _columns(path, layout, list(places.values()))
    if columns is None or _has_blank_row(columns):
        return None
    total = len(columns[0])
    return Sheet(
        columns=dict(zip(places, columns, strict=True)),
        letters={name: letter(index) for name, index in places.items()},
        numbers=np.arange(2, total + 2, dtype=np.int32),
        unread=tuple(name for name in header if name and name not in places),
        total=total,
        blank=0,
        misfits=(),
    )


def _suits(layout: Layout) -> bool:
    try:
        codec = codecs.lookup(layout.encoding).name
    except LookupError:
        return False
    mark = layout.delimiter
    return codec == "utf-8" and layout.rows is None and len(mark) == 1 and mark.isascii() and mark not in '"\r\n\0'


@dataclass(slots=True)
class _Seen:
    """Where the reading of bytes stands: inside of quotes, and so many bytes into a row."""

    inside: int = 0
    row: int = 0


def _is_plain(file: IO[bytes], delimiter: str) -> bool:
    """Whether the bytes are UTF-8, each quote opens, closes or doubles, lines end as they should, no row is long."""
    seen = _Seen()
    return all(_plain(part, ord(delimiter), seen) for part in _parts(file)) and not seen.inside


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes, cut behind ends of lines: no letter, no pair of quotes and no ``\\r\\n`` falls apart."""
    rest = b""
    while part := file.read(_PART):
        cut = part.rfind(b"\n") + 1
        if cut:
            yield rest + part[:cut]
            rest = part[cut:]
        else:
            rest += part
        if len(rest) > _LONGEST:
            yield rest  # which is a row too long
    if rest:
        yield rest


def _plain(part: bytes, delimiter: int, seen: _Seen) -> bool:
    if b"\0" in part or part.count(b"\r") != part.count(b"\r\n"):
        return False
    try:
        if not part.isascii():
            part.decode()
    except UnicodeDecodeError:
        return False
    octets = np.frombuffer(part, np.uint8)
    ends = np.flatnonzero(octets == ord("\n")) + 1
    if seen.inside or b'"' in part:
        quotes = np.flatnonzero(octets == ord('"'))
        if not _are_even(octets, quotes, delimiter, seen):
            return False
        ends = ends[(np.searchsorted(quotes, ends) + seen.inside) % 2 == 0]
        seen.inside = (seen.inside + len(quotes)) % 2
    rows = np.diff(ends, prepend=-seen.row, append=len(octets))
    seen.row = int(rows[-1])
    return bool(rows.max() <= _LONGEST)


def _are_even(octets: npt.NDArray[np.uint8], quotes: npt.NDArray[np.intp], delimiter: int, seen: _Seen) -> bool:
    """Whether each opening quote begins a cell, each closing one ends it, and others stand in pairs."""
    opening = (np.arange(len(quotes)) + seen.inside) % 2 == 0
    around = np.concatenate(([10], octets, [10]))
    before = around[quotes[opening]]
    after = around[quotes[~opening] + 2]
    starts = (before == delimiter) | (before == 10) | (before == 34)
    stops = (after == delimiter) | (after == 10) | (after == 13) | (after == 34)
    return bool(starts.all() and stops.all())


def _header(file: IO[bytes], layout: Layout) -> tuple[str, ...]:
    with TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
        return tuple(cell.strip() for cell in next(reader, ()))


def _columns(path: Path, layout: Layout, places: Sequence[int]) -> list[Coded] | None:
    coded = pa.dictionary(pa.int32(), pa.string())
    names = [f"f{place}" for place in places]
    try:
        # As an open file: by a path, Arrow would go by its name and unpack what is called .gz.
        with pa.OSFile(str(path)) as file:
            table = arrow.read_csv(
                file,
                arrow.ReadOptions(block_size=_BLOCK, autogenerate_column_names=True, skip_rows_after_names=1),
                arrow.ParseOptions(delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False),
                arrow.ConvertOptions(
                    column_types=dict.fromkeys(names, coded), include_columns=names, strings_can_be_null=False
                ),
            )
    except (pa.ArrowException, OSError):
        return None  # a row with too many or too few cells: the other reader says which
    columns = []
    for place in reversed(range(len(names))):
        columns.append(join(table.column(place).chunks))
        table = table.remove_column(place)
    return columns[::-1]


def _has_blank_row(columns: Sequence[Coded]) -> bool:
    """Whether a row has nothing in all of these columns; whether it has something in others, the other reader sees."""
    rows: npt.NDArray[np.intp] | None = None
    for column in sorted(columns, key=lambda each: len(each.texts)):
        blank = np.fromiter((not text.strip() for text in column.each_text()), np.bool_, len(column.texts))
        rows = np.flatnonzero(blank[column.codes]) if rows is None else rows[blank[column.codes[rows]]]
        if not len(rows):
            return False
    return True
