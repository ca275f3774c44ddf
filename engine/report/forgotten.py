"""What ``forget`` did, and what the story of a deal that was forgotten says of it."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.report.escape import shown
from engine.report.wording import count, day

Record = tuple[datetime, str, str]
"""When a deal was forgotten, by whom, and why."""


def text(deal: str, entries: int, record: Record | None, *, repeated: bool) -> str:
    """What was blanked and what stays."""
    blank = f"{shown(deal)}: {count(entries, 'entry', 'entries')}"
    told = f" ({shown(note(record))})" if repeated else ""
    done = f"{blank} had been blanked before{told}" if repeated else f"{blank} blanked"
    return (
        f"{done}\n"
        "  gone   who, in which role, notes, facts, owner, touchpoints, approvals, verdicts with what they saw\n"
        "  stays  the deal's name, its stages, actions, reason codes, keys and times; that it was forgotten, and why\n"
        "  not touched: backups, exports, copies, and other deals that took facts over from it\n"
    )


def note(record: Record | None) -> str:
    """One sentence: when, by whom, why."""
    if record is None:
        return "forgotten: nobody told when and why"
    when, by, because = record
    who = f" by {by}" if by else ""
    return f"forgotten on {day(when, UTC)}{who}: {because}"
