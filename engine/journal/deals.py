"""The projection as a whole: every deal folded from its entries anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from engine.journal import statements
from engine.journal.projection import row_of
from engine.journal.session import Row, Session
from engine.journal.sound import folded
from engine.journal.store import SqlJournal, rows_of_entries
from engine.model.deal import Deal

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
    for _, rows in groupby(rows_of_entries(session), key=itemgetter(0)):
        yield folded(list(rows), session.read_moment)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
