"""``journal copy``: a whole journal to another place, or to an archive and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.commands.output import progress, put
from engine.model.errors import BadValue, JournalError, UnreadableFile, UnwritableFile

if TYPE_CHECKING:
    from engine.journal.copying import Copied
    from engine.journal.session import Session
    from engine.journal.store import SqlJournal

ARCHIVES = (".jsonl", ".csv", ".parquet")
"""What the name of an archive ends with."""

Row = tuple[Any, ...]


@click.group("journal", short_help="Copy a whole journal, or archive it.")
def command() -> None:
    """Do something with the journal as a whole."""


@command.command("copy", short_help="Copy a whole journal to another place.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a whole journal, from SQLite to PostgreSQL or back, and verify the copy.

    FROM and TO are journals (a file or a database URL); one of them may be an archive: a file that ends in .jsonl, .csv
    or .parquet. TO must be empty or not there. The copy keeps the journal's name, so that seals go on fitting.
    """
    from engine.report.wording import count

    if _is_archive(source) and _is_archive(target):
        raise BadValue("an archive is made of a journal, or a journal of an archive", hint="name a journal on one side")
    if _is_archive(target):
        entries = _archive(source, Path(target))
        put(f"wrote {count(entries, 'entry', 'entries')} to {target}, and read them back: they are the same")
        return
    copied = _restore(Path(source), target) if _is_archive(source) else _copy(source, target)
    counts = (
        count(copied.deals, "deal"),
        count(copied.entries, "entry", "entries"),
        count(copied.definitions, "definition"),
    )
    put(f"copied {', '.join(counts)}; the copy verifies")


def _is_archive(name: str) -> bool:
    return "://" not in name and Path(name).suffix.lower() in ARCHIVES


def _opened(name: str) -> SqlJournal:
    from engine.journal.connect import connect

    return connect(name, create=False, read_only=True)


def _copy(source: str, target: str) -> Copied:
    from contextlib import closing

    from engine.journal.archive import rows_of
    from engine.journal.copying import copy_into, made
    from engine.journal.verify import counts

    with closing(_opened(source)) as journal, journal.session.reading(), made(target) as copied:
        rows = rows_of(journal.session)
        with progress("copying", counts(journal)[1]) as told:
            return copy_into(copied, rows, progress=told, source=journal.session)


def _restore(archive: Path, target: str) -> Copied:
    from engine.journal.copying import copy_into, made

    if not archive.is_file():
        raise UnreadableFile(f"there is no file '{archive}'")
    with made(target) as journal, progress("reading", 0) as told:
        return copy_into(journal, _read(archive), progress=told)


def _archive(source: str, archive: Path) -> int:
    from contextlib import closing

    from engine.journal.verify import counts, problems_of
    from engine.loading.write import drafted

    if archive.exists():
        raise UnwritableFile(f"'{archive}' is there already", hint="name a new file")
    with closing(_opened(source)) as journal, journal.session.reading():
        problem = next(problems_of(journal.session), None)
        if problem is not None:
            raise JournalError(f"the journal does not verify: {problem}", hint="'stagewright verify' tells all of it")
        entries = counts(journal)[1]
        with drafted(archive) as draft, progress("writing", entries) as told:
            _write(draft, archive.suffix.lower(), _counted(journal.session, told))
            _check_same(journal.session, _read(draft, archive.suffix.lower()))
    return entries


def _counted(session: Session, told: Callable[[int], None]) -> Iterator[Row]:
    from engine.journal.archive import rows_of

    for number, row in enumerate(rows_of(session)):
        if number % 1000 == 0:
            told(number)
        yield row


def _check_same(session: Session, rows: Iterable[Row]) -> None:
    from engine.journal.archive import rows_of

    if not all(written == read for written, read in zip_longest(rows_of(session), rows)):
        raise JournalError("what was read back is not what was written; the archive was given up")


def _write(path: Path, form: str, rows: Iterator[Row]) -> None:
    from engine.journal import archive_text
    from engine.journal.archive import COLUMNS

    if form == ".parquet":
        from engine.history import archive

        archive.write(path, {name: kind.value for name, kind in COLUMNS.items()}, rows)
        return
    lines = archive_text.json_lines if form == ".jsonl" else archive_text.csv_lines
    with path.open("wb") as file:
        file.writelines(lines(rows))


def _read(path: Path, form: str = "") -> Iterator[Row]:
    from engine.journal import archive_text

    form = form or path.suffix.lower()
    if form == ".parquet":
        return _parquet_rows(path)
    return (archive_text.read_json_lines if form == ".jsonl" else archive_text.read_csv)(path)


def _parquet_rows(path: Path) -> Iterator[Row]:
    from engine.history import archive
    from engine.journal.archive import COLUMNS, checked

    for number, values in archive.read(path, {name: kind.value for name, kind in COLUMNS.items()}):
        try:
            yield checked(values)
        except ValueError as error:
            raise UnreadableFile(f"'{path}' row {number}: {error}") from None
