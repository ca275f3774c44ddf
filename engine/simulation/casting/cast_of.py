"""Who takes part in a run: the deals that are open, each with its age, and the new prospects that come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.machine.compile import Machine
from engine.machine.vectors import Inexact, Numbers, Texts, Truth, Vector
from engine.model.deal import Deal
from engine.model.scenario import Scenario, Serving
from engine.numerics.dice import run_key
from engine.simulation.casting.aged import Aged, aged, going_on
from engine.simulation.casting.arrivals import Coming, arriving, coming
from engine.simulation.casting.columns import People, people_of, stacked
from engine.simulation.casting.court import Court, court
from engine.simulation.casting.facts import Drawing, drawing, facts_of
from engine.simulation.casting.filled import filled, lacking
from engine.simulation.casting.judged import barred, needs
from engine.simulation.compiling.attempts import tried
from engine.simulation.compiling.calendar import DAY, local_days
from engine.simulation.plan import NEVER, NONE, Cast, Ints, Keys, Mask, Plan

AMOUNT = "amount"
"""The fact that says what a deal is worth."""


_Kind = TypeVar("_Kind", np.int32, np.int64)
_BLOCK = 1 << 16
"""So many prospects at a time stay where the processor reaches them quickly."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of those who take part: their facts, and what is judged of them."""

    size: int
    facts: Mapping[str, Vector]
    barred: Keys
    needs: Keys


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """What is the same in all runs.

    ``midnights`` are the moments at which the local ``days`` begin. ``by_fact`` are the pools that serve by a fact.
    ``aged.overdue`` names the open deals that stand longer than anything assumed allows: they go on at once.
    ``standing`` is as open deals are recorded; where they lack a fact that is drawn (``lacking``), ``open_`` are judged
    in each run.
    """

    machine: Machine
    plan: Plan
    coming: Coming
    drawing: Drawing
    court: Court
    days: Ints
    midnights: Ints
    by_fact: tuple[tuple[int, str], ...]
    aged: Aged
    open_: People
    lacking: Mapping[str, Mask]
    standing: Part


def casting(scenario: Scenario, machine: Machine, plan: Plan, *, open_deals: Sequence[Deal] = ()) -> Casting:
    """What is the same in all runs of a scenario.

    Raises ``BadValue`` and ``UnknownName`` as ``plan_of`` does, and ``BadValue`` for open deals in stages of which the
    scenario says nothing.
    """
    zone = machine.frame.zone
    days, midnights = local_days(zone, begin=plan.begin, end=plan.end)
    judge = court(scenario, machine, plan, tried(scenario, machine))
    open_ = aged(scenario, machine, plan, open_deals=open_deals)
    standing = people_of(machine, open_.deals, begin=plan.begin)
    drawn = drawing(scenario, machine.process)
    return Casting(
        machine=machine,
        plan=plan,
        coming=coming(scenario, plan, zone=zone),
        drawing=drawn,
        court=judge,
        days=days,
        midnights=midnights,
        by_fact=tuple((at, pool.fact) for at, pool in enumerate(scenario.pools) if pool.serving is Serving.BY_FACT),
        aged=open_,
        open_=standing,
        lacking=lacking(drawn, open_.deals),
        standing=_part(judge, standing),
    )


def cast_of(casting: Casting, *, seed: int, run: int, plan: Plan | None = None) -> Cast:
    """Those who take part in one run: the same for the same seed and run, whoever asks and in whichever order.

    ``plan`` is that of the run, where it has shares and times of its own.
    """
    key, open_ = run_key(seed, run), casting.aged
    comes, keys = arriving(casting.coming, run=key)
    blocks = [slice(at, at + _BLOCK) for at in range(0, comes.size, _BLOCK)] or [slice(0, 0)]
    own, branch, until = going_on(open_, plan or casting.plan, run=key)
    parts = [_standing(casting, own), *(_newcomers(casting, keys[block], comes[block]) for block in blocks)]
    facts = _facts(parts)
    size = own.size + comes.size
    people = People(casting.machine, size, facts, comes)
    return Cast(
        keys=np.concatenate([own, keys]),
        names=tuple(deal.id for deal in open_.deals),
        stage=_whole(open_.stage, size, fill=0),
        entered=np.concatenate([open_.entered, comes]),
        comes=np.concatenate([np.full(own.size, casting.plan.begin), comes]),
        branch=_whole(branch, size, fill=NONE),
        until=_whole(until, size, fill=NONE),
        barred=np.concatenate([part.barred for part in parts], axis=1),
        needs=np.concatenate([part.needs for part in parts], axis=1),
        ranks=_ranks(casting, people),
        value=_value(facts.get(AMOUNT), size),
        facts=facts,
        open_deals=open_.deals,
        touched=np.concatenate([open_.touched, comes]),
    )


def _standing(casting: Casting, keys: Keys) -> Part:
    """The open deals, each with what it lacks as it is drawn in this run."""
    if not casting.lacking:
        return casting.standing
    drawn = _drawn(casting, keys, casting.open_.comes)
    return _part(casting.court, filled(casting.open_, casting.lacking, drawn))


def _newcomers(casting: Casting, keys: Keys, comes: Ints) -> Part:
    return _part(casting.court, People(casting.machine, comes.size, _drawn(casting, keys, comes), comes))


def _drawn(casting: Casting, keys: Keys, comes: Ints) -> dict[str, Vector]:
    local = _local(casting, comes) if casting.drawing.has_dates else comes
    return facts_of(casting.drawing, keys, local=local)


def _part(court: Court, people: People) -> Part:
    return Part(people.size, people.facts, barred(court, people), needs(court, people))


def _facts(parts: Sequence[Part]) -> dict[str, Vector]:
    """The columns of all parts. What open deals have that no column holds is told as unknown here."""
    found: dict[str, Vector] = {}
    sizes = [part.size for part in parts]
    for name in dict.fromkeys(name for part in reversed(parts) for name in part.facts):
        columns = [part.facts.get(name) for part in parts]
        try:
            column = stacked(columns, sizes=sizes)
        except Inexact:
            column = stacked([None, *columns[1:]], sizes=sizes)
        if column is not None:
            found[name] = column
    return found


def _whole(open_: npt.NDArray[_Kind], size: int, *, fill: int) -> npt.NDArray[_Kind]:
    """Those of open deals, then one and the same for all new prospects."""
    found = np.full(size, fill, open_.dtype)
    found[: open_.size] = open_
    return found


def _local(casting: Casting, comes: Ints) -> Ints:
    """The seconds since 1970 on the clock on the wall, on the day on which each one comes."""
    at = np.searchsorted(casting.midnights, comes, side="right") - 1
    # The day on which the clock is put back is longer than others.
    local: Ints = casting.days[at] * DAY + np.minimum(comes - casting.midnights[at], DAY - 1)
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
