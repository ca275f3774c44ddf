"""A chart as a spreadsheet's own, beside the table whose cells it draws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

from engine.model.study import Chart, Estimate, Mark, Section
from engine.report.charts.picture import MOST_SERIES, is_periods
from engine.report.escape import shown
from engine.report.figures import figure_text
from engine.report.flat import Sheet
from engine.report.widths import cut

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MOST_ROWS = 400
_MOST_CHARTS = 12
_LONGEST = 200
_HUES = ("#1F6FD0", "#A86717", "#6D2F8D", "#065E49", "#E01970", "#86919F")
_SIGNS = ("circle", "square", "triangle", "diamond", "x", "plus")
_HIGH, _HIGHEST, _WIDE, _LINE = 300, 1400, 620, 22
_ROW = 20
"""Pixels of a row of a sheet."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a sheet that are drawn together: from ``first`` on so many of those below the head."""

    title: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where on a sheet the cells of a chart stand: its columns by their ids, and what it draws of which rows."""

    sheet: str
    columns: Mapping[str, int]
    section: Section
    chart: Chart
    part: _Part

    @property
    def labels(self) -> tuple[int, ...]:
        return tuple(self.columns[each] for each in self.chart.labels if each in self.columns)

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(each for each in self.chart.series if each in self.columns)[:MOST_SERIES]

    @property
    def is_upright(self) -> bool:
        return self.chart.mark is Mark.LINES or (self.chart.mark is not Mark.RANGES and is_periods(self._names))

    @property
    def _names(self) -> list[str]:
        ids = [heading.id for heading in self.section.headings]
        column = next((ids.index(each) for each in self.chart.labels if each in ids), 0)
        rows = self.section.rows[self.part.first : self.part.first + self.part.count]
        return [figure_text(row[column], self.section.headings[column].unit) for row in rows]


def native(book: Workbook, sheet: Worksheet, section: Section, table: Sheet) -> None:
    """Draws the charts of a section to the right of its table. ``table`` is what stands on the sheet."""
    columns = {heading.id: i for i, heading in enumerate(table.headings)}
    row = 0
    for chart in section.charts:
        for part in _parts(chart, section):
            plan = _Plan(sheet.get_name(), columns, section, chart, part)
            if plan.labels and plan.series and part.count:
                high = _high(plan)
                drawn = _drawn(book, plan)
                drawn.set_size({"width": _WIDE, "height": high})
                sheet.insert_chart(row, len(table.headings) + 1, drawn)
                row += -(-high // _ROW) + 1


def _parts(chart: Chart, section: Section) -> Iterator[_Part]:
    """The rows of each small picture, where they stand together; else none is drawn."""
    places = {heading.id: i for i, heading in enumerate(section.headings)}
    split = places.get(chart.split)
    if split is None:
        yield _Part("", 0, min(len(section.rows), _MOST_ROWS))
        return
    texts = [figure_text(row[split], section.headings[split].unit) for row in section.rows]
    runs = [(title, [at for at, _ in run]) for title, run in groupby(enumerate(texts), lambda each: each[1])]
    if len({title for title, _ in runs}) == len(runs):
        drawn = [places[each] for each in chart.series if each in places]
        told = [
            (title, run) for title, run in runs if any(section.rows[at][i] is not None for at in run for i in drawn)
        ]
        for title, run in told[:_MOST_CHARTS]:
            yield _Part(title, run[0], min(len(run), _MOST_ROWS))


def _high(plan: _Plan) -> int:
    if plan.is_upright:
        return _HIGH
    lines = 1 if plan.chart.mark is Mark.STACK else len(plan.series)
    return min(max(_HIGH // 2, 100 + _LINE * plan.part.count * lines), _HIGHEST)


def _drawn(book: Workbook, plan: _Plan) -> Any:
    kind = "line" if plan.chart.mark is Mark.LINES else "column" if plan.is_upright else "bar"
    stack = {"subtype": "stacked"} if plan.chart.mark is Mark.STACK else {}
    drawn = book.add_chart({"type": kind, **stack})
    for at, each in enumerate(plan.series):
        drawn.add_series(_series(plan, each, at))
    title = plan.chart.title + (f": {plan.part.title}" if plan.part.title else "")
    drawn.set_title({"name": _text(title), "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"} if len(plan.series) > 1 else {"none": True})
    if kind == "bar":
        # A spreadsheet counts rows from below; people read them from above.
        drawn.set_y_axis({"reverse": True})
    return drawn


def _text(title: str) -> str:
    # A title that looks like the address of a cell would be taken for one.
    return re.sub(r"!(?=\S)", "! ", cut(shown(title), _LONGEST))


def _series(plan: _Plan, each: str, at: int) -> dict[str, Any]:
    first, last, column = plan.part.first + 1, plan.part.first + plan.part.count, plan.columns[each]
    labels = plan.labels
    beside = labels == tuple(range(labels[0], labels[0] + len(labels)))
    told: dict[str, Any] = {
        "name": [plan.sheet, 0, column],
        "categories": [plan.sheet, first, labels[0], last, labels[-1] if beside else labels[0]],
        "values": [plan.sheet, first, column, last, column],
        "gap": 60,
    }
    whiskers = _whiskers(plan, each)
    if plan.chart.mark is Mark.LINES:
        fill = {"fill": {"color": _HUES[at]}, "border": {"color": _HUES[at]}}
        told |= {"line": {"color": _HUES[at], "width": 2}, "marker": {"type": _SIGNS[at], "size": 6, **fill}}
    else:
        told["fill"] = {"color": _HUES[at]}
    if whiskers and plan.chart.mark is not Mark.STACK:
        told["y_error_bars" if plan.is_upright else "x_error_bars"] = whiskers
    return told


def _whiskers(plan: _Plan, each: str) -> dict[str, Any]:
    """The intervals as they go up and down from their figures; empty where there are none."""
    column = [heading.id for heading in plan.section.headings].index(each)
    rows = plan.section.rows[plan.part.first : plan.part.first + plan.part.count]
    told = [figure if isinstance(figure := row[column], Estimate) else Estimate(None) for row in rows]
    up = [_far(each.value, each.high) for each in told]
    down = [_far(each.value, each.low) for each in told]
    if not any(up) and not any(down):
        return {}
    return {"type": "custom", "plus_values": up, "minus_values": down}


def _far(value: float | None, edge: float | None) -> float:
    if value is None or edge is None or not isfinite(value) or not isfinite(edge):
        return 0.0
    return float(f"{abs(edge - value):.9g}")
