"""The statements of the journal, in SQLAlchemy Core. Parameters go by the order of the text."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import sqlalchemy as sa

from engine.journal.codec import ENVELOPE
from engine.journal.schema import deals, definitions, entries, meta, payloads

_WHOLE = (
    *(entries.c[name] for name in ENVELOPE),
    entries.c.payload,
    entries.c.hash,
    payloads.c.salt,
    payloads.c.body,
    payloads.c.written_by,
)
_JOINED = entries.outerjoin(payloads, payloads.c.id == entries.c.id)
_ONE: sa.ColumnClause[int] = sa.literal_column("1")
# Said aloud, for on SQLite it would else be a parameter that SQLAlchemy adds.
_NONE_SKIPPED: sa.ColumnClause[int] = sa.literal_column("0")


ENTRY = ("id", *ENVELOPE, "payload", "hash")
"""The columns of ``add_entry``."""
PAYLOAD = ("id", "salt", "body")
"""The columns of ``add_payload``."""


def _given(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name)


def head() -> sa.Select[Any]:
    """deal → sequence and hash of its last entry, and whether it was forgotten."""
    blank = payloads.c.body.is_(None)
    return (
        sa.select(entries.c.sequence, entries.c.hash, blank)
        .select_from(_JOINED)
        .where(entries.c.deal == _given("deal"))
        .order_by(entries.c.sequence.desc())
        .limit(_ONE)
        .offset(_NONE_SKIPPED)
    )


def heads_page() -> sa.Select[Any]:
    """deal, count → deal, sequence and hash of the last entry of so many deals after that one, by deal."""
    last = (
        sa.select(entries.c.deal, sa.func.max(entries.c.sequence).label("sequence"))
        .where(entries.c.deal > _given("deal"))
        .group_by(entries.c.deal)
        .order_by(entries.c.deal)
        .limit(_given("count"))
        .offset(_NONE_SKIPPED)
        .subquery()
    )
    same = sa.and_(entries.c.deal == last.c.deal, entries.c.sequence == last.c.sequence)
    joined = sa.join(last, entries, same)
    return sa.select(entries.c.deal, entries.c.sequence, entries.c.hash).select_from(joined).order_by(entries.c.deal)


def entries_of_deal() -> sa.Select[Any]:
    """deal → its entries, whole, in order."""
    return sa.select(*_WHOLE).select_from(_JOINED).where(entries.c.deal == _given("deal")).order_by(entries.c.sequence)


def entries_page() -> sa.Select[Any]:
    """deal, sequence, count → so many entries after that one, by deal and sequence."""
    place = sa.tuple_(entries.c.deal, entries.c.sequence)
    return (
        sa.select(*_WHOLE)
        .select_from(_JOINED)
        .where(place > sa.tuple_(_given("deal"), _given("sequence")))
        .order_by(entries.c.deal, entries.c.sequence)
        .limit(_given("count"))
        .offset(_NONE_SKIPPED)
    )


def notes() -> sa.Select[Any]:
    """what the body is like → deal, sequence and body of each start and move like it."""
    given = payloads.c.body.like(_given("like"))
    moved = entries.c.kind.in_((sa.literal_column("'started'"), sa.literal_column("'moved'")))
    return sa.select(entries.c.deal, entries.c.sequence, payloads.c.body).select_from(_JOINED).where(moved, given)


def approved() -> sa.Select[Any]:
    """→ all approvals that were given, whole, by deal and sequence."""
    its = entries.c.kind == sa.literal_column("'approved'")
    return sa.select(*_WHOLE).select_from(_JOINED).where(its).order_by(entries.c.deal, entries.c.sequence)


def imported() -> sa.Select[Any]:
    """what keys are like → each deal with an entry like it, with the last number and a key of these."""
    its = sa.select(entries.c.deal, sa.func.max(entries.c.sequence), sa.func.max(entries.c.key))
    return its.where(entries.c.key.like(_given("like"))).group_by(entries.c.deal)


def places_page() -> sa.Select[Any]:
    """place, count → so many entries after that place, by place: their rows, and those of their payloads without id."""
    rest = [column for column in payloads.columns if not column.primary_key]
    return (
        sa.select(*entries.columns, *rest)
        .select_from(_JOINED)
        .where(entries.c.id > _given("place"))
        .order_by(entries.c.id)
        .limit(_given("count"))
        .offset(_NONE_SKIPPED)
    )


def entry_by_key() -> sa.Select[Any]:
    """deal, key → the entry that used the key up."""
    keyed = sa.and_(entries.c.key == _given("key"), entries.c.kind != sa.literal_column("'refused'"))
    return sa.select(*_WHOLE).select_from(_JOINED).where(entries.c.deal == _given("deal"), keyed)


def start_by_key() -> sa.Select[Any]:
    """key → the start that used it up."""
    started = entries.c.kind == sa.literal_column("'started'")
    return sa.select(*_WHOLE).select_from(_JOINED).where(entries.c.key == _given("key"), started)


def add_entry() -> sa.Insert:
    """A row of ``entries``, in the order of its columns."""
    return sa.insert(entries)


def add_payload() -> sa.Insert:
    """id, salt, body. Who wrote it the database adds by itself."""
    return sa.insert(payloads).values(
        {each.name: _given(each.name) for each in payloads.c if each.name != "written_by"}
    )


def restore_payload() -> sa.Insert:
    """A row of ``payloads``, in the order of its columns, as another journal had it."""
    return sa.insert(payloads)


def close_deal() -> sa.Update:
    """id → its row says that it is forgotten; whoever writes to the deal at the same moment comes before or after."""
    return sa.update(deals).values(forgotten=sa.true()).where(deals.c.id == _given("of_id"))


def is_forgotten() -> sa.Select[Any]:
    """id → a row, if its row says that it is forgotten."""
    return sa.select(_ONE).where(deals.c.id == _given("id"), deals.c.forgotten.is_(sa.true()))


def hash_at() -> sa.Select[Any]:
    """deal, sequence → the hash of that entry."""
    return sa.select(entries.c.hash).where(entries.c.deal == _given("deal"), entries.c.sequence == _given("sequence"))


def blank_payloads() -> sa.Update:
    """deal → no salts and bodies."""
    of_deal = sa.select(entries.c.id).where(entries.c.deal == _given("of_deal"))
    return (
        sa.update(payloads)
        .values(salt=sa.null(), body=sa.null(), written_by=sa.null())
        .where(payloads.c.id.in_(of_deal))
    )


def add_definition(dialect: str) -> sa.Insert:
    """digest, process, version, files; another writer may have stored it at the same moment."""
    insert: sa.Insert = _insert(dialect, definitions).on_conflict_do_nothing()
    return insert


def definition() -> sa.Select[Any]:
    """digest → the definition."""
    return sa.select(definitions).where(definitions.c.digest == _given("digest"))


def has_definition() -> sa.Select[Any]:
    """digest → a row, if it is stored."""
    return sa.select(_ONE).where(definitions.c.digest == _given("digest"))


def all_definitions() -> sa.Select[Any]:
    """All definitions, by process and version."""
    return sa.select(definitions).order_by(definitions.c.process, definitions.c.version, definitions.c.digest)


def deal() -> sa.Select[Any]:
    """id → the deal's row."""
    return sa.select(deals).where(deals.c.id == _given("id"))


