"""One connection to a journal: runs compiled statements, and tells the database's complaints as the engine's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic, sleep
from typing import Any, TypeVar

import sqlalchemy as sa

from engine.journal.complaints import Crossed, InDoubt, Locked, Lost, told
from engine.journal.dialect import Dialect, Fault
from engine.journal.schema import UtcTime
from engine.model.errors import JournalError, StagewrightError

T = TypeVar("T")
Row = tuple[Any, ...]
Statement = Callable[..., sa.ClauseElement]
"""Makes a statement; compiled once, run with its parameters in the order of its text."""

TRIES = 3
"""How often what was cut off is tried again."""
_PAUSE_SECONDS = 0.001
_RECONNECT_SECONDS = 0.05
_MANY = 20
"""From so many rows on a quick way to add them is worth its beginning."""


class Session:
    """A connection kept open, and made anew where it was lost. One session serves one thread at a time.

    The driver is spoken to directly with statements that SQLAlchemy compiled: its own execution costs
    more than the whole of a small transaction.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        engine = dialect.engine()
        driver = engine.dialect.loaded_dbapi
        self._errors = (driver.Error, driver.Warning, sa.exc.SQLAlchemyError, OverflowError, UnicodeEncodeError)
        self._texts: dict[tuple[object, ...], str] = {}
        self._in_transaction = self._closed = False
        self._engine = engine
        self._open()
        self.read_moment = _read_moment(engine.dialect)

    def _open(self) -> None:
        self.connection = self._patiently(self._connected)
        raw = self.connection.connection
        self._commit, self._rollback = raw.commit, raw.rollback
        self._cursor = raw.cursor()

    def _connected(self) -> sa.Connection:
        try:
            return self._engine.connect()
        except self._errors as error:
            raise self._told(error, lost=Fault.NO_SERVER) from error

    def reconnect(self) -> None:
        """Make the connection anew, for a server that is started again comes back. Raises ``JournalError``."""
        self._let_go()
        give_up = monotonic() + self.dialect.wait_seconds
        while True:
            try:
                return self._open()
            except JournalError:
                if self._closed or monotonic() > give_up:
                    raise
            sleep(_RECONNECT_SECONDS)

    def close(self) -> None:
        """Let go of the connection."""
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        self._give_up()
        with suppress(*self._errors):
            # Not only closed: SQLAlchemy would first tidy up, and complain aloud where nobody is there to answer.
            self.connection.invalidate()
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

    def many(self, statement: Statement, rows: Sequence[Sequence[Any]], *shape: object) -> int:
        """Run a statement that yields nothing for each row of parameters, and count the rows that it changed."""
        text = self._text(statement, *shape)
        try:
            if len(rows) == 1:
                self._cursor.execute(text, rows[0])
            else:
                self._cursor.executemany(text, rows)
        except self._errors as error:
            raise self._told(error) from error
        return int(self._cursor.rowcount)

    def fill(self, insert: Callable[[], sa.Insert], columns: Sequence[str], *, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows by a statement that inserts one; by the quick way of the database where there are many."""
        table = insert().table.name if len(rows) >= _MANY else ""
        if not table or not self.guarded(lambda: self.dialect.fill(self._cursor, table, columns, rows)):
            self.many(insert, rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that holds all that is written in it, or nothing. Raises ``JournalError``."""
        if self.dialect.read_only:
            raise JournalError(f"the journal {self.dialect.where} was opened for reading only")
        self.dialect.begin(self.rows)
        self._in_transaction = True
        try:
            yield
            self._end()
        except BaseException:
            self._give_up()
            raise
        finally:
            self._in_transaction = False

    def write(self, work: Callable[[], T]) -> T:
        """A transaction whose work may be done twice without harm: again where it was cut off or others crossed it."""
        for _ in range(TRIES):
            try:
                with self.writing():
                    return work()
            except (Lost, Crossed):
                continue
        with self.writing():
            return work()

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

    def _end(self) -> None:
        try:
            self.guarded(self._commit)
        except Lost as lost:
            raise InDoubt(str(lost), hint=lost.hint) from lost

    def _give_up(self) -> None:
        with suppress(*self._errors):
            self._rollback()

    def _run(self, text: str, parameters: Sequence[Any]) -> list[Row]:
        try:
            return self._run_once(text, parameters)
        except (Locked, Lost) as error:
            # Within a transaction what was done before would not be done again.
            if self._in_transaction or self._closed:
                raise
            if isinstance(error, Lost):
                self.reconnect()
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

    def _told(self, error: BaseException, *, lost: Fault = Fault.LOST) -> StagewrightError:
        """``lost`` is what it is called when there is no connection."""
        cause = getattr(error, "orig", None) or error
        fault = self.dialect.fault(cause)
        return told(lost if fault is Fault.LOST else fault, self.dialect.where, self.dialect.detail(cause))


def _read_moment(dialect: sa.engine.Dialect) -> Callable[[Any], datetime | None]:
    read = UtcTime().result_processor(dialect, None)
    assert read  # noqa: S101 - a type decorator that processes results has one
    return read
