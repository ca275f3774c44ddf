"""A plan and a cast as lists: what a loop in plain Python reads quickest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.numerics.dice import step
from engine.simulation.engines.hours import Stretches, stretches
from engine.simulation.engines.script import several_of
from engine.simulation.plan import Cast, Keys, Kind, Plan

_STEPS = 8
"""So many draws in one stage have their steps reckoned beforehand."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The parts of a ``Plan`` under the same names, as lists. ``steps`` are of draws for a visit, by their number."""

    end: int
    branches: int
    keys: list[int]
    is_end: list[bool]
    first: list[int]
    upto: list[int]
    to: list[int]
    granted: list[int]
    agreed: list[int]
    several: list[tuple[tuple[int, int], ...]]
    phase: list[int]
    is_work: list[bool]
    table: list[int]
    calendar: list[int]
    pool: list[int]
    skills: list[int]
    need: list[int]
    purpose: list[int]
    touches: list[bool]
    own: list[bool]
    clocks: list[int]
    after: list[int]
    idle: list[bool]
    clock_to: list[int]
    tables: list[list[int]]
    calendars: tuple[Stretches, ...]
    steps: list[int]

    def step(self, visit: int) -> int:
        """What the draw of so many visits before adds to the keys."""
        return self.steps[visit] if visit < _STEPS else step(visit, 0)


@lru_cache(maxsize=2)
def sheet_of(plan: Plan) -> Sheet:
    """The lists of a plan. All runs share them."""
    ways, phases, alarms = plan.ways, plan.phases, plan.alarms
    return Sheet(
        end=plan.end,
        branches=plan.branches,
        keys=plan.keys.tolist(),
        is_end=[bool(each) for each in plan.ends],
        first=ways.first.tolist(),
        upto=ways.upto.tolist(),
        to=ways.to.tolist(),
        granted=ways.granted.tolist(),
        agreed=ways.agreed.tolist(),
        several=[several_of(plan, way) for way in range(plan.branches)],
        phase=ways.phase.tolist(),
        is_work=(phases.kind == Kind.WORK).tolist(),
        table=phases.table.tolist(),
        calendar=phases.calendar.tolist(),
        pool=phases.pool.tolist(),
        skills=phases.skills.tolist(),
        need=phases.need.tolist(),
        purpose=phases.purpose.tolist(),
        touches=phases.touches.tolist(),
        own=phases.own.tolist(),
        clocks=alarms.first.tolist(),
        after=alarms.after.tolist(),
        idle=alarms.idle.tolist(),
        clock_to=alarms.to.tolist(),
        tables=plan.tables.tolist(),
        calendars=stretches(plan.calendars),
        steps=[step(visit, 0) for visit in range(_STEPS)],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """The parts of a ``Cast`` under the same names, as lists; ``barred`` and ``needs`` are one whole number a deal."""

    keys: list[int]
    stage: list[int]
    entered: list[int]
    last_contact: list[int]
    comes: list[int]
    branch: list[int]
    until: list[int]
    barred: list[int]
    needs: list[int]
    ranks: list[list[int]]


def roll_of(cast: Cast) -> Roll:
    """The lists of a cast."""
    return Roll(
        keys=cast.keys.tolist(),
        stage=cast.stage.tolist(),
        entered=cast.entered.tolist(),
        last_contact=cast.last_contact.tolist(),
        comes=cast.comes.tolist(),
        branch=cast.branch.tolist(),
        until=cast.until.tolist(),
        barred=_bits(cast.barred, cast.size),
        needs=_bits(cast.needs, cast.size),
        ranks=cast.ranks.tolist(),
    )


def _bits(words: Keys, size: int) -> list[int]:
    found: list[int] = [0] * size
    for number, word in enumerate(words):
        if word.any():
            found = [before | bits << 64 * number for before, bits in zip(found, word.tolist(), strict=True)]
    return found
