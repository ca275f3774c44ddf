"""A section as plain cells, for a spreadsheet: an estimate takes three columns, its value and its interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from engine.model.study import Estimate, Figure, Heading, Section
from engine.report.figures import in_utc

Flat = str | int | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section with no estimate left in it; times have their zone, numbers are exact."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Flat, ...], ...]


def flat(section: Section) -> Sheet:
    """The cells of a section. What was not reached is a text, such as ``> 120``."""
    wide = tuple(any(isinstance(row[i], Estimate) for row in section.rows) for i in range(len(section.headings)))
    headings = [each for i, heading in enumerate(section.headings) for each in _headings(heading, wide=wide[i])]
    rows = [
        tuple(cell for figure, is_wide in zip(row, wide, strict=True) for cell in _cells(figure, wide=is_wide))
        for row in section.rows
    ]
    return Sheet(tuple(headings), tuple(rows))


def _headings(heading: Heading, *, wide: bool) -> Iterator[Heading]:
    yield heading
    if wide:
        yield Heading(f"{heading.id}_low", f"{heading.title}, from", heading.unit)
        yield Heading(f"{heading.id}_high", f"{heading.title}, to", heading.unit)


def _cells(figure: Figure, *, wide: bool) -> Iterator[Flat]:
    if not isinstance(figure, Estimate):
        yield plain(figure)
        yield from (None, None) if wide else ()
        return
    beyond = plain(figure.beyond)
    missing = None if beyond is None else f"> {beyond:f}" if isinstance(beyond, Decimal) else f"> {beyond}"
    yield missing if figure.value is None else plain(figure.value)
    yield plain(figure.low)
    yield plain(figure.high)


def plain(figure: str | float | Decimal | date | None) -> Flat:
    """A figure without rounding that shows: nine digits of what was reckoned; nothing for what is no number."""
    if isinstance(figure, float):
        return Decimal(f"{figure:.9g}") if isfinite(figure) else None
    if isinstance(figure, Decimal):
        return figure if figure.is_finite() else None
    return in_utc(figure) if isinstance(figure, datetime) else figure
