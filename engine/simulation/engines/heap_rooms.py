"""What the compiled event heap works on besides a plan and a cast: who stands where, who waits, who serves whom."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.simulation.plan import NONE, Cast, Kind, Plan

ASKS, WAITS, BEGUN, OVER = 0, 1, 2, 3
"""How far a work has come."""


class Standing(NamedTuple):
    """Where deals stand that wait for work; ``work`` is its number (``NONE``: they do not).

    ``seen``: how often each stage was drawn for, of each deal or, where nobody ever works, of the one that goes on.
    """

    stage: Any
    entered: Any
    contact: Any
    since: Any
    way: Any
    phase: Any
    again: Any
    is_new: Any
    due: Any
    ringing: Any
    work: Any
    seen: Any


class Nodes(NamedTuple):
    """Works as nodes of skew heaps: what hangs ``left`` and ``right`` below each, and by what they are sorted."""

    left: Any
    right: Any
    rank: Any
    asked: Any
    deal: Any
    phase: Any


class Works(NamedTuple):
    """Of each work its ``effort``, and how far it has ``come``."""

    effort: Any
    come: Any


class Queues(NamedTuple):
    """The queues: of each pool one for each set of ``skills`` asked for, ``first[pool]`` to ``first[pool + 1]``.

    ``head``: the first work of each. ``of_phase``: the queue of each phase. ``changed`` pools are to be looked at,
    ``woken`` (one number): when all of them will be next because somebody begins the day.
    """

    first: Any
    head: Any
    skills: Any
    of_phase: Any
    changed: Any
    woken: Any
    pool_of: Any


class Ranks(NamedTuple):
    """Who is served first, as in ``plan.Crew`` and ``plan.Cast``."""

    order: Any
    by_deal: Any
    by_stage: Any


def standing(plan: Plan, cast: Cast) -> Standing:
    """Nobody waits for work yet."""
    size = cast.size
    kinds = (np.int32, np.int64, np.int64, np.int64, np.int32, np.int32, np.int32, np.bool_, np.int64, np.int32)
    columns: list[Any] = [np.empty(size, kind) for kind in kinds]
    columns[2][:] = cast.last_contact
    seen = np.zeros((size if plan.has_work else 1, len(plan.stages)), np.int32)
    return Standing._make([*columns, np.full(size, NONE, np.int64), seen])


def waiting(plan: Plan, cast: Cast, *, room: int) -> tuple[Nodes, Works, Queues, Ranks]:
    """Empty queues with room for so many works, and who is served first in each."""
    nodes = Nodes._make([np.empty(room, np.int64) for _ in Nodes._fields])
    ranks = (plan.crew.order, cast.ranks, plan.crew.by_stage)
    return (
        nodes,
        Works(np.empty(room, np.int64), np.empty(room, np.int8)),
        _queues(plan),
        Ranks._make([np.ascontiguousarray(each, np.int64) for each in ranks]),
    )


def _queues(plan: Plan) -> Queues:
    crew, phases = plan.crew, plan.phases
    at_work = np.flatnonzero(phases.kind == Kind.WORK).tolist()
    wanted = sorted({(int(phases.pool[at]), int(phases.skills[at])) for at in at_work})
    of_phase = np.full(phases.kind.size, NONE, np.int64)
    for at in at_work:
        of_phase[at] = wanted.index((int(phases.pool[at]), int(phases.skills[at])))
    pools = len(crew.pools)
    sizes = np.bincount(np.array([pool for pool, _ in wanted], np.int64), minlength=pools)
    return Queues(
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        head=np.full(len(wanted), NONE, np.int64),
        skills=np.array([skills for _, skills in wanted], np.uint64),
        of_phase=of_phase,
        changed=np.zeros(pools, np.bool_),
        woken=np.full(1, NONE, np.int64),
        pool_of=np.repeat(np.arange(pools), np.diff(crew.first)),
    )


def is_before(of: Any, one: Any, other: Any) -> Any:
    """Whether a work is served before another: by rank, and then whoever waits longest."""
    if of.rank[one] != of.rank[other]:
        return of.rank[one] < of.rank[other]
    return is_sooner(of, one, other)


def is_sooner(of: Any, one: Any, other: Any) -> Any:
    """Whether a work was asked for before another; of one second by deal and phase."""
    if of.asked[one] != of.asked[other]:
        return of.asked[one] < of.asked[other]
    if of.deal[one] != of.deal[other]:
        return of.deal[one] < of.deal[other]
    return of.phase[one] < of.phase[other]


def melded(of: Any, one: Any, other: Any) -> Any:
    """Two skew heaps as one; its first (Sleator & Tarjan, "Self-adjusting heaps", SIAM J. Comput. 1986)."""
    if one == NONE or other == NONE:
        return one if other == NONE else other
    if is_before(of, other, one):
        one, other = other, one
    root = one
    while True:
        below = of.right[one]
        of.right[one] = of.left[one]
        if below == NONE:
            of.left[one] = other
            return root
        if is_before(of, other, below):
            of.left[one] = other
            one, other = other, below
        else:
            of.left[one] = below
            one = below
