"""Append to the journal what was decided; when someone else was quicker, look again and decide again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine.advance.occasion import MachineOf, Occasion, Outcome, check_time, not_before
from engine.advance.trust import vouch
from engine.journal.store import Journal
from engine.model.deal import Deal, fold
from engine.model.entry import Entry
from engine.model.errors import DealExists, DealForgotten, DealMovedOn, KeyReused, UnknownName
from engine.model.names import did_you_mean
from engine.model.process import Action, Process
from engine.model.syntax import Value

TRIES = 3
"""How often a lost race is run again before the caller is told that the deal moved on."""


def find_deal(journal: Journal, deal_id: str) -> Deal:
    """The deal. Raises ``UnknownName`` where there is none, ``DealForgotten`` where it was forgotten."""
    deal = known_deal(journal, deal_id)
    if deal.forgotten:
        raise DealForgotten(
            f"deal '{deal_id}' was forgotten; it takes no more entries", hint="what is new goes into a deal of its own"
        )
    return deal


def known_deal(journal: Journal, deal_id: str) -> Deal:
    """The deal, forgotten or not. Raises ``UnknownName`` where there is none."""
    deal = journal.deal(deal_id)
    if deal is None:
        names = [each.id for each in journal.deals()]
        hint = did_you_mean(deal_id, names) or "see 'stagewright deals'"
        raise UnknownName(f"there is no deal '{deal_id}'", hint=hint)
    return deal


def find_action(process: Process, action: str) -> tuple[Action, ...]:
    """The action's variants, of whichever track. Raises ``UnknownName`` where the process has no such action."""
    track = process.track_of(action)
    if track is None:
        names = [each.id for track in process.all_tracks() for each in track.actions]
        raise UnknownName(f"{process.name} has no action '{action}'", hint=did_you_mean(action, names))
    return track.variants(action)


def commit(
    journal: Journal,
    machine_of: MachineOf,
    deal_id: str,
    *,
    occasion: Occasion,
    decide_entries: Callable[[Deal, Occasion], Outcome],
    same: Callable[[Entry, Occasion], bool],
) -> Outcome:
    """Record what ``decide_entries`` makes of the deal as it stands, at most once for the occasion's key.

    Both functions are handed the occasion as vouched for: who does it, in which role. ``same`` tells whether an entry
    already recorded under the key is what is asked for now. Raises ``KeyReused``, ``BadTime``, and as ``vouch`` does;
    ``DealMovedOn`` when the race was lost three times.
    """
    for _ in range(TRIES):
        deal = find_deal(journal, deal_id)
        trusted = vouch(machine_of(deal.digest).process, occasion)
        before = _recorded(journal, deal, trusted, same=same)
        if before is not None:
            return Outcome(deal, (before,), repeated=True)
        trusted = not_before(trusted, deal)
        check_time(trusted, deal)
        outcome = decide_entries(deal, trusted)
        if not outcome.entries:
            return outcome
        try:
            after = folded(outcome.entries, deal)
            batch = (outcome.entries, deal.length, after)
            journal.append_together((batch, *outcome.started), definitions=outcome.definitions)
        except (DealMovedOn, DealExists):
            continue
        return replace(outcome, deal=after, before=deal)
    raise DealMovedOn(
        f"deal '{deal_id}' moved on {TRIES} times while this was decided", hint="look again, then repeat it"
    )


def folded(entries: Sequence[Entry], deal: Deal | None = None) -> Deal:
    """The deal once the entries, at least one, have happened to it."""
    found = fold(entries, deal)
    assert found is not None  # noqa: S101 - something happened, so there is a deal
    return found


def _recorded(
    journal: Journal, deal: Deal, occasion: Occasion, *, same: Callable[[Entry, Occasion], bool]
) -> Entry | None:
    if not occasion.key:
        return None
    entry = journal.by_key(deal.id, occasion.key)
    if entry is not None and not same(entry, occasion):
        raise KeyReused(
            f"key '{occasion.key}' was used before in deal '{deal.id}', for something else (entry {entry.sequence})",
            hint="give each thing you do a key of its own",
        )
    return entry


def holds_facts(entry: Entry, facts: Mapping[str, Value]) -> bool:
    """Whether the entry recorded all these facts."""
    return all(name in entry.facts and entry.facts[name] == value for name, value in facts.items())
