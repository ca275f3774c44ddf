"""The log of one run to its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.simulation.log import Log
from engine.simulation.plan import NONE, Cast, Ints, Mask, Plan
from engine.simulation.results.outcome import ENDS, WEEK, Summary, weeks_of
from engine.simulation.results.pools_used import Used, used
from engine.simulation.results.tally import Tally, times

_Rows = npt.NDArray[np.integer[Any]] | Mask


def summary_of(plan: Plan, cast: Cast, log: Log) -> tuple[Summary, Tally]:
    """The figures of a run. ``broken`` is still empty: which requirement refused is told by ``refusals``."""
    ends = _ends(plan, log)
    ways = led_to(plan).size
    origin_new = np.arange(cast.size) >= len(cast.names)
    is_open = np.ones(cast.size, np.bool_)
    is_open[ends.deal] = False
    pools = used(plan, log)
    left = log.left != NONE
    stages = len(plan.stages)
    # With the deal end the visits of its side tracks, which nothing leaves.
    until = np.full(cast.size, plan.end, np.int64)
    until[ends.deal] = ends.at
    gone = np.where(left, log.left, until[log.deal])
    seconds = gone - log.entered
    stands = ~left & (until[log.deal] == plan.end)
    began = started(cast)
    won = ends.kind == 0
    cycle = ends.at[won] - began[ends.deal[won]]
    summary = Summary(
        ended=_by_week(plan, ends, origin_new, None),
        value=_by_week(plan, ends, origin_new, cast.value),
        came=np.bincount((cast.comes[len(cast.names) :] - plan.begin) // WEEK, minlength=weeks_of(plan)),
        open=np.bincount(origin_new[is_open], minlength=2),
        open_value=_added(origin_new[is_open], cast.value[is_open], 2),
        standing=np.bincount(log.stage[stands], minlength=stages),
        left=np.bincount(log.stage[left], minlength=stages),
        dwell=_added(log.stage[left], seconds[left], stages),
        spent=_added(log.stage, gone - np.maximum(log.entered, plan.begin), stages),
        moved=np.bincount(log.way[left], minlength=ways),
        refused=np.bincount(log.refused_way[~log.refused_denied], minlength=ways),
        denied=np.bincount(log.refused_way[log.refused_denied], minlength=ways),
        broken={},
        cycle=int(cycle.sum()),
        asked=pools.asked,
        begun=pools.begun,
        waited=pools.waited,
        worked=pools.worked,
        longest=pools.longest,
        waiting=pools.waiting,
        waited_in=pools.waited_in,
        closed=pools.closed,
    )
    return summary, _tally(plan, log, pools, seconds=seconds, cycle=cycle)


def _tally(plan: Plan, log: Log, pools: Used, *, seconds: Ints, cycle: Ints) -> Tally:
    # A visit that began before is met because it is long: with it stages would look slower than they are.
    fresh = log.entered >= plan.begin
    return Tally(
        dwell=times(log.stage[fresh], seconds[fresh], (log.left != NONE)[fresh], groups=len(plan.stages)),
        waits=times(pools.pool, pools.wait, pools.is_begun, groups=len(plan.crew.pools)),
        cycle=times(np.zeros(cycle.size, np.int64), cycle, np.ones(cycle.size, np.bool_), groups=1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    """Deals that ended and stayed so: which, how (the place in ``ENDS``) and when."""

    deal: _Rows
    kind: _Rows
    at: Ints


def _ends(plan: Plan, log: Log) -> _Ended:
    kinds = np.array([ENDS.index(end) if end in ENDS else NONE for end in (*plan.ends, "")])
    to = np.append(led_to(plan), NONE)
    rows = np.arange(log.deal.size) if len(plan.firsts) == 1 else np.flatnonzero(_is_main(plan)[log.stage])
    deal = log.deal[rows]
    # What is followed by another visit was re-opened.
    last = np.append(deal[1:] != deal[:-1], [True])[: deal.size]
    kind = kinds[to[log.way[rows]]]
    is_end: Mask = last & (log.way[rows] != NONE) & (kind != NONE)
    return _Ended(deal[is_end], kind[is_end], log.left[rows][is_end])


def led_to(plan: Plan) -> _Rows:
    """The stage that each way leads to, in the order of their numbers."""
    found = [plan.ways.to, plan.alarms.to]
    if plan.acts:
        found.append(np.tile(np.arange(len(plan.stages), dtype=np.int32), len(plan.actions)))
    return np.concatenate(found)


def _is_main(plan: Plan) -> Mask:
    return np.array([track == plan.stages[0][0] for track, _ in plan.stages])


def _by_week(plan: Plan, ends: _Ended, origin_new: Mask, value: Ints | None) -> Ints:
    weeks = weeks_of(plan)
    place = (ends.kind * 2 + origin_new[ends.deal]) * weeks + (ends.at - plan.begin) // WEEK
    size = len(ENDS) * 2 * weeks
    found = np.bincount(place, minlength=size) if value is None else _added(place, value[ends.deal], size)
    return found.reshape(len(ENDS), 2, weeks)


def _added(place: _Rows, amounts: Ints, size: int) -> Ints:
    """The amounts added up by place, in whole numbers: sums of floats depend on their order."""
    found = np.zeros(size, np.int64)
    np.add.at(found, place.astype(np.int64), amounts)
    return found


def started(cast: Cast) -> Ints:
    """When each began: open deals when they did, as far as that is known, prospects when they came."""
    found = cast.comes.copy()
    if cast.open_deals:
        found[: len(cast.names)] = [int(deal.started_at.timestamp()) for deal in cast.open_deals]
    else:
        found[: len(cast.names)] = cast.entered[: len(cast.names)]
    return found
