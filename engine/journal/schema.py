"""The tables of a journal, and the revision of them that this program reads and writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine

from engine.journal.codec import iso
from engine.journal.decoding import moment

REVISIONS = ("0001", "0002")
"""Every revision of the tables there has been, oldest first; each has a file in ``migrations/versions``."""
HEAD = REVISIONS[-1]
ADDED = {"0002": frozenset({("payloads", "written_by"), ("deals", "active_at"), ("deals", "due_at")})}
"""The columns that a revision added to tables that were there before."""

METADATA = sa.MetaData()


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. Where the database has no zones it is kept as ISO text; it is read back aware either way."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite gets text: its own kind of time comes back without a zone."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """What the driver is given: the same text everywhere, which a database with zones casts."""
        return None if value is None else iso(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What the driver gave, in UTC. Raises ``ValueError`` or ``TypeError`` for what is no moment."""
        if value is None:
            return None
        return moment(value) if dialect.name == "sqlite" else value.astimezone(UTC)


# Only what statements are made of. Indexes (sequences and keys are unique) and triggers stand in the migrations:
# a partial index declared here would load PostgreSQL's dialect on every start.

# Names sort by their bytes in every database, never by the rules of a language.
Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Name, nullable=False)


entries = sa.Table(
    "entries",
    METADATA,
    # The place in the journal: in which order entries were recorded. Not part of the chain.
    sa.Column("id", Place, primary_key=True),
    _text("deal"),
    sa.Column("sequence", sa.Integer, nullable=False),
    _text("kind"),
    sa.Column("happened_at", UtcTime, nullable=False),
    sa.Column("recorded_at", UtcTime, nullable=False),
    _text("process"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", Name, sa.ForeignKey("definitions.digest"), nullable=False),
    _text("track"),
    _text("action"),
    _text("from_stage"),
    _text("to_stage"),
    _text("outcome"),
    _text("reason"),
    _text("key"),
    sa.Column("deviating", sa.Boolean, nullable=False),
    sa.Column("undated", sa.Boolean, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

# Salt and body, the only thing that may ever be blanked.
payloads = sa.Table(
    "payloads",
    METADATA,
    sa.Column("id", Place, sa.ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.Text),
    # Which user of the database wrote it, as the database says; a file has no users.
    sa.Column("written_by", Name),
)

definitions = sa.Table(
    "definitions",
    METADATA,
    sa.Column("digest", Name, primary_key=True),
    _text("process"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("files", sa.Text, nullable=False),
)

# What the entries of each deal add up to; may be thrown away and made again.
deals = sa.Table(
    "deals",
    METADATA,
    sa.Column("id", Name, primary_key=True),
    _text("process"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("digest"),
    _text("stage"),
    _text("previous"),
    _text("outcome"),
    _text("owner"),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("entered_at", UtcTime, nullable=False),
    sa.Column("last_at", UtcTime, nullable=False),
    sa.Column("closed_at", UtcTime),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("forgotten", sa.Boolean, nullable=False),
    sa.Column("more", sa.Text, nullable=False),
    sa.Column("active_at", UtcTime, nullable=False),
    # Before this moment no clock can act, unless something more happens to the deal. See ``watch``.
    sa.Column("due_at", UtcTime, nullable=False),
)

meta = sa.Table("meta", METADATA, sa.Column("name", Name, primary_key=True), _text("value"))

CHAIN = "sha256/1"
"""How entries are hashed, as ``meta`` says it."""
