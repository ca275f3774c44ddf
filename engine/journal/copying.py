"""A whole journal into an empty one, in one transaction: the same name, entries, places and hashes, verified."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from time import monotonic
from typing import Any

from engine.journal import statements
from engine.journal.archive import COLUMNS, content
from engine.journal.complaints import Clash, told
from engine.journal.connect import WAIT_SECONDS, connect
from engine.journal.deals import refold
from engine.journal.dialect import Fault
from engine.journal.schema import definitions, entries, payloads
from engine.journal.seal import heads
from engine.journal.session import Row, Session
from engine.journal.sqlite import Sqlite
from engine.journal.store import PAGE, SqlJournal
from engine.journal.verify import problems_of
from engine.model.errors import JournalError

Progress = Callable[[int], None]
"""Told the number of rows gone through, from time to time."""

_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_ENTRY = [_PLACE[column.name] for column in entries.columns]
_PAYLOAD = [_PLACE[column.name] for column in payloads.columns]
_DEFINITION = [_PLACE[column.name] for column in definitions.columns]


@dataclass(frozen=True, slots=True)
class Copied:
    """How much was copied."""

    deals: int
    entries: int
    definitions: int


def copy_into(target: SqlJournal, rows: Iterable[Row], *, progress: Progress, source: Session | None = None) -> Copied:
    """Fill an empty journal with the rows of an archive, verify it, and hold its deals against the source's, if any.

    All or nothing. Raises ``JournalError`` for a journal that is not empty, rows that do not fit each other, and what
    the database complains of.
    """
    session = target.session
    with session.writing():
        with session.dialect.unguarded(session.rows):
            # Now that nobody else can fill it.
            _check_empty(session)
            copied = _fill(session, content(rows, _no_archive), progress)
        deals = refold(session)
        problems = [str(problem) for problem in islice(problems_of(session), 3)]
        if problems:
            raise JournalError(
                f"what would be copied does not fit: {'; '.join(problems)}", hint="'stagewright verify' tells all of it"
            )
        if source is not None and not all(a == b for a, b in zip_longest(heads(source), heads(session))):
            raise JournalError("the copy has other deals than the journal it was made of; it was given up")
    return Copied(deals, *copied)


def _no_archive(why: str) -> JournalError:
    return JournalError(f"this is no whole archive: {why}", hint="make it anew with 'stagewright journal copy'")


def _check_empty(session: Session) -> None:
    there = session.all(statements.count_entries)[0][0] or len(session.all(statements.all_definitions))
    if there:
        raise JournalError(
            f"the journal {session.dialect.where} is not empty", hint="copy into a journal that is empty or not there"
        )


def _fill(session: Session, rows: Iterator[Row], progress: Progress) -> tuple[int, int]:
    session.many(statements.drop_about, [()])
    counts = {"meta": 0, "definition": 0, "entry": 0}
    done = 0
    try:
        while page := list(islice(rows, PAGE)):
            _write(session, page)
            for row in page:
                counts[row[0]] = counts.get(row[0], 0) + 1
            done += len(page)
            progress(done)
    except Clash as clash:
        raise _no_archive(f"something is in it twice, or names what is not in it ({clash})") from clash
    # Places were given by the rows.
    session.dialect.after_places(session.rows)
    return counts["entry"], counts["definition"]


def _write(session: Session, page: list[Row]) -> None:
    about = [(row[_PLACE["name"]], row[_PLACE["value"]]) for row in page if row[0] == "meta"]
    files = [tuple([row[place] for place in _DEFINITION]) for row in page if row[0] == "definition"]
    found = [row for row in page if row[0] == "entry"]
    if about:
        session.many(statements.add_about, about)
    if files:
        session.many(statements.add_definition, files, session.dialect.name)
    if found:
        session.many(statements.add_entry, [tuple([row[place] for place in _ENTRY]) for row in found])
        session.many(statements.restore_payload, [tuple([row[place] for place in _PAYLOAD]) for row in found])


@contextmanager
def made(url_or_path: str) -> Iterator[SqlJournal]:
    """A journal to be filled. A new file is made beside its place and put there when all went well.

    Raises ``JournalError`` as ``connect``, and where the file came into being meanwhile.
    """
    path = _new_file(url_or_path)
    if path is None:
        with closing(connect(url_or_path)) as journal:
            yield journal
        return
    if not path.parent.is_dir():
        raise JournalError(f"the folder '{path.parent}' does not exist", hint="make it, or name another journal")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            with closing(connect(str(draft))) as journal:
                yield journal
                # The log goes into the file, for the file goes alone.
                journal.session.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            _put(draft, path)
    except OSError as error:
        raise JournalError(f"'{path}' cannot be written: {error.strerror or error}") from error


def _new_file(url_or_path: str) -> Path | None:
    path = Path(url_or_path.removeprefix("sqlite:///"))
    if url_or_path == ":memory:" or "://" in str(url_or_path.removeprefix("sqlite:///")) or path.exists():
        return None
    return path


def _put(draft: Path, path: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    try:
        # Unlike renaming, this refuses to take the place of what somebody else has just made.
        path.hardlink_to(draft)
    except FileExistsError:
        raise _came_meanwhile(path) from None
    except OSError:
        # There are no such links on this disk: nothing better is left than to look first.
        if path.exists():
            raise _came_meanwhile(path) from None
        draft.rename(path)
    else:
        draft.unlink()


def _came_meanwhile(path: Path) -> JournalError:
    return JournalError(f"'{path}' came into being meanwhile", hint="name another file")


def snapshot(path: Path, target: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
    """A journal's file as it stands at one moment, whoever writes to it, into a new one.

    Raises ``JournalError`` for what is no such file, and where another program keeps it locked.
    """
    dialect = Sqlite(path, create=False, read_only=True, wait_seconds=wait_seconds)
    give_up = monotonic() + wait_seconds

    def patiently(*_: int) -> None:
        # SQLite itself would wait for ever.
        if monotonic() > give_up:
            raise told(Fault.LOCKED, dialect.where, "")

    with closing(Session(dialect)) as source, closing(sqlite3.connect(target)) as copy:
        driver: Any = source.connection.connection.driver_connection
        # All pages in one step: they are of one moment.
        source.guarded(lambda: driver.backup(copy, progress=patiently))
