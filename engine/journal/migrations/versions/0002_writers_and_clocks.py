"""Who wrote, by the database's own word; since when a deal is quiet, and when a clock has to look at it."""

import sqlalchemy as sa
from alembic import op

from engine.journal import triggers
from engine.journal.schema import UtcTime

revision = "0002"
down_revision = "0001"

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# Deals that are there already get theirs when the table of deals is made anew, in the same transaction.
LONG_AGO = "1970-01-01T00:00:00.000000+00:00"


def upgrade() -> None:
    op.add_column("payloads", sa.Column("written_by", Name))
    for name in ("active_at", "due_at"):
        op.add_column("deals", sa.Column(name, UtcTime, nullable=False, server_default=LONG_AGO))
    op.create_index("deals_due_at", "deals", ["due_at", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TRIGGER payloads_unchanged"))
        op.execute(sa.text(triggers.SQLITE["payloads_unchanged"]))
        return
    for statement in triggers.POSTGRESQL_0002:
        op.execute(sa.text(statement))
