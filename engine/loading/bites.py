"""A YAML syntax error to what the writer did: which rule bit, where, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from engine.loading import codes
from engine.loading.commas import TEXT_KEYS

_KEY = re.compile(
    r"""[ ]*(?:-[ ]+)*(?:"[^"\n]*"|'[^'\n]*'|[^\s\#:"'{\[\]},&*!|>%@`-][^:\n]*?)[ ]*:[ ]+|[ ]*(?:-[ ]+)+"""
)
_KEYS = re.compile(r"[a-z_][a-z0-9_-]*: ")
_SHOWN = 80
_QUOTES = "\"'"
_OPENERS = {"[": "]", "{": "}"}
QUOTE_ALL = "put the whole text in single quotes; a single quote inside it is written twice"


@dataclass(frozen=True, slots=True)
class Bite:
    """What went wrong, at which offset. ``span``: the value that can be set aside to read on."""

    code: str
    index: int
    message: str
    hint: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the parser stopped (``index``), what it was reading (since ``opened``), and its complaint."""

    text: str
    index: int
    opened: int
    problem: str

    @property
    def line(self) -> tuple[int, int]:
        """Where the line it stopped in starts and ends."""
        return line_of(self.text, self.index)


def bite(text: str, error: Any) -> Bite:
    """What the writer did that the parser calls ``error``."""
    index = min(error.problem_mark.index if error.problem_mark else 0, len(text))
    if "nesting depth" in str(error.problem):
        # A parser with a limit of its own comes to it before the first event, and so before ours.
        return Bite(codes.TOO_DEEP, index, "the file is nested deeper than any process", "")
    stop = _Stop(text, index, error.context_mark.index if error.context_mark else index, str(error.problem or ""))
    for explain in (_tab, _never_closed, _after_quote, _second_colon, _bracket, _special, _escape, _uneven):
        found = explain(stop)
        if found:
            return found
    return Bite(codes.SYNTAX, index, f"this is not YAML: {stop.problem or 'something is missing'}", "")


def line_of(text: str, index: int) -> tuple[int, int]:
    """Where the line of an offset starts and ends."""
    end = text.find("\n", index)
    return text.rfind("\n", 0, index) + 1, len(text) if end < 0 else end


def value_span(stop: _Stop) -> tuple[int, int] | None:
    """The value on the line, where key and value stand on that line alone."""
    text = stop.text
    start, end = stop.line
    if stop.opened < start and text[stop.opened] in _OPENERS:
        return None
    found = _KEY.match(text, start, end)
    if not found or found.end() >= end:
        return None
    value = text[found.end() : end]
    if value[0] in _OPENERS and value.count(value[0]) != value.count(_OPENERS[value[0]]):
        return None
    return found.end(), end


def _indent(text: str, start: int) -> int:
    blanks = re.compile(" *").match(text, start)
    return blanks.end() - start if blanks else 0


def _tab(stop: _Stop) -> Bite | None:
    start = stop.line[0]
    indent = stop.text[start : max(stop.index + 1, start)]
    if "\t" not in indent or indent.strip():
        return None
    return Bite(codes.TAB, start + indent.index("\t"), "a tab stands where spaces must", "indent with spaces only")


def _never_closed(stop: _Stop) -> Bite | None:
    """A quote or bracket whose end is on no line, or on a later one than was meant."""
    opened = stop.opened
    sign = stop.text[opened : opened + 1]
    if "end of stream" in stop.problem or (sign in _QUOTES and sign and "document" in stop.problem):
        return Bite(codes.NOT_CLOSED, opened, f"the quote {sign} is never closed", f"close it with {sign}")
    far = line_of(stop.text, opened)[0] != stop.line[0]
    if sign in _OPENERS and far and "expected ','" in stop.problem:
        hint = f"close it with '{_OPENERS[sign]}'"
        return Bite(codes.NOT_CLOSED, opened, f"the bracket '{sign}' is not closed before the next key", hint)
    return None


def _after_quote(stop: _Stop) -> Bite | None:
    """``must: "won" == stage``: YAML takes the quotes for its own and cannot read what follows."""
    before = stop.text[stop.line[0] : stop.index].rstrip()
    if not before or before[-1] not in _QUOTES or "expected" not in stop.problem:
        return None
    message = "text goes on after the closing quote"
    return Bite(codes.AFTER_QUOTE, stop.index, message, QUOTE_ALL, value_span(stop))


def _second_colon(stop: _Stop) -> Bite | None:
    if "mapping values are not allowed" not in stop.problem:
        return None
    start = stop.line[0]
    span = value_span(stop)
    if span and span[0] <= stop.index:
        return Bite(codes.SECOND_COLON, stop.index, "a second ': ' on one line", _colon_hint(stop.text, span), span)
    above, _ = line_of(stop.text, max(start - 1, 0))
    if _indent(stop.text, above) >= _indent(stop.text, start):
        return Bite(codes.SYNTAX, above + _indent(stop.text, above), "this line has no ': '", "write a key and ': '")
    hint = "line it up with the keys above, or put the text that goes on over two lines in quotes"
    return Bite(codes.INDENT, start, "this key is indented deeper than the text above allows", hint)


def _colon_hint(text: str, span: tuple[int, int]) -> str:
    """``negotiate: from: quote, to: won`` may well lack its braces."""
    key = text[line_of(text, span[0])[0] : span[0]].strip(" -").removesuffix(":")
    value = text[span[0] : span[1]].strip()
    if not _KEYS.match(value) or key in TEXT_KEYS or len(value) > _SHOWN:
        return QUOTE_ALL
    return f"write {key}: {{{value}}}, or put the whole text in single quotes"


def _bracket(stop: _Stop) -> Bite | None:
    """``{when: x in ["a"]}``: inside braces a bracket cannot stand within a plain text."""
    if "expected ','" not in stop.problem:
        return None
    sign = stop.text[stop.index : stop.index + 1]
    closer = _OPENERS.get(stop.text[stop.opened : stop.opened + 1], "")
    if sign and closer and sign in _OPENERS.values():
        return _other_closer(stop, sign, closer)
    if sign in _OPENERS:
        message = f"inside {{…}} or […] a '{sign}' cannot stand within a text without quotes"
    else:
        message = "inside {…} or […] a ',' or the closing bracket must stand here"
    return Bite(codes.BRACKET, stop.index, message, QUOTE_ALL, value_span(stop))


def _other_closer(stop: _Stop, sign: str, closer: str) -> Bite:
    """``{early: [lead, trial}`` lacks a bracket; in ``from: [lead, trial}`` the wrong one stands."""
    opener = stop.text[stop.opened]
    before = stop.text[stop.line[0] : stop.index]
    outer = next(key for key, value in _OPENERS.items() if value == sign)
    where = "before" if before.count(outer) > before.count(sign) else "instead of"
    message = f"the bracket '{opener}' is not closed where '{sign}' stands"
    return Bite(codes.BRACKET, stop.index, message, f"write '{closer}' {where} '{sign}'", value_span(stop))


def _special(stop: _Stop) -> Bite | None:
    start = stop.opened
    starts_value = "cannot start any token" in stop.problem or "alphabetic or numeric" in stop.problem
    if not starts_value and "comment or line break" not in stop.problem:
        return None
    sign = stop.text[start : start + 1]
    if sign not in "@`%*&|>!" or not sign:
        sign, start = stop.text[stop.index : stop.index + 1], stop.index
    return Bite(codes.SPECIAL_START, start, f"a text cannot start with '{sign}'", QUOTE_ALL, value_span(stop))


def _escape(stop: _Stop) -> Bite | None:
    if "escape" not in stop.problem:
        return None
    hint = "inside double quotes write '\\\\' for a backslash, or use single quotes"
    return Bite(codes.SYNTAX, stop.index, "a backslash starts no escape that YAML knows", hint, value_span(stop))


def _uneven(stop: _Stop) -> Bite | None:
    """Keys and list items that do not stand under one another."""
    line = stop.text[stop.line[0] : stop.line[1]].strip()
    if "could not find expected ':'" in stop.problem:
        start = stop.opened
        return Bite(codes.SYNTAX, start, "this line has no ': '", "write a key, ': ' and its value")
    if "document start" in stop.problem:
        return Bite(codes.SYNTAX, stop.index, f"'{line[:40]}' stands after the end", "delete it, or mend what is above")
    if "expected '-'" in stop.problem:
        return Bite(
            codes.INDENT, stop.index, "a list goes on with something that has no '-'", "list items or keys, not both"
        )
    if "block sequence entries" in stop.problem:
        return Bite(codes.INDENT, stop.index, "a list cannot start here", "start it on a line of its own, or use […]")
    if "expected key" in stop.problem or "expected <block end>" in stop.problem:
        hint = "line it up with the keys it belongs to"
        return Bite(codes.INDENT, stop.index, f"'{line[:40]}' is not indented like the keys around it", hint)
    return None
