"""A table as text, CSV, JSON, Markdown or HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.model.table import Cell, Table
from engine.model.values import plain_number
from engine.report import escape, json_text
from engine.report.style import Style
from engine.report.text import table_text
from engine.report.widths import TERMINAL


def render(
    table: Table,
    format_name: str,
    *,
    width: int = TERMINAL,
    style: Style = Style.PLAIN,
    zone: tzinfo = UTC,
) -> str:
    """The table in a format of ``FORMATS``; ``width`` in columns, ``zone`` and ``style`` count for text alone."""
    if format_name == "text":
        return table_text(table, width=width, style=style, zone=zone)
    if format_name not in _WRITERS:
        raise UnknownName(f"unknown format '{format_name}'", hint=did_you_mean(format_name, FORMATS))
    return _WRITERS[format_name](table)


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([escape.csv_cell(column) for column in table.columns])
    writer.writerows([escape.csv_cell(_exact(cell)) for cell in row] for row in table.rows)
    return out.getvalue()


def _json(table: Table) -> str:
    rows = tuple(dict(zip(table.columns, row, strict=True)) for row in table.rows)
    parts: dict[str, json_text.Data] = {"title": table.title, "columns": table.columns}
    return json_text.document(table.kind, {**parts, "rows": rows, "notes": table.notes})


def _markdown(table: Table) -> str:
    lines = [f"## {escape.markdown(table.title)}", ""] if table.title else []
    lines.append(_markdown_row(tuple(table.columns)))
    lines.append("| " + " | ".join("---:" if _is_number(table, i) else "---" for i in range(len(table.columns))) + " |")
    lines += [_markdown_row(row) for row in table.rows]
    lines += [part for note in table.notes for part in ("", escape.markdown(note))]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: tuple[Cell, ...]) -> str:
    return "| " + " | ".join(escape.markdown(_exact(cell)) for cell in cells) + " |"


def _is_number(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows if row[column] is not None]
    return bool(cells) and all(isinstance(cell, (int, Decimal)) and not isinstance(cell, bool) for cell in cells)


def _html(table: Table) -> str:
    head = "".join(f"<th>{escape.html(column)}</th>" for column in table.columns)
    body = ["<tr>" + "".join(f"<td>{escape.html(_exact(cell))}</td>" for cell in row) + "</tr>" for row in table.rows]
    title = f"<caption>{escape.html(table.title)}</caption>\n" if table.title else ""
    notes = [f"<p>{escape.html(note)}</p>" for note in table.notes]
    return "\n".join([f"<table>\n{title}<tr>{head}</tr>", *body, "</table>", *notes]) + "\n"


def _exact(cell: Cell) -> str:
    """A cell with nothing rounded or cut."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return plain_number(cell)
    if isinstance(cell, (datetime, date, timedelta)):
        return json_text.plain(cell)
    return str(cell)


_WRITERS: Mapping[str, Callable[[Table], str]] = {"csv": _csv, "json": _json, "markdown": _markdown, "html": _html}

FORMATS = ("text", *_WRITERS)
