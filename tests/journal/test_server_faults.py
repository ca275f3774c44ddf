"""What goes wrong with a server is told in a sentence, with what to do, and never with a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.journal.connect import connect
from engine.journal.schema import HEAD
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import JournalError, NewerJournal
from tests.journal.build import add, keep, moved, story
from tests.journal.postgres_server import GUARDED, PASSWORD, Server

SECRET = "s3cret"
REACH = "see that the server runs, and that host, database, user and password are right"


@pytest.fixture
def journal(postgres_url: str) -> Iterator[SqlJournal]:
    with closing(connect(postgres_url, wait_seconds=0.2)) as journal:
        keep(journal, story("acme", 2))
        yield journal


@pytest.fixture
def guarded(postgres: Server, empty_database: str) -> Iterator[str]:
    """The URL of an empty database for a user who needs a password and may make nothing in it."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(empty_database, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
        yield postgres.url(owner.info.dbname, user=GUARDED, password=PASSWORD)
        owner.execute(f"DROP OWNED BY {GUARDED}; DROP ROLE {GUARDED}")


def complaint(url: str, **how: bool) -> JournalError:
    """The error with which a journal is not opened."""
    with pytest.raises(JournalError) as caught:
        connect(url, **how)
    return caught.value


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"postgresql://me:{SECRET}@/sales?host=/nowhere", "No such file or directory"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/sales", "Connection refused"),
        (f"postgresql://me:{SECRET}@localhost:99999/sales", 'invalid port number: "99999"'),
        (f"postgresql://me@/sales?host=/nowhere&password={SECRET}", "No such file or directory"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/sales?nonsense=1", 'invalid connection option "nonsense"'),
    ],
)
def test_where_there_is_no_server_it_is_said_where_it_was_looked_for(url: str, said: str) -> None:
    pytest.importorskip("psycopg")
    error = complaint(url)
    assert said in str(error)
    assert str(error).startswith("the journal 'postgresql://me")
    assert SECRET not in str(error) + error.hint


def test_a_wrong_password_is_told(guarded: str) -> None:
    error = complaint(guarded.replace("sesame", SECRET))
    assert 'FATAL: password authentication failed for user "guarded"' in str(error)
    assert error.hint == REACH
    assert SECRET not in str(error)


def test_a_database_that_is_missing_is_told(postgres: Server) -> None:
    error = complaint(postgres.url("nowhere"))
    assert 'FATAL: database "nowhere" does not exist' in str(error)
    assert error.hint == REACH


def test_a_schema_that_cannot_be_written_is_told(guarded: str) -> None:
    error = complaint(guarded)
    assert str(error).endswith("does not allow this: permission denied for schema public")
    assert error.hint == "whoever owns the database can grant the rights that stagewright needs"
    assert "sesame" not in str(error)


def test_a_journal_that_one_may_not_read_is_told(postgres_url: str, journal: SqlJournal) -> None:
    journal.session.rows("CREATE ROLE stranger LOGIN")
    try:
        error = complaint(postgres_url.replace("postgres@", "stranger@"))
    finally:
        journal.session.rows("DROP ROLE stranger")
    assert str(error).endswith("does not allow this: permission denied for table alembic_version")


def test_a_database_without_a_journal_is_left_empty_unless_one_may_be_made(empty_database: str) -> None:
    for how in ({"create": False}, {"read_only": True}):
        error = complaint(empty_database, **how)
        assert str(error).startswith("there is no journal in 'postgresql://")
        assert error.hint == "the first 'start' or 'import' makes one"


@pytest.mark.parametrize(
    ("state", "said", "hint"),
    [
        ("53100", "there is no room left for the journal {}; nothing was recorded", "make room on the disk"),
        ("53200", "the server of the journal {} is at its limit (told so); nothing was recorded", "do it again later"),
        ("58030", "the disk failed under the journal {} (told so); nothing was recorded", "see that the disk is"),
        ("XX001", "the journal {} is damaged: told so", "go on with a backup"),
    ],
)
def test_what_the_server_cannot_do_for_want_of_something_is_told(
    journal: SqlJournal, state: str, said: str, hint: str
) -> None:
    """By a trigger that complains as the server does: a disk cannot be filled in a test."""
    journal.session.rows(
        "CREATE FUNCTION short() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN RAISE EXCEPTION 'told so' USING ERRCODE = '{state}'; END$$;"
        "CREATE TRIGGER short BEFORE INSERT ON payloads FOR EACH ROW EXECUTE FUNCTION short()"
    )
    with pytest.raises(JournalError) as caught:
        add(journal, moved("acme", 3))
    assert str(caught.value) == said.format(journal.session.dialect.where)
    assert caught.value.hint.startswith(hint)
    journal.session.rows("DROP TRIGGER short ON payloads")
    add(journal, moved("acme", 3))
    assert verify(journal) == ()


