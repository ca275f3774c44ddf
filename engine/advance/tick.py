"""Let time pass: every clock that is due warns or acts, in order of due time, once however often this is run."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from engine.advance.commit import commit
from engine.advance.entries import blank_entry, entry_of
from engine.advance.neighbours import Neighbours, no_neighbours
from engine.advance.occasion import AT_ONCE, MachineOf, Occasion, Outcome
from engine.advance.unfolding import Scene, Unfolding
from engine.journal.store import Journal
from engine.machine.clocks import EXEMPT, Due, act, next_due, not_before
from engine.machine.compile import Machine
from engine.model.alarm import Alarm, AlarmKind
from engine.model.deal import Deal
from engine.model.entry import Entry, EntryKind
from engine.model.errors import BadTime, DealForgotten, DealMovedOn, JournalError, StagewrightError
from engine.model.names import ENGINE, MAIN
from engine.model.ticked import Came, Damaged, Ticked

Progress = Callable[[int], None]


def tick(
    journal: Journal,
    machine_of: MachineOf,
    *,
    now: datetime,
    at: datetime | None = None,
    neighbours: Neighbours = no_neighbours,
    progress: Progress = lambda _: None,
) -> Iterator[Ticked]:
    """Do all that clocks have to do by ``at`` (UTC; default ``now``), and tell it one by one as it is recorded.

    Only deals that something happened to since the last time, or whose time has come, are read. It may be stopped at
    any moment and run again, and run on several computers at once. Raises ``JournalError`` where the journal gives up:
    what was told before then is recorded.
    """
    occasion = Occasion(now=now, at=at or now, actor=ENGINE)
    ticking = _Ticking(journal, machine_of, occasion, neighbours)
    _skip_what_has_no_clocks(journal, machine_of)
    yield from ticking.look(progress)
    while ticking.waiting:
        yield from ticking.next()
    ticking.note()


def _skip_what_has_no_clocks(journal: Journal, machine_of: MachineOf) -> None:
    for definition in journal.definitions():
        try:
            clocks = machine_of(definition.digest).process.clocks
        except StagewrightError:
            continue  # told with the deals that follow it
        if all(clock.track == MAIN for clock in clocks):
            journal.watch_none(definition.digest, but={stage for clock in clocks for stage in clock.stages})


class _Ticking:
    """One run: which deals wait for which clock, and until when the others have nothing to wait for."""

    def __init__(self, journal: Journal, machine_of: MachineOf, occasion: Occasion, neighbours: Neighbours) -> None:
        self.journal, self.machine_of, self.occasion, self.neighbours = journal, machine_of, occasion, neighbours
        self.at = occasion.at
        self.waiting: list[tuple[datetime, str, int, Due]] = []
        self.watched: list[tuple[Deal, datetime | None]] = []
        # What was refused or failed at this run: tried again at the next, and in the way of no other clock of the deal.
        self.aside: dict[str, set[Alarm]] = {}

    def look(self, progress: Progress) -> Iterator[Ticked]:
        """Find out what is due of all deals that may be."""
        for number, deal in enumerate(self.journal.due(self.at), start=1):
            if isinstance(deal, Damaged):
                yield Ticked(_unknown(deal.id, self.at), Came.FAILED, problem=deal.problem)
                continue
            if deal.last_at > self.at + AT_ONCE:
                yield Ticked(deal, Came.AHEAD)
                continue
            try:
                machine = self.machine_of(deal.digest)
            except StagewrightError as error:
                yield Ticked(deal, Came.FAILED, problem=str(error))
                continue
            early = not_before(machine, deal)
            if early is None or early > self.at:
                self._watch(deal, early)
            else:
                self._sort_in(deal, machine)
            if number % _EVERY == 0:
                progress(number)

    def _watch(self, deal: Deal, due_at: datetime | None) -> None:
        self.watched.append((deal, due_at))
        if len(self.watched) == _EVERY:
            self.note()

    def note(self) -> None:
        """Write down until when nothing is due."""
        self.journal.watch(self.watched)
        self.watched = []

    def next(self) -> Iterator[Ticked]:
        """Do what is due first, and find out what is due of that deal then."""
        _, deal_id, _, due = heapq.heappop(self.waiting)
        found = self._do(deal_id, due)
        if found is not None:
            yield found

    def _sort_in(self, deal: Deal, machine: Machine) -> None:
        due = self._due(deal, machine)
        if due is None or due.at > self.at:
            if deal.id not in self.aside:
                self._watch(deal, due.at if due else None)
        else:
            heapq.heappush(self.waiting, (due.at, deal.id, len(self.waiting), due))

    def _due(self, deal: Deal, machine: Machine) -> Due | None:
        but = self.aside.get(deal.id, set())
        return next_due(machine, deal, now=self.at, last_recorded=self._last_recorded, but=but)

    def _last_recorded(self, deal: Deal, facts: tuple[str, ...]) -> datetime | None:
        names = set(facts)
        for entry in reversed(self.journal.entries(deal.id)):
            if entry.kind is EntryKind.MIGRATED:
                # That a fact has another name since is no activity.
                names |= {place.partition("/")[2] for place, name in entry.renamed.items() if name in names}
            elif entry.kind is not EntryKind.REFUSED and not names.isdisjoint(entry.facts):
                return entry.happened_at
        return None

    def _do(self, deal_id: str, due: Due) -> Ticked | None:
        try:
            outcome = self._committed(deal_id, due)
        except DealMovedOn:
            return self._told(deal_id, due, Came.BUSY)
        except (BadTime, DealForgotten):
            return None  # somebody was there since this run began: the next one sees to it
        except JournalError:
            raise
        except StagewrightError as error:
            return self._failed(deal_id, due, str(error))
        deal, entries = outcome.deal, outcome.entries
        if outcome.decision is not None and not outcome.decision.allowed:
            self.aside.setdefault(deal_id, set()).add(due.alarm)
        if deal is not None:
            self._sort_in(deal, self.machine_of(deal.digest))
        if deal is None or outcome.repeated:
            return None  # somebody else did it
        if not entries:
            # Put off by what happened meanwhile, or refused as before.
            return Ticked(deal, Came.STILL, due.clock.id, due.at) if outcome.decision is not None else None
        return Ticked(deal, _came(entries[0], due), due.clock.id, due.at, entries)

    def _committed(self, deal_id: str, due: Due) -> Outcome:
        return commit(
            self.journal,
            self.machine_of,
            deal_id,
            occasion=replace(self.occasion, key=_key(due)),
            decide_entries=lambda deal, occasion: self._decided(deal, occasion, due),
            same=lambda entry, _: entry.alarm == due.alarm,
        )

    def _decided(self, deal: Deal, occasion: Occasion, due: Due) -> Outcome:
        """What the clock does to the deal as it now stands; no entries where there is nothing new to record."""
        machine = self.machine_of(deal.digest)
        again = self._due(deal, machine)
        if again is None or again.alarm != due.alarm or again.at > self.at:
            return Outcome(deal)
        unfolding = Unfolding(Scene(self.journal, self.neighbours, occasion), machine, deal)
        if due.alarm.kind is AlarmKind.WARN or not due.clock.then:
            entry = blank_entry(deal, occasion, EntryKind.WARNED)
            unfolding.happen(replace(entry, alarm=due.alarm, track=due.clock.track))
            return unfolding.outcome()
        decision = unfolding.whole(act(machine, deal, due.clock, now=self.at, actor=ENGINE), exempt=EXEMPT)
        entry = replace(entry_of(decision, deal, occasion), alarm=due.alarm)
        if not decision.allowed:
            # It is refused again at every tick, and told once.
            return Outcome(deal, () if self._is_told(deal, entry) else (entry,), decision)
        unfolding.move(decision, entry)
        unfolding.follow()
        return unfolding.outcome(decision)

    def _failed(self, deal_id: str, due: Due, problem: str) -> Ticked | None:
        self.aside.setdefault(deal_id, set()).add(due.alarm)
        deal = self.journal.deal(deal_id)
        if deal is not None:
            self._sort_in(deal, self.machine_of(deal.digest))
        return self._told(deal_id, due, Came.FAILED, problem)

    def _is_told(self, deal: Deal, refused: Entry) -> bool:
        """Whether the last refusal by this alarm names the same requirements."""
        before = (entry for entry in reversed(self.journal.entries(deal.id)) if entry.alarm == refused.alarm)
        last = next(before, None)
        return last is not None and _refusals(last) == _refusals(refused)

    def _told(self, deal_id: str, due: Due, came: Came, problem: str = "") -> Ticked | None:
        deal = self.journal.deal(deal_id)
        return Ticked(deal, came, due.clock.id, due.at, problem=problem) if deal else None


_EVERY = 4000


def _unknown(deal_id: str, at: datetime) -> Deal:
    """A deal of which nothing but its name can be read."""
    return Deal(deal_id, "", 0, "", "", at, at, at)


def _key(due: Due) -> str:
    alarm = due.alarm
    return f"clock:{alarm.clock}:{alarm.since.isoformat()}:{alarm.kind.value}"


def _came(entry: Entry, due: Due) -> Came:
    if entry.kind is EntryKind.WARNED:
        return Came.WARNED if due.alarm.kind is AlarmKind.WARN else Came.PASSED
    return Came.MOVED if entry.kind is EntryKind.MOVED else Came.REFUSED


def _refusals(entry: Entry) -> tuple[str, ...]:
    return tuple(verdict.requirement for verdict in entry.verdicts if not verdict.stands)
