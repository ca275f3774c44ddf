"""Where each character of a YAML text stands in its file, whatever the style it was written in.

A scalar is read a second time beside its value. Where the two readings disagree the origin is the scalar's
start alone: a finding may then point a little off, never into another value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.loading.nodes import Scalar
from engine.model.place import Origin

_ESCAPED = {"x": 2, "u": 4, "U": 8}
_SIMPLE = dict(
    zip("0abt\tnvfre \"/\\N_LP", "\0\a\b\t\t\n\v\f\r\x1b \"/\\\x85\xa0\u2028\u2029", strict=True)
)  # fmt: skip
_BREAK = re.compile(r"[ \t]*\n\s*")
_HEADER = re.compile(r"[|>][^\n]*\n")

Placed = tuple[str, int]
"""A character of the value, and the offset in the file that it came from."""


def origin_of(scalar: Scalar) -> Origin:
    """The origin of a scalar's value."""
    source = scalar.source
    raw = source.text[scalar.start : scalar.end]
    if not scalar.style and raw == scalar.value:
        return Origin(source.file, (_anchor(scalar, 0, scalar.start),))
    placed = list(_READERS[scalar.style](scalar))
    if "".join(character for character, _ in placed) != scalar.value:
        return Origin(source.file, (_anchor(scalar, 0, scalar.start),))
    return Origin(source.file, tuple(_anchors(scalar, placed)))


def _anchor(scalar: Scalar, offset: int, index: int) -> tuple[int, int, int]:
    place = scalar.source.place(index)
    return (offset, place.line, place.column)


def _anchors(scalar: Scalar, placed: list[Placed]) -> Iterator[tuple[int, int, int]]:
    """One for each stretch in which value and file run alike on one line."""
    text = scalar.source.text
    expected = -1
    for offset, (_, index) in enumerate(placed):
        if index != expected:
            yield _anchor(scalar, offset, index)
        expected = -1 if text[index : index + 1] == "\n" else index + 1
    if not placed:
        yield _anchor(scalar, 0, scalar.start)


def _plain(scalar: Scalar) -> Iterator[Placed]:
    return _flow(scalar, scalar.start, scalar.end, quote="")


def _single(scalar: Scalar) -> Iterator[Placed]:
    return _flow(scalar, scalar.start + 1, scalar.end - 1, quote="'")


def _double(scalar: Scalar) -> Iterator[Placed]:
    return _flow(scalar, scalar.start + 1, scalar.end - 1, quote='"')


def _flow(scalar: Scalar, start: int, end: int, *, quote: str) -> Iterator[Placed]:
    """Plain and quoted texts: a line end is a space, each one more a line feed; quotes have escapes."""
    text = scalar.source.text
    index = start
    while index < end:
        gap = _BREAK.match(text, index, end)
        if gap:
            breaks = gap[0].count("\n")
            yield from ((character, gap.start()) for character in ("\n" * (breaks - 1) or " "))
            index = gap.end()
        elif quote == '"' and text[index] == "\\":
            character, after = _escape(text, index, end)
            if character:
                yield character, index
            index = after
        else:
            yield text[index], index
            index += 2 if quote == "'" == text[index] else 1


def _escape(text: str, index: int, end: int) -> tuple[str, int]:
    """The character of an escape, and where the text goes on; an escaped line end is nothing."""
    sign = text[index + 1 : index + 2]
    if sign == "\n":
        after = index + 2
        while after < end and text[after] in " \t":
            after += 1
        return "", after
    if sign in _ESCAPED:
        after = index + 2 + _ESCAPED[sign]
        return chr(int(text[index + 2 : after], 16)), after
    return _SIMPLE.get(sign, sign), index + 2


def _block(scalar: Scalar) -> Iterator[Placed]:
    """Literal and folded texts: the lines of the file, found again one after the other in the value."""
    text, value = scalar.source.text, scalar.value
    header = _HEADER.match(text, scalar.start, scalar.end)
    if not header:
        return
    indent, index, offset = _indent(scalar, header.end()), header.end(), 0
    while index < scalar.end and offset < len(value):
        line_end = text.find("\n", index, scalar.end)
        line_end = scalar.end if line_end < 0 else line_end
        content = text[min(index + indent, line_end) : line_end]
        if content:
            yield from ((character, line_end - len(content) + at) for at, character in enumerate(content))
            offset += len(content)
        gap = _gap(value, offset, folded=scalar.style == ">" and bool(content))
        yield from ((character, line_end) for character in gap)
        offset += len(gap)
        index = line_end + 1


def _gap(value: str, offset: int, *, folded: bool) -> str:
    """What stands in the value for one line end: a line feed, in folded texts also a space or nothing."""
    character = value[offset : offset + 1]
    return character if character == "\n" or (folded and character == " ") else ""


def _indent(scalar: Scalar, index: int) -> int:
    """How deep the block stands: the first written line's blanks less those that the value kept."""
    text = scalar.source.text
    first = re.compile(r"(?:[ ]*\n)*([ ]*)").match(text, index, scalar.end)
    kept = scalar.value.lstrip("\n")
    return len(first[1]) - (len(kept) - len(kept.lstrip(" "))) if first else 0


_READERS = {"": _plain, "'": _single, '"': _double, "|": _block, ">": _block}
