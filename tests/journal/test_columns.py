"""A journal column by column, and what changed in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import adbc_driver_manager
import pytest

from engine.journal import columns
from engine.journal.columns import COLUMNS
from engine.journal.connect import connect
from engine.journal.forget import forget
from engine.journal.sqlite import Sqlite
from engine.journal.store import SqlJournal
from engine.model.errors import JournalError
from tests.journal.build import add, keep, moved, started, story


@pytest.fixture(params=["sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest, untouched: Path, tmp_path: Path) -> Iterator[SqlJournal]:
    """A journal of the deals acme, beta and core."""
    if request.param == "sqlite":
        with closing(connect(shutil.copy(untouched, tmp_path))) as opened:
            yield opened
    else:
        with closing(connect(request.getfixturevalue("postgres_url"))) as opened:
            for name in ("acme", "beta", "core"):
                keep(opened, story(name))
            yield opened


def cells(journal: SqlJournal, name: str) -> list:
    with journal.columns() as batches:
        assert batches is not None
        return [cell for batch in batches for cell in batch.column(name).to_pylist()]


def test_each_entry_is_a_row_of_the_columns(journal: SqlJournal) -> None:
    with journal.columns() as batches:
        assert batches is not None
        assert {tuple(batch.schema.names) for batch in batches} == {COLUMNS}
    places = sorted(zip(cells(journal, "deal"), cells(journal, "sequence"), strict=True))
    assert places == [(entry.deal, entry.sequence) for entry in journal.all_entries()]


def test_what_was_forgotten_says_nothing(journal: SqlJournal) -> None:
    forget(journal, "beta")
    said = dict(zip(cells(journal, "deal"), cells(journal, "body"), strict=True))
    assert said["beta"] == "{}"
    assert said["acme"] != "{}"


def test_the_reader_of_columns_cannot_write(journal: SqlJournal) -> None:
    connection = journal.session.dialect.columnar()
    with closing(connection), connection.cursor() as cursor, pytest.raises(adbc_driver_manager.Error):
        cursor.execute("DELETE FROM deals")
    assert len(list(journal.deals())) == 3


def test_memory_has_no_columns() -> None:
    with closing(connect(":memory:")) as journal, journal.columns() as batches:
        assert batches is None


def test_a_journal_that_the_driver_cannot_open_has_no_columns(
    journal: SqlJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise adbc_driver_manager.OperationalError("no", status_code=adbc_driver_manager.AdbcStatusCode.IO)

    monkeypatch.setattr(type(journal.session.dialect), "columnar", refuse)
    with journal.columns() as batches:
        assert batches is None


def test_a_column_that_changes_its_kind_halfway_is_told(
    untouched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "BATCH", 2)
    with closing(connect(shutil.copy(untouched, tmp_path))) as journal:
        journal.session.rows("DROP TRIGGER entries_unchanged")
        journal.session.rows("UPDATE entries SET version = 'x' WHERE id = 7")
        with pytest.raises(JournalError, match="cannot be read by columns"):
            cells(journal, "version")


def test_a_journal_opened_for_reading_is_read_by_columns(untouched: Path, tmp_path: Path) -> None:
    path = shutil.copy(untouched, tmp_path)
    connection = Sqlite(Path(path), read_only=True).columnar()
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM entries")
        assert cursor.fetchone() == (15,)


def test_what_changed_since_a_mark_is_told_by_deal(journal: SqlJournal) -> None:
    before = journal.mark()
    assert journal.changed_since(before) == ()
    keep(journal, (started("Ärger"),))
    add(journal, moved("core", 6))
    forget(journal, "acme")
    assert journal.changed_since(before) == ("acme", "core", "Ärger")
    assert journal.changed_since(journal.mark()) == ()


def test_an_entry_that_comes_late_below_the_mark_makes_the_change_untold(journal: SqlJournal) -> None:
    now = journal.mark()
    assert journal.changed_since(replace(now, entries=now.entries - 1)) is None
