"""Bars and lines over periods, which go from left to right; the figures of the axis stand to the left of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.study import Estimate, Mark
from engine.report.charts import words
from engine.report.charts.looks import arrow, box, point
from engine.report.charts.picture import Drawing, Picture, Row
from engine.report.charts.scale import Scale, middle
from engine.report.escape import html
from engine.report.widths import cut, width

_HIGH, _TOP, _FOOT = 236.0, 10.0, 24.0
_LETTER = 7.2
_FILLED = 0.78
_POINTS = 36
_LABEL = 14
_ROOM = (("s", 195.0), ("m", 430.0), ("l", 720.0))
"""How wide the field is at least on a phone, on a tablet and on a screen: so many labels have room below it."""


def upright(picture: Picture, drawing: Drawing, axis: Scale) -> Iterator[str]:
    """The field of a picture with its axis."""
    labels = axis.labels
    wide = _LETTER * max(map(width, labels)) + 8
    yield '<div class="field-and-axis">'
    yield f'<svg width="{wide:.0f}" height="{_HIGH:.0f}">'
    for tick, label in zip(axis.ticks, labels, strict=True):
        yield f'<text x="{wide - 6:.1f}" y="{_y(axis, tick) + 4:.1f}" text-anchor="end">{html(label)}</text>'
    yield f'</svg><svg class="field" width="100%" height="{_HIGH:.0f}">'
    for tick in axis.ticks:
        kind, y = "zero" if tick == 0 else "grid", _y(axis, tick)
        yield f'<line class="{kind}" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
    yield from _lines(picture, drawing, axis) if drawing.mark is Mark.LINES else _bars(picture, drawing, axis)
    yield from _names(picture.rows)
    yield "</svg></div>"


def _y(axis: Scale, value: float) -> float:
    return _TOP + (1 - axis.at(value)) * (_HIGH - _TOP - _FOOT)


def _middle(at: int, of: int) -> float:
    return (at + 0.5) * 100 / of


def _names(rows: Sequence[Row]) -> Iterator[str]:
    """As many labels as have room; which of them, depends on how wide the page is."""
    texts = [cut(row.label, _LABEL) for row in rows]
    longest = max(map(width, texts), default=0) * _LETTER + 16
    for at, text in enumerate(texts):
        kinds = [kind for kind, room in _ROOM if at % max(1, -(-len(texts) // max(int(room / longest), 1))) == 0]
        if kinds:
            x = _middle(at, len(texts))
            anchor = "start" if x < 14 and len(texts) > 3 else "end" if x > 86 and len(texts) > 3 else "middle"
            yield (
                f'<text class="{" ".join(("name", *kinds))}" x="{x:.2f}%" y="{_HIGH - 6:.1f}" '
                f'text-anchor="{anchor}">{html(text)}</text>'
            )


def _bars(picture: Picture, drawing: Drawing, axis: Scale) -> Iterator[str]:
    slot = 100 / max(len(picture.rows), 1)
    for i, row in enumerate(picture.rows):
        left = slot * (i + (1 - _FILLED) / 2)
        if drawing.mark is Mark.STACK:
            yield from _parts(row, drawing, axis, (left, left + slot * _FILLED))
            continue
        wide = slot * _FILLED / len(drawing.series)
        for at, figure in enumerate(row.figures):
            if figure is not None:
                yield from _bar(row, at, drawing, axis, (left + wide * at, left + wide * (at + 1)))


def _bar(row: Row, at: int, drawing: Drawing, axis: Scale, x: tuple[float, float]) -> Iterator[str]:
    figure, look = row.figures[at] or Estimate(0.0), row.look or drawing.series[at].look
    end = middle(figure)
    y = sorted((_y(axis, 0), _y(axis, end)))
    kind = "" if figure.value is not None else "hollow"
    yield box(look, x, (y[0], y[1]), told=html(words.tip(row, at, drawing)), kind=kind)
    if figure.value is None:
        yield arrow(look, sum(x) / 2, _y(axis, end), way="up")
    else:
        yield from _whisker(figure, "ink", axis, sum(x) / 2)


def _parts(row: Row, drawing: Drawing, axis: Scale, x: tuple[float, float]) -> Iterator[str]:
    ends = [0.0, 0.0]
    for at, figure in enumerate(row.figures):
        if figure is None or not figure.value:
            continue
        side = 0 if figure.value > 0 else 1
        begin, ends[side] = ends[side], ends[side] + figure.value
        y = sorted((_y(axis, begin), _y(axis, ends[side])))
        yield box(drawing.series[at].look, x, (y[0], y[1]), told=html(words.tip(row, at, drawing)), kind="part")


def _whisker(figure: Estimate, look: str, axis: Scale, x: float) -> Iterator[str]:
    ends = [end for end in (figure.low, figure.high) if end is not None]
    if not ends or figure.low == figure.high:
        return
    value = figure.value or 0.0
    low, high = min([value, *ends]), max([value, *ends])
    y = f'y1="{_y(axis, low):.1f}" y2="{_y(axis, high):.1f}"'
    line = f'<line x1="{x:.2f}%" x2="{x:.2f}%" {y}/>'
    yield f'<g class="rim">{line}</g>' if look == "ink" else ""
    yield f'<g class="line {look}">{line}</g>'
    for end in ends:
        if not axis.holds(end):
            yield arrow(look, x, _y(axis, end), way="up" if end > value else "down")


def _lines(picture: Picture, drawing: Drawing, axis: Scale) -> Iterator[str]:
    rows = picture.rows
    for at in range(len(drawing.series)):
        yield from _line(rows, at, drawing, axis)
    for at in range(len(drawing.series)):
        for i, row in enumerate(rows):
            figure = row.figures[at]
            if figure is None:
                continue
            if len(drawing.series) == 1 and len(rows) <= _POINTS:
                yield from _whisker(figure, drawing.series[at].look, axis, _middle(i, len(rows)))
            yield from _point(i, at, rows, drawing, axis)


def _line(rows: Sequence[Row], at: int, drawing: Drawing, axis: Scale) -> Iterator[str]:
    """A line for each stretch without a gap; it is drawn as wide as the page, its stroke is not."""
    stretches: list[list[str]] = [[]]
    for i, row in enumerate(rows):
        figure = row.figures[at]
        if figure is None or figure.value is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{_middle(i, len(rows)):.3f} {_y(axis, figure.value):.1f}")
    path = "".join("M" + "L".join(each) for each in stretches if len(each) > 1)
    if path:
        yield (
            f'<svg class="curve {drawing.series[at].look}" width="100%" height="{_HIGH:.0f}" '
            f'viewBox="0 0 100 {_HIGH:.0f}" preserveAspectRatio="none"><path d="{path}"/></svg>'
        )


def _point(i: int, at: int, rows: Sequence[Row], drawing: Drawing, axis: Scale) -> Iterator[str]:
    figure, look = rows[i].figures[at] or Estimate(0.0), drawing.series[at].look
    x, told = _middle(i, len(rows)), html(words.tip(rows[i], at, drawing))
    if figure.value is None:
        y = _y(axis, figure.beyond or 0.0)
        yield point(look, x, y, told=told, kind="hollow")
        yield arrow(look, x, y, way="up")
    elif len(rows) * len(drawing.series) <= 2 * _POINTS or i == len(rows) - 1 or _is_alone(rows, i, at):
        yield point(look, x, _y(axis, figure.value), told=told)


def _is_alone(rows: Sequence[Row], i: int, at: int) -> bool:
    """Whether no line leads to it, so that without a point nothing would be seen."""
    beside = [rows[j].figures[at] for j in (i - 1, i + 1) if 0 <= j < len(rows)]
    return all(each is None or each.value is None for each in beside)
