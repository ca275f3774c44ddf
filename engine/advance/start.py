"""Start a prospect in a process."""

from __future__ import annotations

from collections.abc import Mapping

from engine.advance.commit import holds_facts
from engine.advance.neighbours import Neighbours, no_neighbours
from engine.advance.occasion import MachineOf, Occasion, Outcome, check_time
from engine.advance.trust import spelled, vouch
from engine.advance.unfolding import Scene, Unfolding
from engine.journal.store import Journal
from engine.machine.decide import start as decide_start
from engine.model.decision import Decision
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.errors import BadValue, DealExists, KeyReused
from engine.model.names import ID_LIMIT
from engine.model.syntax import Value


def start(
    journal: Journal,
    machine_of: MachineOf,
    deal_id: str,
    *,
    definition: Definition,
    facts: Mapping[str, Value],
    occasion: Occasion,
    owner: str = "",
    neighbours: Neighbours = no_neighbours,
) -> Outcome:
    """Start a deal in the process's first stage, judged by what that stage asks.

    A refused start leaves no entry: there is no deal yet to keep it. Raises ``DealExists``, ``KeyReused``,
    ``BadTime``, ``BadValue``, and as ``vouch`` does.
    """
    check_deal_id(deal_id)
    check_time(occasion)
    machine = machine_of(definition.digest)
    occasion = vouch(machine.process, occasion)
    decision = decide_start(machine, facts, actor=occasion.actor, role=occasion.role, now=occasion.at)
    entry = _entry(decision, deal_id, definition, occasion=occasion, owner=spelled(occasion.people, owner))
    before = _started_before(journal, entry, facts)
    if before is not None:
        return Outcome(journal.deal(before.deal), (before,), repeated=True)
    if journal.deal(deal_id) is not None:
        raise DealExists(f"there is a deal '{deal_id}' already", hint="see 'stagewright why' for its story")
    if not decision.allowed:
        return Outcome(None, decision=decision)
    unfolding = Unfolding(Scene(journal, neighbours, occasion), machine, None)
    unfolding.happen(entry)
    unfolding.follow()
    outcome = unfolding.outcome(decision)
    definitions = {definition.digest: definition, **unfolding.definitions}
    try:
        journal.append_together(
            ((outcome.entries, 0, unfolding.deal), *outcome.started), definitions=tuple(definitions.values())
        )
    except (DealExists, KeyReused):
        # Somebody did the same at the same moment; if it was this very deed, it is done.
        before = _started_before(journal, entry, facts)
        if before is None:
            raise
        return Outcome(journal.deal(before.deal), (before,), repeated=True)
    return outcome


def check_deal_id(deal_id: str) -> None:
    """Raises ``BadValue`` for a name that nobody could type again."""
    if not deal_id.strip() or deal_id != deal_id.strip():
        raise BadValue("the name of a deal is not blank, and neither begins nor ends with a space")
    if len(deal_id) > ID_LIMIT:
        raise BadValue(f"the name of a deal has at most {ID_LIMIT} characters")
    if deal_id.startswith("-"):
        raise BadValue("the name of a deal does not begin with a dash: it would read as an option")
    if not deal_id.isprintable():
        raise BadValue("the name of a deal holds a character that cannot be printed")


def _started_before(journal: Journal, wanted: Entry, facts: Mapping[str, Value]) -> Entry | None:
    """The start recorded under the key, if there is one and it is the one wanted; raises ``KeyReused`` for another."""
    entry = journal.start_by_key(wanted.key) if wanted.key else None
    if entry is None:
        return None
    if _deed(entry) != _deed(wanted) or not holds_facts(entry, facts):
        raise KeyReused(
            f"key '{wanted.key}' was used before, to start deal '{entry.deal}' another way",
            hint="give each thing you do a key of its own",
        )
    return entry


def _deed(entry: Entry) -> tuple[object, ...]:
    return (entry.deal, entry.process, entry.version, entry.owner, entry.actor, entry.role, entry.facts.keys())


def _entry(decision: Decision, deal_id: str, definition: Definition, *, occasion: Occasion, owner: str) -> Entry:
    return Entry(
        deal=deal_id,
        sequence=1,
        kind=EntryKind.STARTED,
        happened_at=occasion.at,
        recorded_at=occasion.now,
        process=definition.process,
        version=definition.version,
        digest=definition.digest,
        to_stage=decision.to_stage,
        key=occasion.key,
        actor=occasion.actor,
        role=occasion.role,
        owner=owner,
        facts=decision.sets,
        verdicts=decision.verdicts,
    )
