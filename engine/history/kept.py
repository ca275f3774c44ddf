"""What a journal keeps, as the five tables: by whole columns where that goes, and later only what has changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from engine.history.bodies import UnusualEntries
from engine.history.columnar import tables_by_columns
from engine.history.entries import fact_types, tables_of
from engine.model.decision import Result
from engine.model.entry import Entry
from engine.model.errors import JournalError
from engine.model.process import Process
from engine.model.syntax import Type
from engine.tables.build import Tables
from engine.tables.schema import NAMES

_MANY = 10
"""Where more than one deal in so many has changed, all are read: by columns that costs no more."""
_LARGEST = 2**31
"""A column of texts can be in one piece up to so many bytes."""


class KeepsEntries(Protocol):
    """What a journal must be able to tell. A mark says how far it had come, and only the journal reads it."""

    def columns(self) -> AbstractContextManager[Iterator[Any] | None]:
        """All entries in batches of columns; ``None`` where they can be had by rows only."""

    def all_entries(self) -> Iterator[Entry]:
        """All entries, by deal and sequence."""

    def entries(self, deal_id: str) -> tuple[Entry, ...]:
        """All that happened to a deal, in order."""

    def mark(self) -> Any:
        """How far the journal has come."""

    def changed_since(self, mark: Any) -> tuple[str, ...] | None:
        """Deals with entries since, and those forgotten since, by name; ``None`` where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The tables of a journal as it stood at a mark. ``facts`` are those with a column in ``deals``.

    They hold what ``forget`` blanks: whoever keeps them must come back to ``refreshed`` before using them again.
    """

    tables: Tables
    facts: Mapping[str, Type]
    mark: Any


def kept_tables(journal: KeepsEntries, processes: Iterable[Process], *, passed: Set[str] | None = None) -> Tables:
    """The five tables of a journal, with a column in ``deals`` for each fact of the processes. Raises ``JournalError``.

    ``passed``: of which requirements it is told that they were passed (``None``: of all). Most verdicts are that.
    By columns, else (no driver, a journal in memory, an entry that only rows can judge) entry by entry.
    """
    return _tables(journal, fact_types(processes), passed=passed)


def kept(journal: KeepsEntries, processes: Iterable[Process]) -> Kept:
    """The same, with what ``refreshed`` needs to know."""
    # The mark first: what is added while the tables are read is read again, and never missed.
    mark, facts = journal.mark(), fact_types(processes)
    return Kept(_tables(journal, facts), facts, mark)


def refreshed(before: Kept, journal: KeepsEntries, processes: Iterable[Process]) -> Kept:
    """The tables as they are now: equal to building them anew, but only deals that changed are read.

    Those that were forgotten have changed, too. Raises ``JournalError``.
    """
    facts = fact_types(processes)
    mark = journal.mark()
    changed = journal.changed_since(before.mark) if facts == dict(before.facts) else None
    if changed is None or not _worth_splicing(before.tables, len(changed)):
        return Kept(_tables(journal, facts), facts, mark)
    if not changed:
        return Kept(before.tables, facts, mark)
    now = tables_of((entry for deal in changed for entry in journal.entries(deal)), facts)
    spliced = {name: _spliced(before.tables.table(name), now.table(name), changed) for name in NAMES}
    return Kept(Tables(**spliced), facts, mark)


def _worth_splicing(tables: Tables, changed: int) -> bool:
    large = any(tables.table(name).nbytes > _LARGEST for name in NAMES)
    return changed * _MANY <= tables.deals.num_rows and not large


def _tables(journal: KeepsEntries, facts: Mapping[str, Type], *, passed: Set[str] | None = None) -> Tables:
    try:
        with journal.columns() as batches:
            if batches is not None:
                return tables_by_columns(batches, facts, passed=passed)
    except (UnusualEntries, JournalError, pa.ArrowException):
        # Whatever it is, by rows it is either read or told: which entry, and what to do.
        pass
    tables = tables_of(journal.all_entries(), facts)
    return tables if passed is None else replace(tables, verdicts=_without(tables.verdicts, passed))


def _without(verdicts: pa.Table, passed: Set[str]) -> pa.Table:
    """The verdicts but for those that a requirement was passed, if it is not among these."""
    others = pc.not_equal(verdicts.column("verdict"), Result.PASSED.value)
    asked = pc.is_in(verdicts.column("requirement"), value_set=pa.array(sorted(passed), pa.string()))
    return verdicts.filter(pc.or_(others, asked))


def _spliced(before: pa.Table, now: pa.Table, changed: Sequence[str]) -> pa.Table:
    """The table with the rows of these deals replaced; both tables and the names are in order of the deal."""
    old, new = _batch(before), _batch(now)
    pieces, at = [], 0
    for (start, end), (first, last) in zip(_rows_of(old, changed), _rows_of(new, changed), strict=True):
        pieces += [old.slice(at, start - at), new.slice(first, last - first)]
        at = end
    pieces.append(old.slice(at))
    return pa.Table.from_batches([piece for piece in pieces if piece.num_rows], before.schema).combine_chunks()


def _batch(table: pa.Table) -> pa.RecordBatch:
    (batch,) = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
    return batch


def _rows_of(table: pa.RecordBatch, deals: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the rows of each deal begin and end; where it has none, both are where they would be."""
    runs = pc.run_end_encode(table.column("deal"))
    ends = [0, *runs.run_ends.to_pylist()]
    for deal, run in zip(deals, pc.index_in(pa.array(deals), value_set=runs.values).to_pylist(), strict=True):
        if run is None:
            before = ends[bisect_left(runs.values, deal, key=pa.StringScalar.as_py)]
            yield before, before
        else:
            yield ends[run], ends[run + 1]
