"""The text of a table as a spreadsheet may have saved it, and its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

Row = tuple[int, Mapping[str, str]]
"""The number of a row, the first of the sheet being 1, and its cells by column."""
_SIZE_LIMIT = 512 * 2**20
_NOT_THERE = "see that its name and its folder are right"


def text_of(path: Path, *, hint: str) -> str:
    """The text of a file, in whichever of the usual encodings it is. Raises ``UnreadableFile``; ``hint``: no text."""
    return _text(_bytes(path), path, hint)


def csv_rows(text: str, path: Path) -> tuple[Row, ...]:
    """The rows, whatever stands between their cells. Raises ``UnreadableFile``."""
    csv.field_size_limit(2**20)
    try:
        return tuple(_numbered(text))
    except csv.Error as error:
        raise UnreadableFile(f"'{path}' is no CSV file: {error}", hint="save it again as 'CSV UTF-8'") from None


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        beside = [each.name for each in path.parent.glob("*.csv")] if path.parent.is_dir() else []
        raise UnreadableFile(f"there is no file '{path}'", hint=did_you_mean(path.name, beside) or _NOT_THERE)
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise UnreadableFile(f"'{path}' cannot be read: {error.strerror or error}") from None
    if len(data) > _SIZE_LIMIT:
        raise UnreadableFile(f"'{path}' is larger than {_SIZE_LIMIT // 2**20} MB: it is not read")
    return data


def _text(data: bytes, path: Path, hint: str) -> str:
    """The text, in UTF-8, in UTF-16 with its mark, or else as Windows writes it where Europe's letters are used."""
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"'{path}' is no text", hint=hint)
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"the text of '{path}' cannot be read", hint="save it as 'CSV UTF-8'")


def _numbered(text: str) -> Iterator[Row]:
    # Excel may say in a line of its own what stands between cells.
    first = text.partition("\n")[0].strip().lower()
    said = first[4:5] if first.startswith("sep=") else ""
    start = text.find("\n") + 1 if said else 0
    head = text[start:].lstrip("\r\n").partition("\n")[0]
    delimiter = said or max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter)
    header: list[str] | None = None
    number = 2 if said else 1
    for cells in reader:
        if header is None and any(cell.strip() for cell in cells):
            header = [cell.strip() for cell in cells]
            yield number, dict.fromkeys(header, "")
        elif header is not None:
            yield number, dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        number += 1
