"""The two pages on running it for a team and on backups, as they are written: each statement and program is run."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.forget import forget
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import JournalError
from tests.docs.pages import ROOT, blocks
from tests.journal.build import SALES, add, deal_of, keep, moved, story
from tests.journal.postgres_server import Server

TEAM = ROOT / "docs/how-to/run-it-for-a-team.md"
BACKUP = ROOT / "docs/how-to/backup-and-restore.md"


def sql(name: str) -> str:
    """A block of statements of the page, by the word behind its language."""
    return next(block.text for block in blocks(TEAM) if (block.language, block.words) == ("sql", (name,)))


def run_as(url: str, statements: str) -> None:
    with pytest.importorskip("psycopg").connect(url, autocommit=True) as connection:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            connection.execute(statement)


@pytest.fixture
def team(postgres: Server, run, workspace, monkeypatch) -> Iterator[Server]:
    """A database with a journal and users, made as the page says."""
    run_as(postgres.url(), sql("make"))
    monkeypatch.setenv("STAGEWRIGHT_JOURNAL", postgres.url("sales", user="sales_owner"))
    assert run("start inside-sales acme --fact amount=9000 --as ana --role ae --at 2026-03-02T09:00").code == 0
    run_as(postgres.url("sales"), sql("grant") + sql("forget"))
    yield postgres
    run_as(postgres.url(), "DROP DATABASE sales WITH (FORCE)")
    run_as(postgres.url(), "DROP ROLE ana; DROP ROLE max; DROP ROLE keepers; DROP ROLE sellers; DROP ROLE sales_owner")


QUALIFY = (
    "advance acme qualify --reason referral --fact contact_role=champion --as ana --role sdr --at 2026-03-03 --key q"
)


@pytest.fixture
def as_ana(team: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlJournal]:
    """What a seller has open, and what their commands use."""
    monkeypatch.setenv("STAGEWRIGHT_JOURNAL", team.url("sales", user="ana"))
    with closing(connect(team.url("sales", user="ana"))) as journal:
        yield journal


@pytest.mark.parametrize(
    "line",
    [
        "start inside-sales beta --fact amount=60000 --as bo --role ae --at 2026-03-02T09:00 --key b",
        "record acme --touchpoint call --as bo --at 2026-03-02T10:00",
        QUALIFY,
        "can acme --role ae",
        "why acme",
        "deals",
        "tick --at 2026-05-05",
        "verify",
        "doctor",
    ],
)
def test_a_seller_does_all_that_sellers_do(as_ana: SqlJournal, run, line: str) -> None:
    assert run(line).code == 0
    assert verify(as_ana) == ()


def test_the_server_writes_down_who_wrote(as_ana: SqlJournal, run) -> None:
    assert [run(line).code for line in (QUALIFY, QUALIFY)] == [0, 0]
    written = [(entry.actor, entry.written_by) for entry in as_ana.entries("acme")]
    assert written == [("ana", "sales_owner"), ("ana", "ana")]


def test_a_seller_imports_in_bulk(as_ana: SqlJournal) -> None:
    batches = [(story(f"d{number}"), 0, deal_of(story(f"d{number}"))) for number in range(30)]
    assert as_ana.append_many(batches, definition=SALES) == 150
    assert {entry.written_by for entry in as_ana.entries("d7")} == {"ana"}
    assert verify(as_ana) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET reason = 'x'",
        "DELETE FROM entries",
        "TRUNCATE entries CASCADE",
        "UPDATE payloads SET salt = NULL, body = NULL, written_by = NULL",
        "DELETE FROM payloads",
        "UPDATE definitions SET files = ''",
        "UPDATE meta SET value = 'x'",
        "INSERT INTO meta VALUES ('a', 'b')",
        "DELETE FROM deals",
        "UPDATE alembic_version SET version_num = '0'",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "DROP TABLE deals",
        "CREATE TABLE mine (id int)",
        "SELECT setval('entries_id_seq', 1)",
    ],
)
def test_a_seller_changes_nothing_that_was_recorded(as_ana: SqlJournal, statement: str) -> None:
    with pytest.raises(JournalError, match=r"does not allow this: (permission denied|must be owner)"):
        as_ana.session.rows(statement)
    assert verify(as_ana) == ()


def test_a_seller_forgets_no_deal_and_a_keeper_does(team: Server, as_ana: SqlJournal) -> None:
    with pytest.raises(JournalError, match="permission denied for table payloads"):
        forget(as_ana, "acme")
    with closing(connect(team.url("sales", user="max"))) as journal:
        forget(journal, "acme")
        assert {(entry.actor, entry.written_by) for entry in journal.all_entries()} == {("", "")}
        assert verify(journal) == ()
        with pytest.raises(JournalError, match="the journal is append-only"):
            journal.session.rows("UPDATE payloads SET body = '{}'")


def test_only_the_owner_makes_the_table_of_deals_anew(team: Server, run, monkeypatch) -> None:
    assert run("verify --rebuild").code == 0
    monkeypatch.setenv("STAGEWRIGHT_JOURNAL", team.url("sales", user="ana"))
    ran = run("verify --rebuild")
    assert ran.code == 2
    assert "does not allow this: permission denied for table entries" in ran.err
    assert "whoever owns the database can grant the rights that stagewright needs" in ran.err


def test_a_password_is_found_where_the_driver_looks_for_it(team: Server, run, monkeypatch, tmp_path: Path) -> None:
    rules = team.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local sales ana scram-sha-256\n{before}")
    run_as(team.url(), "SELECT pg_reload_conf()")
    passwords = tmp_path / "pgpass"
    passwords.write_text("*:*:sales:ana:change me\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("STAGEWRIGHT_JOURNAL", team.url("sales", user="ana"))
    try:
        without = run("deals")
        monkeypatch.setenv("PGPASSFILE", str(passwords))
        found = run("deals")
        wrong = run(f"deals --journal {team.url('sales', user='ana', password='s3cret')}")
    finally:
        rules.write_text(before)
        run_as(team.url(), "SELECT pg_reload_conf()")
    assert (without.code, found.code, wrong.code) == (2, 0, 2)
    assert "no password supplied" in without.err
    assert "password authentication failed" in wrong.err
    assert "s3cret" not in wrong.err


def test_no_server_and_no_journal_are_told_at_the_command_line(postgres: Server, run, workspace) -> None:
    nowhere = run("deals --journal postgresql://me:s3cret@/sales?host=/nowhere")
    assert nowhere.code == 2
    assert nowhere.err.startswith("error: the journal 'postgresql://me:***@/sales?host=%2Fnowhere' cannot be reached: ")
    empty = run(f"deals --journal {postgres.url()}")
    assert empty.code == 2
    assert empty.err.startswith("error: there is no journal in 'postgresql://postgres@/postgres?host=")


def test_a_dump_of_a_server_is_restored(team: Server, tmp_path: Path) -> None:
    commands = [line for block in blocks(BACKUP) for line in block.text.splitlines() if line.startswith("pg_")]
    assert [line.split()[0] for line in commands] == ["pg_dump", "pg_restore"]
    dump = team.folder("dumps") / "sales.dump"
    run_as(team.url(), "CREATE DATABASE sales_again OWNER sales_owner TEMPLATE template0")
    for line in commands:
        line = re.sub(
            r"postgresql://sales_owner@db.example.org/(\w+)", lambda at: team.url(at[1], user="sales_owner"), line
        )
        team.run(*line.replace("sales.dump", str(dump)).split())
    try:
        with closing(connect(team.url("sales_again", user="ana"), create=False)) as again:
            assert again.session.rows("SELECT * FROM meta")
            assert [entry.written_by for entry in again.entries("acme")] == ["sales_owner"]
            keep(again, story("new"))
            assert verify(again) == ()
            with pytest.raises(JournalError, match="permission denied"):
                again.session.rows("DELETE FROM entries")
    finally:
        run_as(team.url(), "DROP DATABASE sales_again WITH (FORCE)")
        shutil.rmtree(dump.parent)


@pytest.fixture
def in_use(tmp_path: Path) -> Iterator[Path]:
    """A folder with a journal that a program has open, the last entries in the log beside it."""
    folder = tmp_path / "sales"
    folder.mkdir()
    with closing(connect(str(folder / "deals.journal"))) as journal:
        keep(journal, story("acme", 2))
        assert (folder / "deals.journal-wal").stat().st_size > 0
        yield folder


def restored(folder: Path) -> list[int]:
    """How long each deal is in a journal that verifies."""
    with closing(connect(str(folder / "deals.journal"), create=False)) as journal:
        assert verify(journal) == ()
        add(journal, moved("acme", journal.deal("acme").length + 1))
        return [deal.length for deal in journal.deals()]


def shell(name: str, *, start: str) -> str:
    """The block of the page on backups that starts so."""
    return next(block.text for block in blocks(BACKUP) if block.language == "sh" and block.text.startswith(start))


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the program sqlite3 is not installed")
def test_a_backup_by_sqlite_is_restored_by_the_words_of_the_page(in_use: Path) -> None:
    subprocess.run(["sh", "-ec", shell("backup", start="sqlite3")], cwd=in_use, check=True)
    put_back(in_use)


def test_a_backup_by_the_same_function_of_the_library_is_restored(in_use: Path) -> None:
    files = (sqlite3.connect(in_use / name) for name in ("deals.journal", "backup.journal"))
    with closing(next(files)) as source, closing(next(files)) as target:
        source.backup(target)
    put_back(in_use)


def put_back(folder: Path) -> None:
    """In another folder, where a log of before still lies about, as the page says it."""
    place = folder.parent / "again"
    place.mkdir()
    shutil.copy(folder / "backup.journal", place)
    for name in ("deals.journal", "deals.journal-wal", "deals.journal-shm"):
        shutil.copy(folder / name, place)
    lines = [line for line in shell("restore", start="rm -f").splitlines() if not line.startswith("stagewright")]
    subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=place, check=True)
    assert restored(place) == [3]


def test_both_files_copied_are_the_journal_and_one_alone_lacks_the_end(in_use: Path) -> None:
    both, one = in_use.parent / "both", in_use.parent / "one"
    both.mkdir()
    one.mkdir()
    line = shell("copy", start="cp ").replace("/backups/", str(both))
    subprocess.run(["sh", "-ec", line], cwd=in_use, check=True)
    shutil.copy(in_use / "deals.journal", one)
    assert restored(both) == [3]
    with closing(connect(str(one / "deals.journal"))) as journal:
        assert journal.entries("acme") == ()
