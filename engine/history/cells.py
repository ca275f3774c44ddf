"""One text of an export to a value, as the map says texts are written. Whatever cannot be read raises ``BadValue``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model.errors import BadValue
from engine.model.map import Map
from engine.model.syntax import Kind, Type, Value
from engine.model.values import parse_number, parse_value

Reader = Callable[[str], Value | None]
"""From the text of a cell, blank or not, to its value; ``None`` is unknown."""

ISO = "ISO 8601"
"""The form that stands for any way in which ISO 8601 writes a date."""

MISSING = -(2**63)
"""Stands for a time nobody wrote down, among times in microseconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
LATEST = (datetime.max.replace(tzinfo=UTC) - timedelta(hours=14) - _EPOCH) // timedelta(microseconds=1)
"""Times that have a day in every time zone. Beyond lies what programs write for 'no date', 0001-01-01 above all."""
_MICROSECOND = timedelta(microseconds=1)
_BLANK = re.compile(r"(?<=\d)\s(?=\d)")
"""A blank between digits, of any kind: spreadsheets write it with and without a break, wide and narrow."""
_MONEY = re.compile(
    r"([-+]?)\s*(?:(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥])\s*)?([-+]?)\s*(\S*\d\S*?)(-?)(?:\s*(?:[A-Z]{3}|[$€£¥]))?\Z"
)
"""Sign, currency, sign, number, sign, currency: all but the number may be missing."""
FORMS = {
    "%Y-%m-%d": (re.compile(r"\d{4}-\d\d-\d\d\Z", re.A), "0000-00-00"),
    "%Y-%m-%d %H:%M": (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\Z", re.A), "0000-00-00 00:00"),
    "%Y-%m-%d %H:%M:%S": (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\Z", re.A), "0000-00-00 00:00:00"),
    "%Y-%m-%dT%H:%M:%S": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z", re.A), "0000-00-00T00:00:00"),
    "%Y-%m-%dT%H:%M:%S%z": (
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\Z", re.A),
        "0000-00-00T00:00:00Z",
    ),
    "%Y-%m-%d %H:%M:%S%z": (
        re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\Z", re.A),
        "0000-00-00 00:00:00Z",
    ),
}
"""The forms that Python reads fifteen times faster without ``strptime``, what they look like, and what they look like
with all digits 0."""

_ANY_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?\Z", re.A
)
"""A day, or a day and a time, with or without a zone."""


def to_datetime(microseconds: int) -> datetime:
    """The time in UTC of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def time_reader(map_: Map) -> Callable[[str], int]:
    """From a cell to microseconds since 1970 in UTC; ``MISSING`` for a blank one. No zone is taken for UTC."""
    zone = zone_of(map_)

    def read(text: str) -> int:
        if not text:
            return MISSING
        found = (_moment(text, map_.dates, zone) - _EPOCH) // _MICROSECOND
        if not EARLIEST <= found <= LATEST:
            raise BadValue(f"'{text}' is too {'early' if found < 0 else 'late'}", hint="leave empty what has no date")
        return found

    return read


def zone_of(map_: Map) -> tzinfo:
    """The zone of times that name none. Raises ``BadValue``."""
    name = map_.time_zone or "UTC"
    if name == "UTC":
        return UTC  # as ZoneInfo says it, but several times faster
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadValue(f"there is no time zone '{name}'", hint="write one such as UTC or Europe/Berlin") from None


def _moment(text: str, formats: tuple[str, ...], zone: tzinfo) -> datetime:
    found = _first_that_fits(text, formats)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _first_that_fits(text: str, formats: tuple[str, ...]) -> datetime:
    for form in formats or (ISO,):
        try:
            return _parsed(text, form)
        except ValueError:
            continue
    told = [f"'{form}'" for form in formats if form != ISO]
    shown = " or ".join(told) or "a date such as 2026-03-31; say its form under 'dates'"
    raise BadValue(f"'{text}' is not a date", hint=f"the map expects {shown}")


def _iso(text: str) -> datetime:
    found = _ANY_ISO.match(text)
    if found is None:
        raise ValueError
    day, clock, zone = found.groups()
    if clock is None:
        return datetime.fromisoformat(day)
    clock = clock if clock[1] != ":" else f"0{clock}"
    return datetime.fromisoformat(f"{day}T{clock}{_offset(zone)}")


def _offset(zone: str | None) -> str:
    return {None: "", "UTC": "+00:00", "Z": "+00:00"}.get(zone) or str(zone or "")


def _parsed(text: str, form: str) -> datetime:
    if form == ISO:
        return _iso(text)
    if form not in FORMS:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the map's zone is put on by the caller
    if not FORMS[form][0].match(text):
        raise ValueError
    return datetime.fromisoformat(text)


def value_reader(map_: Map, of: Type, values: Mapping[str, str]) -> Reader:
    """From a cell to the value of a fact; a blank cell, or one that the map calls blank, is unknown.

    What the map calls a text is a value of the process, written as the process writes it.
    """
    parse = _parser(map_, of)

    def read(text: str) -> Value | None:
        meant = values.get(text)
        if meant:
            return parse_value(meant, of)
        return parse(text) if text and meant is None else None

    return read


def _parser(map_: Map, of: Type) -> Callable[[str], Value]:
    if of.kind in (Kind.NUMBER, Kind.MONEY):
        return lambda text: _number(text, map_)
    if of.kind is Kind.PERCENT:
        return lambda text: _share(text, map_, of)
    if of.kind is Kind.DATE:
        return lambda text: _day(text, map_.dates)
    return lambda text: parse_value(text, of)


def _number(text: str, map_: Map) -> Value:
    try:
        return parse_number(plain_digits(text, map_))
    except BadValue as error:
        # The number is quoted as it stands in the file, not as it was made plain.
        raise BadValue(f"'{text}' is not a number", hint=error.hint) from None


def _share(text: str, map_: Map, of: Type) -> Value:
    if not text.endswith("%"):
        return parse_value(text, of)  # refuses it, and says how a percent is written
    return parse_value(plain_digits(text[:-1], map_) + "%", of)


def _day(text: str, formats: tuple[str, ...]) -> date:
    # The day as written: turning it to UTC first could make it the day before.
    return _first_that_fits(text, formats).date()


def plain_digits(text: str, map_: Map) -> str:
    """A number of the export with a point and no thousands: ``$1.234,50`` is ``1234.50`` where the map says so.

    A sign or code of a currency is taken off, and brackets are a minus, as accountants write it. Raises ``BadValue``
    where the thousands stand wrong: ``1,05`` is a decimal comma, never a hundred and five.
    """
    parts_thousands = "_" if map_.thousands.isspace() else map_.thousands
    plain = _bare(_BLANK.sub("_", text) if parts_thousands == "_" and "_" not in text else text)
    if not map_.thousands and map_.decimal == ".":
        return plain
    whole, point, rest = plain.partition(map_.decimal)
    groups = whole.lstrip("+-").split(parts_thousands) if parts_thousands else [whole]
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(each) == 3 for each in groups[1:])):
        raise BadValue(
            f"'{text}' is not a number",
            hint=f"the map says that '{map_.thousands}' parts thousands, and '{map_.decimal}' the decimals",
        )
    sign = "-" if whole.startswith("-") else ""
    if map_.decimal != "." and "." in rest + "".join(groups):
        raise BadValue(f"'{text}' is not a number", hint=f"the map says that '{map_.decimal}' parts the decimals")
    return sign + "".join(groups).lstrip("+-") + ("." + rest if point else "")


def _bare(text: str) -> str:
    """Without currency: ``(EUR 1,234.50)``, ``- € 1,234.50`` and ``1,234.50- €`` are all ``-1,234.50``."""
    plain = text.strip()
    brackets = plain.startswith("(") and plain.endswith(")")
    found = _MONEY.match(plain[1:-1].strip() if brackets else plain)
    if found is None:
        return plain
    signs = [sign for sign in (*found.group(1, 2, 4), "-" if brackets else "") if sign]
    if len(signs) > 1:
        raise BadValue(f"'{text}' is not a number", hint="it has two signs, which may mean either")
    return "".join(signs) + found[3]
