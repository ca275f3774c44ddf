"""The rows of an archive as lines of JSON or CSV, and back; whatever a hostile file holds, it is rows or an error."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from engine.journal.archive import COLUMNS, Kind, checked, columns_of
from engine.journal.session import Row
from engine.journal.sqlite import LONGEST
from engine.model.errors import UnreadableFile

_LINE = 4 * LONGEST
_WHOLE = re.compile(r"\d{1,19}\Z", re.ASCII)
_YES_NO = {"true": True, "false": False}
# What a spreadsheet would take for a formula, and the sign that is put before it.
_GUARDED = tuple("'=+-@\t\r\n＝＋－＠")


def json_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Each row as an object, with what it has; bytes in hexadecimal. In ASCII: no terminal obeys it."""
    for row in rows:
        found = {name: _plain(value) for name, value in zip(COLUMNS, row, strict=True) if value is not None}
        yield json.dumps(found, separators=(",", ":")).encode() + b"\n"


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """Each row, below the names of the columns. A text that begins as a formula does, or with ``'``, gets a ``'``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if out.tell() > 65_536:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_GUARDED):
        return "'" + value
    return _plain(value)


def read_json_lines(path: Path) -> Iterator[Row]:
    """The rows of such a file. Raises ``UnreadableFile``, naming the line."""
    with _reading(path) as lines:
        for number, line in lines:
            yield _told(path, number, partial(_json_row, line))


def _json_row(line: str) -> Row:
    try:
        data = json.loads(line)
    except RecursionError:
        raise ValueError("it is no JSON that an archive holds") from None
    except ValueError:
        raise ValueError("it is no JSON, or was cut") from None
    if type(data) is not dict:
        raise ValueError("it is no object")
    for name, value in data.items():
        if COLUMNS.get(name) is Kind.BYTES and isinstance(value, str):
            data[name] = _bytes(name, value)
    return checked(data)


def read_csv(path: Path) -> Iterator[Row]:
    """The rows of such a file. Raises ``UnreadableFile``, naming the line."""
    limit = csv.field_size_limit(_LINE)
    try:
        with _reading(path) as lines:
            reader = csv.reader((line for _, line in lines), strict=True)
            names = _told(path, 1, lambda: _next(reader))
            if names != list(COLUMNS):
                raise UnreadableFile(f"'{path}' line 1: the columns are not those of an archive")
            while (cells := _told(path, reader.line_num + 1, lambda: _next(reader))) is not None:
                yield _told(path, reader.line_num, partial(_csv_row, cells))
    finally:
        csv.field_size_limit(limit)


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise ValueError("a quote is never closed, or it was cut") from None


def _csv_row(cells: list[str]) -> Row:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"it has {len(cells)} cells, and must have {len(COLUMNS)}")
    needed = columns_of(cells[0])
    values = {}
    for (name, kind), cell in zip(COLUMNS.items(), cells, strict=True):
        # An empty cell is an empty text where the row must have one, else nothing.
        if cell or (kind is Kind.TEXT and name in needed):
            values[name] = _value(name, kind, cell)
    return checked(values)


def _value(name: str, kind: Kind, cell: str) -> Any:
    if kind is Kind.NUMBER:
        if not _WHOLE.match(cell):
            raise ValueError(f"'{name}' is no number")
        return int(cell)
    if kind is Kind.YES_NO:
        return _YES_NO.get(cell, cell)
    if kind is Kind.BYTES:
        return _bytes(name, cell)
    return cell.removeprefix("'")


def _bytes(name: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"'{name}' is not hexadecimal") from None


def _told(path: Path, number: int, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ValueError as error:
        raise UnreadableFile(
            f"'{path}' line {number}: {error}", hint="go back to the archive as 'stagewright journal copy' wrote it"
        ) from None


@contextmanager
def _reading(path: Path) -> Iterator[Iterator[tuple[int, str]]]:
    try:
        with path.open("rb") as file:
            yield _lines(path, file)
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}") from None


def _lines(path: Path, file: Any) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(_LINE):
        number += 1
        if len(line) == _LINE:
            raise UnreadableFile(f"'{path}' line {number} is too long for an archive")
        try:
            yield number, line.decode()
        except UnicodeDecodeError:
            raise UnreadableFile(f"'{path}' line {number} is not UTF-8") from None