def deals_page(*columns: str) -> sa.Select[Any]:
    """id, a value for each column, count → so many deals after that one with these values, by id."""
    wanted = [deals.c[name] == _given(name) for name in columns]
    return (
        sa.select(deals)
        .where(deals.c.id > _given("after"), *wanted)
        .order_by(deals.c.id)
        .limit(_given("count"))
        .offset(_NONE_SKIPPED)
    )


def put_deal(dialect: str) -> sa.Insert:
    """A row of ``deals``, in the order of its columns, in place of the one there may be."""
    return _put_deal(dialect, None)


def put_open_deal(dialect: str) -> sa.Insert:
    """The same, but in place of one that is not forgotten."""
    return _put_deal(dialect, deals.c.forgotten.is_(sa.false()))


def _put_deal(dialect: str, where: Any) -> sa.Insert:
    insert = _insert(dialect, deals)
    rest = {column.name: insert.excluded[column.name] for column in deals.columns if not column.primary_key}
    put: sa.Insert = insert.on_conflict_do_update(index_elements=[deals.c.id], set_=rest, where=where)
    return put


def _insert(dialect: str, table: sa.Table) -> Any:
    """An insert that knows of conflicts: in the same words everywhere, but SQLAlchemy keeps it with each database."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def drop_lone_deals() -> sa.Delete:
    """Rows of ``deals`` that no entry stands behind."""
    return sa.delete(deals).where(~_has_entries())


def lone_deals() -> sa.Select[Any]:
    """The ids of such rows."""
    return sa.select(deals.c.id).where(~_has_entries()).order_by(deals.c.id)


def _has_entries() -> sa.Exists:
    return sa.exists(_ONE).where(entries.c.deal == deals.c.id)


def names_in_use() -> sa.Select[Any]:
    """Digest, process and version as entries name them together, and by how many; those of most entries first."""
    named = (entries.c.digest, entries.c.process, entries.c.version)
    return sa.select(*named, sa.func.count()).group_by(*named).order_by(sa.func.count().desc())


def count_entries() -> sa.Select[Any]:
    """How many entries there are."""
    return sa.select(sa.func.count()).select_from(entries)


def count_part(*bounds: str) -> sa.Select[Any]:
    """after, until (those of them that are given) → how many entries the deals between them have."""
    tests = {"after": entries.c.deal > _given("after"), "until": entries.c.deal <= _given("until")}
    return sa.select(sa.func.count()).select_from(entries).where(*(tests[name] for name in bounds))


def deal_at() -> sa.Select[Any]:
    """number → the deal of the entry that has so many before it, by deal and sequence."""
    placed = sa.select(entries.c.deal).order_by(entries.c.deal, entries.c.sequence)
    return placed.limit(_ONE).offset(_given("number"))


def count_deals() -> sa.Select[Any]:
    """How many deals entries name."""
    return sa.select(sa.func.count(entries.c.deal.distinct())).select_from(entries)


def lone_payloads() -> sa.Select[Any]:
    """How many payloads no entry stands before."""
    return sa.select(sa.func.count()).where(~sa.exists(_ONE).where(entries.c.id == payloads.c.id)).select_from(payloads)


def about() -> sa.Select[Any]:
    """name → what the journal says of itself."""
    return sa.select(meta.c.value).where(meta.c.name == _given("name"))


def add_about() -> sa.Insert:
    """name, value."""
    return sa.insert(meta)


def drop_about() -> sa.Delete:
    """All that the journal says of itself."""
    return sa.delete(meta)


def all_about() -> sa.Select[Any]:
    """name, value → all that the journal says of itself, by name."""
    return sa.select(meta).order_by(meta.c.name)