def test_too_many_connections_are_told(postgres_url: str, journal: SqlJournal) -> None:
    journal.session.rows("CREATE ROLE few LOGIN CONNECTION LIMIT 0")
    try:
        assert 'too many connections for role "few"' in str(complaint(postgres_url.replace("postgres@", "few@")))
    finally:
        journal.session.rows("DROP ROLE few")


def test_what_the_server_breaks_off_is_told(postgres_url: str, journal: SqlJournal) -> None:
    journal.session.rows(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(9); RETURN NEW; END$$;"
        "CREATE TRIGGER slow BEFORE INSERT ON payloads FOR EACH ROW EXECUTE FUNCTION slow()"
    )
    hasty = connect(f"{postgres_url}&options=-c%20statement_timeout%3D50ms")
    with closing(hasty), pytest.raises(JournalError) as caught:
        add(hasty, moved("acme", 3))
    assert "broke this off (canceling statement due to statement timeout" in str(caught.value)
    assert "nothing was recorded" in str(caught.value)
    assert len(journal.entries("acme")) == 2


def test_a_journal_that_stays_locked_is_told(postgres_url: str, journal: SqlJournal) -> None:
    with closing(connect(postgres_url)) as other, other.session.writing():
        other.session.rows("LOCK TABLE entries IN SHARE MODE")
        with pytest.raises(JournalError, match="is locked by another program; nothing was recorded"):
            add(journal, moved("acme", 3))


def test_a_database_that_is_set_to_be_read_only_is_told(postgres_url: str, journal: SqlJournal) -> None:
    quiet = connect(f"{postgres_url}&options=-c%20default_transaction_read_only%3Don")
    with closing(quiet), pytest.raises(JournalError) as caught:
        add(quiet, moved("acme", 3))
    assert "cannot be written: cannot execute" in str(caught.value)
    assert caught.value.hint == "the server is a copy, or set to be read only; name the one that takes writing"


def test_a_standby_is_read_and_refuses_writing(postgres: Server, postgres_url: str, journal: SqlJournal) -> None:
    with (
        postgres.standby() as folder,
        closing(connect(postgres_url.replace(str(postgres.sockets), str(folder)))) as copy,
    ):
        assert copy.entries("acme") == story("acme", 2)
        assert verify(copy) == ()
        with pytest.raises(JournalError, match="cannot be written: cannot execute nextval"):
            add(copy, moved("acme", 3))


def test_a_newer_journal_is_refused_with_what_to_do(postgres_url: str, journal: SqlJournal) -> None:
    journal.session.rows("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NewerJournal) as caught:
        connect(postgres_url)
    assert str(caught.value).endswith(f"was written by a newer stagewright (revision 0999; this one knows {HEAD})")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM alembic_version", "does not say which version of a journal it is"),
        ("UPDATE alembic_version SET version_num = 'a1b2'", "is of no revision that is known: 'a1b2'"),
    ],
)
def test_what_is_something_else_is_refused(postgres_url: str, journal: SqlJournal, statement: str, said: str) -> None:
    journal.session.rows(statement)
    assert str(complaint(postgres_url)).endswith(said)


def test_a_database_that_cannot_hold_every_text_is_refused(postgres: Server, empty_database: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(empty_database, autocommit=True) as owner:
        owner.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
        error = complaint(postgres.url("latin"))
        owner.execute("DROP DATABASE latin")
    assert str(error).endswith("keeps texts as LATIN1, and a journal holds any text")
    assert "ENCODING 'UTF8'" in error.hint


def test_a_journal_may_be_in_a_schema_of_its_own(empty_database: str, postgres: Server) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(empty_database, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA sales")
        with closing(connect(f"{empty_database}&options=-c%20search_path%3Dsales")) as journal:
            keep(journal, story())
            assert verify(journal) == ()
        assert owner.execute("SELECT count(*) FROM sales.entries").fetchone() == (5,)
        assert str(complaint(empty_database, create=False)).startswith("there is no journal")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TRIGGER entries_kept ON entries", "the trigger 'entries_kept', which guards what is recorded, is gone"),
        (
            "ALTER TABLE payloads DISABLE TRIGGER payloads_unchanged",
            "the trigger 'payloads_unchanged', which guards what is recorded, is switched off",
        ),
        (
            "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
            "it has a trigger 'definitions_kept' that is not the journal's",
        ),
        (
            "CREATE TRIGGER spy AFTER INSERT ON deals FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
            "it has a trigger 'spy' that is not the journal's",
        ),
        ("DROP INDEX entries_key", "the index 'entries_key', which keeps things from being recorded twice, is gone"),
        (
            "DROP INDEX entries_key; CREATE INDEX entries_key ON entries (deal, key)",
            "the index 'entries_key', which keeps things from being recorded twice, is not the journal's",
        ),
    ],
)
def test_guards_that_are_gone_or_another_are_found(journal: SqlJournal, statement: str, said: str) -> None:
    journal.session.rows(statement)
    assert str(verify(journal)[0]) == said
