"""A journal to an archive and back: which forms an archive has, and that what was written reads back the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from engine.journal.archive import COLUMNS, checked, rows_of
from engine.journal.archive_text import csv_lines, json_lines, read_csv, read_json_lines
from engine.journal.session import Row, Session
from engine.journal.store import PAGE, SqlJournal
from engine.journal.verify import problems_of
from engine.model.errors import JournalError, UnreadableFile

Progress = Callable[[int], None]
"""Told the number of rows gone through, from time to time."""

WriteTable = Callable[[Path, Mapping[str, str], Iterable[Row]], None]
"""Write rows of columns, of which names and kinds are given, into a file."""
ReadTable = Callable[[Path, Mapping[str, str]], Iterator[tuple[int, dict[str, Any]]]]
"""Read the number and the values of each of such rows."""


@dataclass(frozen=True, slots=True)
class Form:
    """How rows stand in a file. What is written or read as none raises ``StagewrightError``."""

    write: Callable[[Path, Iterable[Row]], None]
    read: Callable[[Path], Iterator[Row]]


def _of_lines(lines: Callable[[Iterable[Row]], Iterator[bytes]], read: Callable[[Path], Iterator[Row]]) -> Form:
    def write(path: Path, rows: Iterable[Row]) -> None:
        with path.open("wb") as file:
            file.writelines(lines(rows))

    return Form(write, read)


def of_tables(write_table: WriteTable, read_table: ReadTable) -> Form:
    """A form that somebody else writes and reads, who knows of columns and of no journals."""
    kinds = {name: kind.value for name, kind in COLUMNS.items()}

    def read(path: Path) -> Iterator[Row]:
        for number, values in read_table(path, kinds):
            try:
                yield checked(values)
            except ValueError as error:
                raise UnreadableFile(f"'{path}' row {number}: {error}") from None

    return Form(lambda path, rows: write_table(path, kinds, rows), read)


TEXT_FORMS: Mapping[str, Form] = {
    ".jsonl": _of_lines(json_lines, read_json_lines),
    ".csv": _of_lines(csv_lines, read_csv),
}
"""The forms that need nobody else, by what the name of a file ends with."""


def archive(journal: SqlJournal, path: Path, form: Form, *, progress: Progress) -> int:
    """Write a journal that verifies, as it stands at one moment, into a file, read it back, and count its entries.

    Raises ``JournalError`` where it does not verify or what was read back differs, ``StagewrightError``, ``OSError``.
    """
    session = journal.session
    with session.reading():
        problem = next(problems_of(session), None)
        if problem is not None:
            raise JournalError(f"the journal does not verify: {problem}", hint="'stagewright verify' tells all of it")
        form.write(path, _told(rows_of(session), progress))
        return _same(session, form.read(path))


def _told(rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % PAGE == 0:
            progress(number)
        yield row


def _same(session: Session, rows: Iterator[Row]) -> int:
    """How many entries there are in the journal and in the rows alike."""
    count = 0
    for written, read in zip_longest(rows_of(session), rows):
        if written != read:
            raise JournalError("what was read back is not what was written; the archive was given up")
        count += written[0] == "entry"
    return count
