"""A table of what happened as XES, the event log of process mining (IEEE 1849): a trace a deal, an event a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from engine.model.table import Cell, Table
from engine.model.values import plain_number
from engine.report import json_text
from engine.report.escape import html

NAMES = {
    "deal": "case:concept:name",
    "stage": "concept:name",
    "entered_at": "time:timestamp",
    "actor": "org:resource",
    "owner": "case:owner",
}
"""What columns are called in XES; ``case:`` is said of the trace. All others keep their name."""

_CASE = "case:"
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"))


def xes_lines(table: Table, *, names: Mapping[str, str] = NAMES) -> Iterator[str]:
    """The lines of the file. Rows of one deal stand together; its name is in the first column."""
    keys = [names.get(column, column) for column in table.columns]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="">\n'
    for name, prefix in _EXTENSIONS:
        where = f"http://www.xes-standard.org/{prefix}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{where}"/>\n'
    for _, rows in groupby(table.rows, key=lambda row: row[0]):
        yield from _trace(keys, list(rows))
    yield "</log>\n"


def _trace(keys: list[str], rows: list[tuple[Cell, ...]]) -> Iterator[str]:
    yield "<trace>\n"
    for key, cell in zip(keys, rows[0], strict=True):
        if key.startswith(_CASE):
            yield from _attribute(key.removeprefix(_CASE), cell)
    for row in rows:
        yield "<event>\n"
        for key, cell in zip(keys, row, strict=True):
            if not key.startswith(_CASE):
                yield from _attribute(key, cell)
        yield "</event>\n"
    yield "</trace>\n"


def _attribute(key: str, cell: Cell) -> Iterator[str]:
    """One attribute; nothing where nothing is known."""
    if cell is None or cell == "":
        return
    kind, text = "string", str(cell)
    if isinstance(cell, bool):
        kind, text = "boolean", "true" if cell else "false"
    elif isinstance(cell, int):
        kind = "int"
    elif isinstance(cell, Decimal):
        kind, text = "float", plain_number(cell)
    elif isinstance(cell, (datetime, date)):
        kind, text = "date", json_text.plain(cell)
    yield f'<{kind} key="{html(key)}" value="{html(text)}"/>\n'
