"""What happened to a journal since a moment: which deals must be read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.journal import statements
from engine.journal.schema import deals, entries
from engine.journal.session import Session

_COUNT: tuple[Any, ...] = (sa.func.count(),)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a journal had come: its id, its last place, how many entries it had, which deals were forgotten."""

    journal: str
    place: int
    entries: int
    forgotten: frozenset[str]


def mark(session: Session) -> Mark:
    """How far the journal has come; what is read after it is at least as new."""
    with session.reading():
        return _mark(session)


def changed_since(session: Session, before: Mark) -> tuple[str, ...] | None:
    """Deals with entries since the mark, and those forgotten since, by name; ``None`` where that cannot be told.

    It cannot be told of another journal, of one that has lost entries, or that has got some at places before the
    mark: on a server a place is drawn before its entry is committed.
    """
    with session.reading():
        now = _mark(session)
        ((later,),) = session.all(_count_after, (before.place,))
        lost = now.entries - later != before.entries or not now.forgotten >= before.forgotten
        if lost or now.journal != before.journal:
            return None
        changed = {deal for (deal,) in session.all(_deals_after, (before.place,))}
    return tuple(sorted(changed | (now.forgotten - before.forgotten)))


def _mark(session: Session) -> Mark:
    journal = session.one(statements.about, ("journal",))
    ((place, count),) = session.all(_last_place)
    forgotten = frozenset(deal for (deal,) in session.all(_forgotten_deals))
    return Mark(journal[0] if journal else "", place or 0, count, forgotten)


def _last_place() -> sa.Select[Any]:
    return sa.select(sa.func.max(entries.c.id), *_COUNT).select_from(entries)


def _count_after() -> sa.Select[Any]:
    return sa.select(*_COUNT).select_from(entries).where(entries.c.id > sa.bindparam("place"))


def _deals_after() -> sa.Select[Any]:
    return sa.select(entries.c.deal).where(entries.c.id > sa.bindparam("place")).distinct()


def _forgotten_deals() -> sa.Select[Any]:
    return sa.select(deals.c.id).where(deals.c.forgotten.is_(sa.true()))
