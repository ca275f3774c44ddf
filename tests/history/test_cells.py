"""Texts of an export, and the values they are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.history.cells import MISSING, plain_digits, time_reader, to_datetime, value_reader
from engine.model.errors import BadValue
from engine.model.syntax import DATE, DURATION, MONEY, PERCENT, TEXT, YES_NO, Kind, Type
from tests.history.made import MOVES

GERMAN = replace(MOVES, decimal=",", thousands=".")
ENGLISH = replace(MOVES, thousands=",")


@pytest.mark.parametrize(
    ("map_", "text", "plain"),
    [
        (MOVES, "1234.50", "1234.50"),
        (MOVES, "$1234", "1234"),
        (ENGLISH, "1,234,567.8", "1234567.8"),
        (ENGLISH, "-1,234", "-1234"),
        (ENGLISH, "999", "999"),
        (GERMAN, "1.234,50", "1234.50"),
        (GERMAN, "1.234,50 €", "1234.50"),
        (GERMAN, "0,5", "0.5"),
        (ENGLISH, "(1,234.50)", "-1234.50"),
        (ENGLISH, "($ 1,234.50)", "-1234.50"),
        (ENGLISH, "-$1,234.50", "-1234.50"),
        (ENGLISH, "$-1,234.50", "-1234.50"),
        (ENGLISH, "USD 1,234.50", "1234.50"),
        (ENGLISH, "US$1,234.50", "1234.50"),
        (GERMAN, "1.234,50 EUR", "1234.50"),
        (GERMAN, "EUR1.234,50", "1234.50"),
        (GERMAN, "- € 1.234,50", "-1234.50"),
        (GERMAN, "1.234,50-", "-1234.50"),
        (MOVES, "(5)", "-5"),
        (MOVES, "+5", "+5"),
    ],
)
def test_numbers_are_read_as_the_map_writes_them(map_, text, plain):
    assert plain_digits(text, map_) == plain


@pytest.mark.parametrize(("map_", "text"), [(ENGLISH, "1,05"), (GERMAN, "1.05"), (GERMAN, "1,2.5"), (ENGLISH, ",500")])
def test_a_decimal_sign_is_never_taken_for_thousands(map_, text):
    with pytest.raises(BadValue, match="is not a number"):
        value_reader(map_, MONEY, {})(text)


@pytest.mark.parametrize("text", ["(-5)", "--5", "-5-", "EUR", "()", "USD USD 5", "5 apples", "$"])
def test_money_that_says_two_things_or_nothing_is_no_number(text):
    with pytest.raises(BadValue, match="is not a number"):
        value_reader(ENGLISH, MONEY, {})(text)


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (MONEY, "12.50", Decimal("12.50")),
        (PERCENT, "15%", Decimal("0.15")),
        (DATE, "2026-03-31", date(2026, 3, 31)),
        (YES_NO, "TRUE", True),
        (TEXT, "Ulm", "Ulm"),
        (Type(Kind.CHOICE, ("gold",)), "G", "gold"),
        (TEXT, "", None),
        (TEXT, "n/a", None),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_fact(of, text, value):
    assert value_reader(MOVES, of, {"G": "gold", "n/a": ""})(text) == value


def test_what_the_map_calls_a_text_is_written_as_the_process_writes_it():
    read = value_reader(GERMAN, MONEY, {"many": "1000.50"})
    assert (read("many"), read("1.000,50")) == (Decimal("1000.50"), Decimal("1000.50"))


@pytest.mark.parametrize(("of", "text"), [(PERCENT, "15"), (YES_NO, "1"), (DATE, "31.03.2026"), (DURATION, "3")])
def test_a_cell_of_another_type_is_refused(of, text):
    with pytest.raises(BadValue):
        value_reader(MOVES, of, {})(text)


@pytest.mark.parametrize(
    ("form", "text", "when"),
    [
        ("%Y-%m-%d", "2026-03-31", datetime(2026, 3, 30, 22, tzinfo=UTC)),
        ("%Y-%m-%d %H:%M:%S", "2026-01-31 09:30:01", datetime(2026, 1, 31, 8, 30, 1, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-01-31T09:30:01Z", datetime(2026, 1, 31, 9, 30, 1, tzinfo=UTC)),
        ("%m/%d/%y %I:%M %p", "02/23/26 08:55 PM", datetime(2026, 2, 23, 19, 55, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_zone_of_the_map(form, text, when):
    read = time_reader(replace(MOVES, dates=("%d.%m.%Y", form), time_zone="Europe/Berlin"))
    assert to_datetime(read(text)) == when


def test_a_blank_time_is_missing():
    assert time_reader(MOVES)("") == MISSING


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_in_microseconds_is_that_time(when):
    iso = replace(MOVES, dates=("%Y-%m-%dT%H:%M:%S%z",))
    whole = when.replace(microsecond=0)
    assert to_datetime(time_reader(iso)(whole.isoformat())) == whole


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-3][0-9]", fullmatch=True))
def test_a_quick_form_reads_what_strptime_reads(text):
    # With the second form written so, the first is read quickly, and the second by strptime.
    quick, slow = (time_reader(replace(MOVES, dates=(form,))) for form in ("%Y-%m-%d", "%Y-%m-%d%%"))
    assert _read(quick, text) == _read(slow, text + "%")


def _read(read, text):
    try:
        return read(text)
    except BadValue:
        return "refused"


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009"])
def test_any_kind_of_blank_parts_thousands_where_a_blank_does(blank):
    map_ = replace(MOVES, decimal=",", thousands=" ")
    assert value_reader(map_, MONEY, {})(f"2{blank}100{blank}000,50 €") == Decimal("2100000.50")


def test_a_number_is_quoted_as_it_stands_in_the_file():
    map_ = replace(MOVES, decimal=",", thousands=" ")
    with pytest.raises(BadValue, match="'2 100,5x' is not a number"):
        value_reader(map_, MONEY, {})("2 100,5x")
