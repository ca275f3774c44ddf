"""Which deals a clock may have something to do with: noted with each deal, so that ``tick`` reads no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from engine.journal import statements
from engine.journal.codec import iso
from engine.journal.projection import DUE_AT, UNSEEN, deal_of
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
    return session.all(statements.due_page, (iso(now), *after, _PAGE))


def count(session: Session, now: datetime) -> int:
    """How many these are."""
    found: int = session.all(statements.count_due, (iso(now),))[0][0]
    return found


def watch(session: Session, due_at: Iterable[tuple[Deal, datetime | None]]) -> None:
    """A deal that something has happened to meanwhile is left as it is: nobody has looked at it."""
    rows = ((iso(when or NEVER), deal.id, deal.length) for deal, when in due_at)
    while chunk := list(islice(rows, _CHUNK)):
        session.write(partial(session.many, statements.watch, chunk))


def watch_none(session: Session, digest: str, but: Iterable[str]) -> None:
    """Of a definition: the deals that nobody has looked at, in all stages but some."""
    stages = tuple(but)
    given = (iso(NEVER), iso(UNSEEN), digest, *stages)
    if session.all(statements.any_unseen, given[1:], len(stages)):
        session.write(lambda: session.many(statements.watch_none, [given], len(stages)))
