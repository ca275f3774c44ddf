"""Entries column by column, as a journal hands them over, to arrays in order of deal and sequence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.coding import Coded, Coding, Numbers, Yes, joined
from engine.model.entry import EntryKind
from engine.model.errors import BadValue
from engine.model.syntax import Value
from engine.model.values import decode
from engine.tables.documents import Documents, looking_into

_ENVELOPE = "deal kind process track action from_stage to_stage outcome reason".split()
_SAID = "actor owner touchpoint".split()
_PATHS = tuple(f"$.{name}" for name in (*_SAID, "facts"))
_VERDICTS = '"verdicts":'
_REQUIREMENTS, _RESULTS = "$[*][0]", "$[*][2]"
_LOOKED_AT = 1_000
_KINDS = frozenset(kind.value for kind in EntryKind)
_TIME = pa.timestamp("us", "UTC")
_ISO_LENGTH = len("2026-03-31T09:00:00.000000+00:00")


class UnusualEntries(Exception):
    """There is an entry that only the way by rows can judge."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One item for each value that an entry tells. ``entry`` is its place in ``Entries``; ``value`` in ``values``."""

    entry: Numbers
    fact: Coded
    value: Numbers
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One item for each verdict."""

    entry: Numbers
    requirement: Coded
    result: Coded


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries in order of deal and sequence; ``texts`` by the names of ``Entry``, ``happened`` in µs since 1970."""

    sequence: Numbers
    version: Numbers
    happened: Numbers
    undated: Yes
    texts: dict[str, Coded]
    facts: Facts
    verdicts: Verdicts


def gathered(batches: Iterable[pa.RecordBatch]) -> Entries:
    """All entries. Raises ``UnusualEntries``."""
    growing = _Growing()
    with looking_into() as documents:
        for batch in batches:
            growing.add(batch, documents)
    return growing.whole()


