"""A chart and its section to what is drawn: series with their looks, rows with their figures, small pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isfinite

from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.report.charts.looks import looks, outcome
from engine.report.charts.scale import middle
from engine.report.figures import column_places, figure_text
from engine.report.legible import in_one_unit, unit_of

MOST_SERIES = 6
_PERIOD = re.compile(r"\d{4}(-\d\d(-\d\d)?|-W\d\d| ?Q\d)?", re.ASCII)
_MOST_PERIODS = 400
_CROWDED = 48


@dataclass(frozen=True, slots=True)
class Series:
    """A column that is drawn: what it is called, how it looks, and how many digits its figures have."""

    title: str
    look: str
    places: int


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn of a row: a figure for each series, ``None`` where there is none. A look of its own goes first."""

    label: str
    figures: tuple[Estimate | None, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows that are drawn together, of ``of_rows`` that there are; ``title`` tells small pictures apart."""

    title: str
    rows: tuple[Row, ...]
    of_rows: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn of a chart, on one scale; of ``of_pictures`` small pictures and ``of_series`` series."""

    chart: Chart
    mark: Mark
    is_upright: bool
    unit: Unit
    series: tuple[Series, ...]
    pictures: tuple[Picture, ...]
    of_pictures: int
    of_series: int

    @property
    def has_own_looks(self) -> bool:
        """Whether rows look otherwise than their series: then its sample would say nothing."""
        return any(row.look for picture in self.pictures for row in picture.rows)

    @property
    def figures(self) -> Iterator[Estimate]:
        """Every figure that is drawn."""
        return (each for picture in self.pictures for row in picture.rows for each in row.figures if each is not None)


def drawing(chart: Chart, section: Section, *, rows: int, pictures: int, currency: str = "") -> Drawing | None:
    """What is drawn; at most so many rows a picture (periods aside) and so many pictures. ``None``: nothing is."""
    places = {heading.id: i for i, heading in enumerate(section.headings)}
    names = [places[each] for each in chart.labels if each in places]
    every = [places[each] for each in chart.series if each in places and _has_figures(section, places[each])]
    if chart.mark is Mark.STACK:
        # A part that is nothing everywhere cannot be seen, and is only read in vain.
        every = [i for i in every if _is_ever_some(section, i)] or every
    columns = every[:MOST_SERIES]
    if not columns:
        return None
    unit = section.headings[columns[0]].unit
    factor, name = (
        unit_of(in_one_unit(section, columns)) if unit is Unit.DAYS else (1, "points" if unit is Unit.POINTS else "")
    )
    parted = _parted(section, names, columns, places.get(chart.split), factor)
    # Of what has nothing in these columns an empty picture would say no more.
    told: Mapping[str, list[Row]]
    told = {title: parts for title, parts in parted.items() if any(any(row.figures) for row in parts)}
    told = _as_outcomes(told) if len(columns) == 1 and chart.mark is not Mark.LINES else told
    labels = [row.label for parts in told.values() for row in parts]
    is_period = is_periods(labels)
    largest = max(map(len, told.values()))
    mark = chart.mark
    if is_period and mark is Mark.BARS and largest * len(columns) > _CROWDED:
        # Thinner than a pen, bars are nothing but noise.
        mark = Mark.LINES
    is_upright = mark is Mark.LINES or (is_period and mark in (Mark.BARS, Mark.STACK))
    drawn = [
        Picture(title, _latest(parts) if is_upright else _largest(parts, rows), len(parts))
        for title, parts in list(told.items())[:pictures]
    ]
    series = _series(section, columns, factor=factor, unit=name or (currency if unit is Unit.MONEY else ""))
    return Drawing(chart, mark, is_upright, unit, series, tuple(drawn), len(told), len(every))


def is_periods(labels: Sequence[str]) -> bool:
    """Whether the rows are days, weeks, months, quarters or years, by what they are called."""
    return len(labels) > 1 and all(map(_PERIOD.fullmatch, labels))


def _series(section: Section, columns: Sequence[int], *, factor: int, unit: str) -> tuple[Series, ...]:
    headings = [section.headings[i] for i in columns]
    kept = looks([heading.id for heading in headings])
    return tuple(
        Series(_title(heading, unit), look, _digits([row[i] for row in section.rows], heading.unit, factor))
        for heading, look, i in zip(headings, kept, columns, strict=True)
    )


def _title(heading: Heading, unit: str) -> str:
    return heading.title if not unit or unit.lower() in heading.title.lower() else f"{heading.title} ({unit})"


def _digits(figures: Sequence[Figure], unit: Unit, factor: int) -> int:
    return column_places([each for figure in figures if (each := _estimate(figure, factor)) is not None], unit)


def _parted(
    section: Section, names: Sequence[int], columns: Sequence[int], split: int | None, factor: int
) -> Mapping[str, list[Row]]:
    """The rows by the value that tells small pictures apart, in the order in which they stand."""
    told: dict[str, list[Row]] = {}
    for row in section.rows:
        label = ", ".join(_word(row[i], section.headings[i]) for i in names)
        figures = tuple(_estimate(row[i], factor) for i in columns)
        told.setdefault("" if split is None else _word(row[split], section.headings[split]), []).append(
            Row(label, figures)
        )
    return told


def _as_outcomes(told: Mapping[str, list[Row]]) -> Mapping[str, list[Row]]:
    """The rows in the looks of the outcomes that they, or their pictures, are named after; else as they are."""
    kept = {title: [outcome(title) or outcome(row.label) for row in rows] for title, rows in told.items()}
    if not all(all(each) for each in kept.values()):
        return told
    return {
        title: [replace(row, look=look) for row, look in zip(rows, kept[title], strict=True)]
        for title, rows in told.items()
    }


def _word(figure: Figure, heading: Heading) -> str:
    return figure_text(figure, heading.unit)


def _has_figures(section: Section, column: int) -> bool:
    return any(_estimate(row[column], 1) is not None for row in section.rows)


def _is_ever_some(section: Section, column: int) -> bool:
    return any(each.value for row in section.rows if (each := _estimate(row[column], 1)) is not None)


def _estimate(figure: Figure, factor: int) -> Estimate | None:
    """The figure as it is drawn; nothing for what is no number or was not seen at all."""
    if isinstance(figure, Estimate):
        parts = [_finite(each, factor) for each in (figure.value, figure.low, figure.high, figure.beyond)]
        found = Estimate(*parts)
        return found if found.value is not None or found.beyond is not None else None
    if isinstance(figure, bool) or not isinstance(figure, (int, float, Decimal)):
        return None
    value = _finite(figure, factor)
    return None if value is None else Estimate(value)


def _finite(figure: float | Decimal | None, factor: int) -> float | None:
    return None if figure is None or not isfinite(figure) else float(figure) * factor


def _latest(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(rows[-_MOST_PERIODS:])


def _largest(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """The rows with the largest figures, in the order in which they stand."""
    if len(rows) <= most:
        return tuple(rows)
    order = sorted(range(len(rows)), key=lambda i: -_size(rows[i]))
    return tuple(rows[i] for i in sorted(order[:most]))


def _size(row: Row) -> float:
    return sum(abs(middle(each)) for each in row.figures if each)
