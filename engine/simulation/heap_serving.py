"""The pools of the compiled event heap: who waits in which order, and who begins what.

Those who wait are kept in skew heaps (Sleator & Tarjan, "Self-adjusting heaps", SIAM J. Comput. 1986), one for each
pool and set of skills, whose nodes are the works asked for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.simulation.commit_loop import worked_until
from engine.simulation.loop_parts import U, ready
from engine.simulation.plan import NEVER, NONE, Cast, Kind, Plan

ASKS, WAITS, BEGUN, OVER = 0, 1, 2, 3
"""How far a work has come."""


class Queues(NamedTuple):
    """What waits.

    The groups of a pool (those who wait for the same skills) are ``first[pool]`` to ``first[pool + 1]``; of each
    ``head`` is the first work, ``skills`` the bits. ``group`` of each phase. Of each work what hangs ``left`` and
    ``right`` below it, its ``rank`` and ``effort``, and how far it has come. ``changed`` pools are to be looked at,
    ``woken``: when they will be because somebody begins the day.
    """

    first: Any
    head: Any
    skills: Any
    group: Any
    left: Any
    right: Any
    rank: Any
    effort: Any
    is_in: Any
    changed: Any
    woken: Any
    pool_of: Any
    order: Any
    ranks: Any
    by_stage: Any


def queues(plan: Plan, cast: Cast, *, room: int) -> Queues:
    """Empty queues, with room for so many works."""
    crew, phases = plan.crew, plan.phases
    works = [at for at in range(phases.kind.size) if phases.kind[at] == Kind.WORK]
    wanted = sorted({(int(phases.pool[at]), int(phases.skills[at])) for at in works})
    group = np.full(phases.kind.size, NONE, np.int64)
    for at in works:
        group[at] = wanted.index((int(phases.pool[at]), int(phases.skills[at])))
    pools = len(crew.pools)
    sizes = np.bincount(np.array([pool for pool, _ in wanted], np.int64), minlength=pools)
    people = np.diff(crew.first)
    return Queues(
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        head=np.full(len(wanted), NONE, np.int64),
        skills=np.array([skills for _, skills in wanted], np.uint64),
        group=group,
        left=np.empty(room, np.int64),
        right=np.empty(room, np.int64),
        rank=np.empty(room, np.int64),
        effort=np.empty(room, np.int64),
        is_in=np.zeros(room, np.int8),
        changed=np.zeros(pools, np.bool_),
        woken=np.full(pools, NONE, np.int64),
        pool_of=np.repeat(np.arange(pools), people),
        order=np.ascontiguousarray(crew.order, np.int64),
        ranks=np.ascontiguousarray(cast.ranks, np.int64),
        by_stage=np.ascontiguousarray(crew.by_stage, np.int64),
    )


def is_before(waiting: Any, rows: Any, one: Any, other: Any) -> Any:
    """Whether a work is served before another: by rank, moment asked, deal and phase."""
    if waiting.rank[one] != waiting.rank[other]:
        return waiting.rank[one] < waiting.rank[other]
    return is_sooner(rows, one, other)


def is_sooner(rows: Any, one: Any, other: Any) -> Any:
    """Whether a work was asked for before another; of one second by deal and phase."""
    if rows.asked[one] != rows.asked[other]:
        return rows.asked[one] < rows.asked[other]
    if rows.work_deal[one] != rows.work_deal[other]:
        return rows.work_deal[one] < rows.work_deal[other]
    return rows.work_phase[one] < rows.work_phase[other]


def melded(waiting: Any, rows: Any, one: Any, other: Any) -> Any:
    """Two skew heaps as one; its first."""
    if one == NONE or other == NONE:
        return one if other == NONE else other
    if is_before(waiting, rows, other, one):
        one, other = other, one
    root = one
    while True:
        below = waiting.right[one]
        waiting.right[one] = waiting.left[one]
        if below == NONE:
            waiting.left[one] = other
            return root
        if is_before(waiting, rows, other, below):
            waiting.left[one] = other
            one, other = other, below
        else:
            waiting.left[one] = below
            one = below


def join(each: Any, waiting: Any, rows: Any, stage: Any, work: Any) -> None:
    """A work waits from now on."""
    phase = rows.work_phase[work]
    pool, group = each.pool[phase], waiting.group[phase]
    order = waiting.order[pool]
    waiting.rank[work] = 0
    if order == 1:
        waiting.rank[work] = waiting.ranks[pool, rows.work_deal[work]]
    elif order == 2:
        waiting.rank[work] = waiting.by_stage[pool, stage]
    waiting.left[work], waiting.right[work], waiting.is_in[work] = NONE, NONE, WAITS
    waiting.head[group] = melded(waiting, rows, waiting.head[group], work)
    waiting.changed[pool] = True


def release(crew: Any, waiting: Any, rows: Any, work: Any, moment: Any) -> None:
    """A work is done, or dropped, or its deal leaves the queue."""
    waiting.is_in[work] = OVER
    rows.done[work] = moment
    person = rows.work_person[work]
    if person != NONE:
        crew.free[person] = moment
        waiting.changed[waiting.pool_of[person]] = True


def begin_next(open_hours: Any, crew: Any, waiting: Any, rows: Any, moment: Any) -> Any:
    """Begin the first work that can be begun now, and tell its deal (``NONE``: there is none) and when it is done.

    Also when the first of those begins the day who could do what nobody can do now.
    """
    best, who, opens = NONE, NONE, NEVER
    for pool in range(waiting.changed.size):
        if waiting.changed[pool]:
            work, person, opening = next_of(open_hours, crew, waiting, rows, pool, moment)
            if work == NONE:
                waiting.changed[pool] = False
                if opening < NEVER and opening != waiting.woken[pool]:
                    waiting.woken[pool] = opening
                    opens = min(opens, opening)
            elif best == NONE or is_sooner(rows, work, best):
                best, who = work, person
    if best == NONE:
        return NONE, NEVER, opens
    group, done = waiting.group[rows.work_phase[best]], moment
    waiting.head[group] = melded(waiting, rows, waiting.left[best], waiting.right[best])
    waiting.is_in[best] = BEGUN
    done = worked_until(crew, open_hours, who, moment, waiting.effort[best])
    rows.work_person[best], rows.begun[best], rows.done[best] = who, moment, done
    crew.free[who] = done
    return rows.work_deal[best], done, opens


def next_of(open_hours: Any, crew: Any, waiting: Any, rows: Any, pool: Any, moment: Any) -> Any:
    """The first work of a pool that somebody can begin now, who, and else when the first of those begins the day."""
    best, who, opening = NONE, NONE, NEVER
    for group in range(waiting.first[pool], waiting.first[pool + 1]):
        head = waiting.head[group]
        while head != NONE and waiting.is_in[head] != WAITS:
            head = melded(waiting, rows, waiting.left[head], waiting.right[head])
        waiting.head[group] = head
        if head == NONE or (best != NONE and is_before(waiting, rows, best, head)):
            continue
        for person in range(crew.first[pool], crew.first[pool + 1]):
            if crew.free[person] > moment or waiting.skills[group] & ~crew.skills[person] != U(0):
                continue
            begins = ready(open_hours, crew, person, moment)
            if begins == moment:
                best, who = head, person
                break
            opening = min(opening, begins)
    return best, who, opening
