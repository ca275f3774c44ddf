"""Opens a file of history, whatever format it is in. Its first bytes say which that is, never its name."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import replace
from pathlib import Path

from engine.history.csv import read_sheet
from engine.history.flow_json import is_json, read_json
from engine.history.quick_csv import read_quickly
from engine.history.sheet import Layout, Sheet
from engine.history.unpack import open_bytes
from engine.model.errors import UnreadableFile

SAMPLE_ROWS = 5_000

_START = 65_536
_DELIMITERS = ",;\t|"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED = {
    _OLE: ("is a workbook of the old kind (.xls)", "open it in Excel and save it as .xlsx"),
    b"%PDF": ("is a PDF", "export the deals as CSV or .xlsx"),
    b"PAR1": ("is a Parquet file", "export the deals as CSV or .xlsx"),
    b"{\\rtf": ("is a text document", "export the deals as CSV or .xlsx"),
    b"\x89PNG": ("is a picture", "export the deals as CSV or .xlsx"),
    b"\xff\xd8\xff": ("is a picture", "export the deals as CSV or .xlsx"),
    b"7z\xbc\xaf": ("is a packed file (.7z)", "unpack it, and name what was in it"),
    b"Rar!": ("is a packed file (.rar)", "unpack it, and name what was in it"),
}
_NOT_TEXT = bytes({*range(1, 9), *range(14, 27), *range(28, 32)})
_PACKED_WORKBOOK = "EncryptedPackage".encode("utf-16-le")


def open_sheet(path: Path, layout: Layout) -> Sheet:
    """The wanted columns of the file. Raises ``UnreadableFile`` for one that cannot be read, or lacks one of them."""
    with open_bytes(path) as file:
        start = file.read(_START)
    _check_kind(start, path)
    if start.startswith(b"PK"):
        from engine.history.xlsx import read_workbook

        return read_workbook(path, layout)
    if start.startswith(b"SQLite format 3\0"):
        from engine.history.ocel import read_ocel

        return read_ocel(path, layout)
    _check_text(start, path)
    if _is_xml(start):
        from engine.history.xes import read_xes

        return read_xes(path, layout)
    if is_json(start):
        return read_json(path, layout)
    return read_quickly(path, layout) or read_sheet(path, layout)


def sample(path: Path, layout: Layout | None = None, *, rows: int = SAMPLE_ROWS) -> Sheet:
    """The first rows of the file, with all its columns; without a layout, by the one that ``guessed`` finds."""
    return open_sheet(path, replace(layout or guessed(path), wanted=(), deal="", rows=rows))


def columns_in(path: Path, layout: Layout | None = None) -> tuple[str, ...]:
    """The columns that there are in the first rows of the file."""
    return tuple(sample(path, layout).columns)


def guessed(path: Path) -> Layout:
    """How a file of CSV seems to be written: its encoding and what parts its columns. Other formats have neither."""
    with open_bytes(path) as file:
        start = file.read(_START)
    if start.startswith((b"PK", b"SQLite format 3\0")) or _is_xml(start) or is_json(start):
        return Layout()
    encoding = _encoding(start)
    lines = start.decode(encoding, "replace").splitlines()[:50]
    counts = {mark: Counter(line.count(mark) for line in lines if line.strip()) for mark in _DELIMITERS}
    return Layout(encoding, max(_DELIMITERS, key=lambda mark: _evenness(counts[mark], lines, mark)))


def _evenness(counts: Counter[int], lines: list[str], mark: str) -> tuple[int, int]:
    # How many lines have as many of the mark as the first one, and then how many that are.
    first = lines[0].count(mark) if lines else 0
    return (counts[first] if first else 0, first)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _check_kind(start: bytes, path: Path) -> None:
    if start.startswith(_OLE) and _has_password(path):
        raise UnreadableFile(f"'{path}' is a workbook with a password", hint="save it without one")
    for mark, (what, mend) in _REFUSED.items():
        if start.startswith(mark):
            raise UnreadableFile(f"'{path}' {what}", hint=mend)


def _check_text(start: bytes, path: Path) -> None:
    head = start.removeprefix(codecs.BOM_UTF8).lstrip()[:2_000].lower()
    if head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<") and b"<html" in head):
        raise UnreadableFile(
            f"'{path}' is an HTML page, not an export", hint="export the deals from the CRM as CSV or .xlsx"
        )
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _is_binary(start[:4_000]):
        raise UnreadableFile(
            f"'{path}' is a binary file, not an export", hint="export the deals from the CRM as CSV or .xlsx"
        )


def _is_binary(start: bytes) -> bool:
    # Text has hardly any of the signs below the blank; NUL alone is left to the reader: it may be UTF-16.
    return len(start.translate(None, _NOT_TEXT)) < 0.98 * len(start)


def _has_password(path: Path) -> bool:
    # Excel wraps a workbook with a password in the container of the old kind; where in it the name stands is open.
    with open_bytes(path) as file:
        return _PACKED_WORKBOOK in file.read(2**24)


def _is_xml(start: bytes) -> bool:
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return start[2:].decode(codec, "ignore").lstrip().startswith("<")
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")
