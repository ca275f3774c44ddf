"""Approvals that ended with another move than the one they were given for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.model.entry import Entry, EntryKind
from engine.model.names import MAIN


def ended_approvals(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Each approval of a deal whose move never came, with the move of the main track that ended it."""
    waiting: list[Entry] = []
    for entry in entries:
        if entry.kind is EntryKind.APPROVED:
            waiting.append(entry)
        elif entry.kind in (EntryKind.MOVED, EntryKind.MIGRATED):
            kept = []
            for approval in waiting:
                # Done or not, what was approved needs no telling once the move itself has come.
                if entry.track == MAIN and entry.action != approval.action:
                    yield approval, entry
                elif entry.action != approval.action:
                    kept.append(approval)
            waiting = kept
