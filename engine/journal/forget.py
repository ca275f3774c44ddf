"""Forget a deal: its payloads are blanked for good; the envelopes stay, and the chain holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from engine.journal import statements
from engine.journal.codec import canonical, iso
from engine.journal.decoding import moment
from engine.journal.projection import row_of
from engine.journal.session import Session
from engine.journal.sound import folded
from engine.journal.store import BODY, SqlJournal
from engine.model.errors import JournalError, UnknownName

RECORD = "forgotten/"
"""What the name of a row of ``meta`` begins with that says when, by whom and why a deal was forgotten."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """When a deal was forgotten, by whom (empty: nobody said), and why. It is kept in ``meta``, outside the chain."""

    at: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it: how many entries are blank, whether they had been before, and what could not be overwritten."""

    entries: int
    repeated: bool
    lingering: str = ""


def forget(journal: SqlJournal, deal_id: str, forgetting: Forgetting | None = None) -> Forgotten:
    """Blank what the entries of a deal say about people, here and in the projection.

    It takes no entries afterwards. Done once more it only tries again to leave no trace in the file. Raises
    ``UnknownName``, ``JournalError``.
    """
    session = journal.session
    done = session.write(lambda: _blank(session, deal_id, forgetting))
    try:
        session.dialect.scrub(session.rows)
    except JournalError as error:
        return replace(done, lingering=str(error).removesuffix("; nothing was recorded"))
    return done


def _blank(session: Session, deal_id: str, forgetting: Forgetting | None) -> Forgotten:
    session.dialect.join(session.rows)
    # First: who appends to the deal meanwhile is waited for, and who would do so later is refused.
    session.many(statements.close_deal, [(deal_id,)])
    before = session.all(statements.entries_of_deal, (deal_id,))
    if not before:
        raise UnknownName(f"there is no deal '{deal_id}'")
    session.many(statements.blank_payloads, [(deal_id,)])
    rows = session.all(statements.entries_of_deal, (deal_id,))
    session.many(statements.put_deal, [row_of(folded(rows, session.read_moment))], session.dialect.name)
    if forgetting is not None and session.one(statements.about, (RECORD + deal_id,)) is None:
        session.many(statements.add_about, [(RECORD + deal_id, _record(forgetting))])
    return Forgotten(len(rows), all(row[BODY] is None for row in before))


def forgetting_of(journal: SqlJournal, deal_id: str) -> Forgetting | None:
    """When, by whom and why a deal was forgotten, where that was told."""
    row = journal.session.one(statements.about, (RECORD + deal_id,))
    if row is None:
        return None
    try:
        at, by, because = json.loads(row[0])
        return Forgetting(moment(at), str(by), str(because))
    except (ValueError, TypeError):
        return None


def _record(forgetting: Forgetting) -> str:
    return canonical([iso(forgetting.at), forgetting.by, forgetting.because])
