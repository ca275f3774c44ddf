from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from engine.journal import sqlite
from engine.journal.connect import connect
from engine.journal.schema import HEAD, REVISIONS
from engine.model.errors import JournalError, MissingExtra, NewerJournal
from tests.journal.build import add, keep, moved, story


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    with closing(connect(str(path))) as journal:
        keep(journal, story())
    return path


@pytest.fixture
def copied(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path))


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.execute(statement)


def refused(path: Path | str, *, read_only: bool = False) -> str:
    """The message with which the journal is refused."""
    with pytest.raises(JournalError) as caught:
        connect(str(path), read_only=read_only)
    return str(caught.value)


def test_a_path_a_url_and_memory_open_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "odd name % with?marks#.db"
    with closing(connect(str(path))) as journal:
        keep(journal, story())
    with closing(connect(f"sqlite:///{tmp_path}/other.db")) as journal:
        keep(journal, story())
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name, "other.db"]
    for url in (":memory:", "sqlite://", "sqlite:///:memory:"):
        with closing(connect(url)) as journal:
            keep(journal, story())


def test_what_was_recorded_is_there_again(copied: Path) -> None:
    with closing(connect(str(copied))) as journal:
        add(journal, moved("acme", 6))
    with closing(connect(str(copied), create=False)) as journal:
        assert len(journal.entries("acme")) == 6


def test_a_journal_stands_as_a_journal_should(copied: Path) -> None:
    with closing(connect(str(copied))) as journal:
        rows = journal.session.rows
        assert rows("PRAGMA journal_mode") == [("wal",)]
        assert rows("PRAGMA synchronous") == [(2,)]
        assert rows("PRAGMA foreign_keys") == [(1,)]
        assert rows("PRAGMA trusted_schema") == [(0,)]


def test_opening_waits_for_whoever_makes_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError, match="is locked by another program"):
        connect(str(path), wait_seconds=0.1)
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    with closing(other), closing(connect(str(path))) as journal:
        keep(journal, story())


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with closing(connect(str(path))) as journal:
        assert keep(journal, story()) == journal.deal("acme")


def test_a_missing_journal_is_not_made_unasked(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(JournalError, match="there is no journal"):
        connect(str(path), create=False)
    assert "there is no journal" in refused(path, read_only=True)
    assert not path.exists()


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == f"'{tmp_path / 'pipe'}' is no file"


def test_a_folder_and_a_path_into_nowhere_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"'{tmp_path}' is a folder, not a journal"
    assert refused(tmp_path / "no" / "j.db") == f"the folder '{tmp_path / 'no'}' does not exist"
    assert refused(tmp_path / ("x" * 300)).startswith("the journal ")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "a journal needs a path"),
        ("a\0b", "a journal needs a path"),
        ("mysql://host/name", "there are no journals of the kind 'mysql'"),
        ("://", "this is not the URL of a journal"),
        ("sqlite://host:port/x", "this is not the URL of a journal"),
    ],
)
def test_what_is_no_place_of_a_journal_is_refused(url: str, said: str) -> None:
    assert refused(url) == said


def test_postgresql_needs_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra) as caught:
        connect("postgresql://me:secret@localhost/sales")
    assert caught.value.hint == "pip install 'stagewright[postgres]'"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 2\0", b"\xff" * 5000, b"PK\x03\x04", b"process: x\n"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert refused(path) == f"'{path}' is not a journal: it is no SQLite file"
    assert path.read_bytes() == content


def test_another_program_s_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    spoil(path, "CREATE TABLE entries (a)", "INSERT INTO entries VALUES (1)")
    before = path.read_bytes()
    assert refused(path) == f"'{path}' is a SQLite file, but not a journal"
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["other.db"]


def test_another_application_id_is_refused(copied: Path) -> None:
    spoil(copied, "PRAGMA application_id = 7")
    assert refused(copied) == f"'{copied}' is a SQLite file, but not a journal"


def test_a_newer_journal_is_refused_with_what_to_do(copied: Path) -> None:
    spoil(copied, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NewerJournal) as caught:
        connect(str(copied))
    assert str(caught.value) == (
        f"the journal '{copied}' was written by a newer stagewright (revision 0999; this one knows {HEAD})"
    )
    assert caught.value.hint == "bring stagewright up to date: pip install --upgrade stagewright"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE alembic_version SET version_num = 'x'"], "is of no revision that is known: 'x'"),
        (["UPDATE alembic_version SET version_num = '0000'"], "is of no revision that is known: '0000'"),
        (["DELETE FROM alembic_version"], "does not say which version of a journal it is"),
        (["INSERT INTO alembic_version VALUES ('0003')"], "does not say which version of a journal it is"),
        (["DROP TABLE alembic_version"], "it has no table 'alembic_version'"),
        (["DROP TABLE payloads"], "its table 'payloads' is missing or another"),
        (["DROP TABLE deals", "CREATE TABLE deals (id TEXT PRIMARY KEY)"], "its table 'deals' is missing or another"),
        (["DROP TABLE deals", "CREATE VIEW deals AS SELECT 1 AS id"], "its table 'deals' is missing or another"),
        (["ALTER TABLE deals RENAME COLUMN owner TO boss"], "its table 'deals' is missing or another"),
        (
            [
                "DROP TABLE meta",
                "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT GENERATED ALWAYS AS (name) VIRTUAL)",
            ],
            "its table 'meta' is missing or another",
        ),
        (
            ["DROP TABLE meta", "CREATE VIRTUAL TABLE meta USING fts5(name, value)"],
            "its table 'meta' is missing or another",
        ),
        (
            ["CREATE TRIGGER spy AFTER INSERT ON entries BEGIN UPDATE deals SET stage = 'won'; END"],
            "it has a trigger 'spy' that is not the journal's",
        ),
        (
            [
                "DROP TRIGGER entries_kept",
                "CREATE TRIGGER entries_kept AFTER INSERT ON deals BEGIN DELETE FROM payloads; END",
            ],
            "it has a trigger 'entries_kept' that is not the journal's",
        ),
    ],
)
def test_a_journal_that_something_else_changed_is_refused(copied: Path, statements: list[str], said: str) -> None:
    spoil(copied, *statements)
    assert refused(copied).endswith(said)


