"""A chart in words: what is under a mouse, what a screen reader says, what is not drawn. Nothing is escaped yet."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.study import Estimate, Mark, Unit
from engine.report.charts.axes import has_own_axis
from engine.report.charts.picture import Drawing, Picture, Row, Series
from engine.report.figures import figure_text
from engine.report.widths import cut
from engine.report.wording import both, count

LONGEST = 90
"""Characters of a label that are drawn; the table has all of it."""

_KINDS = {
    Mark.BARS: "Bars",
    Mark.STACK: "Bars of parts that lie one on the other",
    Mark.LINES: "Lines",
    Mark.RANGES: "Points with their intervals",
}


def figure(of: Estimate | None, series: Series, unit: Unit) -> str:
    """The figure alone, as the table has it, but without its interval."""
    if of is None:
        return figure_text(None, unit)
    told = Estimate(None, beyond=of.beyond) if of.value is None else of.value
    return figure_text(told, unit, places=series.places)


def tip(row: Row, at: int, drawing: Drawing) -> str:
    """What is shown under a mouse: the row, the series and its figure with its interval."""
    series, of = drawing.series[at], row.figures[at]
    whole = figure_text(of, drawing.unit, places=series.places) if of and of.low != of.high else ""
    return f"{cut(row.label, LONGEST)}, {cut(series.title, LONGEST)}: {whole or figure(of, series, drawing.unit)}"


def told(picture: Picture, drawing: Drawing) -> str:
    """The picture for whoever does not see it: its kind, its size, and the ends of each series."""
    names = both(cut(series.title, LONGEST) for series in drawing.series)
    lines = [f"{_KINDS[drawing.mark]}: {count(len(picture.rows), 'row')} of {names}."]
    lines += [line for at in range(len(drawing.series)) for line in _ends(picture, drawing, at)]
    return " ".join([*lines, "The table below has every figure."])


def _ends(picture: Picture, drawing: Drawing, at: int) -> Iterator[str]:
    series = drawing.series[at]
    rows = [row for row in picture.rows if (each := row.figures[at]) is not None and each.value is not None]
    if not rows:
        yield f"{cut(series.title, LONGEST)}: none was reached." if _beyond(picture, at) else ""
        return
    if drawing.mark is Mark.LINES:
        one, other, kinds = rows[0], rows[-1], ("first", "last")
    else:
        one, other = max(rows, key=lambda row: _value(row, at)), min(rows, key=lambda row: _value(row, at))
        kinds = ("largest", "smallest")
    parts = [f"{kinds[0]} {_named(one, drawing, at)}"]
    if other is not one:
        parts.append(f"{kinds[1]} {_named(other, drawing, at)}")
    yield f"{cut(series.title, LONGEST)}: {', '.join(parts)}."


def _beyond(picture: Picture, at: int) -> bool:
    return any(row.figures[at] is not None for row in picture.rows)


def _value(row: Row, at: int) -> float:
    found = row.figures[at]
    return found.value if found is not None and found.value is not None else 0.0


def _named(row: Row, drawing: Drawing, at: int) -> str:
    return f"{cut(row.label, LONGEST)} with {figure(row.figures[at], drawing.series[at], drawing.unit)}"


def remarks(drawing: Drawing) -> Iterator[str]:
    """How it is read, where that is not plain, and what is left out."""
    told = list(drawing.figures)
    if any(each.low is not None or each.high is not None for each in told) and _has_intervals(drawing):
        yield "A thin line is the 90 % interval."
    if any(each.value is None for each in told) and drawing.mark is not Mark.STACK:
        yield "An arrow: not reached within the follow-up."
    if drawing.mark is Mark.STACK and not drawing.is_upright and len(drawing.series) > 1:
        yield "Beside each bar stands the sum of its parts."
    if has_own_axis(drawing):
        yield f"'{cut(drawing.pictures[0].title, LONGEST)}' has an axis of its own; the others share one."
    few = [picture for picture in drawing.pictures if len(picture.rows) < picture.of_rows]
    if few:
        kind = "latest" if drawing.is_upright else "largest"
        yield f"Drawn are the {len(few[0].rows)} {kind} of {few[0].of_rows:,} rows; the table has the others."
    if len(drawing.pictures) < drawing.of_pictures:
        drawn = len(drawing.pictures)
        yield f"Drawn are the first {drawn} of {drawing.of_pictures:,} groups; the table has the others."
    if len(drawing.series) < drawing.of_series:
        yield f"Drawn are the first {len(drawing.series)} of {drawing.of_series} columns; the table has the others."


def _has_intervals(drawing: Drawing) -> bool:
    return drawing.mark in (Mark.BARS, Mark.RANGES) or (drawing.mark is Mark.LINES and len(drawing.series) == 1)
