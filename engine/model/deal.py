"""A deal: the fold of its entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.model.alarm import Alarm
from engine.model.done import Grant, Times, called
from engine.model.entry import Entry, EntryKind, goes_on
from engine.model.names import MAIN
from engine.model.quick import quick
from engine.model.syntax import Value


@quick
@dataclass(frozen=True, slots=True)
class Deal:
    """Where a prospect's journey stands. Times in UTC.

    ``length`` is the number of entries. ``entered_at`` is when the present main stage was entered,
    ``previous`` the last open main stage before it (empty: none). ``visited`` are the main stages stood in.
    ``outcome`` and ``closed_at`` are of the first end reached since the last re-opening. ``undated`` holds those of
    ``started``, ``entered`` and ``closed`` that nobody dated: their times only say where they stand in the order.
    ``active_at`` is when it last moved or was touched (``None``: not told). ``track_entered_at`` is when the present
    stage of a side track was entered and, of ``main``, when the deal was handed over to the process. ``alarms`` are
    what each clock did last, refusals left out.
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
    undated: frozenset[str] = frozenset()
    active_at: datetime | None = None
    track_entered_at: Mapping[str, datetime] = field(default_factory=dict)
    alarms: Mapping[str, Alarm] = field(default_factory=dict)


def fold(entries: Iterable[Entry], deal: Deal | None = None) -> Deal | None:
    """The deal that the entries make of ``deal`` (``None``: nothing yet). Pure; the journal's projection is this."""
    folding = None if deal is None else Folding.of(deal)
    for entry in entries:
        if folding is None:
            folding = Folding(entry)
        else:
            folding.add(entry)
    return None if folding is None else folding.deal()


def after(deal: Deal, entry: Entry) -> Deal:
    """The deal once one more thing has happened to it."""
    folding = Folding.of(deal)
    folding.add(entry)
    return folding.deal()


