"""A table as aligned text. What does not fit is cut where it can be seen, and a line below says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from itertools import zip_longest

from engine.model.table import Cell, Table
from engine.model.values import plain_number
from engine.report import escape
from engine.report.style import Style, Tone, paint
from engine.report.widths import CUT, cut, pad, pad_left, pieces, width, wrap
from engine.report.widths import width as width_of
from engine.report.wording import moment, span

_GAP = "  "
NARROWEST = 12
"""A column of text is not cut below this many columns; rather each row becomes a block of its own."""

_EMPTY = "-"


def table_text(table: Table, *, width: int, style: Style, zone: tzinfo) -> str:
    """The table with its title above and its notes below."""
    rows = [[_cell(cell, zone) for cell in row] for row in table.rows]
    heads = [escape.shown(column) for column in table.columns]
    kinds = [Column(is_text=_is_text(table, i), is_number=_is_number(table, i)) for i in range(len(heads))]
    body = aligned(heads, rows, kinds=kinds, width=width, look=Look(style)) if rows else ["nothing to show"]
    title = [paint(escape.shown(table.title), Tone.STRONG, style), ""] if table.title else []
    return "\n".join([*title, *body, *_notes(table, body, width)]) + "\n"


@dataclass(frozen=True, slots=True)
class Column:
    """``is_text``: may be cut where there is no room. ``is_number``: stands to the right."""

    is_text: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Look:
    """``fold``: a cell may take so many lines before it is cut."""

    style: Style
    fold: int = 1


def aligned(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, kinds: Sequence[Column], width: int, look: Look
) -> list[str]:
    """Lines of the rows in columns below their heads; where that leaves too little of the text, a block a row.

    A line end in a head or in a cell starts its next line.
    """
    fitted = _fitted(kinds, heads, rows, width)
    if fitted is None:
        return _blocks([_one_line(head) for head in heads], [[_one_line(cell) for cell in row] for row in rows], width)
    return list(_lines(kinds, heads, rows, fitted, look))


def tall(heads: Sequence[str], rows: Sequence[Sequence[str]], *, narrow: int) -> list[str]:
    """The heads on several lines, no wider than ``narrow`` or what stands below them or a word of theirs needs."""
    cells = [max(narrow, *(_widest(row[i]) for row in rows)) for i in range(len(heads))]
    return [
        "\n".join(wrap(head, max(cells[i], *(width_of(word) for word in head.split(" ")))))
        for i, head in enumerate(heads)
    ]


def cut_note(body: Sequence[str], columns: int, whole: str) -> str:
    """What is said where something was cut; empty where nothing was."""
    return f"what ends in {CUT} is cut to fit {columns} columns; {whole}" if any(CUT in line for line in body) else ""


def fits(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> bool:
    """Whether the table has room with nothing cut or folded."""
    natural = [max(_widest(head), *(_widest(row[i]) for row in rows)) for i, head in enumerate(heads)]
    return sum(natural) + len(_GAP) * (len(heads) - 1) <= width


def _widest(cell: str) -> int:
    return max(width_of(line) for line in cell.split("\n"))


def _longest_word(cell: str) -> int:
    return max((width_of(word) for word in cell.split()), default=0)


def _longest_piece(cell: str) -> int:
    return max((width_of(piece) for word in cell.split() for piece in pieces(word)), default=0)


def _one_line(cell: str) -> str:
    return cell.replace("\n", " ")


def _notes(table: Table, body: list[str], columns: int) -> list[str]:
    notes = [*table.notes, cut_note(body, columns, "--format csv gives it whole")]
    return [line for note in notes if note for line in ("", *wrap(escape.shown(note), columns))]


def _fitted(
    kinds: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], columns: int
) -> list[int] | None:
    """The width of each column such that a row fits, or ``None`` where that leaves too little of the text."""
    natural = [max(_widest(head), *(_widest(row[i]) for row in rows)) for i, head in enumerate(heads)]
    room = columns - len(_GAP) * (len(heads) - 1)
    elastic = [i for i in range(len(heads)) if kinds[i].is_text and natural[i] > NARROWEST]
    widths = list(natural)
    # Words are broken only where whole ones leave no room, and ids at their strokes as long as that helps.
    whole, parted = (
        [max(NARROWEST, *(longest(row[i]) for row in rows)) for i in range(len(heads))]
        for longest in (_longest_word, _longest_piece)
    )
    for floors in (whole, parted, [NARROWEST] * len(heads)):
        while sum(widths) > room and (able := [i for i in elastic if widths[i] > floors[i]]):
            widths[max(able, key=lambda i: widths[i])] -= 1
    return widths if sum(widths) <= room else None


def _is_text(table: Table, column: int) -> bool:
    return any(isinstance(row[column], str) for row in table.rows)


def _is_number(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows if row[column] is not None]
    return bool(cells) and all(
        isinstance(cell, (int, Decimal, timedelta)) and not isinstance(cell, bool) for cell in cells
    )


def _lines(
    kinds: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], widths: list[int], look: Look
) -> Iterator[str]:
    def line(cells: Sequence[str]) -> str:
        fit = (
            (pad_left if kind.is_number else pad)(cell, widths[i])
            for i, (cell, kind) in enumerate(zip(cells, kinds, strict=True))
        )
        return _GAP.join(fit).rstrip()

    yield from (paint(line(each), Tone.QUIET, look.style) for each in _head_lines(heads))
    for row in rows:
        folded = [_folded(cell, widths[i], look.fold) for i, cell in enumerate(row)]
        yield from (line(cells) for cells in zip_longest(*folded, fillvalue=""))


def _folded(cell: str, columns: int, most: int) -> list[str]:
    """The cell on at most so many lines; what is too much for them is cut."""
    lines = [line for part in cell.split("\n") for line in wrap(part, columns)] if most > 1 else [cell]
    return [cut(line, columns) for line in [*lines[: most - 1], " ".join(lines[most - 1 :])] if line] or [""]


def _head_lines(heads: Sequence[str]) -> list[list[str]]:
    """The heads line by line, all of them down to where the rows begin."""
    split = [head.split("\n") for head in heads]
    high = max(len(lines) for lines in split)
    filled = [[""] * (high - len(lines)) + lines for lines in split]
    return [list(line) for line in zip(*filled, strict=True)]


def _blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    label = max(width(head) for head in heads)
    lines: list[str] = []
    for row in rows:
        lines += [""] if lines else []
        for head, cell in zip(heads, row, strict=True):
            first, *others = wrap(cell, max(columns - label - len(_GAP), NARROWEST))
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
