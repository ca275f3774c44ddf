"""Deals told in short texts to the five tables: ``deal("A", "new 0, demo 3, won 10")``, in days after the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.model.map import Map
from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.study import Section, Study
from engine.model.syntax import DATE, DURATION, MONEY, TEXT, YES_NO, Kind, Type
from engine.tables.build import GrowingTables, Tables

START = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = {"won": "won", "lost": "lost", "gone": "other"}
STAGES = tuple(Stage(each, ends=ENDS.get(each, "")) for each in ("new", "demo", "offer", "won", "lost", "gone"))
FACTS = {
    "amount": Fact("amount", MONEY),
    "segment": Fact("segment", Type(Kind.CHOICE, ("small", "large"))),
    "urgent": Fact("urgent", YES_NO),
    "due": Fact("due", DATE),
    "trial": Fact("trial", DURATION),
    "note_of": Fact("note_of", TEXT),
}
SALE = Process("sale", 1, Track("main", STAGES, ()), facts=FACTS, currency="EUR")


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


@dataclass(frozen=True)
class Told:
    """A deal: visits and touches as text, facts as (sequence, fact, value)."""

    name: str
    visits: str
    touches: str = ""
    facts: tuple[tuple[int, str, str], ...] = ()
    owner: str = ""
    amount: int | None = None
    process: str = "sale"
    version: int = 1
    track: str = "main"
    columns: dict[str, object] = field(default_factory=dict)

    @property
    def steps(self) -> list[tuple[str, datetime | None]]:
        return [step(each) for each in self.visits.split(",")]


def step(text: str) -> tuple[str, datetime | None]:
    """``demo 3`` or, undated, ``demo``."""
    name, _, when = text.strip().partition(" ")
    return name, day(float(when)) if when else None


def deal(name: str, visits: str, **more: object) -> Told:
    return Told(name, visits, **more)  # type: ignore[arg-type]


def many(count: int, visits: str, prefix: str = "", **more: object) -> list[Told]:
    """So many deals alike."""
    return [deal(f"{prefix or visits}{number}", visits, **more) for number in range(count)]


def tables(*deals: Told) -> Tables:
    types = {name: fact.type for name, fact in FACTS.items()}
    growing = GrowingTables(types)
    for each in deals:
        _add(each, growing)
    return growing.whole()


def _add(told: Told, growing: GrowingTables) -> None:
    steps = told.steps
    for place, (stage, entered) in enumerate(steps):
        left = steps[place + 1][1] if place + 1 < len(steps) else None
        before = steps[place - 1][0] if place else ""
        moved = (told.name, place + 1, told.process, told.version, told.track, "", before, stage, entered, left)
        growing.moves.add((*moved, (left - entered) / timedelta(days=1) if left and entered else None, "", ""))
    for text in filter(None, told.touches.split(",")):
        kind, when, *stage = text.split()
        growing.touches.add((told.name, day(float(when)), kind, stage[0] if stage else "", ""))
    for seq, fact, value in told.facts:
        growing.facts.add((told.name, seq, None, fact, value))
    last, closed = steps[-1]
    outcome = ENDS.get(last, "")
    amount = None if told.amount is None else Decimal(told.amount)
    known = [told.columns.get(name) for name in sorted(FACTS) if name != "amount"]
    head = (told.name, told.process, told.version, steps[0][1], closed if outcome else None, last, outcome)
    growing.deals.add((*head, told.owner, amount, *known))


def section(study: Study, name: str) -> Section:
    """The section of that id."""
    return next(each for each in study.sections if each.id == name)


def rows(found: Section, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of a section, by their ids."""
    places = [[each.id for each in found.headings].index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in found.rows]


__all__ = ["SALE", "Map", "Told", "day", "deal", "many", "rows", "section", "tables"]
