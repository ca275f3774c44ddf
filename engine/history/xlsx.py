"""A sheet of an .xlsx workbook: its cells as they are shown plainly, formulas by the value that was saved with them."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pyarrow as pa

from engine.history.columns import chunk_of, join, letter
from engine.history.csv import places_in
from engine.history.sheet import Flaw, Layout, Misfit, Sheet, plain_number
from engine.history.workbook import Seen, check_workbook, damaged
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

if TYPE_CHECKING:
    from openpyxl import Workbook

ROW_LIMIT = 1_048_576
"""As many rows as a sheet of Excel has."""

_CHUNK = 16_384
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""What reading XML that no program wrote may raise."""

_Cells = tuple[Any, ...]


@dataclass(slots=True)
class _Growing:
    """The sheet while its rows are read."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    first: int
    deal: int
    decimal: str
    texts: dict[str, list[str]]
    chunks: dict[str, list[pa.DictionaryArray]]
    numbers: list[int] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    last: int = 0


def read_workbook(path: Path, layout: Layout) -> Sheet:
    """The wanted columns of a sheet: the one that is named, or the first that is not hidden. Raises ``UnreadableFile``.

    The first row with anything in it names the columns.
    """
    try:
        import openpyxl
    except ImportError:
        raise UnreadableFile(
            f"'{path}' is an Excel workbook, and what reads these is not installed",
            hint="install it by: pip install 'stagewright[xlsx]', or save the sheet as 'CSV UTF-8' in Excel",
        ) from None
    seen = check_workbook(path)
    try:
        with warnings.catch_warnings():
            # It warns of what it leaves aside: styles, validations, pictures; nothing that is read here.
            warnings.simplefilter("ignore")
            # By an open file, since openpyxl goes by the name of what it opens.
            with path.open("rb") as file, path.open("rb") as again:
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
                formulas = openpyxl.load_workbook(again, read_only=True, keep_links=False) if seen.formulas else None
                return _sheet(book, formulas, path, layout, seen)
    except _BROKEN as error:
        raise damaged(path, error) from None


def _sheet(book: Workbook, formulas: Workbook | None, path: Path, layout: Layout, seen: Seen) -> Sheet:
    name = _chosen(book, path, layout.sheet)
    growing: _Growing | None = None
    for number, cells, as_written in _rows(book, formulas, name, path):
        if not any(_is_filled(cell) for cell in cells) and not _has_formula(as_written):
            continue
        if growing is None:
            growing = _begun(number, cells, path, layout)
        elif layout.rows is not None and len(growing.numbers) >= layout.rows:
            break
        else:
            _take(number, cells, as_written, growing)
    if growing is None:
        raise UnreadableFile(f"sheet '{name}' of '{path}' is empty", hint="its first row must name the columns")
    return _whole(growing, seen)


def _chosen(book: Workbook, path: Path, wanted: str) -> str:
    names = [sheet.title for sheet in book.worksheets]
    if wanted and wanted not in names:
        raise UnreadableFile(f"'{path}' has no sheet '{wanted}'", hint=did_you_mean(wanted, names, most=20))
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not names:
        raise UnreadableFile(f"'{path}' has no sheet with cells")
    return wanted or (shown or names)[0]


def _rows(
    book: Workbook, formulas: Workbook | None, name: str, path: Path
) -> Iterator[tuple[int, _Cells, _Cells | None]]:
    """The number of each row, its cells, and these with their formulas; ``None`` where the workbook has none."""
    sheets: list[Any] = [each[name] for each in (book, formulas) if each is not None]
    for sheet in sheets:
        # What the file says of its own size may be wrong, and would be filled up with empty cells.
        sheet.reset_dimensions()
    written = sheets[1].iter_rows() if len(sheets) > 1 else repeat(None)
    for number, (cells, as_written) in enumerate(zip(sheets[0].iter_rows(), written, strict=False), 1):
        if number > ROW_LIMIT:
            raise UnreadableFile(f"sheet '{name}' of '{path}' has more than {ROW_LIMIT:,} rows")
        yield number, cells, as_written


def _is_filled(cell: Any) -> bool:
    value = cell.value
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _has_formula(as_written: _Cells | None) -> bool:
    return as_written is not None and any(cell.data_type == "f" for cell in as_written)


def _begun(number: int, cells: _Cells, path: Path, layout: Layout) -> _Growing:
    names = [_text(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    places = places_in(names, path, layout)
    return _Growing(
        header=tuple(names),
        places=places,
        first=number,
        deal=places.get(layout.deal, -1),
        decimal=layout.decimal,
        texts={name: [] for name in places},
        chunks={name: [] for name in places},
        last=number,
    )


def _take(number: int, cells: _Cells, as_written: _Cells | None, growing: _Growing) -> None:
    growing.last = number
    width = len(growing.header)
    if any(_is_filled(cell) for cell in cells[width:]):
        count = max(place for place, cell in enumerate(cells) if _is_filled(cell)) + 1
        deal = _text(cells[growing.deal]) if growing.deal >= 0 else ""
        growing.misfits.append(Misfit(number, f"has {count} cells where the first row has {width}", deal))
        return
    row = len(growing.numbers)
    growing.numbers.append(number)
    for name, place in growing.places.items():
        cell = cells[place] if place < len(cells) else None
        flaw = _flaw(name, row, cell, as_written[place] if as_written and place < len(as_written) else None)
        if flaw:
            growing.flaws.append(flaw)
        texts = growing.texts[name]
        texts.append("" if flaw or cell is None else _text(cell, growing.decimal))
        if len(texts) >= _CHUNK:
            growing.chunks[name].append(chunk_of(texts))
            texts.clear()


def _flaw(column: str, row: int, cell: Any, as_written: Any) -> Flaw | None:
    if cell is not None and cell.data_type == "e":
        return Flaw(column, row, str(cell.value), f"the cell shows the error {cell.value}", "mend it in the workbook")
    if as_written is not None and as_written.data_type == "f" and (cell is None or cell.value is None):
        return Flaw(
            column,
            row,
            str(getattr(as_written.value, "text", as_written.value)),
            "the formula was saved without its value",
            "open the workbook in Excel and save it: that reckons it",
        )
    return None


def _text(cell: Any, decimal: str = ".") -> str:
    """A cell as a person would write it, dates by ISO 8601."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{plain_number(value * 100, decimal)}%" if "%" in cell.number_format else plain_number(value, decimal)
    if isinstance(value, datetime):
        # A time of day is a fraction of a day in the file, and comes out some microseconds off.
        value += timedelta(microseconds=500)
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _whole(growing: _Growing, seen: Seen) -> Sheet:
    for name, texts in growing.texts.items():
        if texts:
            growing.chunks[name].append(chunk_of(texts))
    total = growing.last - growing.first
    merged = f"{seen.merged:,} areas of merged cells: only the first cell of each has a value"
    return Sheet(
        columns={name: join(growing.chunks[name]) for name in growing.places},
        letters={name: letter(place) for name, place in growing.places.items()},
        numbers=np.array(growing.numbers, np.int32),
        unread=tuple(name for name in growing.header if name and name not in growing.places),
        total=total,
        blank=total - len(growing.numbers) - len(growing.misfits),
        misfits=tuple(growing.misfits),
        flaws=tuple(growing.flaws),
        notes=(merged,) if seen.merged else (),
        has_iso_dates=True,
    )
