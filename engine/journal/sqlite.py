"""A journal in a SQLite file: how it is opened, begun and complained of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

from engine.journal import shape
from engine.journal.dialect import Fault, Rows
from engine.model.errors import JournalError

LONGEST = 64 * 1024 * 1024
"""No text or blob of a journal is longer, in bytes; a file that holds longer ones is not worth the memory."""

# SQLite looks again ever more rarely, and starves where others write without pause: it waits little, and is asked anew.
_BUSY_SECONDS = 0.05

_MAGIC = b"SQLite format 3\0"
_FAULTS = {
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Fault.LOCKED,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_IOERR: Fault.DISK,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
    sqlite3.SQLITE_FORMAT: Fault.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Fault.UNREACHABLE,
    sqlite3.SQLITE_CONSTRAINT: Fault.CLASH,
}
# Safe against power loss; nothing in the file's own schema may call what it should not.
_SETTINGS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -32000",
    # Pages that many transactions change are copied into the file once, not after each.
    "PRAGMA wal_autocheckpoint = 8000",
)


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A file, or memory where ``path`` is ``None``. ``wait_seconds`` is how long to wait for another writer."""

    path: Path | None
    create: bool = True
    read_only: bool = False
    wait_seconds: float = 5.0

    @property
    def name(self) -> str:
        """SQLAlchemy's name of it."""
        return "sqlite"

    @property
    def where(self) -> str:
        """The file's path."""
        return f"'{self.path}'" if self.path else "in memory"

    def another(self) -> Sqlite | None:
        """The same file."""
        return replace(self, read_only=True) if self.path else None

    def columnar(self) -> Any:
        """The same file, by a reader of its own; memory is seen by nobody else."""
        if self.path is None:
            return None
        # Imported here: it brings the columns with it, which nothing else of the journal needs.
        from adbc_driver_sqlite import dbapi

        connection = dbapi.connect(replace(self, read_only=True)._uri())
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA trusted_schema = OFF")
        return connection

    def engine(self) -> sa.Engine:
        """Raises ``JournalError`` where there is no file and none may be made, or it is no SQLite file."""
        if self.path:
            self._check_file(self.path)
        return sa.create_engine("sqlite://", creator=self._connect, poolclass=sa.pool.NullPool)

    def _check_file(self, path: Path) -> None:
        try:
            if path.is_dir():
                raise JournalError(f"{self.where} is a folder, not a journal", hint="name a file in it")
            if not path.exists():
                self._check_creation(path)
                return
            if not path.is_file():
                raise JournalError(f"{self.where} is no file", hint="is the path right?")
            with path.open("rb") as file:
                start = file.read(len(_MAGIC))
        except OSError as error:
            raise JournalError(f"the journal {self.where} cannot be opened: {error.strerror}") from error
        if start and start != _MAGIC:
            raise JournalError(f"{self.where} is not a journal: it is no SQLite file", hint="is the path right?")

    def _check_creation(self, path: Path) -> None:
        if self.read_only or not self.create:
            raise JournalError(f"there is no journal {self.where}", hint="the first 'start' or 'import' makes one")
        if not path.parent.is_dir():
            raise JournalError(f"the folder '{path.parent}' does not exist", hint="make it, or name another journal")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri(),
            uri=True,
            isolation_level=None,
            timeout=min(_BUSY_SECONDS, self.wait_seconds),
            check_same_thread=False,
        )
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        for setting in _SETTINGS:
            connection.execute(setting)
        return connection

    def _uri(self) -> str:
        if self.path is None:
            return "file::memory:"
        uri = self.path.absolute().as_uri()
        if not self.read_only:
            return f"{uri}?mode=rwc"
        # A copy on a read-only disk has no log beside it and can get none: it is read as it stands.
        settled = not Path(f"{self.path}-wal").exists() and not shape.is_writable(self.path.parent)
        return f"{uri}?immutable=1" if settled else f"{uri}?mode=ro"

    def revision(self, rows: Rows) -> str | None:
        """Raises ``JournalError`` for a file that is not a journal, or more than one."""
        return shape.revision(rows, self.where, writing=not self.read_only)

    def settle(self, rows: Rows) -> None:
        """Write ahead: readers never wait for the writer."""
        if self.path and not self.read_only and rows("PRAGMA journal_mode") != [("wal",)]:
            rows("PRAGMA journal_mode = WAL")

    def begin(self, rows: Rows) -> None:
        """Take the write lock at once: a lock taken later could be refused halfway."""
        rows("BEGIN IMMEDIATE")

    def begin_reading(self, rows: Rows) -> None:
        """From the first read on, what was read then is what stands."""
        rows("BEGIN")

    def alone(self, rows: Rows) -> None:
        """Whoever writes is alone."""

    def hold(self, rows: Rows) -> None:
        """Whoever writes is alone."""

    def join(self, rows: Rows) -> None:
        """Whoever writes is alone."""

    def places(self, rows: Rows, count: int) -> Sequence[int]:
        """After the last one; the write lock is held."""
        last = rows("SELECT coalesce(max(id), 0) FROM entries")[0][0]
        return range(last + 1, last + 1 + count)

    def fill(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:  # noqa: ARG002
        """There is no quicker way than to insert them."""
        return False

    def after_places(self, rows: Rows) -> None:
        """They always do."""

    @contextmanager
    def unguarded(self, rows: Rows) -> Iterator[None]:
        """They are dropped, and made again as they were."""
        triggers = rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in triggers:
            rows(f'DROP TRIGGER "{name}"')
        yield
        for _, text in triggers:
            rows(text)

    @property
    def lingering(self) -> str:
        """Nothing lingers after scrubbing."""
        return ""

    def scrub(self, rows: Rows) -> None:
        """Freed bytes are overwritten always; the log, which still holds what stood there, is emptied into the file.

        But where SQLite moves rows from page to page it leaves their bytes behind: the file is written anew.
        Raises ``JournalError`` where another program holds on to the log.
        """
        self._empty_log(rows)
        rows("VACUUM")
        self._empty_log(rows)

    def _empty_log(self, rows: Rows) -> None:
        give_up = monotonic() + self.wait_seconds
        while rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            if monotonic() > give_up:
                raise JournalError(
                    f"another program reads the journal {self.where}, and keeps its log from being emptied"
                )
            sleep(_BUSY_SECONDS)

    def faults(self, rows: Rows) -> Iterator[str]:
        """Damaged pages, and triggers and indexes that are gone or not ours."""
        yield from (text for (text,) in rows("PRAGMA integrity_check(20)") if text != "ok")
        yield from shape.guard_faults(rows)

    def fault(self, error: BaseException) -> Fault:
        """By the primary result code."""
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return Fault.DAMAGED if "decode" in str(error) else Fault.OTHER
        return _FAULTS.get(code & 0xFF, Fault.OTHER)

    def detail(self, error: BaseException) -> str:
        """A file has no password."""
        return str(error)
