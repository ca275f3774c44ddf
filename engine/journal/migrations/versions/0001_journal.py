"""The first journal: entries, payloads, definitions, the projection of deals, meta."""

import os

import sqlalchemy as sa
from alembic import op

from engine.journal import triggers
from engine.journal.schema import UtcTime

revision = "0001"
down_revision = None

APPLICATION_ID = 0x53574A31

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _definitions_and_entries()
    _indexes()
    op.create_table(
        "payloads",
        sa.Column("id", Place, sa.ForeignKey("entries.id"), primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("body", sa.Text),
    )
    _deals()
    meta = op.create_table("meta", sa.Column("name", Name, primary_key=True), sa.Column("value", Name, nullable=False))
    # The name of this journal, for whoever notes its heads elsewhere; and how its entries are hashed.
    op.bulk_insert(meta, [{"name": "journal", "value": os.urandom(16).hex()}, {"name": "chain", "value": "sha256/1"}])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers.SQLITE_0001.values() if on_sqlite else triggers.POSTGRESQL_0001:
        op.execute(sa.text(statement))
    if on_sqlite:
        op.execute(sa.text(f"PRAGMA application_id = {APPLICATION_ID}"))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Name, nullable=False)


def _definitions_and_entries() -> None:
    op.create_table(
        "definitions",
        sa.Column("digest", Name, primary_key=True),
        _text("process"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("id", Place, primary_key=True),
        _text("deal"),
        sa.Column("sequence", sa.Integer, nullable=False),
        _text("kind"),
        sa.Column("happened_at", UtcTime, nullable=False),
        sa.Column("recorded_at", UtcTime, nullable=False),
        _text("process"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", Name, sa.ForeignKey("definitions.digest"), nullable=False),
        *map(_text, ("track", "action", "from_stage", "to_stage", "outcome", "reason", "key")),
        sa.Column("deviating", sa.Boolean, nullable=False),
        sa.Column("undated", sa.Boolean, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )


def _indexes() -> None:
    op.create_index("entries_sequence", "entries", ["deal", "sequence"], unique=True)
    keyed = sa.text("key != '' AND kind != 'refused'")
    op.create_index("entries_key", "entries", ["deal", "key"], unique=True, sqlite_where=keyed, postgresql_where=keyed)
    starts = sa.text("key != '' AND kind = 'started'")
    op.create_index("entries_start_key", "entries", ["key"], unique=True, sqlite_where=starts, postgresql_where=starts)


def _deals() -> None:
    op.create_table(
        "deals",
        sa.Column("id", Name, primary_key=True),
        _text("process"),
        sa.Column("version", sa.Integer, nullable=False),
        *map(_text, ("digest", "stage", "previous", "outcome", "owner")),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("entered_at", UtcTime, nullable=False),
        sa.Column("last_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("forgotten", sa.Boolean, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
    )
