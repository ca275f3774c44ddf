"""A CSV file to columns of text, each row numbered as a spreadsheet numbers it; nothing is judged here."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.history.columns import chunk_of, join, letter
from engine.history.sheet import Layout, Misfit, Sheet, check_width, lacking
from engine.history.unpack import open_bytes
from engine.model.errors import UnreadableFile

LINE_LIMIT = 1_000_000
"""The longest line, in characters: a longer one is no table, and would fill the memory."""

_CELLS = 500_000
"""So many cells are read at a time."""

_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(slots=True)
class _Sieve:
    """What has been read so far; it grows by one chunk at a time."""

    width: int
    deal: int
    total: int = 0
    blank: int = 0
    misfits: list[Misfit] = field(default_factory=list)
    numbers: list[npt.NDArray[np.int32]] = field(default_factory=list)


def read_sheet(path: Path, layout: Layout) -> Sheet:
    """The wanted columns of a CSV file. Raises ``UnreadableFile`` for what is no table, or lacks a wanted column."""
    try:
        with _opened(path, layout) as file:
            return _sheet(file, path, layout)
    except UnicodeDecodeError:
        raise _undecodable(path, layout.encoding) from None
    except csv.Error as error:
        raise _misquoted(path, layout, error) from None
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}") from None


def _opened(path: Path, layout: Layout) -> IO[str]:
    codec = codec_of(layout.encoding)
    return TextIOWrapper(open_bytes(path), encoding=codec, newline="")


def codec_of(encoding: str) -> str:
    """Python's name of an encoding. Raises ``UnreadableFile`` where there is none."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(
            f"'{encoding}' is not an encoding", hint="write 'utf-8', 'cp1252' or 'utf-16' under 'file' in the map"
        ) from None
    # A spreadsheet writes a byte order mark before UTF-8; it is no part of the first column's name.
    return "utf-8-sig" if name == "utf-8" else name


