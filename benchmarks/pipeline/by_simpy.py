"""The same pipeline as a program for SimPy, written as its documents show: a process a deal, a store of people."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import exp, log
from typing import Any

HOUR, DAY, WEEK = 3600, 86_400, 604_800
WON, LOST = 5, 6
PROSPECT, QUALIFIED, DEMO, PROPOSAL, NEGOTIATION = range(5)
_P90 = 1.2815515655446004


def _spread(p50: float, p90: float) -> tuple[float, float]:
    return log(p50), log(p90 / p50) / _P90


DWELL = (
    _spread(3 * DAY, 11 * DAY),
    _spread(4 * DAY, 15 * DAY),
    _spread(16 * HOUR, 47 * HOUR),
    _spread(20 * HOUR, 57 * HOUR),
    _spread(5 * DAY, 18 * DAY),
)
EFFORT = {DEMO: _spread(480, 1200), PROPOSAL: _spread(600, 1500)}
SHARES = ((0.6, 1), (0.7, 1), (0.65, 0.9, 1), (0.6, 1), (0.55, 0.7, 1))
LEADS = ((QUALIFIED, LOST), (DEMO, LOST), (PROPOSAL, LOST, QUALIFIED), (NEGOTIATION, LOST), (WON, PROPOSAL, LOST))
AMOUNT = _spread(9000, 40_000)


def decides(facts: Any) -> bool:
    return facts["contact_role"] in ("champion", "economic-buyer")


def has_budget(facts: Any) -> bool:
    return facts["budget_confirmed"] and facts["amount"] >= 2000


def is_agreed(facts: Any) -> bool:
    return facts["discount"] <= 10 or facts["contact_role"] == "economic-buyer" or facts["amount"] < 20_000


RULES: dict[tuple[int, int], Callable[[Any], bool]] = {
    (DEMO, PROPOSAL): decides,
    (PROPOSAL, NEGOTIATION): has_budget,
    (NEGOTIATION, WON): is_agreed,
}


@dataclass
class Told:
    """Rows of (deal, stage, entered, left, way), (deal, way, moment), (deal, stage, person, asked, begun, done)."""

    visits: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[tuple[Any, ...]] = field(default_factory=list)
    works: list[tuple[Any, ...]] = field(default_factory=list)


def play(  # noqa: C901 - what its processes share
    *, prospects: int, weeks: float, rules: bool, people: bool, seed: int
) -> Told:
    """About so many prospects come in these weeks, and go as far as they get until then."""
    import simpy

    chance, told, env = random.Random(seed), Told(), simpy.Environment()
    normal, uniform, end = chance.normalvariate, chance.random, WEEK * weeks
    staff: Any = None
    if people:
        staff = simpy.Store(env)
        staff.items.extend(range(10))
    openings = [week * WEEK + day * DAY + 9 * HOUR for week in range(int(end / WEEK) + 4) for day in range(5)]

    def facts() -> dict[str, Any]:
        if not rules:
            return {}
        return {
            "amount": round(exp(normal(*AMOUNT)) / 100) * 100,
            "discount": chance.choices((0, 5, 15), (60, 20, 20))[0],
            "contact_role": chance.choices(("user", "champion", "economic-buyer"), (20, 50, 30))[0],
            "budget_confirmed": uniform() < 0.8,
        }

    def worked(deal: int, stage: int) -> Iterator[Any]:
        asked = env.now
        person = yield staff.get()
        place = bisect(openings, env.now) - 1
        if place < 0 or env.now >= openings[place] + 8 * HOUR:
            place += 1
            yield env.timeout(openings[place] - env.now)
        begun, left = env.now, exp(normal(*EFFORT[stage]))
        # What is left at closing time goes on when the hours begin again.
        today = openings[place] + 8 * HOUR - begun
        while left > today:
            left -= today
            place += 1
            yield env.timeout(openings[place] - env.now)
            today = 8 * HOUR
        yield env.timeout(left)
        told.works.append((deal, stage, person, asked, begun, env.now))
        yield staff.put(person)

    def life(deal: int) -> Iterator[Any]:
        known, stage = facts(), PROSPECT
        while stage < WON:
            entered = env.now
            if people and stage in EFFORT:
                yield from worked(deal, stage)
            while True:
                way = bisect(SHARES[stage], uniform())
                if not people or stage not in EFFORT:
                    yield env.timeout(exp(normal(*DWELL[stage])))
                to = LEADS[stage][way]
                rule = RULES.get((stage, to)) if rules else None
                if rule is None or rule(known):
                    break
                told.refusals.append((deal, way, env.now))
                if people and stage in EFFORT:
                    yield env.timeout(1)
            told.visits.append((deal, stage, entered, env.now, way))
            stage = to

    def source() -> Iterator[Any]:
        deal, pace = 0, prospects / end
        while True:
            yield env.timeout(chance.expovariate(pace))
            env.process(life(deal))
            deal += 1

    env.process(source())
    env.run(until=end)
    return told
