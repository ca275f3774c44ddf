"""Bars and ranges that lie: a label, what is drawn of it, and its figures; on a phone the label stands above."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.study import Estimate, Mark
from engine.report.charts import words
from engine.report.charts.looks import arrow, box, point
from engine.report.charts.picture import Drawing, Picture, Row
from engine.report.charts.scale import Scale, middle
from engine.report.escape import html
from engine.report.figures import figure_text
from engine.report.widths import cut

_BAR, _LINE, _PAD = 14.0, 20.0, 4.0
_CAP = 3.5
_DIGITS = 9
"""Of a sum of parts: shares that are all of it shall say so."""


def lying(picture: Picture, drawing: Drawing, axis: Scale) -> Iterator[str]:
    """The rows of a picture below each other, and the axis below them."""
    grid = "".join(_grid(axis))
    lines = 1 if drawing.mark is Mark.STACK else len(drawing.series)
    high = lines * _LINE + 2 * _PAD
    yield '<div class="rows">'
    for row in picture.rows:
        yield f'<span class="label" dir="auto">{html(cut(row.label, words.LONGEST))}</span>'
        yield f'<svg class="field" width="100%" height="{high:.0f}">{grid}{"".join(_marks(row, drawing, axis))}</svg>'
        yield f'<span class="beside">{"".join(_beside(row, drawing))}</span>'
    yield f'<svg class="foot" width="100%" height="20">{"".join(_labels(axis))}</svg></div>'


def _grid(axis: Scale) -> Iterator[str]:
    for tick in axis.ticks:
        kind = "zero" if tick == 0 else "grid"
        x = axis.at(tick) * 100
        yield f'<line class="{kind}" x1="{x:.2f}%" x2="{x:.2f}%" y2="100%"/>'


def _labels(axis: Scale) -> Iterator[str]:
    last, zero = len(axis.ticks) - 1, axis.ticks.index(0.0)
    for i, (tick, label) in enumerate(zip(axis.ticks, axis.labels, strict=True)):
        anchor = "start" if i == 0 else "end" if i == last else "middle"
        # On a phone every other one has to go, and nothing stays.
        kind = ' class="roomy"' if last > 2 and (i - zero) % 2 else ""
        yield f'<text{kind} x="{axis.at(tick) * 100:.2f}%" y="14" text-anchor="{anchor}">{html(label)}</text>'


def _marks(row: Row, drawing: Drawing, axis: Scale) -> Iterator[str]:
    if drawing.mark is Mark.STACK:
        yield from _parts(row, drawing, axis)
        return
    for at, (figure, series) in enumerate(zip(row.figures, drawing.series, strict=True)):
        if figure is None:
            continue
        y = _PAD + _LINE * (at + 0.5)
        told, look = html(words.tip(row, at, drawing)), row.look or series.look
        yield from (_range if drawing.mark is Mark.RANGES else _bar)(figure, look, axis, y, told)


def _bar(figure: Estimate, look: str, axis: Scale, y: float, told: str) -> Iterator[str]:
    end = middle(figure)
    x = sorted((axis.at(0) * 100, axis.at(end) * 100))
    kind = "" if figure.value is not None else "hollow"
    yield box(look, (x[0], x[1]), (y - _BAR / 2, y + _BAR / 2), told=told, kind=kind)
    if figure.value is None:
        yield arrow(look, axis.at(end) * 100, y, way="right")
    else:
        yield from _whisker(figure, "ink", axis, y)


def _range(figure: Estimate, look: str, axis: Scale, y: float, told: str) -> Iterator[str]:
    if figure.value is not None:
        yield from _whisker(figure, look, axis, y)
        yield point(look, axis.at(figure.value) * 100, y, told=told)
        return
    begin, end = figure.low if figure.low is not None else 0.0, figure.beyond or 0.0
    yield f'<g class="line {look}">{_line(axis.at(begin) * 100, axis.at(end) * 100, y)}</g>'
    yield point(look, axis.at(end) * 100, y, told=told, kind="hollow")
    yield arrow(look, axis.at(end) * 100, y, way="right")


def _whisker(figure: Estimate, look: str, axis: Scale, y: float) -> Iterator[str]:
    value = figure.value or 0.0
    low = figure.low if figure.low is not None else value
    high = figure.high if figure.high is not None else value
    if low == high:
        return
    left, right = axis.at(low) * 100, axis.at(high) * 100
    caps = "".join(
        f'<line x1="{axis.at(end) * 100:.2f}%" x2="{axis.at(end) * 100:.2f}%" y1="{y - _CAP:.1f}" y2="{y + _CAP:.1f}"/>'
        for end in (figure.low, figure.high)
        if end is not None and axis.holds(end)
    )
    # Over a bar it needs a rim, or nobody sees it where the bar is dark.
    yield f'<g class="rim">{_line(left, right, y)}</g>' if look == "ink" else ""
    yield f'<g class="line {look}">{_line(left, right, y)}{caps}</g>'
    if not axis.holds(high):
        yield arrow(look, right, y, way="right")
    if not axis.holds(low):
        yield arrow(look, left, y, way="left")


def _line(left: float, right: float, y: float) -> str:
    return f'<line x1="{left:.2f}%" x2="{right:.2f}%" y1="{y:.1f}" y2="{y:.1f}"/>'


def _parts(row: Row, drawing: Drawing, axis: Scale) -> Iterator[str]:
    ends = [0.0, 0.0]
    y = _PAD + _LINE / 2
    for at, figure in enumerate(row.figures):
        if figure is None or not figure.value:
            continue
        side = 0 if figure.value > 0 else 1
        begin, ends[side] = ends[side], ends[side] + figure.value
        x = sorted((axis.at(begin) * 100, axis.at(ends[side]) * 100))
        told = html(words.tip(row, at, drawing))
        yield box(drawing.series[at].look, (x[0], x[1]), (y - _BAR / 2, y + _BAR / 2), told=told, kind="part")


def _beside(row: Row, drawing: Drawing) -> Iterator[str]:
    if drawing.mark is Mark.STACK:
        values = [each.value for each in row.figures if each is not None and each.value is not None]
        places = max(series.places for series in drawing.series)
        total = figure_text(round(sum(values), _DIGITS) if values else None, drawing.unit, places=places)
        yield f"<span>{html(total)}</span>"
        return
    for figure, series in zip(row.figures, drawing.series, strict=True):
        yield f"<span>{html(words.figure(figure, series, drawing.unit))}</span>"
