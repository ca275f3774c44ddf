"""A deal of an export to entries: its start, its moves as they were judged, and what nobody can date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.machine.compile import Machine
from engine.machine.judge import judge_past, judge_past_start
from engine.model.deal import Deal, after, fold
from engine.model.decision import Decision
from engine.model.entry import Definition, Entry, EntryKind
from engine.model.past import PastDeal, PastMove
from engine.model.syntax import Value


@dataclass(frozen=True, slots=True)
class Telling:
    """What all deals of one import share. ``actor`` is who imports; ``prefix`` begins the keys of its entries."""

    machine: Machine
    definition: Definition
    now: datetime
    prefix: str
    actor: str

    @property
    def first_stage(self) -> str:
        """Where a deal starts."""
        return self.machine.process.main.first.id


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing of a deal's past, in its place and time, and its number among them (from 1).

    ``move`` is ``None`` for a start that the export does not tell.
    """

    number: int
    kind: EntryKind
    at: datetime
    undated: bool
    move: PastMove | None


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of a deal, the deal that they make, and the decisions on its moves."""

    entries: tuple[Entry, ...]
    deal: Deal
    decisions: tuple[Decision, ...]


def happenings(telling: Telling, past: PastDeal) -> tuple[tuple[Happening, ...], int]:
    """What happened to a deal, in order, and how many rows said nothing new.

    Where nobody wrote down when, it is told with the next time known, or else with that of the import.
    """
    found: list[Happening] = []
    times = _times(past.moves, telling.now)
    stage = telling.first_stage
    repeated = 0
    if past.moves[0].to_stage != stage:
        found.append(Happening(1, EntryKind.STARTED, times[0], undated=True, move=None))
    for move, at in zip(past.moves, times, strict=True):
        kind = EntryKind.MOVED if found else EntryKind.STARTED
        if found and move.to_stage == stage:
            if not (move.facts or move.note):
                repeated += 1
                continue
            kind = EntryKind.RECORDED
        stage = move.to_stage
        found.append(Happening(len(found) + 1, kind, at, move.happened_at is None, move))
    return tuple(found), repeated


def _times(moves: Sequence[PastMove], now: datetime) -> list[datetime]:
    times = []
    following = now
    for move in reversed(moves):
        following = move.happened_at or following
        times.append(following)
    times.reverse()
    return times


def tell(telling: Telling, past: PastDeal, happened: Sequence[Happening], deal: Deal | None) -> Told:
    """The entries of what happened, after what the deal (``None``: none yet) has already."""
    entries: list[Entry] = []
    decisions: list[Decision] = []
    for each in happened:
        entry, decision = _entry(telling, past, each, deal)
        deal = fold((entry,)) if deal is None else after(deal, entry)
        entries.append(entry)
        if decision is not None:
            decisions.append(decision)
    assert deal is not None  # noqa: S101 - a deal that is new has at least a start
    return Told(tuple(entries), deal, tuple(decisions))
