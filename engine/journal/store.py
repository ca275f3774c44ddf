"""The journal: what any store of entries can do, and the one on a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from engine.journal import changes, columns, due, statements
from engine.journal.appending import Batch, append, chunks
from engine.journal.decoding import LIKE_NOTED, entry_of, note_of
from engine.journal.definitions import definition_of
from engine.journal.projection import deal_of
from engine.journal.session import Row, Session
from engine.model.deal import Deal
from engine.model.entry import Definition, Entry
from engine.model.ticked import Damaged

PAGE = 1000
"""How many rows are read at a time: readers hold no lock and little memory."""
ENVELOPE_END = DIGEST = 17
HASH, SALT, BODY, WRITTEN_BY = 18, 19, 20, 21
"""Where things stand in the row of an entry: first its envelope, then the payload's digest and so on."""
FULL_PAGE: list[Row] = [()] * PAGE
"""What readers of pages begin with: there may be more."""


class Journal(Protocol):
    """An append-only record of what happened to deals. Serves one thread at a time."""

    def deal(self, deal_id: str) -> Deal | None:
        """The deal as its entries left it."""

    def deals(
        self,
        *,
        process: str | None = None,
        version: int | None = None,
        stage: str | None = None,
        outcome: str | None = None,
    ) -> Iterator[Deal]:
        """Deals by id; where a value is given, only those that have it."""

    def entries(self, deal_id: str) -> tuple[Entry, ...]:
        """All that happened to a deal, in order."""

    def all_entries(self) -> Iterator[Entry]:
        """All entries, by deal and sequence."""

    def definition(self, digest: str) -> Definition | None:
        """The definition of this digest."""

    def definitions(self) -> tuple[Definition, ...]:
        """All definitions, by process and version."""

    def append(self, entries: Sequence[Entry], *, after: int, deal: Deal, definition: Definition | None = None) -> None:
        """Record entries of one deal, all or none, after its entry number ``after``; ``deal`` is their fold.

        Raises ``DealMovedOn`` where the place is taken, ``DealExists`` where the deal is started anew,
        ``DealForgotten``, ``KeyReused``, ``BadValue`` for text that is no Unicode, ``JournalError``.
        """

    def append_together(self, batches: Sequence[Batch], *, definitions: Sequence[Definition] = ()) -> None:
        """Record what happened to several deals at once, all or none. Raises as ``append``."""

    def append_many(self, batches: Iterable[Batch], *, definition: Definition | None = None) -> int:
        """Record many batches (entries of one deal, after which, their fold), and count the entries.

        Few transactions: what raises undoes the one it is in, and leaves those before it. Raises as ``append``.
        """

    def due(self, now: datetime) -> Iterator[Deal | Damaged]:
        """Deals for which some clock may have something to do at ``now``: in no order that matters, forgotten ones not.

        Those to which something happened since anyone called ``watch`` for them are among them. One that cannot be
        read stands in the way of no other: what is wrong with it is told in its place.
        """

    def watch(self, due_at: Iterable[tuple[Deal, datetime | None]]) -> None:
        """Note until when no clock has anything to do with each deal as it stands (``None``: for ever).

        One watched until a time that has come is met again by a ``due`` that is going on.
        """

    def watch_none(self, digest: str, *, but: Iterable[str]) -> None:
        """Note that no clock has anything to do with deals of a definition, but in those stages."""

    def by_key(self, deal_id: str, key: str) -> Entry | None:
        """The entry of a deal that used the key up."""

    def start_by_key(self, key: str) -> Entry | None:
        """The start, of whatever deal, that used the key up."""

    def close(self) -> None:
        """Let go of what the journal stands on."""


