"""Rows as lines of CSV or JSON that lose nothing: whoever reads them has the same values, and no program obeys them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from engine.model.table import Cell
from engine.model.values import duration_text, plain_number
from engine.report import json_text
from engine.report.escape import csv_cell, json_string, shown

Lines = Callable[[Sequence[str], Iterable[Sequence[Cell]]], Iterator[str]]
_QUOTED = frozenset(',"')


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows below the names of their columns.

    Nothing is an empty cell, an empty text is ``""``. In a text a backslash is written twice and what cannot be seen
    as ``\\n``, ``\\x1b`` or ``\\u202e``; one that begins as a formula does, or with ``'``, gets a ``'`` before it.
    """
    yield ",".join(map(_csv_text, columns)) + "\n"
    for row in rows:
        yield ",".join(map(_csv_cell, row)) + "\n"


def json_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """An object a row, without spaces. Numbers are exact; days, moments (UTC) and durations are text."""
    names = [f'"{json_string(name)}":' for name in columns]
    for row in rows:
        yield "{" + ",".join(name + _json_cell(cell) for name, cell in zip(names, row, strict=True)) + "}\n"


LINES: Mapping[str, Lines] = {"csv": csv_lines, "jsonl": json_lines}


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return _csv_text(cell) if isinstance(cell, str) else _plain(cell)


def _csv_text(text: str) -> str:
    safe = shown(text.replace("\\", "\\\\"))
    if text.startswith("'") or csv_cell(text).startswith("'"):
        safe = "'" + safe
    if not safe or safe != safe.strip() or not _QUOTED.isdisjoint(safe):
        return '"' + safe.replace('"', '""') + '"'
    return safe


def _json_cell(cell: Cell) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, (bool, int, Decimal)):
        return _plain(cell)
    return f'"{json_string(cell if isinstance(cell, str) else _plain(cell))}"'


def _plain(cell: int | Decimal | date | timedelta) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, Decimal):
        return plain_number(cell)
    if isinstance(cell, timedelta):
        return _duration(cell)
    return json_text.plain(cell)


def _duration(span: timedelta) -> str:
    """As conditions write it, or in seconds where no whole minutes are left."""
    if span % timedelta(minutes=1):
        return plain_number(Decimal(span // timedelta(microseconds=1)).scaleb(-6)) + "s"
    return duration_text(span)
