from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from engine.journal import statements
from engine.journal.connect import connect
from engine.journal.schema import HEAD, METADATA, REVISIONS, UtcTime
from engine.journal.store import SqlJournal
from engine.journal.triggers import INDEXES, SQLITE
from engine.journal.upgrade import FOLDER, upgrade
from engine.model.errors import JournalError
from tests.journal.build import NOON, keep, story


@pytest.fixture
def journal() -> Iterator[SqlJournal]:
    journal = connect(":memory:")
    keep(journal, story())
    yield journal
    journal.close()


def no_index(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return kind != "index"


def test_the_migrations_make_the_tables_that_the_program_knows(journal: SqlJournal) -> None:
    options = {"compare_type": True, "include_object": no_index}
    context = MigrationContext.configure(journal.session.connection, opts=options)
    assert compare_metadata(context, METADATA) == []


def test_sequences_and_keys_are_unique(journal: SqlJournal) -> None:
    made = journal.session.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%' ORDER BY name"
    )
    assert dict(made) == dict(INDEXES)
    assert [text for _, text in made] == [
        "CREATE UNIQUE INDEX entries_key ON entries (deal, \"key\") WHERE key != '' AND kind != 'refused'",
        "CREATE UNIQUE INDEX entries_sequence ON entries (deal, sequence)",
        "CREATE UNIQUE INDEX entries_start_key ON entries (\"key\") WHERE key != '' AND kind = 'started'",
    ]


def test_the_migrations_make_the_triggers_that_the_program_knows(journal: SqlJournal) -> None:
    assert dict(journal.session.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")) == dict(SQLITE)


def test_the_revisions_are_those_of_the_migrations() -> None:
    script = ScriptDirectory(str(FOLDER))
    assert tuple(reversed([revision.revision for revision in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == HEAD


def test_a_journal_that_someone_else_made_meanwhile_is_left_as_it_is(journal: SqlJournal) -> None:
    before = journal.session.rows("SELECT * FROM meta ORDER BY name")
    upgrade(journal.session)
    assert journal.session.rows("SELECT * FROM meta ORDER BY name") == before


def test_migrations_that_are_missing_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.journal.upgrade.FOLDER", tmp_path / "none")
    with pytest.raises(JournalError, match="cannot be brought up to date"):
        connect(str(tmp_path / "journal.db"))


def test_each_journal_has_a_name_of_its_own(journal: SqlJournal) -> None:
    names = [journal.session.one(statements.about, ("journal",)) for journal in (journal, connect(":memory:"))]
    assert None not in names
    assert names[0] != names[1]
    assert journal.session.one(statements.about, ("chain",)) == ("sha256/1",)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET reason = 'x'",
        "UPDATE entries SET id = id + 100",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE sequence = 1",
        "REPLACE INTO entries SELECT id + 100, deal, sequence, kind, happened_at, recorded_at, process, version,"
        " digest, track, action, from_stage, to_stage, outcome, reason, '', deviating, undated, payload, hash"
        " FROM entries",
        # A new place and number, and the key of an entry that is there.
        "REPLACE INTO entries SELECT id + 100, deal, 99, kind, happened_at, recorded_at, process, version,"
        " digest, track, action, from_stage, to_stage, outcome, reason, key, deviating, undated, payload, hash"
        " FROM entries WHERE key = 'second'",
        # Another deal, and the key of a start that is there.
        "REPLACE INTO entries SELECT id + 100, 'other', 1, kind, happened_at, recorded_at, process, version,"
        " digest, track, action, from_stage, to_stage, outcome, reason, key, deviating, undated, payload, hash"
        " FROM entries WHERE kind = 'started'",
        "UPDATE payloads SET body = '{}'",
        "UPDATE payloads SET body = NULL",
        "UPDATE payloads SET body = NULL, salt = NULL, id = id + 100",
        "DELETE FROM payloads",
        "REPLACE INTO payloads VALUES (1, x'00', '{}', NULL)",
        "UPDATE definitions SET files = ''",
        "DELETE FROM definitions",
        "REPLACE INTO definitions SELECT digest, process, version, 'x' FROM definitions",
        "REPLACE INTO definitions (rowid, digest, process, version, files)"
        " SELECT rowid, 'x', process, version, 'x' FROM definitions",
        "UPDATE meta SET value = 'x'",
        "DELETE FROM meta",
        "REPLACE INTO meta VALUES ('chain', 'x')",
        "REPLACE INTO meta (rowid, name, value) VALUES (1, 'x', 'x')",
    ],
)
def test_the_database_refuses_changes_of_what_was_recorded(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "journal.db"
    with closing(connect(str(path))) as journal:
        keep(journal, story())
    with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)


def test_payloads_may_be_blanked(journal: SqlJournal) -> None:
    journal.session.rows("UPDATE payloads SET salt = NULL, body = NULL")


def test_moments_are_read_back_in_utc_from_either_database() -> None:
    time = UtcTime()
    texts, zones = sa.create_engine("sqlite://").dialect, postgresql.dialect()
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    assert time.process_bind_param(east, texts) == "2026-01-01T12:00:00.000000+00:00"
    assert time.process_result_value("2026-01-01T12:00:00.000000+00:00", texts) == NOON
    assert str(time.process_result_value(east, zones)) == "2026-01-01 12:00:00+00:00"
    assert time.process_bind_param(None, texts) is time.process_result_value(None, zones) is None


STATEMENTS = [
    (getattr(statements, name), shape)
    for name, shape in (
        *((name, ()) for name in "head entries_of_deal entries_page entry_by_key start_by_key add_entry".split()),
        *((name, ()) for name in "add_payload blank_payloads close_deal is_forgotten hash_at".split()),
        *((name, ()) for name in "definition has_definition deal places_page heads_page restore_payload".split()),
        *((name, ()) for name in "all_definitions drop_lone_deals lone_deals add_about drop_about about".split()),
        *((name, ()) for name in "names_in_use count_deals count_entries lone_payloads all_about".split()),
        ("deals_page", ("process", "stage")),
        ("put_deal", ("postgresql",)),
        ("put_open_deal", ("postgresql",)),
        ("add_definition", ("postgresql",)),
    )
]


@pytest.mark.parametrize(("statement", "shape"), STATEMENTS, ids=lambda each: getattr(each, "__name__", ""))
def test_every_statement_is_one_of_postgresql_too(statement: object, shape: tuple[str, ...]) -> None:
    compiled = statement(*shape).compile(dialect=postgresql.dialect(paramstyle="format"))  # type: ignore[operator]
    text = str(compiled)
    assert "?" not in text
    assert text.replace("%%", "").count("%s") == len(compiled.positiontup)