class Folding:
    """A deal while its entries are read: what ``Deal`` says, changed in place. Nobody but its maker may hold it.

    To make a new record for each of a million entries costs more than to judge them.
    """

    __slots__ = tuple(Deal.__dataclass_fields__)

    def __init__(self, entry: Entry) -> None:
        """The deal that a start makes."""
        self.id = entry.deal
        self.process, self.version, self.digest = entry.process, entry.version, entry.digest
        self.stage, self.previous = entry.to_stage, ""
        self.started_at = self.entered_at = self.last_at = entry.happened_at
        self.length = entry.sequence
        self.outcome = ""
        self.closed_at: datetime | None = None
        self.owner = entry.owner
        self.tracks: dict[str, str] = {}
        self.facts = dict(entry.facts)
        self.visited = {entry.to_stage}
        self.touches: dict[str, Times] = {}
        self.actions: dict[str, Times] = {}
        self.grants: tuple[Grant, ...] = ()
        self.forgotten = False
        self.undated = {"started", "entered"} if entry.undated else set[str]()
        self.active_at: datetime | None = entry.happened_at
        self.track_entered_at: dict[str, datetime] = {}
        self.alarms: dict[str, Alarm] = {}
        _do(self.touches, entry.touchpoint, entry.happened_at)

    @classmethod
    def of(cls, deal: Deal) -> Folding:
        """A deal that goes on."""
        folding = cls.__new__(cls)
        folding.id = deal.id
        folding.process, folding.version, folding.digest = deal.process, deal.version, deal.digest
        folding.stage, folding.previous = deal.stage, deal.previous
        folding.started_at, folding.entered_at, folding.last_at = deal.started_at, deal.entered_at, deal.last_at
        folding.length = deal.length
        folding.outcome, folding.closed_at = deal.outcome, deal.closed_at
        folding.owner = deal.owner
        folding.tracks, folding.facts = dict(deal.tracks), dict(deal.facts)
        folding.visited = set(deal.visited)
        folding.touches, folding.actions = dict(deal.touches), dict(deal.actions)
        folding.grants = deal.grants
        folding.forgotten = deal.forgotten
        folding.undated = set(deal.undated)
        folding.active_at = deal.active_at
        folding.track_entered_at, folding.alarms = dict(deal.track_entered_at), dict(deal.alarms)
        return folding

    def deal(self) -> Deal:
        """The deal as it stands now."""
        return Deal(
            self.id,
            self.process,
            self.version,
            self.digest,
            self.stage,
            self.started_at,
            self.entered_at,
            self.last_at,
            self.length,
            self.previous,
            self.outcome,
            self.closed_at,
            self.owner,
            MappingProxyType(self.tracks.copy()),
            MappingProxyType(self.facts.copy()),
            frozenset(self.visited),
            MappingProxyType(self.touches.copy()),
            MappingProxyType(self.actions.copy()),
            self.grants,
            self.forgotten,
            frozenset(self.undated),
            self.active_at,
            MappingProxyType(self.track_entered_at.copy()) if self.track_entered_at else _NOTHING,
            MappingProxyType(self.alarms.copy()) if self.alarms else _NOTHING,
        )

    def add(self, entry: Entry) -> None:
        """One more thing that happened."""
        kind = entry.kind
        self.length = entry.sequence
        self.last_at = max(self.last_at, entry.happened_at)
        if kind is EntryKind.REFUSED:
            return
        if entry.alarm is not None:
            self.alarms[entry.alarm.clock] = entry.alarm
        if kind is EntryKind.WARNED:
            return
        if kind is EntryKind.APPROVED:
            facts = MappingProxyType(self.facts.copy())
            grant = Grant(entry.action, entry.approval, entry.actor, entry.role, entry.happened_at, facts, entry.digest)
            self.grants = (*self.grants, grant)
            return
        if entry.facts or entry.renamed:
            self._learn(entry)
        if entry.owner:
            self.owner = entry.owner
        if entry.touchpoint:
            _do(self.touches, entry.touchpoint, entry.happened_at)
            self.active_at = entry.happened_at
        if kind is EntryKind.MOVED:
            self._move(entry)
        elif kind is EntryKind.MIGRATED:
            self._migrate(entry)

    def _learn(self, entry: Entry) -> None:
        if entry.renamed:
            self._rename(entry.renamed)
        if self.grants:
            self._note_changes(entry.facts)
        self.facts.update(entry.facts)

    def _move(self, entry: Entry) -> None:
        _do(self.actions, entry.action, entry.happened_at)
        self.active_at = entry.happened_at
        is_elsewhere = entry.process != self.process
        if is_elsewhere:
            self._hand_over(entry)
        self.process, self.version, self.digest = entry.process, entry.version, entry.digest
        if entry.track != MAIN and not is_elsewhere:
            self.tracks[entry.track] = entry.to_stage
            self.track_entered_at[entry.track] = entry.happened_at
            return
        if not self.outcome:
            # Nothing leads back into an end: what let the deal in is asked anew.
            self.previous = self.stage
        self._enter(entry)

    def _migrate(self, entry: Entry) -> None:
        """The deal goes on under another version. What it did before stays done, and nobody was active."""
        self.process, self.version, self.digest = entry.process, entry.version, entry.digest
        if entry.track != MAIN:
            self.tracks[entry.track] = entry.to_stage
            if not goes_on(entry):
                self.track_entered_at[entry.track] = entry.happened_at
        elif goes_on(entry):
            # Approvals stay to be told of, and never count again: not even where the deal comes back.
            self.grants = tuple(replace(grant, is_void=True) for grant in self.grants)
            self.stage = entry.to_stage
            self.visited.add(entry.to_stage)
        else:
            self._enter(entry)

    def _enter(self, entry: Entry) -> None:
        """A stage of the main track begins."""
        self.stage = entry.to_stage
        self.entered_at = entry.happened_at
        self._note(entry, "entered")
        self.visited.add(entry.to_stage)
        # A grant lasts until the next main move, whatever that move is.
        self.grants = ()
        if not entry.outcome:
            self.outcome, self.closed_at = "", None
        elif not self.outcome:
            # The first end counts until the deal is open again: won, then lost, stays won.
            self.outcome, self.closed_at = entry.outcome, entry.happened_at
            self._note(entry, "closed")

    def _rename(self, renamed: Mapping[str, str]) -> None:
        """What the deal went through, did and knows is called as the version calls it to which it comes."""
        names: dict[str, dict[str, str]] = {"stages": {}, "actions": {}, "facts": {}}
        for place, name in renamed.items():
            of, _, old = place.partition("/")
            names.setdefault(of, {})[old] = name
        self.visited = {names["stages"].get(stage, stage) for stage in self.visited}
        self.previous = names["stages"].get(self.previous, self.previous)
        for old in names["facts"]:
            self.facts.pop(old, None)
        if names["actions"]:
            self.actions = called(self.actions, names["actions"])

    def _hand_over(self, entry: Entry) -> None:
        """The deal goes on in another process: of the one before it keeps what the entry says, and its contacts."""
        self.facts = dict(entry.facts)
        # Its side tracks begin anew, now.
        self.tracks, self.track_entered_at, self.alarms = {}, {MAIN: entry.happened_at}, {}
        self.visited, self.actions = set(), {}
        self.stage = self.previous = self.outcome = ""
        self.closed_at = None

    def _note_changes(self, facts: Mapping[str, Value]) -> None:
        """Which facts are about to change under the approvals given. One that becomes known is not among them: it may
        become what its default was.
        """
        changed = frozenset(name for name, value in facts.items() if self.facts.get(name, value) != value)
        if changed:
            self.grants = tuple(replace(grant, changed=grant.changed | changed) for grant in self.grants)

    def _note(self, entry: Entry, what: str) -> None:
        if entry.undated:
            self.undated.add(what)
        else:
            self.undated.discard(what)


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _do(times: dict[str, Times], name: str, when: datetime) -> None:
    if name:
        before = times.get(name)
        times[name] = Times(before.count + 1 if before else 1, when)


__all__ = ["Deal", "Folding", "Grant", "Times", "after", "fold"]
