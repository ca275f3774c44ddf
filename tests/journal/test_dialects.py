from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from engine.journal.complaints import Clash, told
from engine.journal.connect import connect
from engine.journal.dialect import Fault
from engine.journal.postgres import Postgres
from engine.journal.sqlite import Sqlite
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import JournalError
from tests.journal.build import keep, story

SERVER = Postgres(sa.make_url("postgresql://me:secret@host/sales"))


@pytest.fixture(params=[":memory:", "postgresql"])
def any_journal(request: pytest.FixtureRequest) -> Iterator[SqlJournal]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else request.param
    with closing(connect(url)) as journal:
        yield journal


@pytest.mark.parametrize(
    ("fault", "message", "hint"),
    [
        (Fault.LOCKED, "the journal 'j' is locked by another program; nothing was recorded", "wait until"),
        (Fault.FULL, "there is no room left for the journal 'j'; nothing was recorded", "make room on the disk"),
        (Fault.DISK, "the disk failed under the journal 'j' (a {b} c); nothing was recorded", "see that the disk"),
        (Fault.READ_ONLY, "the journal 'j' cannot be written: it is read-only", "allow writing"),
        (Fault.DAMAGED, "the journal 'j' is damaged: a {b} c", "go on with a backup"),
        (Fault.UNREACHABLE, "the journal 'j' cannot be opened: a {b} c", "see that it is there"),
        (Fault.NO_SERVER, "the journal 'j' cannot be reached: a {b} c", "see that the server runs"),
        (Fault.LOST, "the connection to the journal 'j' was lost: a {b} c", "see that the server runs"),
        (Fault.OTHER, "the journal 'j' could not be used: a {b} c", ""),
        (Fault.CLASH, "the journal 'j' refuses this: a {b}\n c", ""),
    ],
)
def test_each_fault_is_told_with_what_to_do(fault: Fault, message: str, hint: str) -> None:
    error = told(fault, "'j'", "a {b}\n c")
    assert isinstance(error, JournalError)
    assert isinstance(error, Clash) == (fault is Fault.CLASH)
    assert str(error) == message
    assert error.hint.startswith(hint)


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("23505", Fault.CLASH),
        ("40P01", Fault.CROSSED),
        ("55P03", Fault.LOCKED),
        ("53100", Fault.FULL),
        ("53300", Fault.SHORT),
        ("25006", Fault.STANDBY),
        ("25P03", Fault.LOST),
        ("42501", Fault.DENIED),
        ("42601", Fault.OTHER),
        ("3D000", Fault.NO_SERVER),
        ("28P01", Fault.NO_SERVER),
        ("57P01", Fault.LOST),
        ("57014", Fault.BROKEN_OFF),
        ("XX001", Fault.DAMAGED),
        ("58030", Fault.DISK),
    ],
)
def test_a_server_s_complaint_is_known_by_its_state(state: str, fault: Fault) -> None:
    assert SERVER.fault(SimpleNamespace(sqlstate=state)) is fault  # type: ignore[arg-type]


def test_without_a_state_the_connection_is_lost_or_a_value_was_refused() -> None:
    psycopg = pytest.importorskip("psycopg")
    assert SERVER.fault(psycopg.OperationalError("the connection is lost")) is Fault.LOST
    assert SERVER.fault(psycopg.DataError("no NUL")) is SERVER.fault(OverflowError()) is Fault.OTHER


def test_sqlite_s_complaint_is_known_by_its_primary_code() -> None:
    file = Sqlite(None)
    extended = SimpleNamespace(sqlite_errorcode=sqlite3.SQLITE_IOERR | (3 << 8))
    assert file.fault(extended) is Fault.DISK  # type: ignore[arg-type]
    assert file.fault(SimpleNamespace(sqlite_errorcode=999_999)) is Fault.OTHER  # type: ignore[arg-type]
    assert file.fault(sqlite3.OperationalError("Could not decode to UTF-8 column")) is Fault.DAMAGED
    assert file.fault(ValueError("other")) is Fault.OTHER


def test_a_server_is_called_by_its_url_without_the_password() -> None:
    assert SERVER.where == "'postgresql://me:***@host/sales'"
    hidden = Postgres(sa.make_url("postgresql://host/sales?password=secret&sslmode=require"))
    assert hidden.where == "'postgresql://host/sales?password=hidden&sslmode=require'"
    assert hidden.detail(ValueError("no secret here")) == "no *** here"
    assert Sqlite(None).where == "in memory"


def test_a_server_without_a_journal_is_empty_or_refused() -> None:
    empty = {"SELECT to_regclass('alembic_version')": [(None,)], "SHOW server_encoding": [("UTF8",)]}
    assert SERVER.revision(empty.__getitem__) is None
    with pytest.raises(JournalError, match="there is no journal in"):
        Postgres(SERVER.url, create=False).revision(empty.__getitem__)


def test_a_server_tells_the_revision_and_draws_places() -> None:
    answers = {
        "SELECT to_regclass('alembic_version')": [("alembic_version",)],
        "SELECT version_num FROM alembic_version": [("0001",)],
        "SELECT nextval(pg_get_serial_sequence('entries', 'id')) FROM generate_series(1, 2)": [(7,), (9,)],
    }
    assert SERVER.revision(answers.__getitem__) == "0001"
    assert SERVER.places(answers.__getitem__, 2) == [7, 9]


def test_each_database_says_what_is_to_be_done_where_nothing_may_linger() -> None:
    assert SERVER.lingering.endswith("VACUUM FULL payloads; VACUUM FULL deals;")
    assert Sqlite(None).lingering == ""


def test_the_guards_of_a_journal_come_back_where_they_were_left_out(any_journal: SqlJournal) -> None:
    session = any_journal.session
    keep(any_journal, story("acme"))
    with session.writing(), session.dialect.unguarded(session.rows):
        session.rows("UPDATE meta SET value = 'x' WHERE name = 'journal'")
        session.rows("UPDATE meta SET value = '0123456789abcdef0123456789abcdef' WHERE name = 'journal'")
    assert verify(any_journal) == ()
    with pytest.raises(JournalError, match="append-only"):
        session.rows("UPDATE meta SET value = 'x'")


def test_the_next_place_comes_after_all_that_there_are(any_journal: SqlJournal) -> None:
    session = any_journal.session
    session.dialect.after_places(session.rows)
    assert list(session.places(1)) == [1]
    keep(any_journal, story("acme", 3))
    session.dialect.after_places(session.rows)
    last = session.rows("SELECT max(id) FROM entries")[0][0]
    assert list(session.places(2)) == [last + 1, last + 2]