def test_a_trigger_that_is_gone_or_strange_does_not_keep_one_from_reading(copied: Path) -> None:
    spoil(copied, "DROP TRIGGER entries_kept", "CREATE TRIGGER spy AFTER INSERT ON deals BEGIN SELECT 1; END")
    with closing(connect(str(copied), read_only=True)) as journal:
        assert len(journal.entries("acme")) == 5


def use(path: Path) -> None:
    """Do a bit of everything with a journal."""
    with closing(connect(str(path))) as journal:
        list(journal.all_entries())
        list(journal.deals())
        journal.definitions()
        journal.by_key("acme", "second")
        add(journal, moved("acme", 6))


@pytest.mark.parametrize("page", range(1, 12))
def test_damaged_pages_are_told_and_never_a_traceback(copied: Path, page: int) -> None:
    content = bytearray(copied.read_bytes())
    content[page * 4096 : page * 4096 + 2000] = b"\xa5" * 2000
    copied.write_bytes(content)
    with suppress(JournalError):  # a page that nothing reads does no harm
        use(copied)


@pytest.mark.parametrize("length", [17, 100, 512, 4096, 5000, 8192, 20000])
def test_a_file_cut_short_is_told_and_never_a_traceback(copied: Path, length: int) -> None:
    copied.write_bytes(copied.read_bytes()[:length])
    with pytest.raises(JournalError):
        use(copied)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deals SET more = zeroblob(80000000)",
        "UPDATE deals SET id = x'ff00'",
        "UPDATE deals SET stage = CAST(x'ff' AS TEXT)",
        "UPDATE deals SET length = 'many'",
        "UPDATE deals SET length = 9223372036854775807",
        "UPDATE deals SET more = '[' || replace(hex(zeroblob(100000)), '0', '[')",
        "UPDATE definitions SET files = x'00'",
    ],
)
def test_hostile_values_are_told_and_never_a_traceback(copied: Path, statement: str) -> None:
    spoil(copied, "DROP TRIGGER definitions_unchanged", statement)
    with pytest.raises(JournalError):
        use(copied)


def test_a_huge_value_is_refused_before_it_fills_the_memory(copied: Path) -> None:
    spoil(copied, "DROP TRIGGER payloads_unchanged", f"UPDATE payloads SET body = zeroblob({sqlite.LONGEST + 1000})")
    with closing(connect(str(copied))) as journal, pytest.raises(JournalError, match="string or blob too big"):
        journal.entries("acme")


def test_reading_only_writes_nothing(copied: Path) -> None:
    before = copied.read_bytes()
    with closing(connect(str(copied), read_only=True)) as journal:
        assert len(list(journal.all_entries())) == 5
        with pytest.raises(JournalError, match="was opened for reading only"):
            add(journal, moved("acme", 6))
    assert copied.read_bytes() == before


def test_an_empty_file_cannot_be_only_read(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert refused(path, read_only=True) == f"'{path}' is empty"


AS_NOBODY = """
import os, sys
from engine.journal.connect import connect
from engine.model.errors import JournalError
from tests.journal.build import add, keep, moved, story
keep(connect(":memory:"), story())
os.setegid(65534)
os.seteuid(65534)
path, mode = sys.argv[1:]
try:
    journal = connect(path, read_only=mode == "read")
    print(len(journal.entries("acme")), "entries")
    add(journal, moved("acme", 6))
except JournalError as error:
    print(error)
    print(error.hint)
"""


@pytest.fixture
def shared(sound: Path) -> Iterator[Path]:
    """A copy that everybody may read and nobody but its owner may write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(sound, folder))
        path.chmod(0o444)
        path.parent.chmod(0o755)
        yield path


def as_nobody(path: Path, mode: str) -> str:
    """What someone is told who may read the file and no more."""
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("only root can become someone who may less")
    command = [sys.executable, "-c", AS_NOBODY, str(path), mode]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert not done.stderr
    return done.stdout


def test_a_file_that_may_only_be_read_can_be_read(shared: Path) -> None:
    said = as_nobody(shared, "read")
    assert said.startswith(f"5 entries\nthe journal '{shared}' was opened for reading only")


def test_a_file_that_may_only_be_read_is_not_written(shared: Path) -> None:
    assert as_nobody(shared, "write") == (
        f"the journal '{shared}' cannot be written: it is read-only\n"
        "allow writing to the file and its folder, or name another journal\n"
    )


def test_opening_and_appending_load_no_alembic(copied: Path) -> None:
    program = (
        "import sys\nfrom engine.journal.connect import connect\nfrom tests.journal.build import add, moved\n"
        f"journal = connect({str(copied)!r})\nadd(journal, moved('acme', 6))\n"
        "print(sorted({'alembic', 'mako', 'sqlalchemy.dialects.postgresql', 'click', 'psycopg'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout == "[]\n"


def test_revisions_are_numbers_in_order() -> None:
    assert all(len(revision) == 4 and revision.isdigit() for revision in REVISIONS)
    assert list(REVISIONS) == sorted(REVISIONS)
