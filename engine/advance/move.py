"""Advance a deal: decide, then record the move or its refusal."""

from __future__ import annotations

from dataclasses import replace

from engine.advance.commit import check_role, commit, find_action, find_deal, holds_facts
from engine.advance.entries import entry_of
from engine.advance.neighbours import Neighbours, no_neighbours
from engine.advance.occasion import MachineOf, Occasion, Outcome
from engine.advance.unfolding import Scene, Unfolding
from engine.journal.store import Journal
from engine.machine.decide import decide, options
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.errors import StagewrightError


def advance(
    journal: Journal,
    machine_of: MachineOf,
    deal_id: str,
    *,
    move: Move,
    occasion: Occasion,
    neighbours: Neighbours = no_neighbours,
) -> Outcome:
    """Do an action to a deal, if its rules allow it; a refusal is recorded too, with all its causes.

    What follows from it by itself is recorded with it: automatic actions, and deals of ``neighbours`` that it starts.

    Raises as ``commit`` does, and ``UnknownName`` or ``BadValue`` for an action or a fact that the
    deal's version does not have.
    """

    def decide_entries(deal: Deal, occasion: Occasion) -> Outcome:
        machine = machine_of(deal.digest)
        check_role(machine.process, occasion.role)
        unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, deal)
        decision = unfolding.whole(decide(machine, deal, move, now=occasion.at))
        entry = entry_of(decision, deal, occasion)
        if not decision.allowed:
            return Outcome(deal, (entry,), decision)
        unfolding.move(decision, entry)
        unfolding.follow()
        return unfolding.outcome(decision)

    return commit(journal, deal_id, occasion, decide_entries=decide_entries, same=lambda entry: _same(entry, move))


def can(
    journal: Journal,
    machine_of: MachineOf,
    deal_id: str,
    *,
    occasion: Occasion,
    action: str | None = None,
    neighbours: Neighbours = no_neighbours,
) -> tuple[Deal, tuple[Decision, ...]]:
    """What may be done to a deal now (or whether ``action`` may), and what stands in the way. Records nothing."""
    deal = find_deal(journal, deal_id)
    machine = machine_of(deal.digest)
    check_role(machine.process, occasion.role)
    if action is not None:
        find_action(machine.process, action)
    decisions = options(machine, deal, role=occasion.role, actor=occasion.actor, now=occasion.at)
    unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, deal)
    wanted = (decision for decision in decisions if action in (None, decision.move.action))
    return deal, tuple(_whole(unfolding, decision) for decision in wanted)


def _whole(unfolding: Unfolding, decision: Decision) -> Decision:
    """The whole decision; where the other process cannot be asked, that stands in the way of this one action alone."""
    try:
        return unfolding.whole(decision)
    except StagewrightError as error:
        says = f"'{decision.move.action}' leads to '{decision.to_stage}'"
        verdict = Verdict(f"{decision.move.action}/to", About.TARGET, Result.FAILED, says, needs=str(error))
        return replace(decision, allowed=False, verdicts=(*decision.verdicts, verdict))


def _same(entry: Entry, move: Move) -> bool:
    said = (entry.action, entry.reason, entry.note, entry.actor, entry.role, entry.override)
    asked = (move.action, move.reason, move.note, move.actor, move.role, move.override)
    return (
        entry.kind is EntryKind.MOVED
        and said == asked
        and move.to in ("", entry.to_stage)
        and holds_facts(entry, move.facts)
    )
