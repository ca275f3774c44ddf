"""A journal on a PostgreSQL server: how it is opened, begun and complained of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from engine.journal.dialect import Fault, Rows
from engine.journal.guards import guard_faults
from engine.journal.shape import APPLICATION_ID, VERSIONS
from engine.model.errors import JournalError, MissingExtra

_FAULTS = {
    "08": Fault.LOST,
    "23": Fault.CLASH,
    "28": Fault.NO_SERVER,
    "3D": Fault.NO_SERVER,
    "25": Fault.STANDBY,
    # These end the connection: nothing was done for too long.
    "25P03": Fault.LOST,
    "25P04": Fault.LOST,
    "40": Fault.CROSSED,
    "42501": Fault.DENIED,
    "53": Fault.SHORT,
    "53100": Fault.FULL,
    "54": Fault.SHORT,
    "55": Fault.LOCKED,
    "57": Fault.LOST,
    "57014": Fault.BROKEN_OFF,
    "58": Fault.DISK,
    "XX": Fault.DAMAGED,
}
# Whoever stops answering is given up after a minute or so, not after the two hours that systems allow.
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_GUARDED = ("meta", "definitions", "entries", "payloads")
"""The tables that have triggers."""
_SECRETS = ("password", "sslpassword")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A database by its URL. ``wait_seconds`` is how long to wait for another writer."""

    url: sa.URL
    create: bool = True
    read_only: bool = False
    wait_seconds: float = 5.0

    @property
    def name(self) -> str:
        """SQLAlchemy's name of it."""
        return "postgresql"

    @property
    def where(self) -> str:
        """The URL, its passwords hidden."""
        hidden = {name: "hidden" for name in _SECRETS if name in self.url.query}
        return f"'{self.url.update_query_dict(hidden).render_as_string(hide_password=True)}'"

    def another(self) -> Postgres:
        """The same database."""
        return replace(self, read_only=True)

    def columnar(self) -> Any:
        """The same database, where the driver is installed that knows columns."""
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError:
            return None
        from psycopg.conninfo import make_conninfo

        engine = self.engine()
        _, said = engine.dialect.create_connect_args(engine.url)
        # What is for psycopg itself, and no word of a connection.
        said.pop("context", None)
        # Not as a URL: the two do not agree on how spaces are written in one.
        return dbapi.connect(make_conninfo(**{**said, **self.another()._connect_args()}))

    def engine(self) -> sa.Engine:
        """Raises ``MissingExtra`` where the driver is not installed."""
        try:
            # As on SQLite: parameters by place, and transactions that are begun in so many words.
            return sa.create_engine(
                self.url.set(drivername="postgresql+psycopg"),
                paramstyle="format",
                isolation_level="AUTOCOMMIT",
                poolclass=sa.pool.NullPool,
                connect_args=self._connect_args(),
            )
        except ImportError as error:
            raise MissingExtra(
                "a journal on PostgreSQL needs a driver", hint="pip install 'stagewright[postgres]'"
            ) from error

    def _connect_args(self) -> dict[str, str]:
        said = self.url.query.get("options", "")
        options = [said if isinstance(said, str) else " ".join(said)]
        options.append(f"-c lock_timeout={round(self.wait_seconds * 1000)}ms -c timezone=UTC")
        if self.read_only:
            options.append("-c default_transaction_read_only=on")
        patience = {name: value for name, value in _PATIENCE.items() if name not in self.url.query}
        return {**patience, "client_encoding": "utf8", "options": " ".join(options).strip()}

    def revision(self, rows: Rows) -> str | None:
        """Raises ``JournalError`` where there is no journal and none may be made, or it is of something else."""
        if rows(f"SELECT to_regclass('{VERSIONS}')") == [(None,)]:
            if self.read_only or not self.create:
                raise JournalError(
                    f"there is no journal in {self.where}", hint="the first 'start' or 'import' makes one"
                )
            self._check_encoding(rows)
            return None
        versions = rows(f"SELECT version_num FROM {VERSIONS}")  # noqa: S608 - a constant
        if len(versions) != 1:
            raise JournalError(f"{self.where} does not say which version of a journal it is")
        return str(versions[0][0])

    def _check_encoding(self, rows: Rows) -> None:
        encoding = rows("SHOW server_encoding")[0][0]
        if encoding != "UTF8":
            raise JournalError(
                f"{self.where} keeps texts as {encoding}, and a journal holds any text",
                hint="make a database for it with ENCODING 'UTF8' TEMPLATE template0",
            )

    def settle(self, rows: Rows) -> None:
        """There is nothing to prepare."""

    def begin(self, rows: Rows) -> None:
        """Of two who write to one deal the second is refused by the index; what it then reads is what stands now."""
        rows("BEGIN ISOLATION LEVEL READ COMMITTED")

    def begin_reading(self, rows: Rows) -> None:
        """All reads see one moment."""
        rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def alone(self, rows: Rows) -> None:
        """By a lock that only upgrades take."""
        rows(f"SELECT pg_advisory_xact_lock({APPLICATION_ID:d})")

    def hold(self, rows: Rows) -> None:
        """By locks that everyone who writes is stopped by, and nobody who reads.

        In the order in which those who append write to the tables, so that neither waits for the other.
        """
        rows("LOCK TABLE entries, payloads, deals IN SHARE ROW EXCLUSIVE MODE")

    def join(self, rows: Rows) -> None:
        """By the lock that appending takes first, too; whoever may append may take it."""
        rows("LOCK TABLE entries IN ROW EXCLUSIVE MODE")

    def places(self, rows: Rows, count: int) -> Sequence[int]:
        """From the sequence of the table; an undone transaction leaves a gap."""
        drawn = f"SELECT nextval(pg_get_serial_sequence('entries', 'id')) FROM generate_series(1, {count:d})"  # noqa: S608
        return [place for (place,) in rows(drawn)]

    def fill(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        """By COPY, which costs a tenth of inserting; triggers and indexes see each row all the same."""
        names = ", ".join(f'"{column}"' for column in columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return True

    def after_places(self, rows: Rows) -> None:
        """By the sequence of the table; without entries it stays as it is."""
        rows("SELECT setval(pg_get_serial_sequence('entries', 'id'), (SELECT max(id) FROM entries))")

    @contextmanager
    def unguarded(self, rows: Rows) -> Iterator[None]:
        """They are switched off and on again, which takes the owner of the tables."""
        for table in _GUARDED:
            rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in _GUARDED:
            rows(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    @property
    def lingering(self) -> str:
        """Old rows, until a vacuum."""
        return "on the server the old rows stay until they are vacuumed: VACUUM FULL payloads; VACUUM FULL deals;"

    def scrub(self, rows: Rows) -> None:
        """The server's own vacuum frees what was blanked."""

    def faults(self, rows: Rows) -> Iterator[str]:
        """Triggers and indexes that are gone or not ours; the server checks its own pages."""
        return guard_faults(rows)

    def fault(self, error: BaseException) -> Fault:
        """By the SQL state: the whole of it, else its class."""
        state = getattr(error, "sqlstate", None)
        if state is not None:
            return _FAULTS.get(state) or _FAULTS.get(state[:2], Fault.OTHER)
        # Without a state the server did not speak: either it cannot be spoken to, or the driver refused a value.
        names = {kind.__name__ for kind in type(error).__mro__}
        return Fault.LOST if names & {"OperationalError", "InterfaceError"} else Fault.OTHER

    def detail(self, error: BaseException) -> str:
        """What the server says, without the places in statements, else the driver; each password in it hidden."""
        said = getattr(error, "diag", None)
        text = str((said and said.message_primary) or error)
        for secret in (self.url.password, *(self.url.query.get(name) for name in _SECRETS)):
            if isinstance(secret, str) and secret:
                text = text.replace(secret, "***")
        return text
