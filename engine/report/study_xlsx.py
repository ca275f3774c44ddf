"""A study as a workbook: an overview, then one sheet a section. A text is always a text, never a formula or a link."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.model.errors import MissingExtra
from engine.model.study import Estimate, Heading, Section, Study, Unit
from engine.report import glance
from engine.report.charts.native import native
from engine.report.escape import shown
from engine.report.fan import tables_of
from engine.report.figures import time_text
from engine.report.flat import Flat, Sheet, flat, plain
from engine.report.legible import in_days
from engine.report.study_text import opening
from engine.report.widths import cut, width

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST = 32_000
_MOST_ROWS = 1_000_000
_WIDEST = 60
_MEASURED = 500
_NAME = 31
_BARRED = re.compile(r"[\[\]:*?/\\]")
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a workbook says it was made, where nobody knows better: the same study is the same file."""

_FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.NUMBER: "#,##0.00",
    Unit.SHARE: "0.0%",
    # No format of a workbook tells points: 14 % less 10 % stands there as 4.0%.
    Unit.POINTS: "0.0%",
    Unit.DAYS: "#,##0.0",
    Unit.MONEY: "#,##0.00",
    Unit.TEXT: "General",
    Unit.TIME: "yyyy-mm-dd",
}
_MOMENT = "yyyy-mm-dd hh:mm"


def xlsx(study: Study) -> bytes:
    """The workbook. Raises ``MissingExtra`` where what writes it is not installed."""
    out = io.BytesIO()
    book = writer()(out, {"in_memory": True})
    made = (study.as_of or _MADE).replace(tzinfo=None)
    book.set_properties({"title": _safe(study.title)[:255], "created": made})
    formats = _formats(book, study.currency)
    sections = tables_of(study)
    names = _names(["Overview", *(_short(section) for section in sections)])
    _overview(book.add_worksheet(names[0]), study, dict(zip(names[1:], sections, strict=True)), formats)
    for name, section in zip(names[1:], sections, strict=True):
        sheet, table = book.add_worksheet(name), flat(section)
        _sheet(sheet, table, section.empty, formats)
        native(book, sheet, section, table)
    book.close()
    return out.getvalue()


def writer() -> type[Workbook]:
    """What writes workbooks. Raises ``MissingExtra`` where it is not installed."""
    try:
        # Only this form needs it.
        from xlsxwriter import Workbook
    except ImportError:
        raise MissingExtra(
            "workbooks need a part that is not installed: run pip install 'stagewright[xlsx]'",
            hint="or take --format csv, which a spreadsheet opens as well",
        ) from None
    found: type[Workbook] = Workbook
    return found


def _formats(book: Workbook, currency: str) -> Mapping[str, Any]:
    # A number's form is a little language: of the currency only letters go in.
    code = "".join(each for each in currency if each.isascii() and each.isalnum())[:8]
    return {
        **{unit.value: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()},
        Unit.MONEY.value: book.add_format({"num_format": f'{_FORMATS[Unit.MONEY]} "{code}"' if code else "#,##0.00"}),
        "moment": book.add_format({"num_format": _MOMENT}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "strong": book.add_format({"bold": True}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _names(titles: Sequence[str]) -> list[str]:
    """Names that sheets may have: short, without the characters of references, no two alike."""
    names: list[str] = []
    for title in titles:
        plain = " ".join(_BARRED.sub(" ", shown(title)).split()).strip("'").strip() or "Sheet"
        name, number = plain[:_NAME].rstrip(" '"), 1
        while name.lower() in {*map(str.lower, names), "history"}:
            number += 1
            name = f"{plain[: _NAME - len(str(number)) - 1].rstrip()} {number}"
        names.append(name)
    return names


def _short(section: Section) -> str:
    """The title or, where a sheet's name has no room for it, what the section is called in JSON."""
    if width(section.title) <= _NAME:
        return section.title
    words = re.sub(r"[-_]+", " ", section.id).strip()
    return words[:1].upper() + words[1:]


def _overview(sheet: Worksheet, study: Study, sheets: Mapping[str, Section], formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, _safe(study.title), formats["title"])
    row = 1
    for line in (*opening(study), "", *study.says, "", *study.notes):
        sheet.write_string(row, 0, _safe(line)) if line else None
        row += 1
    for i, each in enumerate(study.glance, row):
        middle, below = glance.told(each, study.currency)
        title = f"{each.title} (days)" if each.unit is Unit.DAYS else each.title
        sheet.write_string(i, 0, _safe(title), formats["strong"])
        cell = plain(each.figure.value if isinstance(each.figure, Estimate) else each.figure)
        # A figure that was not reached is told as a text: there is no number to reckon with.
        _write(sheet, (i, 1), middle if cell is None else cell, Heading("", "", each.unit), formats)
        sheet.write_string(i, 2, _safe(below))
    row += len(study.glance)
    for column, head in enumerate(("sheet", "rows", "what it says")):
        sheet.write_string(row + 1, column, head, formats["head"])
    for i, (name, section) in enumerate(sheets.items(), row + 2):
        sheet.write_string(i, 0, _safe(name), formats["strong"])
        sheet.write_number(i, 1, len(section.rows), formats[Unit.COUNT.value])
        said = [*section.says, *section.notes] if section.rows else [section.empty, *section.notes]
        if len(section.rows) > _MOST_ROWS:
            said.append(f"the sheet holds the first {_MOST_ROWS:,} rows; --format json has them all")
        sheet.write_string(i, 2, _safe(" ".join(said)), formats["wrapped"])


def _sheet(sheet: Worksheet, table: Sheet, empty: str, formats: Mapping[str, Any]) -> None:
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, _safe(in_days(heading).title), formats["head"])
        sheet.set_column(column, column, _wide(heading, [row[column] for row in table.rows[:_MEASURED]]))
    rows = table.rows[:_MOST_ROWS]
    for i, row in enumerate(rows, 1):
        for column, (cell, heading) in enumerate(zip(row, table.headings, strict=True)):
            _write(sheet, (i, column), cell, heading, formats)
    sheet.freeze_panes(1, 0)
    # On paper: as wide as a page, the head on each of them.
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if not rows:
        sheet.write_string(1, 0, _safe(empty))
    else:
        sheet.autofilter(0, 0, len(rows), len(table.headings) - 1)


def _write(sheet: Worksheet, at: tuple[int, int], cell: Flat, heading: Heading, formats: Mapping[str, Any]) -> None:
    look = formats[heading.unit.value]
    if isinstance(cell, bool):
        sheet.write_boolean(*at, cell)
    elif isinstance(cell, (int, Decimal)):
        sheet.write_number(*at, float(cell), look)
    elif isinstance(cell, date) and cell.year >= 1900:
        moment = isinstance(cell, datetime)
        plain = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
        sheet.write_datetime(*at, plain, formats["moment" if moment else Unit.TIME.value])
    elif cell is not None:
        sheet.write_string(*at, _safe(cell if isinstance(cell, str) else time_text(cell)))


def _wide(heading: Heading, cells: Sequence[Flat]) -> float:
    """So wide as its texts need; the head may take two lines."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    least = {Unit.TIME: 17, Unit.MONEY: 15}.get(heading.unit, 9)
    needed = max([least, min(width(heading.title), 14) + 4, *(width(shown(text)) + 2 for text in texts)])
    return min(needed, _WIDEST)


def _safe(text: str) -> str:
    return cut(shown(text), _LONGEST)
