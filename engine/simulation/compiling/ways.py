"""Branches with their phases, and clocks, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple

import numpy as np

from engine.machine.compile import Machine
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.process import role_may
from engine.model.rule import Approval
from engine.model.scenario import Agreeing, Form, Scenario, Spread, Work
from engine.numerics.distributions import POINTS, table
from engine.simulation.compiling.attempts import Attempt, Tried
from engine.simulation.compiling.crew import hours_of, skill_bits
from engine.simulation.plan import NONE, WHOLE, Alarms, Ints, Kind, Phases, Purpose, Small, Ways

_AT_ONCE = Spread(Form.CONSTANT)


class Phase(NamedTuple):
    """A row of ``Phases``, in the order of its columns."""

    kind: Kind
    table: int
    calendar: int
    pool: int
    skills: int
    need: int
    purpose: Purpose
    touches: bool
    own: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """What ways are made of: names and their numbers, and the tables made so far."""

    scenario: Scenario
    machine: Machine
    hours: Mapping[str, int]
    actions: Mapping[str, int]
    stages: Mapping[tuple[str, str], int]
    tables: dict[Spread, tuple[int, Ints]] = field(default_factory=dict)
    needs: dict[tuple[int, str], int] = field(default_factory=dict)

    def table(self, spread: Spread | None) -> int:
        """The row of a spread's table. Raises ``BadValue`` for one that cannot be."""
        spread = spread or _AT_ONCE
        if spread not in self.tables:
            self.tables[spread] = len(self.tables), table_of(spread)
        return self.tables[spread][0]

    def stacked(self) -> Ints:
        """All tables, one a row."""
        return np.array([found for _, found in self.tables.values()], np.int64).reshape(-1, POINTS)


def table_of(spread: Spread, *, unit: float = 1.0) -> Ints:
    """The quantile table of a spread in so large units. Raises ``BadValue`` for one that cannot be."""
    quantiles = [(share, value / unit) for share, value in spread.quantiles]
    try:
        return table(spread.form.value, p50=spread.p50 / unit, p90=spread.p90 / unit, quantiles=quantiles)
    except ValueError as error:
        raise BadValue(f"no values spread so: {error}", hint="such as {p50: 2d, p90: 9d}") from None


def needed(machine: Machine, found: Tried, scenario: Scenario) -> tuple[tuple[int, tuple[Approval, ...]], ...]:
    """By bit of ``Cast.needs``: the branch, and the approvals of which a deal needs one or more.

    Only approvals of which the scenario says something: all others are given at once.
    """
    bits: list[tuple[int, tuple[Approval, ...]]] = []
    for number, attempt in enumerate(each for here in found.branches for each in here):
        asked = [each for each in _approvals(attempt) if agreeing_of(scenario, machine, each)]
        bits += ((number, (each,)) for each in asked)
        if len(asked) > 1:
            bits.append((number, tuple(asked)))
    return tuple(bits)


def agreeing_of(scenario: Scenario, machine: Machine, approval: Approval) -> Agreeing | None:
    """What is assumed of those who give an approval: of a role that is named, else of one that includes it."""
    named = (each for role in approval.by for each in scenario.approvals if each.role == role)
    others = (each for each in scenario.approvals if role_may(machine.process, each.role, approval.by))
    return next(named, next(others, None))


def ways_of(found: Tried, shelf: Shelf) -> tuple[Ways, Phases]:
    """All branches and their phases, in the order of stages."""
    branches = [each for here in found.branches for each in here]
    bits = needed(shelf.machine, found, shelf.scenario)
    rows = [tuple(_phases(attempt, number, shelf, bits)) for number, attempt in enumerate(branches)]
    ways = Ways(
        first=_firsts(found.branches),
        upto=np.array([upto for here in found.branches for upto in _upto(here)], np.int64),
        to=_places(branches, shelf),
        action=np.array([shelf.actions[each.action] for each in branches], np.int32),
        reason=tuple(each.reason for each in branches),
        granted=np.array([_granted(each, shelf) for each in branches], np.int64),
        agreed=np.array([_agreed(number, bits) for number in range(len(branches))], np.int32),
        phase=np.cumsum([0, *map(len, rows)]).astype(np.int32),
        several=np.array([_several(number, bits) for number in range(len(branches))], np.int32),
        given=np.array([_given(each, shelf) for _, each in bits] or [WHOLE], np.int64),
    )
    return ways, _columns([row for each in rows for row in each])


def alarms_of(found: Tried, shelf: Shelf) -> Alarms:
    """All clocks that act, in the order of stages."""
    clocks = [(each, each.clock) for here in found.clocks for each in here if each.clock]
    attempts = [each for each, _ in clocks]
    return Alarms(
        first=_firsts(found.clocks),
        after=np.array([int(clock.limit.total_seconds()) for _, clock in clocks], np.int64),
        idle=np.array([clock.basis == "idle" for _, clock in clocks], np.bool_),
        to=_places(attempts, shelf),
        action=np.array([shelf.actions[each.action] for each in attempts], np.int32),
        reason=tuple(each.reason for each in attempts),
    )


