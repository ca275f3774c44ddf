"""Record what became known about a deal, a contact with the customer, or an approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.advance.commit import commit, find_action, holds_facts
from engine.advance.entries import blank_entry
from engine.advance.neighbours import Neighbours, no_neighbours
from engine.advance.occasion import MachineOf, Occasion, Outcome
from engine.advance.trust import spelled, who_may
from engine.advance.unfolding import Scene, Unfolding
from engine.journal.store import Journal
from engine.machine.facts import check_facts
from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadValue, UnknownName
from engine.model.names import MAIN, did_you_mean
from engine.model.people import People
from engine.model.process import Process, role_may
from engine.model.rule import Approval
from engine.model.syntax import Value


def record(
    journal: Journal,
    machine_of: MachineOf,
    deal_id: str,
    *,
    facts: Mapping[str, Value],
    occasion: Occasion,
    touchpoint: str = "",
    owner: str = "",
    note: str = "",
    neighbours: Neighbours = no_neighbours,
) -> Outcome:
    """Record facts, a touchpoint, a new owner or a note; raises for what the process does not know."""
    if not (facts or touchpoint or owner or note):
        raise BadValue("there is nothing to record", hint="give a fact, such as amount=9000, or a touchpoint")
    owner = spelled(occasion.people, owner)
    kind = EntryKind.TOUCHED if touchpoint else EntryKind.RECORDED

    def decide_entries(deal: Deal, occasion: Occasion) -> Outcome:
        machine = machine_of(deal.digest)
        check_facts(machine.process, facts)
        _check_touchpoint(machine.process, touchpoint)
        entry = replace(blank_entry(deal, occasion, kind), facts=facts, touchpoint=touchpoint, owner=owner, note=note)
        unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, deal)
        unfolding.happen(entry)
        unfolding.follow()
        return unfolding.outcome()

    def same(entry: Entry, occasion: Occasion) -> bool:
        told = (entry.kind, entry.touchpoint, entry.owner, entry.note, entry.actor, entry.role)
        asked = (kind, touchpoint, owner, note, occasion.actor, occasion.role)
        return told == asked and holds_facts(entry, facts) and len(entry.facts) == len(facts)

    return commit(journal, machine_of, deal_id, occasion=occasion, decide_entries=decide_entries, same=same)


def approve(
    journal: Journal, machine_of: MachineOf, deal_id: str, *, action: str, occasion: Occasion, note: str = ""
) -> Outcome:
    """Approve an action of a deal, in each respect that the approver's role may.

    Raises ``UnknownName`` for an action that the process does not have, ``BadValue`` where nobody is
    named, the action needs no approval, or the role may not give it.
    """
    if not occasion.actor.strip():
        raise BadValue("an approval needs a name", hint="say who approves with --as WHO")

    def decide_entries(deal: Deal, occasion: Occasion) -> Outcome:
        process = machine_of(deal.digest).process
        approvals = approvals_by(process, action, occasion.role, people=occasion.people)
        _check_stage(process, deal, action)
        entries = tuple(
            replace(
                blank_entry(deal, occasion, EntryKind.APPROVED),
                sequence=deal.length + number,
                action=action,
                approval=approval.id,
                note=note,
                key=occasion.key if number == 1 else "",
            )
            for number, approval in enumerate(approvals, start=1)
        )
        return Outcome(deal, entries)

    def same(entry: Entry, occasion: Occasion) -> bool:
        told = (entry.kind, entry.action, entry.note, entry.actor, entry.role)
        return told == (EntryKind.APPROVED, action, note, occasion.actor, occasion.role)

    return commit(journal, machine_of, deal_id, occasion=occasion, decide_entries=decide_entries, same=same)


def approvals_by(process: Process, action: str, role: str, *, people: People | None = None) -> tuple[Approval, ...]:
    """The approvals of an action that a role may give; raises where there are none."""
    wanted = [approval for variant in find_action(process, action) for approval in variant.approvals]
    if not wanted:
        raise BadValue(f"action '{action}' needs no approval")
    given = tuple(approval for approval in wanted if role_may(process, role, approval.by))
    if not given:
        allowed = ", ".join(dict.fromkeys(name for approval in wanted for name in approval.by))
        who = f"role '{role}' may not" if role else "nobody without a role may"
        may = [each for approval in wanted for each in who_may(process, approval.by, people)]
        has = f"who has one in people.yaml: {', '.join(dict.fromkeys(may)) or 'nobody'}"
        hint = f"it takes one of: {allowed}; {has if people else 'say so with --role'}"
        raise BadValue(f"{who} approve '{action}'", hint=hint)
    return given


def _check_stage(process: Process, deal: Deal, action: str) -> None:
    """An approval is void at the next move, so one given where the action is not possible yet would be in vain."""
    track = process.track_of(action)
    if track is None:
        return
    stage = deal.stage if track.id == MAIN else deal.tracks.get(track.id, track.first.id)
    sources = dict.fromkeys(source for variant in track.variants(action) for source in variant.sources)
    if stage not in sources:
        raise BadValue(
            f"'{action}' is done from {' or '.join(sources)}, and deal '{deal.id}' is in {stage}",
            hint="an approval ends with the next move: give it when the deal stands where the action is possible",
        )


def _check_touchpoint(process: Process, touchpoint: str) -> None:
    if touchpoint and touchpoint not in process.touchpoints:
        raise UnknownName(
            f"{process.name} has no touchpoint '{touchpoint}'", hint=did_you_mean(touchpoint, process.touchpoints)
        )
