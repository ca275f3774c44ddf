from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.study import Estimate, Figure, Unit
from engine.report.figures import figure_text, left_out, span_text


@pytest.mark.parametrize(
    ("figure", "unit", "text"),
    [
        (0.632, Unit.SHARE, "63.2 %"),
        (1.0, Unit.SHARE, "100.0 %"),
        (0.99996, Unit.SHARE, "> 99.9 %"),
        (0.0004, Unit.SHARE, "< 0.1 %"),
        (-0.125, Unit.SHARE, "-12.5 %"),
        (0, Unit.SHARE, "0.0 %"),
        (-0.144, Unit.POINTS, "-14.4"),
        (57.04, Unit.DAYS, "57.0"),
        (1234.4, Unit.DAYS, "1,234"),
        (0.0412, Unit.DAYS, "0.041"),
        (0.000001, Unit.DAYS, "0.0000"),
        (0.0, Unit.DAYS, "0.0"),
        (-0.0000001, Unit.DAYS, "0.0000"),
        (1234567, Unit.COUNT, "1,234,567"),
        (4.25, Unit.NUMBER, "4.25"),
        (42.123, Unit.NUMBER, "42.1"),
        (4.0, Unit.NUMBER, "4"),
        (Decimal("1284500.50"), Unit.MONEY, "1,284,500 EUR"),
        (Decimal("12.5"), Unit.MONEY, "12.50 EUR"),
        (date(2026, 3, 31), Unit.TIME, "2026-03-31"),
        (datetime(2026, 3, 31, 14, 5), Unit.TIME, "2026-03-31 14:05"),  # noqa: DTZ001 - as the tables hold it
        (datetime(2026, 3, 31, 14, 5, tzinfo=timezone(timedelta(hours=2))), Unit.TIME, "2026-03-31 12:05"),
        (True, Unit.TEXT, "yes"),
        (None, Unit.SHARE, "-"),
        (float("nan"), Unit.DAYS, "-"),
        (Decimal("Infinity"), Unit.MONEY, "-"),
    ],
)
def test_a_figure_is_rounded_as_far_as_it_means_something(figure: Figure, unit: Unit, text: str) -> None:
    assert figure_text(figure, unit, "EUR") == text


@pytest.mark.parametrize(
    ("estimate", "unit", "text"),
    [
        (Estimate(57.0, 55.0, 59.0), Unit.DAYS, "57.0 (55.0 to 59.0)"),
        (Estimate(0.632, 0.601, 0.662), Unit.SHARE, "63.2 % (60.1 to 66.2)"),
        (Estimate(None, beyond=120.0), Unit.DAYS, "> 120"),
        (Estimate(None, 98.0, None, beyond=120.0), Unit.DAYS, "> 120 (from 98)"),
        (Estimate(None), Unit.DAYS, "-"),
        (Estimate(12.5, None, 14.0), Unit.DAYS, "12.5 (up to 14.0)"),
        (Estimate(12.5, 11.0, None), Unit.DAYS, "12.5 (from 11.0)"),
        (Estimate(12.5, float("nan"), float("inf")), Unit.DAYS, "12.5"),
        (Estimate(5000, 4000, 6000.5), Unit.MONEY, "5,000 EUR (4,000 to 6,000)"),
    ],
)
def test_an_estimate_is_told_with_its_interval(estimate: Estimate, unit: Unit, text: str) -> None:
    assert figure_text(estimate, unit, "EUR") == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0.3 / 86_400, "0.3 s"),
        (5 / 1440, "5.0 min"),
        (0.5, "12.0 h"),
        (12.5, "12.5 d"),
        (0.0, "0.0 d"),
        (Estimate(0.25, 0.2, 0.5), "6.0 (4.8 to 12.0) h"),
        (Estimate(None, beyond=120.0), "> 120 d"),
    ],
)
def test_a_length_of_time_has_the_unit_that_fits_it(days: Estimate | float, text: str) -> None:
    assert span_text(days) == text


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(Unit))
def test_every_float_has_a_short_text(number: float, unit: Unit) -> None:
    text = figure_text(number, unit)

    assert text
    assert "e+" not in text
    assert "nan" not in text
    assert not text.startswith("-0.0 ")


def test_it_says_how_many_rows_are_left_out() -> None:
    assert left_out(48, 7) == "and 41 more; --format json or xlsx has them all"
    assert (left_out(7, 7), left_out(7, 0), left_out(5, 7)) == ("", "", "")


def test_times_are_of_utc() -> None:
    assert figure_text(datetime(2026, 1, 1, tzinfo=UTC), Unit.TIME) == "2026-01-01 00:00"
