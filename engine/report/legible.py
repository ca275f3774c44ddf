"""A section as people read it: times in the unit that fits their column, and no column in which nothing stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.report.figures import NOTHING, figure_text

_UNITS = ((86_400, "seconds", 120), (1_440, "minutes", 120), (24, "hours", 48))
"""How many are in a day, what they are called, and below how many of them all values of a column must lie."""

_IN_TITLE = {Unit.POINTS: "points"}

_DIGITS = re.compile(r"\d+")


def legible(section: Section, currency: str = "") -> Section:
    """The section for text, HTML and Markdown; spreadsheets and programs get it whole, in days."""
    section = _joined(section, currency) if section.together else section
    kept = [i for i in range(len(section.headings)) if not section.rows or not i or _is_told(section, i)]
    headings, columns = [], []
    for i in kept:
        heading, figures = section.headings[i], [row[i] for row in section.rows]
        factor, name = (
            unit_of(in_one_unit(section, (i,))) if heading.unit is Unit.DAYS else (1, _IN_TITLE.get(heading.unit, ""))
        )
        headings.append(_titled(heading, name))
        columns.append(figures if factor == 1 else [_scaled(each, factor) for each in figures])
    rows = tuple(zip(*columns, strict=True)) if section.rows else ()
    return replace(section, headings=tuple(headings), rows=rows)


def _joined(section: Section, currency: str) -> Section:
    """The section with columns of which a row has one figure as one, each figure with its unit."""
    its = [i for i, heading in enumerate(section.headings) if heading.id in section.together]
    rest = [i for i in range(its[0] + 1, len(section.headings)) if i not in its]
    headings = (*section.headings[: its[0]], Heading("figure", "Figure"), *(section.headings[i] for i in rest))
    rows = tuple(
        (*row[: its[0]], _with_unit(section, row, its, currency), *(row[i] for i in rest)) for row in section.rows
    )
    return replace(section, headings=headings, rows=rows, together=())


def _with_unit(section: Section, row: tuple[Figure, ...], its: list[int], currency: str) -> str:
    for i in its:
        unit = section.headings[i].unit
        if row[i] is not None:
            return figure_text(row[i], unit, currency) + {Unit.DAYS: " days", Unit.POINTS: " points"}.get(unit, "")
    return NOTHING


def in_one_unit(section: Section, columns: Collection[int]) -> Iterator[Figure]:
    """The figures of these columns, and of those whose titles differ from theirs in a number or after a comma alone.

    ``P10`` in days beside ``P90`` in hours would read as if the one were longer.
    """
    kin = {_kin(section.headings[i]) for i in columns}
    return (row[i] for i, heading in enumerate(section.headings) if _kin(heading) in kin for row in section.rows)


def in_days(heading: Heading) -> Heading:
    """The heading with its unit, where its column holds days as they are."""
    return _titled(heading, "days" if heading.unit is Unit.DAYS else "")


def said_once(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, with a note that several share below the first of them that is shown."""
    said: set[str] = set()
    for section in sections:
        yield replace(section, notes=tuple(note for note in section.notes if note not in said))
        if section.rows and section.shown >= 0:
            said.update(section.notes)


def _titled(heading: Heading, unit: str) -> Heading:
    # Some titles, such as that of a column of a user's own, say it already.
    says_so = not unit or unit in heading.title.lower()
    return heading if says_so else replace(heading, title=f"{heading.title} ({unit})")


def _is_told(section: Section, column: int) -> bool:
    return any(row[column] is not None and row[column] != "" for row in section.rows)


def _kin(heading: Heading) -> tuple[Unit, str]:
    return heading.unit, _DIGITS.sub("", heading.title.partition(",")[0])


def unit_of(figures: Iterable[Figure]) -> tuple[int, str]:
    """How many of the unit that fits all of these days are in a day, and what the unit is called."""
    sizes = [abs(each) for figure in figures for each in _numbers(figure)]
    largest = max(sizes, default=0.0)
    return next(((factor, name) for factor, name, most in _UNITS if 0 < largest * factor < most), (1, "days"))


def _numbers(figure: Figure) -> list[float]:
    if isinstance(figure, Estimate):
        return [each for each in (figure.value, figure.low, figure.high, figure.beyond) if each is not None]
    return [float(figure)] if isinstance(figure, (int, float, Decimal)) else []


def _scaled(figure: Figure, factor: int) -> Figure:
    if isinstance(figure, Estimate):
        parts = (figure.value, figure.low, figure.high, figure.beyond)
        return Estimate(*(None if each is None else each * factor for each in parts))
    return float(figure) * factor if isinstance(figure, (int, float, Decimal)) else figure
