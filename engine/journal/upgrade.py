"""Bring a journal to the present revision, in one transaction. The one module that loads Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from engine.journal.deals import refold
from engine.journal.schema import HEAD
from engine.journal.session import Session
from engine.model.errors import JournalError

FOLDER = Path(__file__).parent / "migrations"


def upgrade(session: Session) -> None:
    """Run the migrations that are still to run. Raises ``JournalError``; the journal is then as it was."""
    with session.writing():
        session.dialect.alone(session.rows)
        # Another program may have made the journal while this one waited for the lock.
        before = session.dialect.revision(session.rows)
        if before == HEAD:
            return
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = session.connection
        try:
            session.guarded(lambda: command.upgrade(config, "head"))
        except CommandError as error:
            raise JournalError(f"the journal {session.dialect.where} cannot be brought up to date: {error}") from error
        if before is not None:
            # What a deal is may have more to it than the older program wrote down.
            refold(session)
