"""A plan and a cast as lists: what a loop in plain Python reads quickest, and the arithmetic that it needs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.numerics.dice import step
from engine.simulation.plan import NEVER, NONE, Cast, Keys, Kind, Plan

Stretches = tuple[list[int], list[int], list[int]]
"""Of one calendar when each stretch begins and ends, and what was worked before it."""

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
    calendars: list[Stretches]
    steps: list[int]

    def step(self, visit: int) -> int:
        """What the draw of so many visits before adds to the keys."""
        return self.steps[visit] if visit < _STEPS else step(visit, 0)


def sheet_of(plan: Plan) -> Sheet:
    """The lists of a plan."""
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
        calendars=_calendars(plan),
        steps=[step(visit, 0) for visit in range(_STEPS)],
    )


def _calendars(plan: Plan) -> list[Stretches]:
    found, first = plan.calendars, plan.calendars.first.tolist()
    begins, ends, worked = found.begins.tolist(), found.ends.tolist(), found.worked.tolist()
    return [(begins[a:b], ends[a:b], worked[a:b]) for a, b in pairwise(first)]


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


def opens(calendars: Sequence[Stretches], calendar: int, moment: int) -> int:
    """The first moment from then on within the hours of a calendar; ``NEVER`` where they are over."""
    if calendar == NONE or moment >= NEVER:
        return moment
    begins, ends, _ = calendars[calendar]
    at = bisect_right(begins, moment)
    if at and moment < ends[at - 1]:
        return moment
    return begins[at] if at < len(begins) else NEVER


def passed(calendars: Sequence[Stretches], calendar: int, moment: int, seconds: int) -> int:
    """The first moment at which so many seconds of a calendar have passed; ``NEVER`` where it has no more of them."""
    if calendar == NONE or not seconds:
        return moment + seconds
    if moment >= NEVER:
        return NEVER
    begins, ends, worked = calendars[calendar]
    at = bisect_right(begins, moment) - 1
    # What was worked until then, and from then on so many seconds more.
    before = worked[at] + min(moment, ends[at]) - begins[at] if at >= 0 else 0
    last = bisect_left(worked, before + seconds) - 1
    if last < 0:
        return NEVER
    found = begins[last] + before + seconds - worked[last]
    return found if found <= ends[last] else NEVER
