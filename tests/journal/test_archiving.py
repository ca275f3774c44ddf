"""An archive is written only of a journal that verifies, and only if it reads back the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.journal.archive import COLUMNS, rows_of
from engine.journal.archiving import TEXT_FORMS, archive, of_tables
from engine.journal.connect import connect
from engine.journal.session import Row
from engine.journal.store import SqlJournal
from engine.model.errors import JournalError, UnreadableFile
from tests.journal.build import keep, story


def silent(_: int) -> None:
    """Nobody wants to know."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with closing(connect(str(tmp_path / "source.db"))) as journal:
        keep(journal, story("acme"))
        keep(journal, story("beta", 3))
        yield journal


@pytest.mark.parametrize("ending", TEXT_FORMS)
def test_an_archive_reads_back_as_the_journal(journal: SqlJournal, tmp_path: Path, ending: str) -> None:
    form = TEXT_FORMS[ending]
    assert archive(journal, tmp_path / f"archive{ending}", form, progress=silent) == 8
    assert list(form.read(tmp_path / f"archive{ending}")) == list(rows_of(journal.session))


CHANGES: dict[str, Callable[[list[Row]], Iterable[Row]]] = {
    "without the last row": lambda rows: rows[:-1],
    "with one more": lambda rows: [*rows, rows[-1]],
    "with one row in place of another": lambda rows: [*rows[:-2], rows[-3], rows[-1]],
    "with nothing": lambda rows: [],
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_read_back_the_same_is_no_archive(journal: SqlJournal, tmp_path: Path, change: str) -> None:
    form = TEXT_FORMS[".jsonl"]
    forgetful = replace(form, read=lambda path: iter(CHANGES[change](list(form.read(path)))))
    with pytest.raises(JournalError, match="what was read back is not what was written"):
        archive(journal, tmp_path / "archive.jsonl", forgetful, progress=silent)


def test_a_journal_that_does_not_verify_is_not_archived(journal: SqlJournal, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "source.db")) as raw, raw:
        raw.execute("DROP TRIGGER entries_unchanged")
        raw.execute("UPDATE entries SET reason = 'other' WHERE deal = 'acme' AND sequence = 3")
    with pytest.raises(JournalError, match="the journal does not verify"):
        archive(journal, tmp_path / "archive.csv", TEXT_FORMS[".csv"], progress=silent)
    assert not (tmp_path / "archive.csv").exists()


def test_who_knows_of_columns_alone_can_keep_an_archive_too(journal: SqlJournal, tmp_path: Path) -> None:
    kept: list[dict[str, Any]] = []
    form = of_tables(
        lambda _, kinds, rows: kept.extend(dict(zip(kinds, row, strict=True)) for row in rows),
        lambda _, kinds: enumerate(({name: row[name] for name in kinds} for row in kept), start=1),
    )
    assert archive(journal, tmp_path / "archive", form, progress=silent) == 8
    assert list(kept[0]) == list(COLUMNS)
    kept[4]["deal"] = 7
    with pytest.raises(UnreadableFile, match="archive' row 5: 'deal' is no text"):
        list(form.read(tmp_path / "archive"))
