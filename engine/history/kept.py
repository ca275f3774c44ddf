"""What a journal keeps, as the five tables: by whole columns where that goes, and later only what has changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from engine.history.columnar import tables_by_columns
from engine.history.entries import fact_types, tables_of
from engine.history.gathering import UnusualEntries
from engine.model.entry import Entry
from engine.model.errors import JournalError
from engine.model.process import Process
from engine.model.syntax import Type
from engine.tables.build import Tables
from engine.tables.schema import NAMES

_MANY = 10
"""Where more than one deal in so many has changed, all are read: by columns that costs no more."""


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


def kept_tables(journal: KeepsEntries, processes: Iterable[Process]) -> Tables:
    """The five tables of a journal, with a column in ``deals`` for each fact of the processes. Raises ``JournalError``.

    By columns, else (no driver, a journal in memory, an entry that only rows can judge) entry by entry.
    """
    return _tables(journal, fact_types(processes))


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
    if changed is None or len(changed) * _MANY > before.tables.deals.num_rows:
        return Kept(_tables(journal, facts), facts, mark)
    if not changed:
        return Kept(before.tables, facts, mark)
    now = tables_of((entry for deal in changed for entry in journal.entries(deal)), facts)
    spliced = {name: _spliced(before.tables.table(name), now.table(name), changed) for name in NAMES}
    return Kept(Tables(**spliced), facts, mark)


def _tables(journal: KeepsEntries, facts: Mapping[str, Type]) -> Tables:
    try:
        with journal.columns() as batches:
            if batches is not None:
                return tables_by_columns(batches, facts)
    except (UnusualEntries, JournalError, pa.ArrowException):
        # Whatever it is, by rows it is either read or told: which entry, and what to do.
        pass
    return tables_of(journal.all_entries(), facts)


def _spliced(before: pa.Table, now: pa.Table, changed: Sequence[str]) -> pa.Table:
    """The table with the rows of these deals replaced; both tables and the names are in order of the deal."""
    before, now = before.combine_chunks(), now.combine_chunks()
    pieces, at = [before.slice(0, 0)], 0
    for deal in changed:
        start, end = _rows_of(before, deal)
        pieces += [before.slice(at, start - at), now.slice(*_span(_rows_of(now, deal)))]
        at = end
    return pa.concat_tables([*pieces, before.slice(at)]).combine_chunks()


def _rows_of(table: pa.Table, deal: str) -> tuple[int, int]:
    if not table.num_rows:
        return 0, 0
    column = table.column("deal").chunk(0)
    start = bisect_left(column, deal, key=_text)
    # A name with the least sign after it is the next name that there can be.
    return start, bisect_left(column, deal + "\0", start, key=_text)


def _span(rows: tuple[int, int]) -> tuple[int, int]:
    start, end = rows
    return start, end - start


def _text(cell: Any) -> str:
    return str(cell.as_py())
