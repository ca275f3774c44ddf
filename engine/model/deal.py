"""A deal: the fold of its entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from engine.model.entry import Entry, EntryKind
from engine.model.names import MAIN
from engine.model.syntax import Value


@dataclass(frozen=True, slots=True)
class Times:
    """How often a touchpoint or an action was done, and when last."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """An approval given: for which action, which approval of it, by whom, when, and the facts as they then were.

    ``digest`` is of the definition it was given under (empty: not told).
    """

    action: str
    approval: str
    actor: str
    role: str
    given_at: datetime
    facts: Mapping[str, Value] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """Where a prospect's journey stands. Times in UTC.

    ``length`` is the number of entries. ``entered_at`` is when the present main stage was entered,
    ``previous`` the main stage before it (empty: none). ``visited`` are the main stages stood in.
    ``outcome`` and ``closed_at`` are of the first end reached since the last re-opening.
    """

    id: str
    process: str
    version: int
    digest: str
    stage: str
    started_at: datetime
    entered_at: datetime
    last_at: datetime
    length: int = 1
    previous: str = ""
    outcome: str = ""
    closed_at: datetime | None = None
    owner: str = ""
    tracks: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)
    visited: frozenset[str] = frozenset()
    touches: Mapping[str, Times] = field(default_factory=dict)
    actions: Mapping[str, Times] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    forgotten: bool = False


def fold(entries: Iterable[Entry], deal: Deal | None = None) -> Deal | None:
    """The deal that the entries make of ``deal`` (``None``: nothing yet). Pure; the journal's projection is this."""
    for entry in entries:
        deal = _started(entry) if deal is None else after(deal, entry)
    return deal


def _started(entry: Entry) -> Deal:
    touches = _done({}, entry.touchpoint, entry.happened_at)
    return Deal(
        id=entry.deal,
        process=entry.process,
        version=entry.version,
        digest=entry.digest,
        stage=entry.to_stage,
        started_at=entry.happened_at,
        entered_at=entry.happened_at,
        last_at=entry.happened_at,
        length=entry.sequence,
        owner=entry.owner,
        facts=MappingProxyType(dict(entry.facts)),
        visited=frozenset({entry.to_stage}),
        touches=touches,
    )


def after(deal: Deal, entry: Entry) -> Deal:
    """The deal once one more thing has happened to it."""
    last_at = max(deal.last_at, entry.happened_at)
    if entry.kind in (EntryKind.REFUSED, EntryKind.WARNED):
        return replace(deal, length=entry.sequence, last_at=last_at)
    if entry.kind is EntryKind.APPROVED:
        return replace(deal, length=entry.sequence, last_at=last_at, grants=(*deal.grants, _grant(deal, entry)))
    is_move = entry.kind in (EntryKind.MOVED, EntryKind.MIGRATED)
    is_main = is_move and entry.track == MAIN
    outcome, closed_at = _end(deal, entry) if is_main else (deal.outcome, deal.closed_at)
    # One new record, not a chain of changed ones: an import folds a million entries.
    return Deal(
        deal.id,
        entry.process if is_move else deal.process,
        entry.version if is_move else deal.version,
        entry.digest if is_move else deal.digest,
        entry.to_stage if is_main else deal.stage,
        deal.started_at,
        entry.happened_at if is_main else deal.entered_at,
        last_at,
        entry.sequence,
        deal.stage if is_main else deal.previous,
        outcome,
        closed_at,
        entry.owner or deal.owner,
        MappingProxyType({**deal.tracks, entry.track: entry.to_stage}) if is_move and not is_main else deal.tracks,
        MappingProxyType({**deal.facts, **entry.facts}) if entry.facts else deal.facts,
        deal.visited | {entry.to_stage} if is_main else deal.visited,
        _done(deal.touches, entry.touchpoint, entry.happened_at),
        _done(deal.actions, entry.action, entry.happened_at) if is_move else deal.actions,
        # A grant lasts until the next main move, whatever that move is.
        () if is_main else deal.grants,
        deal.forgotten,
    )


def _grant(deal: Deal, entry: Entry) -> Grant:
    return Grant(entry.action, entry.approval, entry.actor, entry.role, entry.happened_at, deal.facts)


def _end(deal: Deal, entry: Entry) -> tuple[str, datetime | None]:
    if not entry.outcome:
        return "", None
    if deal.outcome:
        # The first end counts until the deal is open again: won, then lost, stays won.
        return deal.outcome, deal.closed_at
    return entry.outcome, entry.happened_at


def _done(times: Mapping[str, Times], name: str, when: datetime) -> Mapping[str, Times]:
    if not name:
        return times
    before = times.get(name)
    return MappingProxyType({**times, name: Times(before.count + 1 if before else 1, when)})
