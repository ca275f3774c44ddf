"""The entries of a journal column by column, as Arrow's batches: handed through, never looked into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import sqlalchemy as sa

from engine.journal.schema import entries, payloads
from engine.journal.session import Session
from engine.model.errors import JournalError

_ENVELOPE = "deal sequence kind happened_at process version track action from_stage to_stage outcome reason undated"
COLUMNS = (*_ENVELOPE.split(), "body")

BATCH = 65_536
"""How many rows of a file are read at a time. A server decides by itself."""


@contextmanager
def entry_columns(session: Session) -> Iterator[Iterator[Any] | None]:
    """All entries in no order, in batches of the columns ``COLUMNS``; ``None`` where it must go by rows.

    A time is what the database has for it: ISO text or a moment. ``body`` is the JSON of what the entry says besides
    (``{}`` where that was forgotten): by the names of ``Entry``, a verdict as a list that begins with its requirement,
    what it is about and its result. Read by a connection of its own. Raises ``JournalError``.
    """
    connection = _connected(session)
    if connection is None:
        yield None
        return
    with closing(connection), connection.cursor() as cursor:
        yield _batches(cursor, str(_all_entries().compile(dialect=session.connection.dialect)), session)


def _all_entries() -> sa.Select[Any]:
    body = sa.func.coalesce(payloads.c.body, sa.literal_column("'{}'")).label("body")
    joined = entries.outerjoin(payloads, payloads.c.id == entries.c.id)
    return sa.select(*(entries.c[name] for name in COLUMNS[:-1]), body).select_from(joined)


def _connected(session: Session) -> Any:
    from adbc_driver_manager import Error

    try:
        return session.dialect.columnar()
    except Error:
        # By rows it is told what the matter is, if that is not only with this driver.
        return None


def _batches(cursor: Any, sql: str, session: Session) -> Iterator[Any]:
    from adbc_driver_manager import Error

    try:
        if session.dialect.name == "sqlite":
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
        cursor.execute(sql)
        with cursor.fetch_record_batch() as reader:
            yield from reader
    except (Error, OSError) as error:
        raise JournalError(f"the journal {session.dialect.where} cannot be read by columns") from error
