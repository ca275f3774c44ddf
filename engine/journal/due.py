"""Which deals a clock may have something to do with: noted with each deal, so that ``tick`` reads no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa

from engine.journal.codec import iso
from engine.journal.projection import DUE_AT, UNSEEN, deal_of
from engine.journal.schema import deals as table
from engine.journal.session import Row, Session
from engine.model.deal import Deal
from engine.model.errors import JournalError
from engine.model.ticked import Damaged

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_PAGE = 1000
_CHUNK = 4000


def deals(session: Session, now: datetime) -> Iterator[Deal | Damaged]:
    """The deals whose time has come by ``now``, those that nobody has looked at, and what is wrong with the others."""
    after: tuple[Any, ...] = ()
    while page := session.all(_due_page, (iso(now), *after, _PAGE), len(after)):
        # As the database gave it: whatever stands there, the next page begins behind it.
        due_at, last = page[-1][DUE_AT], page[-1][0]
        after = (iso(due_at) if isinstance(due_at, datetime) else due_at, last)
        for row in page:
            yield _read(session, row)


def _read(session: Session, row: Row) -> Deal | Damaged:
    try:
        return deal_of(row, session.read_moment)
    except JournalError as error:
        return Damaged(str(row[0]), str(error))


def count(session: Session, now: datetime) -> int:
    """How many these are."""
    found: int = session.all(_count_due, (iso(now),))[0][0]
    return found


def watch(session: Session, due_at: Iterable[tuple[Deal, datetime | None]]) -> None:
    """A deal that something has happened to meanwhile is left as it is: nobody has looked at it."""
    rows = ((iso(when or NEVER), deal.id, deal.length) for deal, when in due_at)
    while chunk := list(islice(rows, _CHUNK)):
        session.write(partial(session.many, _watch, chunk))


def watch_none(session: Session, digest: str, but: Iterable[str]) -> None:
    """Of a definition: the deals that nobody has looked at, in all stages but some."""
    stages = tuple(but)
    given = (iso(NEVER), iso(UNSEEN), digest, *stages)
    if session.all(_any_unseen, given[1:], len(stages)):
        session.write(lambda: session.many(_watch_none, [given], len(stages)))


def _due_page(after: int) -> sa.Select[Any]:
    """now, due_at and id (or neither), count → so many deals due by now, behind that one, by due_at and id."""
    place = sa.tuple_(table.c.due_at, table.c.id)
    behind = (place > sa.tuple_(sa.bindparam("due_at"), sa.bindparam("id")),) if after else ()
    return (
        sa.select(table)
        .where(table.c.due_at <= sa.bindparam("now"), *behind)
        .where(~table.c.forgotten)
        .order_by(table.c.due_at, table.c.id)
        .limit(sa.bindparam("count"))
        .offset(sa.literal_column("0"))
    )


def _count_due() -> sa.Select[Any]:
    """now → how many deals are due by then."""
    due = sa.and_(table.c.due_at <= sa.bindparam("now"), ~table.c.forgotten)
    return sa.select(sa.func.count()).select_from(table).where(due)


def _watch() -> sa.Update:
    """due_at, id, length → noted, where nothing has happened to the deal since."""
    is_same = sa.and_(table.c.id == sa.bindparam("of_id"), table.c.length == sa.bindparam("of_length"))
    return sa.update(table).values(due_at=sa.bindparam("due")).where(is_same)


def _any_unseen(stages: int) -> sa.Select[Any]:
    """unseen, digest, stages → a row, if a deal of the definition was not looked at and is in none of the stages."""
    return (
        sa.select(sa.literal_column("1"))
        .select_from(table)
        .where(_unseen(stages))
        .limit(sa.literal_column("1"))
        .offset(sa.literal_column("0"))
    )


def _watch_none(stages: int) -> sa.Update:
    """due_at, unseen, digest, stages → noted of all those deals."""
    return sa.update(table).values(due_at=sa.bindparam("due")).where(_unseen(stages))


def _unseen(stages: int) -> sa.ColumnElement[bool]:
    known = sa.and_(table.c.due_at == sa.bindparam("unseen"), table.c.digest == sa.bindparam("of_digest"))
    return sa.and_(known, *(table.c.stage != sa.bindparam(f"stage_{number}") for number in range(stages)))