def _firsts(by_stage: tuple[tuple[Attempt, ...], ...]) -> Small:
    return np.cumsum([0, *map(len, by_stage)]).astype(np.int32)


def _places(attempts: list[Attempt], shelf: Shelf) -> Small:
    return np.array([shelf.stages[each.track.id, each.to] for each in attempts], np.int32)


def _upto(here: tuple[Attempt, ...]) -> list[int]:
    shares = np.cumsum([each.branch.share for each in here if each.branch])
    if not shares.size:
        return []
    found: list[int] = np.rint(shares / shares[-1] * WHOLE).astype(np.int64).tolist()
    return found


def _granted(attempt: Attempt, shelf: Shelf) -> int:
    return _given(_approvals(attempt), shelf)


def _agreed(number: int, bits: tuple[tuple[int, tuple[Approval, ...]], ...]) -> int:
    """The bit that tells who needs any approval: the last of a branch, which is of all of them."""
    return max((bit for bit, (branch, _) in enumerate(bits) if branch == number), default=NONE)


def _several(number: int, bits: tuple[tuple[int, tuple[Approval, ...]], ...]) -> int:
    """How many approvals a branch may need, where that is more than one."""
    return max((len(approvals) for branch, approvals in bits if branch == number and len(approvals) > 1), default=0)


def _given(approvals: tuple[Approval, ...], shelf: Shelf) -> int:
    """How often all of the approvals are given."""
    agreeing = [agreeing_of(shelf.scenario, shelf.machine, each) for each in approvals]
    return round(reduce(lambda all_, each: all_ * (each.granted if each else 1.0), agreeing, 1.0) * WHOLE)


def _approvals(attempt: Attempt) -> tuple[Approval, ...]:
    """Those of all variants meant, each once."""
    return tuple({each.id: each for route in attempt.meant for each in route.action.approvals}.values())


def _phases(
    attempt: Attempt, number: int, shelf: Shelf, bits: tuple[tuple[int, tuple[Approval, ...]], ...]
) -> Iterator[Phase]:
    standing, branch = attempt.standing, attempt.branch
    if standing is None or branch is None:
        return
    if standing.work:
        yield _work(standing.work, Purpose.ENTRY_WORK, shelf)
    dwell = shelf.table(branch.dwell or standing.dwell)
    calendar = hours_of(standing.hours, shelf.hours)
    yield Phase(Kind.WAIT, dwell, calendar, NONE, 0, NONE, Purpose.VISIT, touches=False, own=True)
    touching = shelf.scenario.touchpoints.get(attempt.touchpoint)
    if touching:
        yield _work(touching, Purpose.TOUCH_WORK, shelf)._replace(touches=True)
    for bit, (of, approvals) in enumerate(bits):
        if of == number and len(approvals) == 1:
            yield from _agreeing(approvals[0], bit, shelf)


def _agreeing(approval: Approval, bit: int, shelf: Shelf) -> Iterator[Phase]:
    agreeing = agreeing_of(shelf.scenario, shelf.machine, approval)
    if agreeing and agreeing.wait:
        wait = shelf.table(agreeing.wait)
        yield Phase(Kind.WAIT, wait, NONE, NONE, 0, bit, Purpose.APPROVAL_WAIT, touches=False, own=False)
    if agreeing and agreeing.work:
        yield _work(agreeing.work, Purpose.APPROVAL_WORK, shelf)._replace(need=bit)


def _work(work: Work, purpose: Purpose, shelf: Shelf) -> Phase:
    pools = [pool.id for pool in shelf.scenario.pools]
    if work.pool not in pools:
        raise UnknownName(f"the scenario has no pool '{work.pool}'", hint=did_you_mean(work.pool, pools))
    bits = skill_bits(shelf.scenario)
    people = shelf.scenario.pools[pools.index(work.pool)].people
    if work.skill and not any(work.skill in person.skills for person in people):
        hint = did_you_mean(work.skill, bits)
        raise UnknownName(f"nobody in pool '{work.pool}' has the skill '{work.skill}'", hint=hint)
    skills = bits[work.skill] if work.skill else 0
    effort = shelf.table(work.effort)
    return Phase(Kind.WORK, effort, NONE, pools.index(work.pool), skills, NONE, purpose, touches=False, own=False)


def _columns(rows: list[Phase]) -> Phases:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(Phase._fields)
    kinds = (np.int32, np.int32, np.int32, np.int32, np.uint64, np.int32, np.int32, np.bool_, np.bool_)
    return Phases(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))
