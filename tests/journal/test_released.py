"""A journal that a released program wrote is brought up to date, and holds what it held.

Each revision has two dumps and what was read in them, beside ``released/make.py``; another is tested once it is there.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.journal.connect import connect
from engine.journal.deals import rebuild
from engine.journal.schema import HEAD, REVISIONS
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.deal import after
from engine.model.errors import DealForgotten
from tests.journal.build import add, keep, moved, story
from tests.journal.released.make import HERE, plain

DUMPS = sorted(HERE.glob("*.sql"))


@pytest.fixture(params=DUMPS, ids=lambda path: path.name.removesuffix(".sql"))
def dump(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def url(dump: Path, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A journal as the released program left it."""
    text = dump.read_text(encoding="utf-8")
    if ".sqlite." in dump.name:
        with closing(sqlite3.connect(tmp_path / "journal.db")) as raw:
            raw.executescript(text)
        return str(tmp_path / "journal.db")
    url = request.getfixturevalue("empty_database")
    with pytest.importorskip("psycopg").connect(url, autocommit=True) as raw:
        raw.execute(text)
    return url


@pytest.fixture
def wanted(dump: Path) -> dict[str, Any]:
    """What the released program read in it."""
    revision, kind, _ = dump.name.split(".")
    return json.loads((dump.parent / f"{revision}.json").read_text(encoding="utf-8"))[kind]


def only(wanted: Any, found: Any) -> Any:
    """Of what is found, what was known then: a later program may know more of an entry or a deal."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {name: only(value, found.get(name)) for name, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [only(*pair) for pair in zip(wanted, found, strict=True)]
    return found


def test_entries_deals_and_definitions_are_as_they_were(url: str, wanted: dict[str, Any]) -> None:
    with closing(connect(url)) as journal:
        for name, read in (
            ("entries", journal.all_entries),
            ("deals", journal.deals),
            ("definitions", journal.definitions),
        ):
            found = plain(tuple(read()))
            assert wanted[name]
            assert only(wanted[name], found) == wanted[name]
        assert dict(journal.session.rows("SELECT name, value FROM meta")) == wanted["journal"]


def test_it_is_of_the_present_revision_and_verifies(url: str) -> None:
    with closing(connect(url)) as journal:
        assert journal.session.rows("SELECT version_num FROM alembic_version") == [(HEAD,)]
        assert verify(journal) == ()
    with closing(connect(url, create=False, read_only=True)) as journal:
        assert verify(journal) == ()


def test_its_tables_indexes_and_triggers_are_those_of_a_new_one(
    url: str, dump: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    new = str(tmp_path / "new.db") if ".sqlite." in dump.name else request.getfixturevalue("postgres_url")
    with closing(connect(url)) as old, closing(connect(new)) as made:
        assert shape(old) == shape(made)


def shape(journal: SqlJournal) -> list[tuple[Any, ...]]:
    """Columns, indexes and triggers by name, and what they are."""
    if journal.session.dialect.name == "sqlite":
        columns = 'SELECT m.name, x.name, x.type, x."notnull", x.pk FROM sqlite_master m, pragma_table_info(m.name) x'
        others = "SELECT type, name, sql FROM sqlite_master WHERE type <> 'table' ORDER BY name"
        return [*journal.session.rows(f"{columns} WHERE m.type = 'table' ORDER BY 1, 2"), *journal.session.rows(others)]
    columns = "SELECT table_name, column_name, data_type, collation_name, is_nullable FROM information_schema.columns"
    triggers = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
    return [
        *journal.session.rows(f"{columns} WHERE table_schema = 'public' ORDER BY 1, 2"),
        *journal.session.rows(triggers),
        *journal.session.rows(indexes),
    ]


def test_what_fails_halfway_leaves_the_journal_as_it_was(
    url: str, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.journal.upgrade.refold", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        connect(url)
    monkeypatch.undo()
    with closing(connect(url)) as journal:
        assert only(wanted["deals"], plain(tuple(journal.deals()))) == wanted["deals"]
        assert verify(journal) == ()


def test_it_takes_entries_and_refuses_those_of_forgotten_deals(url: str) -> None:
    with closing(connect(url)) as journal:
        keep(journal, story("new"))
        acme = journal.deal("acme")
        assert acme is not None
        last = journal.entries("acme")[-1]
        added = replace(last, sequence=acme.length + 1, key="", note="", verdicts=())
        journal.append((added,), after=acme.length, deal=after(acme, added))
        with pytest.raises(DealForgotten):
            add(journal, moved("gone", 3))
        before = tuple(journal.deals())
        rebuild(journal)
        assert tuple(journal.deals()) == before
        assert verify(journal) == ()


def test_there_is_a_journal_of_every_revision_before_this_one() -> None:
    for revision in REVISIONS[:-1]:
        assert {f"{revision}.sqlite.sql", f"{revision}.postgresql.sql"} <= {path.name for path in DUMPS}
