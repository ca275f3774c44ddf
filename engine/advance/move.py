"""Advance a deal: decide, then record the move or its refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.advance.commit import commit, find_action, find_deal, holds_facts
from engine.advance.entries import entry_of
from engine.advance.neighbours import Neighbours, no_neighbours
from engine.advance.occasion import MachineOf, Occasion, Outcome
from engine.advance.trust import vouch
from engine.advance.unfolding import Scene, Unfolding
from engine.journal.store import Journal
from engine.machine.decide import decide, options
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move, Result, Verdict
from engine.model.ended import ended_approvals
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
    Who moves, and in which role, is told by the occasion, whatever the move says.

    Raises as ``commit`` does, and ``UnknownName`` or ``BadValue`` for an action or a fact that the
    deal's version does not have.
    """

    def decide_entries(deal: Deal, occasion: Occasion) -> Outcome:
        machine = machine_of(deal.digest)
        unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, deal)
        decision = unfolding.whole(decide(machine, deal, _by(move, occasion), now=occasion.at))
        entry = entry_of(decision, deal, occasion)
        if not decision.allowed:
            return Outcome(deal, (entry,), decision)
        unfolding.move(decision, entry)
        unfolding.follow()
        return unfolding.outcome(decision)

    def same(entry: Entry, occasion: Occasion) -> bool:
        return _same(entry, _by(move, occasion))

    return commit(journal, machine_of, deal_id, occasion=occasion, decide_entries=decide_entries, same=same)


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
    occasion = vouch(machine.process, occasion)
    if action is not None:
        find_action(machine.process, action)
    decisions = options(machine, deal, role=occasion.role, actor=occasion.actor, now=occasion.at)
    unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, deal)
    wanted = (decision for decision in decisions if action in (None, decision.move.action))
    asked = tuple(_whole(unfolding, decision) for decision in wanted)
    if any(_lacks_approval(verdict) for decision in asked for verdict in decision.verdicts):
        ended = {approval.approval: (approval, by) for approval, by in ended_approvals(journal.entries(deal_id))}
        # Of those that the deal still has, which a migration leaves it, the verdict itself says why they are void.
        kept = {(grant.approval, grant.actor, grant.given_at) for grant in deal.grants}
        gone = {name: found for name, found in ended.items() if _grant_of(found[0]) not in kept}
        asked = tuple(_telling_ended(decision, gone) for decision in asked)
    return deal, asked


def _grant_of(approval: Entry) -> tuple[str, str, datetime]:
    return approval.approval, approval.actor, approval.happened_at


def _whole(unfolding: Unfolding, decision: Decision) -> Decision:
    """The whole decision; where the other process cannot be asked, that stands in the way of this one action alone."""
    try:
        return unfolding.whole(decision)
    except StagewrightError as error:
        says = f"'{decision.move.action}' leads to '{decision.to_stage}'"
        verdict = Verdict(f"{decision.move.action}/to", About.TARGET, Result.FAILED, says, needs=str(error))
        return replace(decision, allowed=False, verdicts=(*decision.verdicts, verdict))


def _lacks_approval(verdict: Verdict) -> bool:
    return verdict.about is About.APPROVAL and verdict.result is not Result.PASSED


def _telling_ended(decision: Decision, ended: Mapping[str, tuple[Entry, Entry]]) -> Decision:
    """The decision with what became of the last approval given before: a deal keeps none beyond its next move."""
    return replace(decision, verdicts=tuple(_with_ended(verdict, ended) for verdict in decision.verdicts))


def _with_ended(verdict: Verdict, ended: Mapping[str, tuple[Entry, Entry]]) -> Verdict:
    found = ended.get(verdict.requirement) if _lacks_approval(verdict) else None
    if found is None:
        return verdict
    approval, by = found
    moved = f"the deal has moved since, by '{by.action}'" if by.action else "the deal has moved since"
    if by.kind is EntryKind.MIGRATED:
        moved = f"the deal came to version {by.version} since"
    return replace(verdict, needs=f"{verdict.needs} (that of '{approval.actor}' does not count: {moved})")


def _by(move: Move, occasion: Occasion) -> Move:
    if (move.actor, move.role) == (occasion.actor, occasion.role):
        return move
    return replace(move, actor=occasion.actor, role=occasion.role)


def _same(entry: Entry, move: Move) -> bool:
    said = (entry.action, entry.reason, entry.note, entry.actor, entry.role, entry.override)
    asked = (move.action, move.reason, move.note, move.actor, move.role, move.override)
    return (
        entry.kind is EntryKind.MOVED
        and said == asked
        and move.to in ("", entry.to_stage)
        and holds_facts(entry, move.facts)
    )
