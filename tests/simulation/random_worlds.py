"""Random plans and those who take part in them: short times, so that much happens at one second."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine.simulation.plan import WHOLE, Cast, Plan
from tests.simulation.worlds import Clock, Job, Pool, Stage, To, cast, end, plan

STAGES = ("a", "b", "c")
ENDS = ("won", "lost")
HOURS = {"early": [(0, 20), (30, 50), (60, 200)], "late": [(10, 15), (15, 40), (45, 90), (120, 400)]}
TIMES = st.sampled_from([0, 0, 1, 5, (0, 3), (0, 12), (4, 30)])
HOURS_OF = st.sampled_from(["", "", "early", "late"])


@st.composite
def worlds(draw: st.DrawFn, *, works: bool, clocks: bool, orders: bool = False) -> tuple[Plan, Cast]:
    """A plan and a cast; ``clocks`` also where somebody works."""
    jobs = st.builds(Job, st.sampled_from(["p", "q"]), TIMES, st.sampled_from([(), (), (0,)])) if works else st.none()
    stages: dict[str, Stage] = {}
    for name in STAGES:
        branches = _branches(draw, st.none() | jobs)
        entry = draw(st.none() | jobs)
        is_worked = entry or any(isinstance(each, Job) for of in branches for each in (of.touch, of.approving))
        few = st.lists(
            st.builds(Clock, st.sampled_from([*STAGES, *ENDS]), st.integers(1, 30), st.booleans()), max_size=2
        )
        stages[name] = Stage(branches, entry, tuple(draw(few)) if clocks or not is_worked else ())
    pools = {name: _pool(draw, orders=orders) for name in ("p", "q")}
    of = plan(
        {**stages, **{each: end(each) for each in ENDS}}, pools=pools, hours=HOURS, until=draw(st.integers(1, 150))
    )
    if draw(st.booleans()):
        # Whoever needs an approval of bit 1 needs that of bit 0 as well, or another one that is always given.
        given = np.array([WHOLE // draw(st.sampled_from([1, 2, 4])), WHOLE], np.int64)
        of = replace(of, ways=replace(of.ways, several=(of.ways.agreed == 1).astype(np.int32), given=given))
    return of, _cast(draw, of)


def _branches(draw: st.DrawFn, jobs: st.SearchStrategy[Any]) -> tuple[To, ...]:
    shares = draw(st.sampled_from([(), (1.0,), (0.5, 0.5), (0.3, 0.0, 0.7)]))
    return tuple(
        To(
            draw(st.sampled_from([*STAGES, *ENDS])),
            share,
            draw(TIMES),
            draw(HOURS_OF),
            touch=draw(jobs | TIMES),
            agreed=draw(st.sampled_from([-1, -1, 0, 1])),
            wait=draw(st.none() | TIMES),
            wait_hours=draw(HOURS_OF),
            approving=draw(jobs),
            granted=draw(st.sampled_from([0.0, 0.5, 1.0])),
        )
        for share in shares
    )


def _pool(draw: st.DrawFn, *, orders: bool) -> Pool:
    people = draw(st.lists(st.tuples(st.sampled_from([0b0, 0b1]), HOURS_OF), min_size=1, max_size=3))
    order = draw(st.sampled_from([0, 1, 2])) if orders else 0
    return Pool(people, order=order, stages=draw(st.fixed_dictionaries({name: st.integers(0, 2) for name in STAGES})))


def _cast(draw: st.DrawFn, of: Plan) -> Cast:
    comes = sorted(draw(st.lists(st.integers(0, 60), max_size=8)))
    ways = st.lists(st.integers(0, max(0, of.branches + of.alarms.to.size - 1)), max_size=3)
    opened = draw(st.lists(st.integers(0, max(0, of.branches - 1)), max_size=3)) if of.branches else []
    open_deals = [
        (_stage_of(of, branch), draw(st.integers(-40, -1)), branch, draw(st.integers(0, 40))) for branch in opened
    ]
    size = len(comes) + len(open_deals)
    found = cast(
        of,
        comes,
        seed=draw(st.integers(0, 1000)),
        barred=[draw(ways) if of.branches + of.alarms.to.size else [] for _ in range(size)],
        needs=[draw(st.sampled_from([[], [0], [1], [0, 1]])) for _ in range(size)],
        open_deals=open_deals,
        ranks=[draw(st.lists(st.integers(-2, 2), min_size=size, max_size=size)) for _ in of.crew.pools],
    )
    since = [draw(st.integers(0, 20)) for _ in open_deals] + [0] * len(comes)
    return replace(found, touched=found.entered + np.array(since, np.int64))


def _stage_of(of: Plan, branch: int) -> int:
    return next(stage for stage in range(len(of.stages)) if of.ways.first[stage] <= branch < of.ways.first[stage + 1])
