"""How wide text is on a terminal: padding, cutting, wrapping and carets that also hold for wide characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TERMINAL = 100
"""Columns, where nobody knows how wide the terminal is."""

CUT = "…"

_PIECE = re.compile("[^/]*/?")


def width(text: str) -> int:
    """Columns that ``text`` takes: none for combining marks, two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, columns: int) -> str:
    """``text`` filled up with blanks on its right."""
    return text + " " * (columns - width(text))


def pad_left(text: str, columns: int) -> str:
    """``text`` filled up with blanks on its left, as numbers are."""
    return " " * (columns - width(text)) + text


def cut(text: str, columns: int) -> str:
    """``text`` if it fits, else its beginning and an ellipsis."""
    if width(text) <= columns:
        return text
    return _beginning(text, max(columns - 1, 0)) + CUT


def _beginning(text: str, columns: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return text[:index]
    return text


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines no wider than ``columns``, broken at blanks; at least one line. Nothing is left out.

    A word that is wider alone is broken where an id has a stroke, or else another joint, and only then anywhere.
    """
    lines = [""]
    for word in _words(text, max(columns, 8)):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined) <= columns or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def pieces(word: str) -> list[str]:
    """The parts of an id between which it may be broken: ``demo/to_pass/1`` after each stroke."""
    return [each for each in _PIECE.findall(word) if each]


def _joint(fits: str) -> str:
    """So much of a word that no part of an id is broken, where it has parts; else all of what fits."""
    for marks in ("/", "-_."):
        at = max(fits.rfind(mark) for mark in marks)
        if at > 0:
            return fits[: at + 1]
    return fits


def _words(text: str, columns: int) -> Iterator[str]:
    for word in text.split(" "):
        rest = word
        while width(rest) > columns:
            head = _joint(_beginning(rest, columns))
            yield head
            rest = rest[len(head) :]
        if rest:
            yield rest
