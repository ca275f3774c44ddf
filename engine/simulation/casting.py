"""Who takes part in a run: the deals that are open, each with its age, and the new prospects that come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.machine.compile import Machine
from engine.machine.vectors import Numbers, Texts, Truth, Vector
from engine.model.deal import Deal
from engine.model.scenario import Scenario, Serving
from engine.numerics.dice import run_key
from engine.simulation.arrivals import Coming, arriving, coming
from engine.simulation.attempts import tried
from engine.simulation.calendar import DAY, local_days
from engine.simulation.columns import People
from engine.simulation.court import Court, court
from engine.simulation.facts import Drawing, drawing, facts_of
from engine.simulation.judged import barred, needs
from engine.simulation.plan import NEVER, NONE, Cast, Ints, Plan

AMOUNT = "amount"
"""The fact that says what a deal is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """What is the same in all runs.

    ``midnights`` are the moments at which the local ``days`` begin. ``by_fact`` are the pools that serve by a fact.
    """

    machine: Machine
    plan: Plan
    coming: Coming
    drawing: Drawing
    court: Court
    days: Ints
    midnights: Ints
    by_fact: tuple[tuple[int, str], ...]


def casting(scenario: Scenario, machine: Machine, plan: Plan, *, open_deals: Sequence[Deal] = ()) -> Casting:
    """What is the same in all runs of a scenario. Raises ``BadValue`` and ``UnknownName`` as ``plan_of`` does."""
    zone = machine.frame.zone
    days, midnights = local_days(zone, begin=plan.begin, end=plan.end)
    by_fact = tuple((at, pool.fact) for at, pool in enumerate(scenario.pools) if pool.serving is Serving.BY_FACT)
    return Casting(
        machine=machine,
        plan=plan,
        coming=coming(scenario, plan, zone=zone),
        drawing=drawing(scenario, machine.process),
        court=court(scenario, machine, plan, tried(scenario, machine)),
        days=days,
        midnights=midnights,
        by_fact=by_fact,
    )


def cast_of(casting: Casting, *, seed: int, run: int) -> Cast:
    """Those who take part in one run: the same for the same seed and run, whoever asks and in whichever order."""
    comes, keys = arriving(casting.coming, run=run_key(seed, run))
    facts = facts_of(casting.drawing, keys, local=_local(casting, comes))
    people = People(casting.machine, comes.size, facts, comes)
    size = comes.size
    return Cast(
        keys=keys,
        names=(),
        stage=np.zeros(size, np.int32),
        entered=comes,
        comes=comes,
        branch=np.full(size, NONE, np.int32),
        until=np.full(size, NONE, np.int64),
        barred=barred(casting.court, people),
        needs=needs(casting.court, people),
        ranks=_ranks(casting, people),
        value=_value(facts.get(AMOUNT), size),
        facts=dict(facts),
    )


def _local(casting: Casting, comes: Ints) -> Ints:
    """The seconds since 1970 on the clock on the wall, on the day on which each one comes."""
    at = np.searchsorted(casting.midnights, comes, side="right") - 1
    local: Ints = casting.days[at] * DAY + (comes - casting.midnights[at])
    return local


def _value(amount: Vector | None, size: int) -> Ints:
    """In hundredths; 0 where it is not known."""
    if not isinstance(amount, Numbers):
        return np.zeros(size, np.int64)
    shift = 2 - amount.scale
    values = amount.values * 10**shift if shift >= 0 else amount.values // 10**-shift
    return np.where(amount.known, values, 0)


def _ranks(casting: Casting, people: People) -> Ints:
    found = np.zeros((len(casting.plan.crew.pools), people.size), np.int64)
    for pool, fact in casting.by_fact:
        found[pool] = _rank(casting.machine, fact, people.fact(fact))
    return found


def _rank(machine: Machine, fact: str, vector: Vector | None) -> Ints | int:
    """The higher the value the lower the rank; of a choice, the one declared first; the unknown last."""
    if isinstance(vector, Numbers):
        return np.where(vector.known, -vector.values, NEVER)
    if isinstance(vector, Truth):
        return np.where(vector.yes, 0, np.where(vector.no, 1, NEVER))
    if isinstance(vector, Texts):
        choices = machine.process.facts[fact].type.choices
        table = [choices.index(label) if label in choices else len(choices) for label in vector.labels]
        return np.array([*table, NEVER], np.int64)[vector.codes]
    return NEVER
