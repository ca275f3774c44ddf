"""What compiled loops are made of: a plan and a cast as tuples of arrays, and the small steps that all loops take.

The steps are written in the few words that a compiler knows. A loop calls them by name, and
``numerics.compiled`` compiles them along with it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.numerics.dice import GOLDEN, PURPOSES
from engine.numerics.distributions import CELLS, POINTS
from engine.simulation.plan import NEVER, NONE, WHOLE, Cast, Kind, Plan, Purpose

U = np.uint64
LOW = U(0xFFFFFFFF)
HALF = U(32)
SHIFTS = (U(30), U(27), U(31))
FACTORS = (U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB))
VISITING = U(GOLDEN)
VISITED = U(PURPOSES * GOLDEN & 0xFFFFFFFFFFFFFFFF)
GRANTING = U((Purpose.GRANT + 1) * GOLDEN & 0xFFFFFFFFFFFFFFFF)


class Ways(NamedTuple):
    """The stages and what is tried in them, as in ``plan.Ways``."""

    keys: Any
    is_end: Any
    first: Any
    upto: Any
    to: Any
    granted: Any
    agreed: Any
    phase: Any
    several: Any
    given: Any


class Phases(NamedTuple):
    """As in ``plan.Phases``; ``table`` is where a table begins in ``tables``, ``step`` what is added to draw for it."""

    is_work: Any
    table: Any
    calendar: Any
    pool: Any
    skills: Any
    need: Any
    step: Any
    touches: Any
    own: Any
    on_entering: Any
    tables: Any


class Clocks(NamedTuple):
    """As in ``plan.Alarms``."""

    first: Any
    after: Any
    idle: Any
    to: Any


class Hours(NamedTuple):
    """As in ``plan.Calendars``."""

    first: Any
    begins: Any
    ends: Any
    worked: Any


class Team(NamedTuple):
    """As in ``plan.Crew``; ``free``: when each may begin something else, ``at``: in which stretch of their hours."""

    first: Any
    calendar: Any
    skills: Any
    free: Any
    at: Any


class Deals(NamedTuple):
    """As in ``plan.Cast``."""

    keys: Any
    stage: Any
    entered: Any
    contact: Any
    comes: Any
    branch: Any
    until: Any
    barred: Any
    needs: Any


def ways(plan: Plan) -> Ways:
    """The stages and branches of a plan."""
    of, is_end = plan.ways, np.array([bool(each) for each in plan.ends])
    rest = (_whole(each) for each in (of.first, of.upto, of.to, of.granted, of.agreed, of.phase))
    several = np.array([len(of.approvals(way)) for way in range(plan.branches)], np.int64)
    given = np.full(1, WHOLE, np.int64) if of.given is None else _whole(of.given)
    return Ways._make([np.ascontiguousarray(plan.keys), is_end, *rest, several, given])


def phases(plan: Plan) -> Phases:
    """The phases of a plan."""
    of = plan.phases
    return Phases(
        is_work=of.kind == Kind.WORK,
        table=_whole(of.table) * POINTS,
        calendar=_whole(of.calendar),
        pool=_whole(of.pool),
        skills=np.ascontiguousarray(of.skills),
        need=_whole(of.need),
        step=(of.purpose.astype(np.uint64) + U(1)) * VISITING,
        touches=np.ascontiguousarray(of.touches),
        own=np.ascontiguousarray(of.own),
        on_entering=of.purpose == Purpose.ENTRY_WORK,
        tables=_whole(plan.tables).ravel(),
    )


def clocks(plan: Plan) -> Clocks:
    """The clocks of a plan."""
    of = plan.alarms
    return Clocks(_whole(of.first), _whole(of.after), np.ascontiguousarray(of.idle), _whole(of.to))


def hours(plan: Plan) -> Hours:
    """The calendars of a plan."""
    of = plan.calendars
    return Hours(_whole(of.first), _whole(of.begins), _whole(of.ends), _whole(of.worked))


def team(plan: Plan) -> Team:
    """The people of a plan, all free, in the first stretch of their hours."""
    of, calendar = plan.crew, _whole(plan.crew.calendar)
    at = _whole(plan.calendars.first)[calendar]
    return Team(_whole(of.first), calendar, np.ascontiguousarray(of.skills), np.full(calendar.size, -NEVER), at)


def deals(cast: Cast) -> Deals:
    """Those who take part."""
    whole = (_whole(each) for each in _columns(cast))
    return Deals(np.ascontiguousarray(cast.keys), *whole, *map(np.ascontiguousarray, (cast.barred, cast.needs)))


def _columns(cast: Cast) -> tuple[Any, ...]:
    return cast.stage, cast.entered, cast.last_contact, cast.comes, cast.branch, cast.until


def _whole(column: Any) -> Any:
    return np.ascontiguousarray(column, dtype=np.int64)


def mixed(value: Any) -> Any:
    """``dice.mixed`` of one."""
    value = (value ^ (value >> SHIFTS[0])) * FACTORS[0]
    value = (value ^ (value >> SHIFTS[1])) * FACTORS[1]
    return value ^ (value >> SHIFTS[2])


def drawn(tables: Any, table: Any, draw: Any) -> Any:
    """``distributions.drawn`` of one."""
    low = np.int64(draw & LOW)
    place, within = low >> 22, low & 0x3FFFFF
    if place == CELLS - 1:
        place, within = CELLS + (within >> 12), (within & 0xFFF) << 10
    start = tables[table + place]
    return start + ((tables[table + place + 1] - start) * within + (1 << 21) >> 22)


def is_put(words: Any, bit: Any, deal: Any) -> Any:
    """Whether a bit of ``Cast.barred`` or ``Cast.needs`` is put for a deal."""
    return (words[bit >> 6, deal] >> U(bit & 63)) & U(1) != U(0)


def share_given(of: Any, way: Any, needs: Any, deal: Any) -> Any:
    """How often all approvals are given that a deal needs for a branch, as ``script.granted_of``."""
    if of.several[way] == 0:
        return of.granted[way]
    found = WHOLE
    for bit in range(of.agreed[way] - of.several[way], of.agreed[way]):
        if is_put(needs, bit, deal):
            found = (found >> 1) * (of.given[bit] >> 1) >> 30
    return found


def passed(of: Any, calendar: Any, moment: Any, seconds: Any) -> Any:
    """When so many seconds of a calendar have passed after a moment, as ``hours.passed``."""
    if seconds <= 0:
        return moment
    first, last = of.first[calendar], of.first[calendar + 1]
    # The last stretch that begins at or before the moment, and then the last one with less worked before it.
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if of.begins[middle] <= moment:
            low = middle + 1
        else:
            high = middle
    if low > first:
        seconds += of.worked[low - 1] + min(moment, of.ends[low - 1]) - of.begins[low - 1]
        low -= 1
    high = last
    while low < high:
        middle = (low + high) >> 1
        if of.worked[middle] < seconds:
            low = middle + 1
        else:
            high = middle
    found = of.begins[low - 1] + seconds - of.worked[low - 1]
    return found if found <= of.ends[low - 1] else NEVER


def ready(of: Any, its: Any, person: Any, moment: Any) -> Any:
    """The first second from a moment on at which somebody may begin; moments only ever grow."""
    calendar = its.calendar[person]
    if calendar == NONE:
        return moment
    at, last = its.at[person], of.first[calendar + 1]
    while at < last and of.ends[at] <= moment:
        at += 1
    its.at[person] = at
    return max(of.begins[at], moment) if at < last else NEVER


def first_due(of: Any, stage: Any, entered: Any, contact: Any, barred: Any, deal: Any, branches: Any) -> Any:
    """When the clock acts that acts first on a deal, and its number; ``NEVER`` where none does."""
    due, found = NEVER, NONE
    for clock in range(of.first[stage], of.first[stage + 1]):
        moment = (contact if of.idle[clock] else entered) + of.after[clock]
        if moment < due and not is_put(barred, branches + clock, deal):
            due, found = moment, clock
    return due, found


def push(heap: Any, size: Any, item: Any) -> None:
    """One more into a heap of so many; there is room."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if heap[above] <= item:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = item


def pop(heap: Any, size: Any) -> Any:
    """The least of a heap of so many, taken out of it."""
    least, size = heap[0], size - 1
    item, place, below = heap[size], 0, 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= item:
            break
        heap[place] = heap[below]
        place, below = below, 2 * below + 1
    heap[place] = item
    return least
