"""What a kind of database must tell the journal; all else is the same SQL everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Any, Protocol

import sqlalchemy as sa

Rows = Callable[[str], list[tuple[Any, ...]]]
"""Run a statement as written and fetch its rows."""


class Fault(Enum):
    """What kind of thing the database complains of."""

    CLASH = "clash"
    LOCKED = "locked"
    FULL = "full"
    DISK = "disk"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    OTHER = "other"
    # Only servers complain of these.
    LOST = "lost"
    NO_SERVER = "no server"
    CROSSED = "crossed"
    DENIED = "denied"
    STANDBY = "standby"
    SHORT = "short"
    BROKEN_OFF = "broken off"


class Dialect(Protocol):
    """One kind of database. ``where`` names it in messages and holds no password."""

    @property
    def name(self) -> str:
        """SQLAlchemy's name of it."""

    @property
    def where(self) -> str:
        """How people call this database."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written."""

    @property
    def wait_seconds(self) -> float:
        """How long to wait for another writer."""

    def another(self) -> Dialect | None:
        """The same database for another process, to be read only; ``None`` where no other can see it."""

    def columnar(self) -> Any:
        """An ADBC connection to the same database, to be read only; ``None`` where there is none to be had."""

    def engine(self) -> sa.Engine:
        """An engine that makes one connection. Raises ``JournalError`` for what cannot be a journal."""

    def revision(self, rows: Rows) -> str | None:
        """The revision of the journal found, ``None`` where the database is empty. Raises ``JournalError``."""

    def settle(self, rows: Rows) -> None:
        """Prepare a connection to what is known to be a journal, or empty."""

    def begin(self, rows: Rows) -> None:
        """Begin to write."""

    def begin_reading(self, rows: Rows) -> None:
        """Begin to read what stands now, whatever others write meanwhile."""

    def alone(self, rows: Rows) -> None:
        """Wait until nobody else makes or upgrades this journal; held to the end of the transaction."""

    def hold(self, rows: Rows) -> None:
        """Wait until nobody else appends or forgets, and let nobody do so; held to the end of the transaction."""

    def join(self, rows: Rows) -> None:
        """Wait until nobody holds the journal, before writing to its tables in another order than who appends does."""

    def places(self, rows: Rows, count: int) -> Sequence[int]:
        """The places that the next entries take in the journal."""

    def fill(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        """Add many rows in a quick way that the database has for it; whether it has one."""

    def after_places(self, rows: Rows) -> None:
        """See that the next places come after all that entries have."""

    def unguarded(self, rows: Rows) -> AbstractContextManager[None]:
        """Without the triggers that keep a journal as it is; what undoes the transaction brings them back too."""

    @property
    def lingering(self) -> str:
        """What is still to be done where nothing may linger of what was blanked and scrubbed; empty: nothing."""

    def scrub(self, rows: Rows) -> None:
        """Leave no trace of what was blanked. Raises ``JournalError`` where that cannot be done now."""

    def faults(self, rows: Rows) -> Iterator[str]:
        """What is wrong with the database itself, in sentences."""

    def fault(self, error: BaseException) -> Fault:
        """What an error of the driver means."""

    def detail(self, error: BaseException) -> str:
        """What the driver says, but for passwords."""
