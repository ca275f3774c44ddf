"""Bodies of entries taken apart: what an entry says beside its envelope, each distinct text read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.coding import Numbers
from engine.model.errors import BadValue
from engine.model.syntax import Value
from engine.model.values import decode

_VERDICTS = '"verdicts":'
_NO_FACTS = "{}"
_LOOKED_AT = 1_000


class UnusualEntries(Exception):
    """There is an entry that only the way by rows can judge."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Bodies in two: all up to the verdicts as whole documents, and the lists of verdicts; of both each text once.

    ``head`` says which head each body has, ``list_`` which list each of those has that are ``judged``.
    """

    heads: pa.Array
    head: Numbers
    lists: pa.Array
    list_: Numbers
    judged: Numbers


def parted(bodies: pa.Array) -> Parted:
    """Verdicts apart: they are most of what there is to read, and far fewer differ than of the bodies they are in.

    Raises ``UnusualEntries``.
    """
    edges = np.frombuffer(bodies.buffers()[1], np.int32)[bodies.offset : bodies.offset + len(bodies) + 1]
    signs = np.frombuffer(bodies.buffers()[2] or b"", np.uint8)
    if (np.diff(edges) < len("{}")).any() or (signs[edges[1:] - 1] != ord("}")).any():
        raise UnusualEntries
    # A quote inside a JSON text has a backslash before it: what is found can only be the key, which comes last.
    at = pc.find_substring(bodies, f"{_VERDICTS}[").to_numpy()
    judged = np.flatnonzero(at >= 0)
    # Head, list and last brace are three texts in the bytes as they are; a body without verdicts is all head.
    pieces = np.repeat(edges, 3)[2:]
    pieces[1::3], pieces[2::3] = edges[1:], edges[1:]
    pieces[1::3][judged] = edges[judged] + at[judged] + len(_VERDICTS)
    pieces[2::3][judged] -= 1
    words, codes = _distinct(pa.StringArray.from_buffers(len(bodies) * 3, pa.py_buffer(pieces), bodies.buffers()[2]))
    heads, head = _used(words, codes[0::3])
    lists, list_ = _used(words, codes[1::3][judged])
    whole = pc.if_else(pc.ends_with(heads, "}"), heads, pc.binary_join_element_wise(heads, "0}", ""))
    return Parted(whole, head, lists, list_, judged)


def _distinct(texts: pa.Array) -> tuple[pa.Array, Numbers]:
    """Texts, and which of them each one is: where many are the same, as in an import, each once."""
    first = texts.slice(0, _LOOKED_AT)
    if 2 * len(first.unique()) > len(first):
        return texts, np.arange(len(texts))
    coded = texts.dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy()


def _used(words: pa.Array, codes: Numbers) -> tuple[pa.Array, Numbers]:
    """Only the words that are used, and the codes among them."""
    used = np.zeros(len(words), np.bool_)
    used[codes] = True
    return words.filter(pa.array(used)), (np.cumsum(used) - 1)[codes]


class ToldFacts:
    """The facts that entries tell, while they come in: their names and values, each kept once."""

    def __init__(self) -> None:
        self._names, self._values = _Names(), _Values()

    @property
    def names(self) -> tuple[str, ...]:
        """The names by their codes."""
        return tuple(self._names)

    @property
    def values(self) -> list[Value]:
        """The values by their codes."""
        return self._values.told

    def coded(self, texts: list[str | None]) -> tuple[Numbers, Numbers, Numbers]:
        """How many facts each text tells (``None``: none), and of all of them the names and the values, as codes.

        Raises ``UnusualEntries``.
        """
        try:
            # As one text, for what it costs to begin with one is most of what it costs.
            told = _facts.decode(f"[{','.join([text or _NO_FACTS for text in texts])}]")
            if not {tuple}.issuperset(map(type, told)):
                raise UnusualEntries
            names = np.array([self._names[name] for each in told for name, _ in each], np.int64)
            values = np.array(self._values.coded([data for each in told for _, data in each]), np.int64)
        except (BadValue, ValueError, TypeError, RecursionError) as error:
            raise UnusualEntries from error
        counts = np.array([len(each) for each in told], np.int64)
        its = np.repeat(np.arange(len(counts)), counts) * len(self._names) + names
        if len(counts) != len(texts) or len(np.unique(its)) != len(its):
            raise UnusualEntries
        return counts, names, values


class _Names(dict[str, int]):
    def __missing__(self, name: str) -> int:
        code = self[name] = len(self)
        return code


class _Values(dict[Any, int]):
    """The code of each value, by what JSON says of it: a text, a truth, or pairs."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Value] = []

    def coded(self, data: list[Any]) -> list[int]:
        try:
            return [self[each] for each in data]
        except TypeError:
            # A list is in no dict: known by how it is written.
            return [self._listed(each) for each in data]

    def _listed(self, data: Any) -> int:
        try:
            return self[data]
        except TypeError:
            key = ("", repr(data))
            code = self.get(key)
            return self._new(key, data) if code is None else code

    def __missing__(self, data: Any) -> int:
        return self._new(data, data)

    def _new(self, key: Any, data: Any) -> int:
        value = decode(_plain(data))
        if value is None:
            raise UnusualEntries
        code = self[key] = len(self.told)
        self.told.append(value)
        return code


def _plain(data: Any) -> Any:
    """JSON as it is otherwise: its objects are pairs here."""
    if isinstance(data, tuple):
        return {name: _plain(each) for name, each in data}
    return [_plain(each) for each in data] if isinstance(data, list) else data


def _no_value(text: str) -> NoReturn:
    raise BadValue(f"not a value of the journal: {text}")


# Bare numbers are never written; one must not be taken for the truth that it is equal to.
_facts = json.JSONDecoder(object_pairs_hook=tuple, parse_int=_no_value, parse_float=_no_value, parse_constant=_no_value)
