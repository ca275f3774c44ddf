"""Colour, the one module that knows how a terminal is told of it."""

from __future__ import annotations

from enum import Enum


class Style(Enum):
    """Whether the reader is a terminal that takes colours; a door decides."""

    PLAIN = "plain"
    COLOUR = "colour"


class Tone(Enum):
    """What a piece of text is to the reader; the value is what the terminal is sent."""

    NORMAL = ""
    STRONG = "1"
    QUIET = "2"
    GOOD = "32"
    BAD = "31"
    CAUTION = "33"


def paint(text: str, tone: Tone, style: Style) -> str:
    """``text`` in its tone. Pad before painting: the codes have no width."""
    if style is Style.PLAIN or tone is Tone.NORMAL or not text:
        return text
    return f"\x1b[{tone.value}m{text}\x1b[0m"
