"""A figure of a study as people read it: ``63.2 %``, ``57.0 (55.0 to 59.0)``, ``> 120``. Nothing is escaped yet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from math import floor, isfinite, log10

from engine.model.study import Estimate, Figure, Heading, Section, Unit

Number = int | float | Decimal

NOTHING = "-"

_OF_A_HUNDRED = (Unit.SHARE, Unit.POINTS)

_UNITS = ((86_400.0, "s", 120.0), (1440.0, "min", 120.0), (24.0, "h", 48.0), (1.0, "d", 0.0))
"""How many are in a day, what they are called, and below how many of them they are used."""


def figure_text(figure: Figure, unit: Unit, currency: str = "", *, places: int | None = None) -> str:
    """The figure, rounded to so many places or as far as it means something; a money figure with its currency."""
    if figure is None or figure == "":
        return NOTHING
    if isinstance(figure, Estimate):
        return _estimate(figure, unit, currency, places)
    if isinstance(figure, bool):
        return "yes" if figure else "no"
    if isinstance(figure, (int, float, Decimal)):
        return _number(figure, unit, places) + _sign(unit, currency) if isfinite(figure) else NOTHING
    return time_text(figure) if isinstance(figure, date) else figure


def span_text(days: Estimate | float) -> str:
    """A length of time in the unit that fits it: ``42.0 s``, ``7.5 (6.0 to 9.2) h``, ``12.5 d``."""
    estimate = days if isinstance(days, Estimate) else Estimate(days)
    size = estimate.value if estimate.value is not None else estimate.beyond
    factor, unit = next((each for each in _UNITS if size and abs(size) * each[0] < each[2]), _UNITS[-1])[:2]
    figures = (estimate.value, estimate.low, estimate.high, estimate.beyond)
    scaled = Estimate(*(None if each is None else each * factor for each in figures))
    return f"{figure_text(scaled, Unit.DAYS)} {unit}"


def time_text(when: date) -> str:
    """``2026-03-31``, or a moment of UTC, which a time without a zone is too: ``2026-03-31 14:05``."""
    if not isinstance(when, datetime):
        return when.isoformat()
    return in_utc(when).strftime("%Y-%m-%d %H:%M").rjust(16, "0")


def in_utc(when: datetime) -> datetime:
    """The moment with its zone, UTC: the tables hold times without saying so."""
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def is_figure(section: Section, column: int) -> bool:
    """Whether a column holds numbers, which stand to the right."""
    unit = section.headings[column].unit
    return unit not in (Unit.TEXT, Unit.TIME)


def cells(section: Section, currency: str, *, most: int = 0) -> list[list[str]]:
    """The rows of a section as texts, the first ``most`` of them (0: all)."""
    rows = section.rows[:most] if most else section.rows
    places = [column_places([row[i] for row in rows], each.unit) for i, each in enumerate(section.headings)]
    return [
        [
            figure_text(figure, heading.unit, currency, places=places[i])
            for i, (figure, heading) in enumerate(paired(section, row))
        ]
        for row in rows
    ]


def paired(section: Section, row: tuple[Figure, ...]) -> list[tuple[Figure, Heading]]:
    """Each figure of a row with its heading."""
    return list(zip(row, section.headings, strict=True))


WHOLE = "--format json or xlsx"
"""What has all rows of a study."""


def left_out(rows: int, shown: int, whole: str = WHOLE) -> str:
    """What is said below a table that ends before its rows do; empty where it does not. ``whole`` has them all."""
    return f"and {rows - shown:,} more; {whole} has them all" if 0 < shown < rows else ""


def _estimate(estimate: Estimate, unit: Unit, currency: str, asked: int | None) -> str:
    reached = estimate.value is not None and isfinite(estimate.value)
    number = estimate.value if reached else estimate.beyond
    if number is None or not isfinite(number):
        return NOTHING
    places = _places(number, unit) if asked is None else asked
    text = _number(number, unit, places) if reached and unit is Unit.DAYS else _plain(number, unit, places)
    middle = ("" if reached else "> ") + text + _sign(unit, currency)
    return middle + _interval(estimate, unit, places)


def _interval(estimate: Estimate, unit: Unit, places: int) -> str:
    low, high = (
        _plain(each, unit, places) if each is not None and isfinite(each) else ""
        for each in (estimate.low, estimate.high)
    )
    if low and high:
        return f" ({low} to {high})"
    if low or high:
        return f" (from {low})" if low else f" (up to {high})"
    return ""


def _number(number: Number, unit: Unit, places: int | None) -> str:
    if unit is Unit.SHARE and 0 < number < 0.0005:
        return "< 0.1"
    if unit is Unit.SHARE and 0.9995 <= number < 1:
        # Rounded it would say that it is all.
        return "> 99.9"
    if unit is Unit.DAYS and places == 1 and 0 < number < 0.05:
        return "< 0.1"
    return _plain(number, unit, _places(number, unit) if places is None else places)


def _plain(number: Number, unit: Unit, places: int) -> str:
    exact = (number if isinstance(number, Decimal) else Decimal(repr(number))) * (100 if unit in _OF_A_HUNDRED else 1)
    text = f"{exact:,.{places}f}"
    return text.lstrip("-") if not any(digit in text for digit in "123456789") else text


def _places(number: Number, unit: Unit) -> int:
    """So many digits after the point as mean something."""
    size = abs(float(number))
    if unit in _OF_A_HUNDRED:
        return 1
    if unit is Unit.DAYS:
        return 0 if size >= 100 else 1 if size >= 0.1 or size == 0 else min(1 - floor(log10(size)), 4)
    if isinstance(number, int) or number == int(number) or size >= 100:
        return 0
    return 1 if size >= 10 and unit is not Unit.MONEY else 2


def column_places(figures: list[Figure], unit: Unit) -> int:
    """So many as the figure with most of them needs; of times one, where a shorter unit did not fit them all."""
    told: list[Number | None] = [
        each.value if each.value is not None else each.beyond for each in figures if isinstance(each, Estimate)
    ]
    told += [each for each in figures if isinstance(each, (int, float, Decimal)) and not isinstance(each, bool)]
    most = max((_places(each, unit) for each in told if each is not None and isfinite(each)), default=0)
    return min(most, 1) if unit is Unit.DAYS else most


def _sign(unit: Unit, currency: str) -> str:
    if unit is Unit.SHARE:
        return " %"
    return f" {currency}" if unit is Unit.MONEY and currency else ""
