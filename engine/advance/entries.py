"""Entries made of decisions, and of what is merely recorded."""

from __future__ import annotations

from dataclasses import replace

from engine.advance.occasion import Occasion
from engine.model.deal import Deal
from engine.model.decision import Decision
from engine.model.entry import Entry, EntryKind


def blank_entry(deal: Deal, occasion: Occasion, kind: EntryKind) -> Entry:
    """The next entry of a deal, with nothing but when, who and on which definition."""
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1,
        kind=kind,
        happened_at=occasion.at,
        recorded_at=occasion.now,
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        key=occasion.key,
        actor=occasion.actor,
        role=occasion.role,
    )


def entry_of(decision: Decision, deal: Deal, occasion: Occasion) -> Entry:
    """The entry that records a decision. A refused move changes no facts and uses up no key."""
    move = decision.move
    asked = replace(
        blank_entry(deal, occasion, EntryKind.REFUSED),
        track=decision.track,
        action=move.action,
        from_stage=decision.from_stage,
        to_stage=decision.to_stage,
        reason=move.reason,
        key="",
        note=move.note,
        override=move.override,
        verdicts=decision.verdicts,
    )
    if not decision.allowed:
        return asked
    return replace(
        asked,
        kind=EntryKind.MOVED,
        outcome=decision.outcome,
        key=occasion.key,
        touchpoint=decision.touchpoint,
        facts=decision.sets,
    )
