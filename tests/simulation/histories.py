"""Deals that happened, made up by known rules of chance, as the five tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.loading.processes import from_definition
from engine.model.entry import Definition
from engine.model.process import Process
from engine.model.syntax import Value
from engine.model.values import show_value
from engine.tables.build import GrowingTables, Tables

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 86_400


@dataclass(frozen=True)
class Past:
    """A deal: (action, stage, days after the beginning) of each visit, the first by no action; facts from the start.
    ``other/stage`` is a stage of another process. ``learnt`` says with which entry a fact came, else with the first.

    ``refused``: (action, days) of tries that were refused; ``beside``: (track, action, stage, days) of side tracks.
    """

    name: str
    visits: tuple[tuple[str, str, float | None], ...]
    facts: Mapping[str, Value] = field(default_factory=dict)
    refused: tuple[tuple[str, float], ...] = ()
    beside: tuple[tuple[str, str, str, float], ...] = ()
    learnt: Mapping[str, int] = field(default_factory=dict)


def process(text: str) -> Process:
    """A process of a text without its head."""
    whole = f"process: tiny\nversion: 1\n{text}"
    return from_definition(Definition("tiny", 1, "", (("processes/tiny/1.yaml", whole),)))


def day(number: float) -> datetime:
    """So many days after the beginning, to the second."""
    return BEGIN + timedelta(seconds=round(number * DAY))


def tables(of: Process, deals: Iterable[Past]) -> Tables:
    """The deals as tables, by name."""
    growing = GrowingTables({name: fact.type for name, fact in of.facts.items()})
    for deal in sorted(deals, key=lambda each: each.name):
        _add(of, deal, growing)
    return growing.whole()


def _add(of: Process, deal: Past, growing: GrowingTables) -> None:
    times = [None if at is None else day(at).replace(tzinfo=None) for _, _, at in deal.visits]
    happened = sorted([(at or -1.0, "moved", place) for place, (_, _, at) in enumerate(deal.visits)])
    happened += [(at, "refused", place) for place, (_, at) in enumerate(deal.refused)]
    before = ""
    for seq, (at, kind, place) in enumerate(sorted(happened), 1):
        if kind == "refused":
            when = day(at).replace(tzinfo=None)
            growing.verdicts.add(
                (deal.name, seq, when, deal.refused[place][0], "always/1", "failed", "must", "refused")
            )
            continue
        action, stage, _ = deal.visits[place]
        left = times[place + 1] if place + 1 < len(times) else None
        lasted = (left - times[place]) / timedelta(days=1) if left and times[place] else None
        elsewhere, slash, stage = stage.rpartition("/")
        at_home = (of.id, of.version) if not slash else (elsewhere, 1)
        row = (deal.name, seq, *at_home, "main", action, before, stage, times[place], left, lasted)
        growing.moves.add((*row, "", ""))
        before = stage
    for number, (track, action, stage, at) in enumerate(deal.beside, 100):
        when = day(at).replace(tzinfo=None)
        growing.moves.add((deal.name, number, of.id, 1, track, action, "", stage, when, None, None, "", ""))
    for name, value in deal.facts.items():
        seq = deal.learnt.get(name, 1)
        growing.facts.add((deal.name, seq, times[seq - 1], name, show_value(value)))
    ends = {stage.id: stage.ends for stage in of.main.stages}
    outcome, named = ends.get(before, ""), sorted(of.facts)
    closed = times[-1] if outcome else None
    values = [deal.facts.get(name) for name in named if name != "amount"]
    head = (deal.name, of.id, of.version, times[0], closed, before, outcome, "", deal.facts.get("amount"))
    growing.deals.add((*head, *values))
