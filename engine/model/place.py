"""Where a thing stands in a file, so that every finding can point at it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in a file; lines and columns count from 1 (0: the file as a whole)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Origin:
    """Where each character of a text stands in its file.

    ``anchors`` are (offset in the text, line, column), ascending by offset: one for each stretch in
    which text and file run alike. A block scalar has one a line, a quoted one more after each escape.
    """

    file: str
    anchors: tuple[tuple[int, int, int], ...]

    def at(self, offset: int) -> Place:
        """The place of the character at ``offset`` (from 0)."""
        index = max(bisect_right(self.anchors, (offset, 10**9, 10**9)) - 1, 0)
        start, line, column = self.anchors[index]
        return Place(self.file, line, column + offset - start)


NOWHERE = Place("")
UNPLACED = Origin("", ((0, 0, 0),))
