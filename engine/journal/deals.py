"""The projection as a whole: every deal folded from its entries anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from engine.journal import statements
from engine.journal.decoding import entry_of
from engine.journal.projection import row_of
from engine.journal.session import Row, Session
from engine.journal.store import BODY, ENVELOPE_END, SqlJournal, rows_of_entries
from engine.model.deal import Deal, fold

_CHUNK = 1000


def rebuild(journal: SqlJournal) -> int:
    """Write the projection anew, in one transaction, and count its deals. Raises ``JournalError``."""
    return journal.session.write(lambda: refold(journal.session))


def refold(session: Session) -> int:
    """The same within a transaction that is going on."""
    session.dialect.hold(session.rows)
    count = 0
    for chunk in _chunks(row_of(deal) for deal in folds(session)):
        session.many(statements.put_deal, chunk, session.dialect.name)
        count += len(chunk)
    session.many(statements.drop_lone_deals, [()])
    return count


def folds(session: Session) -> Iterator[Deal]:
    """Each deal as its entries make it, by id."""
    for _, rows in groupby(rows_of_entries(session), key=lambda row: row[0]):
        yield folded(list(rows), session)


def folded(rows: list[Row], session: Session) -> Deal:
    """The deal of its rows, forgotten where its payloads are blank. Raises ``JournalError`` for rows that are none."""
    deal = fold(entry_of(row[:ENVELOPE_END], row[BODY], read_moment=session.read_moment) for row in rows)
    assert deal is not None  # noqa: S101 - there is at least one row
    return replace(deal, forgotten=True) if rows[0][BODY] is None else deal


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
