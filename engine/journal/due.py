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

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_PAGE = 1000
_CHUNK = 4000


def deals(session: Session, now: datetime) -> Iterator[Deal]:
    """The deals whose time has come by ``now``, and those that nobody has looked at."""
    after: tuple[str, str] = ("0001-01-01T00:00:00.000000+00:00", "")
    while page := _page(session, after, now):
        last = page[-1]
        due_at = session.read_moment(last[DUE_AT])
        after = (iso(due_at or UNSEEN), last[0])
        for row in page:
            yield deal_of(row, session.read_moment)


def _page(session: Session, after: tuple[str, str], now: datetime) -> list[Row]:
    return session.all(_due_page, (iso(now), *after, _PAGE))


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


def _due_page() -> sa.Select[Any]:
    """now, due_at, id, count → so many deals due by now, after that one, by when they are due and id."""
    place = sa.tuple_(table.c.due_at, table.c.id)
    return (
        sa.select(table)
        .where(table.c.due_at <= sa.bindparam("now"))
        .where(place > sa.tuple_(sa.bindparam("due_at"), sa.bindparam("id")))
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
