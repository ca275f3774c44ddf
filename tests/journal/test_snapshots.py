"""A snapshot is a journal as it stood at one moment, whoever writes to it; and a new file takes nobody's place."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.commands.options import Where
from engine.commands.source import trial_journal
from engine.journal.connect import connect
from engine.journal.copying import made, snapshot
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import JournalError
from tests.journal.build import add, keep, moved, started, story

WRITES = """
import sys
from engine.journal.connect import connect
from tests.journal.build import add, keep, moved, started
journal = connect(sys.argv[1])
keep(journal, (started("busy", note="x" * 500),))
for number in range(2, 100_000):
    add(journal, moved("busy", number, note="x" * 500))
    journal.session.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "source.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqlJournal]:
    with closing(connect(str(path))) as journal:
        keep(journal, story("acme"))
        yield journal


@pytest.fixture
def busy(path: Path, journal: SqlJournal) -> Iterator[None]:
    """Somebody adds to the journal without pause, and lets its log go into the file."""
    # So much that copying it takes longer than writing a little.
    keep(journal, (started("large", note="x" * 20_000_000),))
    arguments = [sys.executable, "-c", WRITES, str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"2\n"
        yield
        assert writer.poll() is None, "it writes no more"
        writer.kill()


def length_of_whole(path: Path) -> int:
    """How many entries a journal has that verifies."""
    with closing(connect(str(path))) as copy:
        assert verify(copy) == ()
        return len(list(copy.all_entries()))


@pytest.mark.usefixtures("busy")
def test_a_journal_that_is_being_written_is_caught_at_one_moment(path: Path, tmp_path: Path) -> None:
    lengths = []
    for number in range(8):
        snapshot(path, tmp_path / f"{number}.db")
        lengths.append(length_of_whole(tmp_path / f"{number}.db"))
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


@pytest.mark.usefixtures("busy")
def test_what_is_tried_out_on_a_busy_journal_is_tried_on_a_whole_one(path: Path) -> None:
    with trial_journal(Where(None, str(path))) as trial:
        keep(trial, (started("tried"),))
        assert verify(trial) == ()
    with closing(connect(str(path))) as still:
        assert still.deal("tried") is None


def test_what_stands_in_the_log_alone_is_in_the_snapshot(journal: SqlJournal, path: Path, tmp_path: Path) -> None:
    add(journal, moved("acme", 6))
    assert Path(f"{path}-wal").stat().st_size
    snapshot(path, tmp_path / "copy.db")
    assert length_of_whole(tmp_path / "copy.db") == 6


def test_something_is_tried_out_on_an_empty_file_too(path: Path) -> None:
    path.touch()
    with trial_journal(Where(None, str(path))) as trial:
        keep(trial, story("acme"))
    assert path.read_bytes() == b""


def test_what_is_no_journal_is_told_by_its_own_name(path: Path, tmp_path: Path) -> None:
    path.write_text("deal,stage")
    with (
        pytest.raises(JournalError, match=r"source.db' is not a journal: it is no SQLite file"),
        trial_journal(Where(None, str(path))),
    ):
        pass
    with pytest.raises(JournalError, match="is a folder, not a journal"):
        snapshot(tmp_path, tmp_path / "copy.db")


def test_a_journal_that_somebody_keeps_locked_is_not_waited_for_without_end(path: Path, tmp_path: Path) -> None:
    connect(str(path)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as owner:
        owner.execute("PRAGMA journal_mode = DELETE")
        owner.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalError, match="is locked by another program"):
            snapshot(path, tmp_path / "copy.db", wait_seconds=0.1)


def test_a_new_journal_takes_the_place_of_nothing_that_came_meanwhile(path: Path) -> None:
    with pytest.raises(JournalError, match="came into being meanwhile"), made(str(path)):
        path.write_text("somebody else's")
    assert path.read_text() == "somebody else's"
    assert list(path.parent.iterdir()) == [path]


def test_not_even_in_the_last_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def overtaken(handle: int) -> None:
        fsync(handle)
        path.write_text("somebody else's")
        monkeypatch.setattr(Path, "exists", lambda self: False)

    monkeypatch.setattr("engine.journal.copying.os.fsync", overtaken)
    with pytest.raises(JournalError, match="came into being meanwhile"), made(str(path)) as draft:
        keep(draft, story("acme"))
    assert path.read_text() == "somebody else's"


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that knows no second name of a file."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)


@pytest.mark.usefixtures("no_links")
def test_a_disk_without_links_takes_a_new_journal_too(path: Path) -> None:
    with made(str(path)) as draft:
        keep(draft, story("acme"))
    assert length_of_whole(path) == 5


@pytest.mark.usefixtures("no_links")
def test_a_disk_without_links_refuses_what_it_can_see(path: Path) -> None:
    with pytest.raises(JournalError, match="came into being meanwhile"), made(str(path)):
        path.write_text("somebody else's")
    assert path.read_text() == "somebody else's"


def test_a_new_journal_has_one_name_and_nothing_is_left_beside_it(path: Path) -> None:
    with made(str(path)) as draft:
        keep(draft, story("acme"))
    assert path.stat().st_nlink == 1
    assert list(path.parent.iterdir()) == [path]