class _Growing:
    """Entries while batches come in; of a batch only codes and numbers are kept."""

    def __init__(self) -> None:
        self._count = 0
        self._numbers: dict[str, list[Numbers]] = {name: [] for name in ("sequence", "version", "happened", "undated")}
        self._texts = {name: Coding() for name in (*_ENVELOPE, *_SAID)}
        self._told: dict[str, list[Numbers]] = {name: [] for name in ("entry", "fact", "value", "judged")}
        self._requirements, self._results = Coding(), Coding()
        self._names: dict[str, int] = {}
        self._known: dict[Any, int] = {}
        self._values: list[Value] = []

    def add(self, batch: pa.RecordBatch, documents: Documents) -> None:
        """The next entries."""
        if not batch.num_rows:
            return
        if any(column.null_count for column in batch.columns):
            raise UnusualEntries
        for name in ("sequence", "version"):
            self._numbers[name].append(_whole_numbers(batch.column(name)))
        self._numbers["happened"].append(_moments(batch.column("happened_at")))
        self._numbers["undated"].append(_yes_no(batch.column("undated")))
        for name in _ENVELOPE:
            self._texts[name].add(_texts(batch.column(name)))
        self._add_bodies(_texts(batch.column("body")), documents)
        self._count += batch.num_rows

    def _add_bodies(self, bodies: pa.Array, documents: Documents) -> None:
        heads, verdicts, judged = _parted(bodies)
        texts, codes = _distinct(heads)
        lists, of_judged = _distinct(verdicts)
        try:
            *said, facts = documents.single(_closed(texts), _PATHS)
            requirements, results = documents.each(lists, _REQUIREMENTS), documents.each(lists, _RESULTS)
        except BadValue as error:
            raise UnusualEntries from error
        for name, cells in zip(_SAID, said, strict=True):
            self._texts[name].add(cells.fill_null(""), codes)
        self._add_verdicts(requirements, results, judged, of_judged)
        self._add_facts(facts, codes)

    def _add_verdicts(self, requirements: pa.Array, results: pa.Array, judged: Numbers, codes: Numbers) -> None:
        counts = requirements.value_lengths().to_numpy()
        if not np.array_equal(counts, results.value_lengths().to_numpy()):
            raise UnusualEntries
        places = _ranges((np.cumsum(counts) - counts)[codes], counts[codes])
        self._told["judged"].append(np.repeat(judged + self._count, counts[codes]))
        self._requirements.add(requirements.flatten(), places)
        self._results.add(results.flatten(), places)

    def _add_facts(self, facts: pa.Array, codes: Numbers) -> None:
        told = self._decoded([text or "{}" for text in facts.to_pylist()])
        counts = np.array([len(each) for each in told], np.int64)
        flat = np.array([pair for each in told for pair in each], np.int64).reshape(-1, 2)
        places = _ranges((np.cumsum(counts) - counts)[codes], counts[codes])
        self._told["entry"].append(np.repeat(np.arange(len(codes)) + self._count, counts[codes]))
        self._told["fact"].append(flat[places, 0])
        self._told["value"].append(flat[places, 1])

    def _decoded(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        """For each text its facts: the name's code and the value's."""
        names, value = self._names, self._value
        try:
            # As one text, for what it costs to begin with one is most of what it costs.
            return [
                [(names.setdefault(name, len(names)), value(data)) for name, data in facts.items()]
                for facts in json.loads(f"[{','.join(texts)}]")
            ]
        except (BadValue, ValueError, AttributeError, TypeError, RecursionError) as error:
            raise UnusualEntries from error

    def _value(self, data: Any) -> int:
        key = _key(data)
        known = self._known.get(key)
        if known is None:
            value = decode(data)
            if value is None:
                raise UnusualEntries
            known = self._known[key] = len(self._values)
            self._values.append(value)
        return known

    def whole(self) -> Entries:
        """All of them, in order."""
        texts = {name: coding.whole() for name, coding in self._texts.items()}
        numbers = {name: joined(parts) for name, parts in self._numbers.items()}
        if not _KINDS.issuperset(texts["kind"].words):
            raise UnusualEntries
        order = np.lexsort((numbers["sequence"], texts["deal"].in_order()))
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        told = {name: joined(parts) for name, parts in self._told.items()}
        fact, value = Coded(told["fact"], tuple(self._names)), told["value"]
        entry, rows = _sorted(places[told["entry"]])
        judged, of_verdicts = _sorted(places[told["judged"]])
        return Entries(
            numbers["sequence"][order],
            numbers["version"][order],
            numbers["happened"][order],
            numbers["undated"][order].astype(np.bool_),
            {name: column.at(order) for name, column in texts.items()},
            Facts(entry, fact.at(rows), value[rows], self._values),
            Verdicts(judged, self._requirements.whole().at(of_verdicts), self._results.whole().at(of_verdicts)),
        )


def _parted(bodies: pa.Array) -> tuple[pa.Array, pa.Array, Numbers]:
    """The head of each body, up to its verdicts; the lists of verdicts; and which bodies have one.

    Verdicts are most of what there is to read, and far fewer of them differ than of the bodies that they are in.
    """
    edges = np.frombuffer(bodies.buffers()[1], np.int32)[bodies.offset : bodies.offset + len(bodies) + 1]
    signs = np.frombuffer(bodies.buffers()[2] or b"", np.uint8)
    if (np.diff(edges) < len("{}")).any() or (signs[edges[1:] - 1] != ord("}")).any():
        raise UnusualEntries
    # A quote inside a JSON text has a backslash before it: what is found can only be the key, which comes last.
    at = pc.find_substring(bodies, f"{_VERDICTS}[").to_numpy()
    judged = np.flatnonzero(at >= 0)
    pieces = np.repeat(edges, 3)[2:]
    # Head, list and the last brace, one after the other in the same bytes; a body without verdicts is all head.
    pieces[0::3], pieces[1::3], pieces[2::3] = edges, edges[1:], edges[1:]
    pieces[1::3][judged] = edges[judged] + at[judged] + len(_VERDICTS)
    pieces[2::3][judged] -= 1
    parts = pa.StringArray.from_buffers(len(bodies) * 3, pa.py_buffer(pieces), bodies.buffers()[2])
    return parts.take(pa.array(np.arange(0, len(parts), 3))), parts.take(pa.array(judged * 3 + 1)), judged


def _closed(heads: pa.Array) -> pa.Array:
    """Heads as whole documents."""
    return pc.if_else(pc.ends_with(heads, "}"), heads, pc.binary_join_element_wise(heads, "0}", ""))


def _distinct(texts: pa.Array) -> tuple[pa.Array, Numbers]:
    """Texts, and which of them each one is: where many are the same, as in an import, each once."""
    first = texts.slice(0, _LOOKED_AT)
    if 2 * len(first.unique()) > len(first):
        return texts, np.arange(len(texts))
    coded = texts.dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy()


def _key(data: Any) -> Any:
    """What tells values apart: a text or a truth itself, a tag with its text; of anything else how it is written."""
    if type(data) is dict and len(data) == 1:
        ((tag, body),) = data.items()
        if type(body) is str:
            return tag, body
    return data if type(data) in (str, bool) else ("", repr(data))


def _sorted(places: Numbers) -> tuple[Numbers, Numbers]:
    rows = np.argsort(places, kind="stable")
    return places[rows], rows


def _ranges(starts: Numbers, lengths: Numbers) -> Numbers:
    """The whole numbers from each start on, as many as its length."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def _texts(cells: pa.Array) -> pa.Array:
    if not pa.types.is_string(cells.type):
        raise UnusualEntries
    return cells


def _whole_numbers(cells: pa.Array) -> Numbers:
    if not pa.types.is_integer(cells.type):
        raise UnusualEntries
    # A copy: a view of one column would keep the whole batch, bodies and all.
    return np.array(cells.cast(pa.int64()), np.int64)


def _yes_no(cells: pa.Array) -> Numbers:
    found = _whole_numbers(cells.cast(pa.int8()) if pa.types.is_boolean(cells.type) else cells)
    if not np.isin(found, (0, 1)).all():
        raise UnusualEntries
    return found


def _moments(cells: pa.Array) -> Numbers:
    if pa.types.is_string(cells.type):
        lengths = pc.min_max(pc.binary_length(cells)).as_py()
        if set(lengths.values()) != {_ISO_LENGTH} or not pc.all(pc.ends_with(cells, "+00:00")).as_py():
            raise UnusualEntries
        cells = cells.cast(_TIME)
    if not pa.types.is_timestamp(cells.type):
        raise UnusualEntries
    return _whole_numbers(cells.cast(_TIME).cast(pa.int64()))