def _sheet(file: IO[str], path: Path, layout: Layout) -> Sheet:
    reader = _reader(file, path, layout)
    header = tuple(cell.strip() for cell in next(reader, ()))
    places = places_in(header, path, layout)
    sieve = _Sieve(len(header), places.get(layout.deal, 0))
    chunks: dict[str, list[pa.DictionaryArray]] = {name: [] for name in places}
    several = max(1, _CELLS // len(header))
    while rows := list(islice(reader, several if layout.rows is None else min(several, layout.rows - sieve.total))):
        kept = _sift(rows, sieve)
        if not kept:
            continue
        cells = list(zip(*kept, strict=True))
        for name, index in places.items():
            chunks[name].append(chunk_of(cells[index]))
    return Sheet(
        columns={name: join(chunks.pop(name)) for name in places},
        letters={name: letter(index) for name, index in places.items()},
        numbers=np.concatenate(sieve.numbers) if sieve.numbers else np.zeros(0, np.int32),
        unread=tuple(name for name in header if name and name not in places),
        total=sieve.total,
        blank=sieve.blank,
        misfits=tuple(sieve.misfits),
    )


def _reader(file: IO[str], path: Path, layout: Layout) -> Iterator[list[str]]:
    if len(layout.delimiter) != 1 or layout.delimiter in '"\r\n':
        raise UnreadableFile(f"'{layout.delimiter}' cannot stand between cells", hint="write ',' or ';' or '|'")
    return csv.reader(_lines(file, path), delimiter=layout.delimiter, strict=True)


def _lines(file: IO[str], path: Path) -> Iterator[str]:
    number = 0
    while line := file.readline(LINE_LIMIT):
        number += 1
        if "\0" in line:
            raise UnreadableFile(
                f"'{path}' is not text: a NUL in line {number}",
                hint="save it as 'CSV UTF-8', or name its encoding, such as utf-16, under 'file' in the map",
            )
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            raise UnreadableFile(f"'{path}' is no table: line {number} is longer than {LINE_LIMIT:,} characters")
        yield line


def places_in(header: Sequence[str], path: Path, layout: Layout) -> dict[str, int]:
    """Where each wanted column stands. Raises ``UnreadableFile`` where one is missing or there twice."""
    if not any(header):
        raise UnreadableFile(f"'{path}' is empty", hint="its first row must name the columns")
    check_width(len(header), path)
    if not layout.wanted:
        # Of two columns with one name the first is shown; whoever wants it in a map is told to rename one.
        return {name: header.index(name) for name in dict.fromkeys(header) if name}
    missing = [name for name in layout.wanted if name not in header]
    if missing:
        raise _parted_otherwise(missing, header, path, layout) or lacking(missing, header, path)
    for name in layout.wanted:
        if header.count(name) > 1:
            where = " and ".join(letter(index) for index, cell in enumerate(header) if cell == name)
            raise UnreadableFile(
                f"'{path}' has the column '{name}' more than once ({where})", hint="rename one of them"
            )
    return {name: header.index(name) for name in layout.wanted}


def _parted_otherwise(
    missing: Sequence[str], header: Sequence[str], path: Path, layout: Layout
) -> UnreadableFile | None:
    for other, called in _DELIMITERS.items():
        cells = [cell.strip().strip('"') for cell in layout.delimiter.join(header).split(other)]
        if other != layout.delimiter and set(missing) <= set(cells):
            return UnreadableFile(
                f"the columns of '{path}' are parted by {called}, not by '{layout.delimiter}'",
                hint=f"write 'file: {{delimiter: \"{other}\"}}' in the map".replace("\t", "\\t"),
            )
    return None


def _sift(rows: list[list[str]], sieve: _Sieve) -> list[list[str]]:
    """The rows that have all their cells; the others are counted in the sieve."""
    first = sieve.total + 2
    sieve.total += len(rows)
    numbers = np.arange(first, first + len(rows), dtype=np.int32)
    width, deal = sieve.width, sieve.deal
    if all(len(row) == width and row[deal] for row in rows):
        sieve.numbers.append(numbers)
        return rows
    fits = [_fits(row, first + index, sieve) for index, row in enumerate(rows)]
    sieve.numbers.append(numbers[np.array(fits, np.bool_)])
    return [row[:width] for row, fit in zip(rows, fits, strict=True) if fit]


def _fits(row: list[str], number: int, sieve: _Sieve) -> bool:
    if not any(cell.strip() for cell in row):
        sieve.blank += 1
        return False
    short = len(row) < sieve.width
    if not short and not any(cell.strip() for cell in row[sieve.width :]):
        return True
    deal = row[sieve.deal].strip() if len(row) > sieve.deal else ""
    sieve.misfits.append(Misfit(number, f"has {len(row)} cells where the first row has {sieve.width}", deal))
    return False


def _undecodable(path: Path, encoding: str) -> UnreadableFile:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    byte = ""
    with open_bytes(path) as file:
        try:
            while part := file.read(65_536):
                line += decoder.decode(part).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            byte = f" (byte 0x{error.object[error.start]:02X})"
    return UnreadableFile(
        f"'{path}' is not {encoding}: line {line}{byte}",
        hint="save it as 'CSV UTF-8', or name its encoding, such as cp1252, under 'file' in the map",
    )


def _misquoted(path: Path, layout: Layout, error: csv.Error) -> UnreadableFile:
    # Read once more, row by row: the first reading took thousands at a time and cannot say which one it was.
    row = 1
    with _opened(path, layout) as file:
        reader = _reader(file, path, layout)
        try:
            for _ in reader:
                row += 1
        except csv.Error:
            pass
    if "expected after" in str(error):
        message, hint = "text follows a closing quote", "a quote inside a quoted cell is written twice"
    else:
        message, hint = "a quote is never closed, or a cell is longer than 131,072 characters", "look for a stray quote"
    return UnreadableFile(f"'{path}' cannot be read from row {row} on: {message}", hint=hint)
