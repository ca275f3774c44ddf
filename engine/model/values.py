"""Values of facts: from text, to text, to and from canonical JSON. Exact: no float ever stands in for a number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from engine.model.errors import BadValue
from engine.model.names import did_you_mean
from engine.model.syntax import Kind, Type, Value

_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?\Z")
_DURATION = re.compile(r"(\d{1,7})(min|h|d|w)\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}

TEXT_LIMIT = 10_000
"""The longest text a fact may hold, in characters."""


def parse_value(text: str, of: Type) -> Value:
    """The value that ``text`` writes. Raises ``BadValue``, saying what was expected, where it does not fit."""
    match of.kind:
        case Kind.YES_NO:
            return _yes_no(text)
        case Kind.NUMBER | Kind.MONEY:
            return parse_number(text)
        case Kind.PERCENT:
            return _percent(text)
        case Kind.CHOICE:
            return _choice(text, of)
        case Kind.DATE:
            return parse_date(text)
        case Kind.DURATION:
            return parse_duration(text)
        case Kind.LIST:
            raise BadValue("a list cannot be a fact")
    if len(text) > TEXT_LIMIT:
        raise BadValue(f"the text is longer than {TEXT_LIMIT} characters")
    return text


def parse_number(text: str) -> Decimal:
    """``5000`` or ``-12.50``: digits and a point, at most 18 before and 9 after it."""
    plain = text.strip()
    if not _NUMBER.match(plain):
        raise BadValue(f"'{text}' is not a number", hint="write digits and a point, such as 5000 or 12.50")
    try:
        return Decimal(plain)
    except InvalidOperation as error:  # the pattern above leaves nothing to raise it
        raise BadValue(f"'{text}' is not a number") from error


def parse_date(text: str) -> date:
    """``2026-03-31``."""
    plain = text.strip()
    try:
        if _DATE.match(plain):
            return date.fromisoformat(plain)
    except ValueError:
        pass
    raise BadValue(f"'{text}' is not a date", hint="write year-month-day, such as 2026-03-31")


def parse_duration(text: str) -> timedelta:
    """``30min``, ``12h``, ``30d`` or ``2w``."""
    found = _DURATION.match(text.strip())
    if not found:
        raise BadValue(f"'{text}' is not a duration", hint="write a number and min, h, d or w, such as 30d")
    return int(found[1]) * _UNITS[found[2]]


def _yes_no(text: str) -> bool:
    try:
        return _YES_NO[text.strip().lower()]
    except KeyError:
        raise BadValue(f"'{text}' is neither yes nor no", hint="write true or false") from None


def _percent(text: str) -> Decimal:
    plain = text.strip()
    if not plain.endswith("%") or not _NUMBER.match(plain[:-1]):
        raise BadValue(f"'{text}' is not a percent", hint="write it with its sign, such as 15%")
    return Decimal(plain[:-1]).scaleb(-2)


def _choice(text: str, of: Type) -> str:
    if of.choices and text not in of.choices:
        raise BadValue(f"'{text}' is not one of the choices", hint=did_you_mean(text, of.choices))
    return text


def plain_number(number: Decimal) -> str:
    """A number without exponent or trailing zeros: equal numbers have one text."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def duration_text(span: timedelta) -> str:
    """A duration in the largest unit that is exact: ``2w`` is told as ``14d``, 90 minutes as ``90min``."""
    minutes, rest = divmod(span, timedelta(minutes=1))
    if rest:
        return f"{span.total_seconds():.0f}s"
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"


def show_value(value: Value | None, of: Type | None = None) -> str:
    """A value as a person writes it in conditions and commands; the type tells percent from number."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if of is not None and of.kind is Kind.PERCENT:
            return plain_number(value.scaleb(2)) + "%"
        return plain_number(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(show_value(item, of.item if of else None) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else value


Json = bool | int | str | None | list["Json"] | dict[str, "Json"]


def encode(value: Value | None) -> Json:
    """Canonical JSON of a value: text and yes-no as they are, the others tagged with their kind."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        return {"n": plain_number(value)}
    if isinstance(value, timedelta):
        return {"s": str(value // timedelta(microseconds=1))}
    if isinstance(value, tuple):
        return {"l": [encode(item) for item in value]}
    return {"d": value.isoformat()}


def decode(data: Json) -> Value | None:
    """The value that ``encode`` wrote. Raises ``BadValue`` for what it never writes."""
    if data is None or isinstance(data, (bool, str)):
        return data
    if isinstance(data, dict) and len(data) == 1:
        tag, body = next(iter(data.items()))
        try:
            if tag == "n" and isinstance(body, str):
                return Decimal(body)
            if tag == "d" and isinstance(body, str):
                return date.fromisoformat(body)
            if tag == "s" and isinstance(body, str):
                return timedelta(microseconds=int(body))
        except (ValueError, InvalidOperation, OverflowError):
            pass
        if tag == "l" and isinstance(body, list):
            items = tuple(decode(item) for item in body)
            if None not in items:
                return items  # type: ignore[return-value]
    raise BadValue(f"not a value of the journal: {data!r}")
