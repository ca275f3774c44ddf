"""What is left of a deal that was forgotten: nothing but its envelopes, in no byte of the file."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.journal.connect import connect
from engine.journal.forget import Forgetting, Forgotten, forget, forgetting_of
from engine.journal.store import SqlJournal
from engine.journal.verify import verify
from engine.model.errors import DealForgotten, UnknownName
from tests.journal.build import NOON, add, keep, moved, started

WHY = Forgetting(NOON, "ana", "asked for by letter of 3 March")


def told_by(number: int) -> str:
    """A text that only this deal holds."""
    return f"person-{number:04}-secret"


def bytes_of(path: Path) -> bytes:
    parts = [Path(f"{path}{end}") for end in ("", "-wal", "-shm")]
    return b"".join(part.read_bytes() for part in parts if part.exists())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqlJournal]:
    with closing(connect(str(path), wait_seconds=0.2)) as opened:
        yield opened


def fill(journal: SqlJournal, count: int, *, seed: int) -> list[str]:
    """Deals that grow in turns and out of their pages, so that SQLite moves their rows about."""
    dice = random.Random(seed)
    deals = []
    for number in range(count):
        text = told_by(number)
        facts = {"name": text * dice.randrange(1, 30)}
        entry = started(f"deal-{dice.randrange(10**6)}-{number}", note=text * 9, facts=facts, owner=text, actor=text)
        deals.append(keep(journal, (entry,)))
    for _ in range(count * 5):
        number = dice.randrange(count)
        text, deal = told_by(number), deals[number]
        entry = moved(deal.id, deal.length + 1, note=text * dice.randrange(80), facts={"name": text * 7}, actor=text)
        deals[number] = add(journal, entry, before=deal)
    return [deal.id for deal in deals]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_byte_of_what_was_forgotten_is_left_in_the_file(journal: SqlJournal, path: Path, seed: int) -> None:
    names = fill(journal, 120, seed=seed)
    before = bytes_of(path)
    assert all(told_by(number).encode() in before for number in range(120))
    for name in names[:60]:
        forget(journal, name)
    after = bytes_of(path)
    assert [number for number in range(60) if told_by(number).encode() in after] == []
    assert all(told_by(number).encode() in after for number in range(60, 120))
    assert verify(journal) == ()


def test_no_byte_is_left_where_another_connection_has_the_journal_open(journal: SqlJournal, path: Path) -> None:
    names = fill(journal, 20, seed=3)
    with closing(connect(str(path), read_only=True)) as other:
        assert other.deal(names[0]) is not None
        assert forget(journal, names[0]).lingering == ""
        assert told_by(0).encode() not in bytes_of(path)
        deal = other.deal(names[0])
        assert deal is not None
        assert deal.forgotten


def test_a_reader_in_the_middle_of_reading_keeps_the_log_and_that_is_told(journal: SqlJournal, path: Path) -> None:
    name = fill(journal, 20, seed=4)[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entries").fetchone()
        held = forget(journal, name)
        assert "another program reads the journal" in held.lingering
        assert told_by(0).encode() in bytes_of(path)
    done = forget(journal, name)
    assert (done.repeated, done.lingering) == (True, "")
    assert told_by(0).encode() not in bytes_of(path)


def test_it_is_kept_when_and_by_whom_and_why_a_deal_was_forgotten(journal: SqlJournal) -> None:
    keep(journal, (started("acme"), moved("acme", 2)))
    assert forget(journal, "acme", WHY) == Forgotten(2, repeated=False)
    assert forget(journal, "acme", Forgetting(NOON, "bo", "again")) == Forgotten(2, repeated=True)
    assert forgetting_of(journal, "acme") == WHY
    assert forgetting_of(journal, "other") is None
    assert verify(journal) == ()


def test_what_a_journal_says_of_a_forgotten_deal_may_be_anything(journal: SqlJournal, path: Path) -> None:
    keep(journal, (started("acme"),))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO meta VALUES ('forgotten/acme', '[1, {}]')")
    assert forgetting_of(journal, "acme") is None


def test_a_forgotten_deal_takes_no_entries(journal: SqlJournal) -> None:
    before = keep(journal, (started("acme"),))
    forget(journal, "acme")
    with pytest.raises(DealForgotten, match="deal 'acme' was forgotten; it takes no more entries"):
        add(journal, moved("acme", 2), before=before)


def test_nobody_can_be_forgotten_who_is_not_there(journal: SqlJournal) -> None:
    with pytest.raises(UnknownName, match="there is no deal 'acme'"):
        forget(journal, "acme", WHY)
    assert forgetting_of(journal, "acme") is None
