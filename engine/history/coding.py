"""Texts that come batch by batch, as codes: each text is kept once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.signedinteger[Any]]
Yes = npt.NDArray[np.bool_]


class Coding:
    """A column of texts as it grows. A text has the same code in all batches, in the order in which they came."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._parts: list[Numbers] = []

    def add(self, texts: pa.Array, cells: Numbers | None = None) -> None:
        """The next texts, none of them null: as the cells of the column, or ``cells`` says by place which ones are."""
        coded = texts.dictionary_encode()
        known = self._known
        of_batch = np.array([known.setdefault(word, len(known)) for word in coded.dictionary.to_pylist()], np.int32)
        codes = of_batch[coded.indices.to_numpy()]
        self._parts.append(codes if cells is None else codes[cells])

    def whole(self) -> Coded:
        """All the cells."""
        return Coded(joined(self._parts), tuple(self._known))


class Coded:
    """A column of texts: ``codes`` are places in ``words``."""

    def __init__(self, codes: Numbers, words: tuple[str, ...]) -> None:
        self.codes, self.words = codes, words

    def at(self, rows: Numbers | Yes) -> Coded:
        """Some of the cells."""
        return Coded(self.codes[rows], self.words)

    def code(self, word: str) -> int:
        """The code of a text; -1 where no cell has it."""
        return self.words.index(word) if word in self.words else -1

    def among(self, words: set[str]) -> Yes:
        """Which cells have one of these texts."""
        return np.array([word in words for word in self.words], np.bool_)[self.codes]

    def in_order(self) -> Numbers:
        """Codes that are in order as the texts are."""
        places = sorted(range(len(self.words)), key=self.words.__getitem__)
        ranks = np.empty(len(places), np.int64)
        ranks[places] = np.arange(len(places))
        return ranks[self.codes]


def joined(parts: list[Numbers]) -> Numbers:
    """Parts of a column, one after the other. They are given up meanwhile, for there are many columns."""
    whole = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    parts.clear()
    return whole
