"""A made-up sales team whose truth is known: what leads where, how long it takes, what is needed, what leaks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.model.process import Process, Stage, Track
from engine.model.rule import Fact
from engine.model.syntax import MONEY, TEXT, Type
from engine.model.values import show_value
from engine.tables.build import GrowingTables, Tables

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ENDS = {"won": "won", "lost": "lost"}


@dataclass(frozen=True)
class Entered:
    """A stage that a deal entered, after so many days since the beginning (``None``: nobody knows)."""

    stage: str
    day: float | None
    facts: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Touched:
    """A contact, so many days after the beginning."""

    touchpoint: str
    day: float


@dataclass(frozen=True)
class Made:
    """A deal that was made up."""

    id: str
    visits: tuple[Entered, ...]
    touches: tuple[Touched, ...] = ()


def outline(
    stages: Iterable[str], ends: Mapping[str, str] = ENDS, facts: Mapping[str, Type] | None = None, name: str = "sales"
) -> Process:
    """The bare process that a map would make of such deals."""
    line = tuple(Stage(stage, ends=ends.get(stage, "")) for stage in stages)
    return Process(name, 1, Track("main", line, ()), facts={key: Fact(key, of) for key, of in (facts or {}).items()})


def tables_of(deals: Iterable[Made], facts: Mapping[str, Type] | None = None, ends: Mapping[str, str] = ENDS) -> Tables:
    """The five tables that hold the deals."""
    growing = GrowingTables(facts or {})
    for deal in deals:
        _add(growing, deal, facts or {}, ends)
    return growing.whole()


def _add(growing: GrowingTables, deal: Made, facts: Mapping[str, Type], ends: Mapping[str, str]) -> None:
    before = ""
    for number, visit in enumerate(deal.visits):
        after = deal.visits[number + 1] if number + 1 < len(deal.visits) else None
        entered, left = _time(visit.day), _time(after.day) if after else None
        dwell = (left - entered) / DAY if entered and left else None
        growing.moves.add(
            (deal.id, number, "sales", 1, "main", "", before, visit.stage, entered, left, dwell, "", visit.reason)
        )
        for name, value in visit.facts.items():
            growing.facts.add((deal.id, number, entered, name, show_value(value)))  # type: ignore[arg-type]
        before = visit.stage
    for touch in deal.touches:
        here = [visit.stage for visit in deal.visits if visit.day is not None and visit.day <= touch.day]
        growing.touches.add((deal.id, _time(touch.day), touch.touchpoint, here[-1] if here else "", ""))
    last = deal.visits[-1]
    outcome = ends.get(last.stage, "")
    closed = _time(last.day) if outcome else None
    row = [deal.id, "sales", 1, _time(deal.visits[0].day), closed, last.stage, outcome, "", None]
    growing.deals.add((*row, *(None for name in sorted(facts) if name != "amount")))


def _time(day: float | None) -> datetime | None:
    return None if day is None else (BEGIN + day * DAY).replace(tzinfo=None)


FACTS: Mapping[str, Type] = {"amount": MONEY, "signed_by": TEXT, "region": TEXT}
LINE = ("lead", "qualified", "demo", "proposal", "won", "lost")
DWELL = {"lead": 2.0, "qualified": 5.0, "demo": 9.0, "proposal": 14.0}
TRUE_MOVES = frozenset(
    {
        ("lead", "qualified"),
        ("qualified", "demo"),
        ("qualified", "proposal"),
        ("demo", "proposal"),
        ("demo", "qualified"),
        ("proposal", "won"),
        ("lead", "lost"),
        ("qualified", "lost"),
        ("demo", "lost"),
        ("proposal", "lost"),
    }
)
LAST_DAY = 500.0


def team(count: int = 1_500, seed: int = 7) -> list[Made]:
    """Deals of a team. Below 5,000 hardly one passes ``demo``; ``signed_by`` is written down when a deal is won."""
    dice = random.Random(seed)
    return [_deal(dice, number) for number in range(count)]


def _deal(dice: random.Random, number: int) -> Made:
    day, stage = dice.uniform(0, LAST_DAY - 20), "lead"
    amount = Decimal(round(dice.lognormvariate(9.2, 0.9)))
    start = {"amount": amount, "region": dice.choice(("north", "south"))}
    visits, touches = [Entered(stage, day, start)], list[Touched]()
    while stage not in ENDS:
        onward = _onward(dice, stage, small=amount < 5000)
        day += dice.lognormvariate(0, 0.6) * DWELL[stage] * (2 if onward == "lost" else 1)
        if day > LAST_DAY:
            break
        if onward == "demo":
            touches.append(Touched("call", day - 0.0001))
        facts: dict[str, object] = {"signed_by": f"person {number}"} if onward == "won" else {}
        visits.append(
            Entered(onward, day, facts, dice.choice(("Too expensive", "No time")) if onward == "lost" else "")
        )
        stage = onward
    return Made(f"D{number:05}", tuple(visits), tuple(touches))


def _onward(dice: random.Random, stage: str, *, small: bool) -> str:
    chance = dice.random()
    match stage:
        case "lead":
            return "lost" if chance < 0.3 else "qualified"
        case "qualified":
            return "lost" if chance < 0.2 else "proposal" if chance < 0.35 else "demo"
        case "demo":
            return "qualified" if chance < 0.08 else "lost" if chance < (0.99 if small else 0.15) else "proposal"
    return "lost" if chance < 0.25 else "won"
