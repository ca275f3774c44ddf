"""Deals that are open when the simulation starts: what they will try next, and when, given how long they have stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.machine.compile import Machine
from engine.model.deal import Deal
from engine.model.errors import BadValue
from engine.model.names import MAIN, did_you_mean
from engine.model.scenario import Scenario
from engine.numerics.dice import mixed, name_key, own_keys, step
from engine.numerics.distributions import drawn, share_below
from engine.simulation.compiling.calendar import add, calendars, seconds_of, worked_between
from engine.simulation.plan import NONE, WHOLE, Ints, Keys, Mask, Plan, Purpose, Small

_SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What is still to come for deals in one stage, by their age.

    ``upto`` (deals × branches) are the shares of it, added up, in parts of ``WHOLE``; ``past`` (deals × branches) how
    much of a branch's dwell lies behind a deal of that age, in the same parts. ``tables`` are the rows of the dwells'
    tables. ``overdue``: nothing is still to come.
    """

    upto: Ints
    past: Ints
    tables: tuple[int, ...]
    overdue: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The deals that stand in one stage: ``rows`` among all open deals, each with its ``age`` (seconds, in the hours of
    the stage).

    ``first`` is the first branch of the stage, ``ahead`` what is still to come for them by the plan of all runs.
    """

    stage: int
    rows: Ints
    age: Ints
    first: int
    calendar: int
    ahead: Ahead


@dataclass(frozen=True, slots=True, eq=False)
class Aged:
    """Open deals, worked out for all runs of a ``plan``.

    ``overdue`` are those that stand longer than anything assumed allows.
    """

    plan: Plan
    deals: tuple[Deal, ...]
    numbers: Keys
    stage: Small
    entered: Ints
    touched: Ints
    standing: tuple[Standing, ...]
    overdue: tuple[str, ...]


def aged(scenario: Scenario, machine: Machine, plan: Plan, *, open_deals: Sequence[Deal]) -> Aged:
    """The open deals among those given, each with its age. Raises ``BadValue`` for those that cannot be simulated.

    What competes for a deal of some age are the branches, each as likely as its share times the part of its dwell that
    lies beyond that age: Prentice and others, "The analysis of failure times in the presence of competing risks",
    Biometrics 34 (1978). An attempt that was refused before is not told apart from one that never was.
    """
    deals = tuple(deal for deal in open_deals if not machine.process.main.is_end(deal.stage))
    _check(deals, scenario, machine, plan)
    order = {stage: number for number, (track, stage) in enumerate(plan.stages) if track == MAIN}
    stage = np.array([order[deal.stage] for deal in deals], np.int32)
    entered = np.array([seconds_of(deal.entered_at) for deal in deals], np.int64)
    active = np.array([seconds_of(deal.active_at or deal.last_at) for deal in deals], np.int64)
    since = int(entered.min(initial=plan.begin))
    back = calendars(scenario.hours, zone=machine.frame.zone, begin=since, end=plan.begin)
    standing = []
    for number in np.unique(stage).tolist():
        rows = np.flatnonzero(stage == number)
        calendar = _calendar(plan, number)
        begin = np.full(rows.size, plan.begin)
        age = worked_between(back, calendar, entered[rows], begin)
        ahead = _ahead(plan, number, age)
        standing.append(Standing(number, rows, age, int(plan.ways.first[number]), calendar, ahead))
    overdue = tuple(deals[row].id for each in standing for row in each.rows[each.ahead.overdue].tolist())
    numbers = np.array([name_key(deal.id) for deal in deals], np.uint64)
    return Aged(plan, deals, numbers, stage, entered, np.maximum(entered, active), tuple(standing), overdue)


def going_on(aged: Aged, plan: Plan, *, run: int) -> tuple[Keys, Small, Ints]:
    """The own keys of open deals in a run, the branch each will try first, and when its dwell ends.

    ``plan`` is that of the run, with the shares and times that it has.
    """
    keys = own_keys(run, aged.numbers)
    branch, until = np.full(keys.size, NONE, np.int32), np.full(keys.size, NONE, np.int64)
    for each in aged.standing:
        rows, ahead = each.rows, each.ahead if plan is aged.plan else _ahead(plan, each.stage, each.age)
        place = np.uint64((int(plan.keys[aged.stage[rows[0]]]) + step(0, Purpose.VISIT)) & (WHOLE * WHOLE - 1))
        draws = mixed(keys[rows] + place)
        high, low = (draws >> np.uint64(32)).astype(np.int64), (draws & np.uint64(WHOLE - 1)).astype(np.int64)
        chosen = (ahead.upto <= high[:, None]).sum(axis=1)
        past = ahead.past[np.arange(rows.size), chosen]
        # What is left of the distribution beyond the age is drawn from evenly.
        beyond = np.minimum(past + ((WHOLE - past) * low >> 32), WHOLE - 1).astype(np.uint64)
        dwell = np.zeros(rows.size, np.int64)
        for at, table in enumerate(ahead.tables):
            here = chosen == at
            dwell[here] = drawn(plan.tables[table], beyond[here])
        rest = np.where(past == WHOLE, 0, np.maximum(dwell - each.age, 0))
        branch[rows] = each.first + chosen
        until[rows] = add(plan.calendars, each.calendar, np.full(rows.size, plan.begin), rest)
    return keys, branch, until


def _ahead(plan: Plan, stage: int, age: Ints) -> Ahead:
    first, last = int(plan.ways.first[stage]), int(plan.ways.first[stage + 1])
    tables = tuple(_own_table(plan, branch) for branch in range(first, last))
    below = np.array([share_below(plan.tables[table], age) for table in tables]).T
    shares = np.diff(plan.ways.upto[first:last], prepend=0)
    left = shares * (1 - below)
    # Where nothing is left they go as deals go: at once, by their shares.
    overdue = left.sum(axis=1) <= 0
    left[overdue] = shares
    added = np.cumsum(left, axis=1)
    upto = np.rint(added / added[:, -1:] * WHOLE).astype(np.int64)
    return Ahead(upto, np.floor(below * WHOLE).astype(np.int64), tables, overdue)


def _own_table(plan: Plan, branch: int) -> int:
    return int(plan.phases.table[_own(plan, branch)])


def _own(plan: Plan, branch: int) -> int:
    """The phase of a branch that is its dwell."""
    begin, end = int(plan.ways.phase[branch]), int(plan.ways.phase[branch + 1])
    return begin + int(np.argmax(plan.phases.own[begin:end]))


def _calendar(plan: Plan, stage: int) -> int:
    return int(plan.phases.calendar[_own(plan, int(plan.ways.first[stage]))])


def _check(deals: tuple[Deal, ...], scenario: Scenario, machine: Machine, plan: Plan) -> None:
    process = machine.process
    others = [deal.id for deal in deals if deal.process != process.id]
    if others:
        raise BadValue(f"{_named(others)} of another process than '{process.id}'")
    lost = [deal for deal in deals if process.main.stage(deal.stage) is None]
    if lost:
        names = sorted({deal.stage for deal in lost})
        hint = did_you_mean(names[0], (stage.id for stage in process.main.stages))
        raise BadValue(f"{process.name} has no stage '{names[0]}', where {_named([d.id for d in lost])}", hint=hint)
    said = {standing.stage for standing in scenario.stages if standing.branches}
    silent = [deal for deal in deals if deal.stage not in said]
    if silent:
        here = sorted({deal.stage for deal in silent})
        stages = ", ".join(f"'{stage}'" for stage in here)
        raise BadValue(
            f"the scenario says nothing of {stages}, where {_named([deal.id for deal in silent])}",
            hint=f"add {here[0]} to stages, with its branches",
        )
    early = [deal.id for deal in deals if seconds_of(deal.entered_at) > plan.begin]
    if early:
        raise BadValue(f"{_named(early)} in a stage entered only after the simulation starts", hint="start it later")


def _named(names: Sequence[str]) -> str:
    """``deal 'a' is``, ``3 deals are: 'a', 'b', 'c'``."""
    if len(names) == 1:
        return f"deal '{names[0]}' is"
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return f"{len(names)} deals ({shown}{', …' if len(names) > _SHOWN else ''}) are"
