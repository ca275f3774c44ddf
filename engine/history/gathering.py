"""Entries column by column, as a journal hands them over, to arrays in order of deal and sequence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.bodies import ToldFacts, UnusualEntries, parted
from engine.history.coding import Coded, Coding, Numbers, Yes, joined
from engine.model.decision import Result
from engine.model.entry import EntryKind
from engine.model.errors import BadValue
from engine.model.syntax import Value
from engine.tables.documents import Documents, looking_into

_ENVELOPE = "deal kind process track action from_stage to_stage outcome reason".split()
_SAID = "actor owner touchpoint".split()
_PATHS = tuple(f"$.{name}" for name in (*_SAID, "facts"))
_VERDICT_PATHS = ("$[*][0]", "$[*][2]", "$[*][4]")
"""Of each verdict the requirement, the result and the force."""
_PASSED = Result.PASSED.value
_KINDS = frozenset(kind.value for kind in EntryKind)
_TIME = pa.timestamp("us", "UTC")
_ISO_LENGTH = len("2026-03-31T09:00:00.000000+00:00")


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
    force: Coded


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


def gathered(batches: Iterable[pa.RecordBatch], *, passed: Set[str] | None = None) -> Entries:
    """All entries. ``passed``: of which requirements it is told that they were passed (``None``: of all).

    Raises ``UnusualEntries``.
    """
    growing = _Growing(passed)
    with looking_into() as documents:
        for batch in batches:
            growing.add(batch, documents)
    return growing.whole()


class _Growing:
    """Entries while batches come in; of a batch only codes and numbers are kept."""

    def __init__(self, passed: Set[str] | None = None) -> None:
        self._passed = None if passed is None else pa.array(sorted(passed), pa.string())
        self._count = 0
        self._numbers: dict[str, list[Numbers]] = {name: [] for name in ("sequence", "version", "happened", "undated")}
        self._texts = {name: Coding() for name in (*_ENVELOPE, *_SAID)}
        self._told: dict[str, list[Numbers]] = {name: [] for name in ("entry", "fact", "value", "judged")}
        self._judged = tuple(Coding() for _ in _VERDICT_PATHS)
        self._told_facts = ToldFacts()

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
        parts = parted(bodies)
        try:
            *said, facts = documents.single(parts.heads, _PATHS)
            verdicts = documents.each(parts.lists, _VERDICT_PATHS)
        except BadValue as error:
            raise UnusualEntries from error
        for name, cells in zip(_SAID, said, strict=True):
            self._texts[name].add(cells.fill_null(""), parts.head)
        self._add_verdicts(verdicts, parts.judged, parts.list_)
        self._add_facts(facts, parts.head)

    def _add_verdicts(self, lists: tuple[pa.Array, ...], judged: Numbers, codes: Numbers) -> None:
        counts, *others = (each.value_lengths().to_numpy() for each in lists)
        if not all(np.array_equal(counts, each) for each in others):
            raise UnusualEntries
        columns = [each.flatten() for each in lists]
        if self._passed is not None:
            names, words, *_ = columns
            chosen = pc.or_(pc.not_equal(words, _PASSED), pc.is_in(names, value_set=self._passed))
            columns = [each.filter(chosen) for each in columns]
            ends = np.cumsum(counts)
            so_far = np.concatenate([[0], np.cumsum(chosen.to_numpy(zero_copy_only=False))])
            counts = so_far[ends] - so_far[ends - counts]
        places = _ranges((np.cumsum(counts) - counts)[codes], counts[codes])
        self._told["judged"].append(np.repeat(judged + self._count, counts[codes]))
        for coding, column in zip(self._judged, columns, strict=True):
            coding.add(column, places)

    def _add_facts(self, facts: pa.Array, codes: Numbers) -> None:
        counts, names, values = self._told_facts.coded(facts.to_pylist())
        places = _ranges((np.cumsum(counts) - counts)[codes], counts[codes])
        self._told["entry"].append(np.repeat(np.arange(len(codes)) + self._count, counts[codes]))
        self._told["fact"].append(names[places])
        self._told["value"].append(values[places])

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
        fact, value = Coded(told["fact"], self._told_facts.names), told["value"]
        entry, rows = _sorted(places[told["entry"]])
        judged, of_verdicts = _sorted(places[told["judged"]])
        return Entries(
            numbers["sequence"][order],
            numbers["version"][order],
            numbers["happened"][order],
            numbers["undated"][order].astype(np.bool_),
            {name: column.at(order) for name, column in texts.items()},
            Facts(entry, fact.at(rows), value[rows], self._told_facts.values),
            Verdicts(judged, *(coding.whole().at(of_verdicts) for coding in self._judged)),
        )


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
