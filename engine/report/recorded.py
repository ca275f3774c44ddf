"""What was recorded about a deal, in a line for each entry."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process
from engine.report import json_text
from engine.report.escape import shown
from engine.report.json_text import Data
from engine.report.wording import approval_title, facts_text


def text(process: Process, deal: Deal | None, entries: Sequence[Entry]) -> str:
    """One line an entry: what it recorded, and where the deal stands."""
    stands = f" (in {deal.stage})" if deal else ""
    return "".join(shown(f"{entry.deal}: {_what(process, entry)}{stands}") + "\n" for entry in entries)


def document(process: Process, deal: Deal | None, entries: Sequence[Entry]) -> str:
    """``stagewright/recorded/1``."""
    parts: dict[str, Data] = {
        "process": process.id,
        "version": process.version,
        "deal": deal.id if deal else None,
        "stage": deal.stage if deal else None,
        "rows": tuple(_row(entry) for entry in entries),
    }
    return json_text.document("recorded", parts)


def _what(process: Process, entry: Entry) -> str:
    if entry.kind is EntryKind.APPROVED:
        return f"{entry.actor} approved {entry.action}: {approval_title(process, entry.approval)}"
    if entry.kind in (EntryKind.STARTED, EntryKind.MOVED):
        return f"{entry.action or 'started'} to {entry.to_stage} at {entry.happened_at:%Y-%m-%d %H:%M} UTC"
    parts = [
        f"{entry.touchpoint} took place" if entry.touchpoint else "",
        f"recorded {facts_text(process, entry.facts)}" if entry.facts else "",
        f"owner is {entry.owner}" if entry.owner else "",
        f"noted {entry.note}" if entry.note else "",
    ]
    return "; ".join(part for part in parts if part)


def _row(entry: Entry) -> Data:
    return {
        "sequence": entry.sequence,
        "kind": entry.kind.value,
        "happened_at": entry.happened_at,
        "action": entry.action,
        "to": entry.to_stage,
        "touchpoint": entry.touchpoint,
        "approval": entry.approval,
        "owner": entry.owner,
        "note": entry.note,
        "actor": entry.actor,
        "role": entry.role,
        "facts": dict(entry.facts),
    }
