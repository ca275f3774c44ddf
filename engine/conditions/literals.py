"""Written values: numbers, percents, durations, texts and dates, from the text of one token."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from engine.conditions import days
from engine.conditions.problem import BAD_LITERAL, Problem
from engine.model.errors import BadValue
from engine.model.syntax import DATE, DURATION, NUMBER, PERCENT, TEXT, Literal, Span
from engine.model.values import parse_date, parse_duration, plain_number

_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?\Z")
_POWER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?[eE][+-]?[0-9]{1,2}\Z")
_DURATION = re.compile(r"[0-9]{1,7}(?:min|h|d|w)\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_LONG_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?\Z")
_GROUPED = re.compile(r"[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?\Z")
_UNIT = re.compile(r"([0-9]+) *([a-zA-Z]+)\Z")
UNIT_WORDS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
}
"""Units of time as people write them, and as the language does."""
_SIZES = {**dict.fromkeys(("k", "thousand"), 3), **dict.fromkeys(("mio", "mn", "million", "millions"), 6)}
_LARGE = re.compile(rf"([0-9]{{1,12}}(?:\.[0-9]{{1,6}})?) *({'|'.join(_SIZES)})\Z", re.IGNORECASE)
SIZE_WORDS = frozenset(_SIZES)
"""What people write after a number for thousands and millions."""
CURRENCY = re.compile(r"[A-Z]{3}\Z|(?i:euros?|dollars?|pounds?)\Z")
_MONEY = re.compile(
    rf"([0-9]{{1,12}}(?:\.[0-9]{{1,6}})?) *({'|'.join(_SIZES)})? +(?:[A-Z]{{3}}|(?i:euros?|dollars?|pounds?))\Z",
)


def number(text: str, at: int) -> Literal | Problem:
    """``5000``, ``12.50``, ``1.5e3``, ``15%`` or ``30d``."""
    span = (at, at + len(text))
    plain = plain_number(Decimal(text)) if _POWER.match(text) else text
    if _NUMBER.match(plain):
        return Literal(Decimal(plain), NUMBER, span)
    if text[-1] == "%" and _NUMBER.match(text[:-1]):
        return Literal(Decimal(text[:-1]).scaleb(-2), PERCENT, span)
    if _DURATION.match(text):
        return Literal(parse_duration(text), DURATION, span)
    if found := days.meant(text):
        return Problem(BAD_LITERAL, at, f"the date {text} is not written as one", found)
    return Problem(BAD_LITERAL, at, f"'{_short(text)}' is not a number", _number_hint(text))


def _number_hint(text: str) -> str:
    if text[-1] == "%":
        number = text[:-1].rstrip()
        if _NUMBER.match(number):
            return f"write {number}%, with no space; there is no modulo"
    if _GROUPED.match(text):
        return f"write {text.replace('_', '')}, without _"
    if found := _MONEY.match(text):
        return f"write {plain_number(_worth(found[1], found[2] or ''))}; the currency is the process's"
    if found := _LARGE.match(text):
        return f"write {plain_number(_worth(found[1], found[2]))}"
    if found := _UNIT.match(text):
        unit = UNIT_WORDS.get(found[2].lower())
        return f"write {found[1]}{unit}" if unit else "durations are written in min, h, d or w, such as 30d"
    if _LONG_NUMBER.match(text.rstrip("%")) or _POWER.match(text):
        return "at most 18 digits may stand before the point and 9 after it"
    return "write digits and a point, such as 5000, 12.50, 15% or 30d"


def is_amount(word: str) -> bool:
    """Whether a word after a number says how large or in which currency it is."""
    return word.lower() in SIZE_WORDS or CURRENCY.match(word) is not None


def _worth(digits: str, size: str) -> Decimal:
    return Decimal(digits).scaleb(_SIZES.get(size.lower(), 0))


def commas(text: str) -> str:
    """``12.5%`` for ``12,5%``, ``5000`` for ``5,000`` and ``5.000,00``; empty where it is no number at all."""
    number = text.rstrip("% ")
    whole, _, rest = number.rpartition(",")
    if _THOUSANDS.match(number):
        plain = number.replace(",", "")
    elif _POINTS.match(whole) and rest.isdigit():
        plain = f"{whole.replace('.', '')}.{rest}"
    else:
        return ""
    return plain_number(Decimal(plain)) + ("%" if "%" in text else "") if _NUMBER.match(plain) else ""


_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_POINTS = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)\Z")


_ESCAPE = re.compile(
    r"\\(?:(?P<plain>[\\\"'`?abfnrtv])|[xX](?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<o>[0-3][0-7]{2})|(?P<bad>.?))",
    re.DOTALL,
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def text_of(raw: str, at: int) -> Literal | Problem:
    """A text between its quotes, with CEL's escapes read."""
    inner = raw[1:-1]
    span = (at, at + len(raw))
    if "\\" not in inner:
        return _storable(inner, span)
    parts: list[str] = []
    end = 0
    for match in _ESCAPE.finditer(inner):
        character = _escaped(match)
        if not character:
            return Problem(
                BAD_LITERAL, at + 1 + match.start(), f"'{match[0]}' is no character", "write \\\\ for a backslash"
            )
        parts += (inner[end : match.start()], character)
        end = match.end()
    parts.append(inner[end:])
    return _storable("".join(parts), span)


def _escaped(match: re.Match[str]) -> str:
    """The character that an escape stands for; empty where there is none."""
    kind = match.lastgroup or "bad"
    found = match[kind]
    if kind == "plain":
        return _PLAIN.get(found, found)
    if kind == "bad":
        return ""
    code = int(found, 8 if kind == "o" else 16)
    return "" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(value: str, span: Span) -> Literal | Problem:
    """The literal, unless it holds what no database and no file can hold, so that no fact can ever equal it."""
    found = _UNSTORABLE.search(value)
    if found is None:
        return Literal(value, TEXT, span)
    return Problem(BAD_LITERAL, span[0], f"a text cannot hold the character U+{ord(found[0]):04X}", "delete it")


def date_of(text: str, at: int, span: Span) -> Literal | Problem:
    """The literal of ``date("2026-03-31")``; ``at`` is where the text inside begins."""
    try:
        value: date = parse_date(text)
    except BadValue:
        hint = "no such day" if _DATE.match(text) else days.meant(text) or "write year-month-day, such as 2026-03-31"
        return Problem(BAD_LITERAL, at, f"'{_short(text)}' is not a date", hint)
    return Literal(value, DATE, span)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
