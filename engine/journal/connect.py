"""Open a journal by its path or URL, make it where there is none, and bring it to the present revision."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from engine.journal.dialect import Dialect
from engine.journal.postgres import Postgres
from engine.journal.schema import HEAD, REVISIONS
from engine.journal.session import Session
from engine.journal.sqlite import Sqlite
from engine.journal.store import SqlJournal
from engine.model.errors import JournalError, NewerJournal

WAIT_SECONDS = 5.0
"""How long to wait for another writer."""

_KNOWN = "give a path, or a URL such as sqlite:///journal.db or postgresql://host/name"


def connect(
    url_or_path: str, *, create: bool = True, read_only: bool = False, wait_seconds: float = WAIT_SECONDS
) -> SqlJournal:
    """The journal at a path or URL; ``:memory:`` is one that nobody else sees and nothing keeps.

    With ``create`` it is made where there is none, and one of an older revision is brought to the present.
    Raises ``JournalError`` for what is no journal or cannot be opened, ``NewerJournal``, ``MissingExtra``.
    """
    session = Session(_dialect(url_or_path, create=create, read_only=read_only, wait_seconds=wait_seconds))
    try:
        _make_present(session)
    except BaseException:
        session.close()
        raise
    return SqlJournal(session)


def _dialect(url_or_path: str, *, create: bool, read_only: bool, wait_seconds: float) -> Dialect:
    if url_or_path == ":memory:":
        return Sqlite(None, wait_seconds=wait_seconds)
    if "://" not in url_or_path:
        return Sqlite(_path(url_or_path), create=create, read_only=read_only, wait_seconds=wait_seconds)
    try:
        url = sa.make_url(url_or_path)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise JournalError("this is not the URL of a journal", hint=_KNOWN) from error
    kind = url.get_backend_name()
    if kind == "postgresql":
        return Postgres(url, create=create, read_only=read_only, wait_seconds=wait_seconds)
    if kind != "sqlite":
        raise JournalError(f"there are no journals of the kind '{kind}'", hint=_KNOWN)
    if url.database in (None, "", ":memory:"):
        return Sqlite(None, wait_seconds=wait_seconds)
    return Sqlite(_path(str(url.database)), create=create, read_only=read_only, wait_seconds=wait_seconds)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise JournalError("a journal needs a path", hint=_KNOWN)
    return Path(text)


_EMPTY = ("is empty", "'stagewright start' begins a journal in it; an empty file may also be deleted")
_OLDER = ("is an older journal", "what records something brings it up to date, such as 'stagewright tick'")


def _make_present(session: Session) -> None:
    revision = session.dialect.revision(session.rows)
    if revision not in (None, *REVISIONS):
        _refuse(revision, session.dialect.where)
    session.dialect.settle(session.rows)
    if revision == HEAD:
        return
    if session.dialect.read_only:
        state, hint = _OLDER if revision else _EMPTY
        raise JournalError(f"{session.dialect.where} {state}", hint=hint)
    # Imported here: it costs more than all the rest of opening, and is needed once in a journal's life.
    from engine.journal.upgrade import upgrade

    upgrade(session)


def _refuse(revision: str | None, where: str) -> None:
    if revision and revision.isdigit() and revision > HEAD:
        raise NewerJournal(
            f"the journal {where} was written by a newer stagewright (revision {revision}; this one knows {HEAD})",
            hint="bring stagewright up to date: pip install --upgrade stagewright",
        )
    raise JournalError(f"the journal {where} is of no revision that is known: {revision!r}")