class SqlJournal:
    """A journal in a database, over one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def deal(self, deal_id: str) -> Deal | None:
        """One row of the projection."""
        row = self.session.one(statements.deal, (deal_id,))
        return None if row is None else deal_of(row, self.session.read_moment)

    def deals(
        self,
        *,
        process: str | None = None,
        version: int | None = None,
        stage: str | None = None,
        outcome: str | None = None,
    ) -> Iterator[Deal]:
        """Rows of the projection, page by page."""
        values = {"process": process, "version": version, "stage": stage, "outcome": outcome}
        wanted = {name: value for name, value in values.items() if value is not None}
        return self._deals(wanted)

    def _deals(self, wanted: Mapping[str, Any]) -> Iterator[Deal]:
        for row in rows_of_deals(self.session, wanted):
            yield deal_of(row, self.session.read_moment)

    def entries(self, deal_id: str) -> tuple[Entry, ...]:
        """The rows of a deal, with their payloads."""
        return tuple(map(self._entry, self.session.all(statements.entries_of_deal, (deal_id,))))

    def all_entries(self) -> Iterator[Entry]:
        """The rows of all deals, page by page."""
        return map(self._entry, rows_of_entries(self.session))

    def definition(self, digest: str) -> Definition | None:
        """A definition's row."""
        row = self.session.one(statements.definition, (digest,))
        return None if row is None else definition_of(row)

    def definitions(self) -> tuple[Definition, ...]:
        """The rows of all definitions."""
        return tuple(map(definition_of, self.session.all(statements.all_definitions)))

    def append(self, entries: Sequence[Entry], *, after: int, deal: Deal, definition: Definition | None = None) -> None:
        """One transaction."""
        append(self.session, [(entries, after, deal)], (definition,) if definition else ())

    def append_together(self, batches: Sequence[Batch], *, definitions: Sequence[Definition] = ()) -> None:
        """One transaction, too."""
        append(self.session, batches, definitions)

    def append_many(self, batches: Iterable[Batch], *, definition: Definition | None = None) -> int:
        """A transaction for every few thousand entries; batches are taken outside of them."""
        definitions = (definition,) if definition else ()
        return sum(append(self.session, chunk, definitions) for chunk in chunks(batches))

    def due(self, now: datetime) -> Iterator[Deal | Damaged]:
        """By the index of due times, page by page; who is watched meanwhile is not met again."""
        return due.deals(self.session, now)

    def count_due(self, now: datetime) -> int:
        """How many ``due`` tells."""
        return due.count(self.session, now)

    def watch(self, due_at: Iterable[tuple[Deal, datetime | None]]) -> None:
        """Some thousands a transaction."""
        due.watch(self.session, due_at)

    def watch_none(self, digest: str, *, but: Iterable[str]) -> None:
        """One statement."""
        due.watch_none(self.session, digest, but)

    def by_key(self, deal_id: str, key: str) -> Entry | None:
        """By the index of keys."""
        row = self.session.one(statements.entry_by_key, (deal_id, key)) if key else None
        return None if row is None else self._entry(row)

    def start_by_key(self, key: str) -> Entry | None:
        """By the index of the keys of starts."""
        row = self.session.one(statements.start_by_key, (key,)) if key else None
        return None if row is None else self._entry(row)

    def columns(self) -> AbstractContextManager[Iterator[Any] | None]:
        """All entries column by column. See ``columns``."""
        return columns.entry_columns(self.session)

    def mark(self) -> changes.Mark:
        """How far the journal has come."""
        return changes.mark(self.session)

    def changed_since(self, mark: changes.Mark) -> tuple[str, ...] | None:
        """Deals to which something happened since, or that were forgotten. See ``changes``."""
        return changes.changed_since(self.session, mark)

    def notes(self) -> Mapping[tuple[str, int], str]:
        """The notes given with starts and moves, by deal and sequence. Raises ``JournalError``."""
        rows = self.session.all(statements.notes, (LIKE_NOTED,))
        told = ((deal, sequence, note_of(body)) for deal, sequence, body in rows)
        return {(deal, sequence): note for deal, sequence, note in told if note}

    def approved(self) -> tuple[Entry, ...]:
        """The approvals that were given, by deal and sequence. Raises ``JournalError``."""
        return tuple(map(self._entry, self.session.all(statements.approved)))

    def imported(self) -> Mapping[str, tuple[str, int]]:
        """By deal that was imported, by which map, and up to which sequence. Raises ``JournalError``."""
        rows = self.session.all(statements.imported, ("import:%",))
        return {deal: (key.split(":")[1], sequence) for deal, sequence, key in rows}

    def close(self) -> None:
        """Close the connection."""
        self.session.close()

    def _entry(self, row: Row) -> Entry:
        return entry_of(row[:ENVELOPE_END], row[BODY], read_moment=self.session.read_moment, written_by=row[WRITTEN_BY])


_LAST = 2**31 - 1
"""No deal has more entries."""


def rows_of_deals(
    session: Session, wanted: Mapping[str, Any] = MappingProxyType({}), *, after: str = ""
) -> Iterator[Row]:
    """Rows of the table of deals that have these values, by id, those after ``after``."""
    page = FULL_PAGE
    while len(page) == PAGE:
        page = session.all(statements.deals_page, (after, *wanted.values(), PAGE), *wanted)
        yield from page
        after = page[-1][0] if page else after


def rows_of_entries(session: Session, *, after: str = "") -> Iterator[Row]:
    """Entries as stored, by deal and sequence: envelope, payload digest, hash, salt, body, who wrote it.

    Of the deals after ``after``.
    """
    last, page = (after, _LAST if after else 0), FULL_PAGE
    while len(page) == PAGE:
        page = session.all(statements.entries_page, (*last, PAGE))
        yield from page
        if page:
            last = (page[-1][0], page[-1][1])
