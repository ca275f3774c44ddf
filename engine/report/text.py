"""A table as aligned text. What does not fit is cut where it can be seen, and a line below says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from engine.model.table import Cell, Table
from engine.model.values import plain_number
from engine.report import escape
from engine.report.style import Style, Tone, paint
from engine.report.widths import CUT, cut, pad, pad_left, width, wrap
from engine.report.wording import moment, span

_GAP = "  "
_NARROWEST = 12
"""A column of text is not cut below this many columns; rather each row becomes a block of its own."""

_EMPTY = "-"


def table_text(table: Table, *, width: int, style: Style, zone: tzinfo) -> str:
    """The table with its title above and its notes below."""
    rows = [[_cell(cell, zone) for cell in row] for row in table.rows]
    heads = [escape.shown(column) for column in table.columns]
    kinds = [Column(is_text=_is_text(table, i), is_number=_is_number(table, i)) for i in range(len(heads))]
    body = aligned(heads, rows, kinds=kinds, width=width, style=style) if rows else ["nothing to show"]
    title = [paint(escape.shown(table.title), Tone.STRONG, style), ""] if table.title else []
    return "\n".join([*title, *body, *_notes(table, body, width)]) + "\n"


@dataclass(frozen=True, slots=True)
class Column:
    """``is_text``: may be cut where there is no room. ``is_number``: stands to the right."""

    is_text: bool
    is_number: bool


def aligned(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, kinds: Sequence[Column], width: int, style: Style
) -> list[str]:
    """Lines of the rows in columns below their heads; where that leaves too little of the text, a block a row."""
    fitted = _fitted(kinds, heads, rows, width)
    return _blocks(heads, rows, width) if fitted is None else _lines(kinds, heads, rows, fitted, style)


def cut_note(body: Sequence[str], columns: int, whole: str) -> str:
    """What is said where something was cut; empty where nothing was."""
    return f"what ends in {CUT} is cut to fit {columns} columns; {whole}" if any(CUT in line for line in body) else ""


def _notes(table: Table, body: list[str], columns: int) -> list[str]:
    notes = [*table.notes, cut_note(body, columns, "--format csv gives it whole")]
    return [line for note in notes if note for line in ("", *wrap(escape.shown(note), columns))]


def _fitted(
    kinds: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], columns: int
) -> list[int] | None:
    """The width of each column such that a row fits, or ``None`` where that leaves too little of the text."""
    natural = [max([width(head), *(width(row[i]) for row in rows)]) for i, head in enumerate(heads)]
    room = columns - len(_GAP) * (len(heads) - 1)
    elastic = [i for i in range(len(heads)) if kinds[i].is_text and natural[i] > _NARROWEST]
    widths = list(natural)
    while sum(widths) > room and elastic:
        widest = max(elastic, key=lambda i: widths[i])
        if widths[widest] <= _NARROWEST:
            return None
        widths[widest] -= 1
    return widths if sum(widths) <= room else None


def _is_text(table: Table, column: int) -> bool:
    return any(isinstance(row[column], str) for row in table.rows)


def _is_number(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows if row[column] is not None]
    return bool(cells) and all(
        isinstance(cell, (int, Decimal, timedelta)) and not isinstance(cell, bool) for cell in cells
    )


def _lines(
    kinds: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], widths: list[int], style: Style
) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        fit = (cut(cell, widths[i]) for i, cell in enumerate(cells))
        return _GAP.join(
            (pad_left if kinds[i].is_number else pad)(cell, widths[i]) for i, cell in enumerate(fit)
        ).rstrip()

    return [paint(line(heads), Tone.QUIET, style), *(line(row) for row in rows)]


def _blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    label = max(width(head) for head in heads)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for head, cell in zip(heads, row, strict=True):
            first, *others = wrap(cell, max(columns - label - len(_GAP), _NARROWEST))
            lines.append(f"{pad(head, label)}{_GAP}{first}")
            lines += [" " * (label + len(_GAP)) + other for other in others]
    return lines


def _cell(cell: Cell, zone: tzinfo) -> str:
    if cell is None or cell == "":
        return _EMPTY
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return plain_number(cell)
    if isinstance(cell, timedelta):
        return span(cell)
    if isinstance(cell, datetime):
        return moment(cell, zone)
    return cell.isoformat() if isinstance(cell, date) else escape.shown(str(cell))
