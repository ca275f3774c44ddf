"""A journal on a PostgreSQL server: how it is opened, begun and complained of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.journal.dialect import Fault, Rows
from engine.journal.shape import APPLICATION_ID, VERSIONS
from engine.model.errors import JournalError, MissingExtra

_FAULTS = {
    "23": Fault.CLASH,
    "53": Fault.FULL,
    "55": Fault.LOCKED,
    "40": Fault.LOCKED,
    "25": Fault.READ_ONLY,
    "42501": Fault.READ_ONLY,
    "08": Fault.UNREACHABLE,
    "28": Fault.UNREACHABLE,
    "3D": Fault.UNREACHABLE,
    "XX": Fault.DAMAGED,
    "58": Fault.DISK,
}


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
        """The URL, its password hidden."""
        return f"'{self.url.render_as_string(hide_password=True)}'"

    def engine(self) -> sa.Engine:
        """Raises ``MissingExtra`` where the driver is not installed."""
        options = f"-c lock_timeout={round(self.wait_seconds * 1000)}ms -c timezone=UTC"
        if self.read_only:
            options += " -c default_transaction_read_only=on"
        try:
            # As on SQLite: parameters by place, and transactions that are begun in so many words.
            return sa.create_engine(
                self.url.set(drivername="postgresql+psycopg"),
                paramstyle="format",
                isolation_level="AUTOCOMMIT",
                poolclass=sa.pool.NullPool,
                connect_args={"options": options},
            )
        except ImportError as error:
            raise MissingExtra(
                "a journal on PostgreSQL needs a driver", hint="pip install 'stagewright[postgres]'"
            ) from error

    def revision(self, rows: Rows) -> str | None:
        """Raises ``JournalError`` where there is no journal and none may be made."""
        if rows(f"SELECT to_regclass('{VERSIONS}')") == [(None,)]:
            if self.read_only or not self.create:
                raise JournalError(f"there is no journal in {self.where}")
            return None
        return str(rows(f"SELECT version_num FROM {VERSIONS}")[0][0])  # noqa: S608 - a constant

    def settle(self, rows: Rows) -> None:
        """There is nothing to prepare."""

    def begin(self, rows: Rows) -> None:
        """Of two who write to one deal the second is refused by the index, not by a lock."""
        rows("BEGIN")

    def begin_reading(self, rows: Rows) -> None:
        """All reads see one moment."""
        rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def alone(self, rows: Rows) -> None:
        """By a lock that only upgrades take."""
        rows(f"SELECT pg_advisory_xact_lock({APPLICATION_ID:d})")

    def places(self, rows: Rows, count: int) -> Sequence[int]:
        """From the sequence of the table; an undone transaction leaves a gap."""
        drawn = f"SELECT nextval(pg_get_serial_sequence('entries', 'id')) FROM generate_series(1, {count:d})"  # noqa: S608
        return [place for (place,) in rows(drawn)]

    def scrub(self, rows: Rows) -> None:
        """The server's own vacuum frees what was blanked."""

    def faults(self, rows: Rows) -> Iterator[str]:  # noqa: ARG002 - there is nothing to ask
        """The server checks its own pages."""
        yield from ()

    def fault(self, error: BaseException) -> Fault:
        """By the SQL state: the whole of it, else its class."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return Fault.UNREACHABLE
        return _FAULTS.get(state) or _FAULTS.get(state[:2], Fault.OTHER)
