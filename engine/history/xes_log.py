"""What an XES file says, while it is read: the texts of each column, and where its traces begin."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from engine.history.columns import Coded, chunk_of, join, with_blanks

CASE = "case:"
"""Stands before the names of what a trace says."""


class Enough(Exception):
    """As many rows as were wanted have been read."""


@dataclass(slots=True)
class Growing:
    """A column while the file is read: the texts found, and in which places; of two in one place the last counts."""

    texts: list[str] = field(default_factory=list)
    at: array[int] = field(default_factory=lambda: array("i"))
    chunks: list[pa.DictionaryArray] = field(default_factory=list)

    def pack(self) -> None:
        """Keeps what was found as codes: as Python's texts it would fill the memory."""
        if self.texts:
            self.chunks.append(chunk_of(self.texts))
            self.texts.clear()

    def whole(self, length: int) -> Coded:
        """The column; blank where nothing was found."""
        self.pack()
        found = join(self.chunks)
        codes = np.full(length, -1, np.int32)
        codes[np.frombuffer(self.at, np.int32)] = found.codes
        return with_blanks(found.texts, codes)


@dataclass(slots=True)
class Log:
    """What has been read so far. ``starts`` are the numbers of the first events of the traces."""

    wanted: frozenset[str]
    most: int
    columns: dict[str, Growing] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    starts: array[int] = field(default_factory=lambda: array("i"))
    events: int = 0
    nested: int = 0
    astray: int = 0

    def column(self, name: str) -> Growing | None:
        """Where the texts of a column go; ``None`` for one that nobody wants."""
        if self.wanted and name not in self.wanted:
            self.unread[name] = None
            return None
        return self.columns.setdefault(name, Growing())

    def begin_event(self) -> int:
        """The place of the event that begins."""
        if self.events >= self.most:
            raise Enough
        self.events += 1
        return self.events - 1
