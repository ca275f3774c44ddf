"""One connection to a journal: runs compiled statements, and tells the database's complaints as the engine's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic, sleep
from typing import Any, TypeVar

import sqlalchemy as sa

from engine.journal.dialect import Dialect, Fault
from engine.journal.schema import UtcTime
from engine.model.errors import JournalError, StagewrightError

T = TypeVar("T")
Row = tuple[Any, ...]
Statement = Callable[..., sa.ClauseElement]
"""Makes a statement; compiled once, run with its parameters in the order of its text."""

_PAUSE_SECONDS = 0.001


class Clash(JournalError):
    """The database refuses a row that clashes with what is recorded."""


class Locked(JournalError):
    """Another program holds the journal."""


class Session:
    """A connection kept open. One session serves one thread at a time.

    The driver is spoken to directly with statements that SQLAlchemy compiled: its own execution costs
    more than the whole of a small transaction.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        engine = dialect.engine()
        driver = engine.dialect.loaded_dbapi
        self._errors = (driver.Error, driver.Warning, sa.exc.SQLAlchemyError, OverflowError, UnicodeEncodeError)
        self._texts: dict[tuple[object, ...], str] = {}
        self._in_transaction = False
        self.connection = self._patiently(lambda: self.guarded(engine.connect))
        raw = self.connection.connection
        self._commit, self._rollback = raw.commit, raw.rollback
        self._cursor = raw.cursor()
        self.read_moment = _read_moment(engine.dialect)

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(*self._errors):
            self._rollback()
            self.connection.close()
            self.connection.engine.dispose()

    def rows(self, text: str) -> list[Row]:
        """Run a statement as written."""
        return self._run(text, ())

    def all(self, statement: Statement, parameters: Sequence[Any] = (), *shape: object) -> list[Row]:
        """All rows that a statement yields. ``shape`` is what the statement is made for."""
        return self._run(self._text(statement, *shape), parameters)

    def one(self, statement: Statement, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row, if there is one."""
        rows = self._run(self._text(statement), parameters)
        return rows[0] if rows else None

    def many(self, statement: Statement, rows: Sequence[Sequence[Any]], *shape: object) -> None:
        """Run a statement that yields nothing for each row of parameters."""
        text = self._text(statement, *shape)
        try:
            if len(rows) == 1:
                self._cursor.execute(text, rows[0])
            else:
                self._cursor.executemany(text, rows)
        except self._errors as error:
            raise self._told(error) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that holds all that is written in it, or nothing. Raises ``JournalError``."""
        if self.dialect.read_only:
            raise JournalError(f"the journal {self.dialect.where} was opened for reading only")
        self.dialect.begin(self.rows)
        self._in_transaction = True
        try:
            yield
            self.guarded(self._commit)
        except BaseException:
            self._give_up()
            raise
        finally:
            self._in_transaction = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A look at the journal as it stands at one moment."""
        self.dialect.begin_reading(self.rows)
        self._in_transaction = True
        try:
            yield
        finally:
            self._in_transaction = False
            self._give_up()

    def places(self, count: int) -> Sequence[int]:
        """The places in the journal of the entries that are written now."""
        return self.dialect.places(self.rows, count)

    def guarded(self, work: Callable[[], T]) -> T:
        """Do what uses the connection otherwise. Raises ``JournalError`` where the database complains."""
        try:
            return work()
        except self._errors as error:
            raise self._told(error) from error

    def _give_up(self) -> None:
        with suppress(*self._errors):
            self._rollback()

    def _run(self, text: str, parameters: Sequence[Any]) -> list[Row]:
        try:
            return self._run_once(text, parameters)
        except Locked:
            # Within a transaction what was done before would not be done again.
            if self._in_transaction:
                raise
        return self._patiently(lambda: self._run_once(text, parameters))

    def _patiently(self, work: Callable[[], T]) -> T:
        give_up = monotonic() + self.dialect.wait_seconds
        while True:
            try:
                return work()
            except Locked:
                if monotonic() > give_up:
                    raise
            sleep(_PAUSE_SECONDS)

    def _run_once(self, text: str, parameters: Sequence[Any]) -> list[Row]:
        cursor = self._cursor
        try:
            cursor.execute(text, parameters)
            return list(cursor.fetchall()) if cursor.description else []
        except self._errors as error:
            raise self._told(error) from error

    def _text(self, statement: Statement, *shape: object) -> str:
        text = self._texts.get((statement, *shape))
        if text is None:
            text = str(statement(*shape).compile(dialect=self.connection.dialect))
            self._texts[statement, *shape] = text
        return text

    def _told(self, error: BaseException) -> StagewrightError:
        cause = getattr(error, "orig", None) or error
        return told(self.dialect.fault(cause), self.dialect.where, str(cause))


def _read_moment(dialect: sa.engine.Dialect) -> Callable[[Any], datetime | None]:
    read = UtcTime().result_processor(dialect, None)
    assert read  # noqa: S101 - a type decorator that processes results has one
    return read


def told(fault: Fault, where: str, detail: str) -> StagewrightError:
    """The error that tells a person what is the matter and what to do."""
    if fault is Fault.CLASH:
        return Clash(f"the journal {where} refuses this: {detail}")
    message, hint = _SENTENCES[fault]
    kind = Locked if fault is Fault.LOCKED else JournalError
    return kind(message.format(where=where, detail=" ".join(detail.split())), hint=hint)


_SENTENCES = {
    Fault.LOCKED: (
        "the journal {where} is locked by another program; nothing was recorded",
        "wait until that program is done, then do it again",
    ),
    Fault.FULL: (
        "there is no room left for the journal {where}; nothing was recorded",
        "make room on the disk, then do it again",
    ),
    Fault.DISK: (
        "the disk failed under the journal {where} ({detail}); nothing was recorded",
        "see that the disk is sound and has room, then do it again",
    ),
    Fault.READ_ONLY: (
        "the journal {where} cannot be written: it is read-only",
        "allow writing to the file and its folder, or name another journal",
    ),
    Fault.DAMAGED: (
        "the journal {where} is damaged: {detail}",
        "go on with a copy; 'stagewright verify' tells what of it still fits",
    ),
    Fault.UNREACHABLE: (
        "the journal {where} cannot be opened: {detail}",
        "see that it is there and that you may read and write it and its folder",
    ),
    Fault.OTHER: ("the journal {where} could not be used: {detail}", ""),
}
