"""Forget a deal: its payloads are blanked for good; the envelopes stay, and the chain holds."""

from __future__ import annotations

from engine.journal import statements
from engine.journal.deals import folded
from engine.journal.projection import row_of
from engine.journal.session import Session
from engine.journal.store import SqlJournal
from engine.model.errors import UnknownName


def forget(journal: SqlJournal, deal_id: str) -> None:
    """Blank what the entries of a deal say about people, here and in the projection.

    It takes no entries afterwards. Raises ``UnknownName``, ``JournalError``.
    """
    session = journal.session
    session.write(lambda: _blank(session, deal_id))
    session.dialect.scrub(session.rows)


def _blank(session: Session, deal_id: str) -> None:
    # First: who appends to the deal meanwhile is waited for, and who would do so later is refused.
    session.many(statements.close_deal, [(deal_id,)])
    session.many(statements.blank_payloads, [(deal_id,)])
    rows = session.all(statements.entries_of_deal, (deal_id,))
    if not rows:
        raise UnknownName(f"there is no deal '{deal_id}'")
    session.many(statements.put_deal, [row_of(folded(rows, session))], session.dialect.name)
