"""Advance a deal: decide, then record the move or its refusal."""

from __future__ import annotations

from engine.advance.commit import commit, find_action, find_deal, holds_facts
from engine.advance.occasion import MachineOf, Occasion, Outcome
from engine.journal.store import Journal
from engine.machine.decide import decide, options
from engine.model.deal import Deal
from engine.model.decision import Decision, Move
from engine.model.entry import Entry, EntryKind


def advance(journal: Journal, machine_of: MachineOf, deal_id: str, *, move: Move, occasion: Occasion) -> Outcome:
    """Do an action to a deal, if its rules allow it; a refusal is recorded too, with all its causes.

    Raises as ``commit`` does, and ``UnknownName`` or ``BadValue`` for an action or a fact that the
    deal's version does not have.
    """

    def decide_entries(deal: Deal) -> Outcome:
        decision = decide(machine_of(deal.digest), deal, move, now=occasion.at)
        return Outcome(deal, (entry_of(decision, deal, occasion),), decision)

    return commit(journal, deal_id, occasion, decide_entries=decide_entries, same=lambda entry: _same(entry, move))


def can(
    journal: Journal, machine_of: MachineOf, deal_id: str, *, occasion: Occasion, action: str | None = None
) -> tuple[Deal, tuple[Decision, ...]]:
    """What may be done to a deal now (or whether ``action`` may), and what stands in the way. Records nothing."""
    deal = find_deal(journal, deal_id)
    machine = machine_of(deal.digest)
    if action is not None:
        find_action(machine.process, action)
    decisions = options(machine, deal, role=occasion.role, now=occasion.at)
    return deal, tuple(decision for decision in decisions if action in (None, decision.move.action))


def entry_of(decision: Decision, deal: Deal, occasion: Occasion) -> Entry:
    """The entry that records a decision. A refused move changes no facts and uses up no key."""
    move = decision.move
    return Entry(
        deal=deal.id,
        sequence=deal.length + 1,
        kind=EntryKind.MOVED if decision.allowed else EntryKind.REFUSED,
        happened_at=occasion.at,
        recorded_at=occasion.now,
        process=deal.process,
        version=deal.version,
        digest=deal.digest,
        track=decision.track,
        action=move.action,
        from_stage=decision.from_stage,
        to_stage=decision.to_stage,
        outcome=decision.outcome if decision.allowed else "",
        reason=move.reason,
        key=occasion.key if decision.allowed else "",
        actor=occasion.actor,
        role=occasion.role,
        note=move.note,
        touchpoint=decision.touchpoint if decision.allowed else "",
        override=move.override,
        facts=decision.sets if decision.allowed else {},
        verdicts=decision.verdicts,
    )


def _same(entry: Entry, move: Move) -> bool:
    return (
        entry.kind is EntryKind.MOVED
        and entry.action == move.action
        and entry.reason == move.reason
        and entry.note == move.note
        and move.to in ("", entry.to_stage)
        and holds_facts(entry, move.facts)
    )
