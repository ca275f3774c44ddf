from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import DealExists, JournalError
from tests.journal.build import SALES, add, deal_of, keep, moved, started, story
from tests.journal.contract import race

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with closing(connect(str(path))) as journal:
        keep(journal, (started("shared"),))
    return path


def race_in_a_process(path: Path, name: str) -> int:
    return race(str(path), name, wins=40)


def test_processes_that_race_for_one_deal_each_win_what_they_record(path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.starmap(race_in_a_process, [(path, "a"), (path, "b")]) == [40, 40]
    with closing(connect(str(path))) as journal:
        actors = [entry.actor for entry in journal.entries("shared")][1:]
        assert (actors.count("a"), actors.count("b")) == (40, 40)
        assert journal.deal("shared") == deal_of(journal.entries("shared"))
        assert verify(journal) == ()


def test_one_of_two_who_start_a_deal_is_told_that_it_exists(path: Path) -> None:
    with closing(connect(str(path))) as one, closing(connect(str(path))) as other:
        keep(one, story("acme"))
        with pytest.raises(DealExists):
            keep(other, story("acme"))


def test_a_writer_waits_for_another(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    with closing(connect(str(path))) as journal, closing(other):
        timer.start()
        add(journal, moved("shared", 2))
        assert not other.in_transaction


def test_a_journal_that_stays_locked_is_told(path: Path) -> None:
    with (
        closing(connect(str(path), wait_seconds=0.05)) as journal,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError) as caught:
            add(journal, moved("shared", 2))
        assert str(caught.value) == f"the journal '{path}' is locked by another program; nothing was recorded"
        assert caught.value.hint == "wait until that program is done, then do it again"
        assert len(journal.entries("shared")) == 1
        other.execute("COMMIT")
        add(journal, moved("shared", 2))


def fill(journal: SqlJournal) -> None:
    """Leave the journal no page more than it has."""
    (pages,) = journal.session.rows("PRAGMA page_count")[0]
    journal.session.rows(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_told_and_nothing_is_half_written(path: Path) -> None:
    with closing(connect(str(path))) as journal:
        fill(journal)
        with pytest.raises(JournalError) as caught:
            add(journal, moved("shared", 2, note="x" * 9000))
        assert str(caught.value) == f"there is no room left for the journal '{path}'; nothing was recorded"
        assert caught.value.hint == "make room on the disk, then do it again"
        assert len(journal.entries("shared")) == 1
        journal.session.rows("PRAGMA max_page_count = 100000")
        add(journal, moved("shared", 2, note="x" * 9000))
        assert verify(journal) == ()


def test_a_full_disk_undoes_only_the_transaction_it_is_met_in(path: Path) -> None:
    batches = [(story(f"d{number}"), 0, deal_of(story(f"d{number}"))) for number in range(2000)]
    with closing(connect(str(path))) as journal:
        journal.append_many(batches[:800])
        fill(journal)
        with pytest.raises(JournalError, match="no room left"):
            journal.append_many(batches[800:])
        assert len(list(journal.all_entries())) == 4001
        assert verify(journal) == ()


BEYOND_THE_LIMIT = """
import resource, signal, sys
from engine.journal.connect import connect
from engine.model.errors import JournalError
from tests.journal.build import add, moved
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = connect(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
recorded = 1
try:
    while True:
        add(journal, moved("shared", recorded + 1, note="x" * 1000))
        recorded += 1
except JournalError as error:
    print(recorded, error, error.hint, sep="|")
"""


def test_a_disk_that_takes_no_more_bytes_is_told_and_nothing_is_lost(path: Path) -> None:
    command = [sys.executable, "-c", BEYOND_THE_LIMIT, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    recorded, message, hint = done.stdout.split("|")
    assert "nothing was recorded" in message
    assert "do it again" in hint
    with closing(connect(str(path))) as journal:
        assert len(journal.entries("shared")) == int(recorded)
        assert verify(journal) == ()


def test_what_raises_while_batches_are_made_undoes_nothing_that_was_recorded(path: Path) -> None:
    def batches():
        for number in range(1000):
            yield story(f"d{number}"), 0, deal_of(story(f"d{number}"))
        raise KeyboardInterrupt

    with closing(connect(str(path))) as journal:
        with pytest.raises(KeyboardInterrupt):
            journal.append_many(batches(), definition=SALES)
        assert len(list(journal.deals())) in range(1, 1002)
        assert verify(journal) == ()
        add(journal, moved("shared", 2))


def test_a_number_too_large_for_the_database_is_told(path: Path) -> None:
    with closing(connect(str(path))) as journal, pytest.raises(JournalError, match="too large"):
        add(journal, moved("shared", 2, version=10**30))


def test_a_closed_journal_is_told(path: Path) -> None:
    journal = connect(str(path))
    journal.close()
    with pytest.raises(JournalError):
        journal.deal("shared")
    journal.close()
