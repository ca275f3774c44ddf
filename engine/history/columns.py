"""A column of an export: its distinct texts, and which of them each row holds. A million cells take a few megabytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
"""Places of rows, counted from 0."""

_SLICE = 16_384


@dataclass(frozen=True, slots=True)
class Coded:
    """``texts`` are distinct, in order of appearance; ``codes`` tell which of them each row holds."""

    texts: pa.StringArray
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, row: int) -> str:
        """The text in a row, counted from 0."""
        return str(self.texts[int(self.codes[row])].as_py())

    def each_text(self) -> Iterator[str]:
        """The distinct texts, a few at a time: all at once they would fill the memory."""
        for start in range(0, len(self.texts), _SLICE):
            yield from self.texts.slice(start, _SLICE).to_pylist()

    def taken(self, rows: Rows) -> Coded:
        """The same column with these rows, in this order."""
        return Coded(self.texts, self.codes[rows])


def chunk_of(cells: Sequence[str]) -> pa.DictionaryArray:
    """Some cells of a column, in the form that ``join`` puts together."""
    return pa.array(cells, pa.string()).dictionary_encode()


def join(chunks: Sequence[pa.DictionaryArray]) -> Coded:
    """The column that the chunks make, white space around the texts taken off."""
    if not chunks:
        return Coded(pa.array([], pa.string()), np.zeros(0, np.int32))
    whole = pa.chunked_array(chunks).unify_dictionaries()
    codes = np.concatenate([each.indices.to_numpy() for each in whole.chunks]).astype(np.int32, copy=False)
    column = stripped(Coded(whole.chunk(0).dictionary, codes))
    del whole
    # Arrow keeps what it freed for later use: 150 MB of a file of a million rows.
    pa.default_memory_pool().release_unused()
    return column


def stripped(column: Coded) -> Coded:
    """The column, white space around its texts taken off."""
    trimmed = pc.utf8_trim_whitespace(column.texts)
    if trimmed.equals(column.texts):
        return column
    # Two texts may have become one, so the codes are told anew.
    again = trimmed.dictionary_encode()
    return Coded(again.dictionary, again.indices.to_numpy()[column.codes])


def with_blanks(texts: pa.StringArray, codes: Codes) -> Coded:
    """The column of these codes, where -1 stands for a blank cell."""
    if not (codes < 0).any():
        return Coded(texts, codes)
    blank = pc.index(texts, "").as_py()
    if blank < 0:
        blank = len(texts)
        texts = pa.concat_arrays([texts, pa.array([""], pa.string())])
    return Coded(texts, np.where(codes < 0, np.int32(blank), codes))


def one_after_the_other(first: Coded, second: Coded) -> Coded:
    """The rows of the one column, then those of the other."""
    texts = pa.concat_arrays([first.texts, second.texts]).dictionary_encode()
    codes = np.concatenate([first.codes, second.codes + np.int32(len(first.texts))])
    return Coded(texts.dictionary, texts.indices.to_numpy()[codes])


def letter(index: int) -> str:
    """The name a spreadsheet gives to a column counted from 0: ``A``, ``Z``, ``AA``."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
