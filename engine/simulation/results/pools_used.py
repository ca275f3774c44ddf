"""How busy the people of each pool were in one run, and how long work waited for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.simulation.log import Log
from engine.simulation.plan import NEVER, NONE, Calendars, Ints, Mask, Plan


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """By pool what ``Summary`` holds; and of each piece of work its ``pool``, its ``wait`` and whether it began."""

    asked: Ints
    begun: Ints
    waited: Ints
    worked: Ints
    longest: Ints
    waiting: Ints
    waited_in: Ints
    closed: Ints
    pool: Ints
    wait: Ints
    is_begun: Mask


def used(plan: Plan, log: Log) -> Used:
    """How the pools were used. A piece of work that a clock called off waited until then."""
    pools, stages = len(plan.crew.pools), len(plan.stages)
    pool = plan.phases.pool[log.work_phase].astype(np.int64)
    is_begun = log.begun < plan.end
    until = np.where(is_begun, log.begun, np.minimum(log.done, plan.end))
    wait = until - log.asked
    seconds = _worked(plan, log, is_begun)
    closed = np.minimum(_opened(plan, log, pool), until) - log.asked
    return Used(
        asked=np.bincount(pool, minlength=pools),
        begun=np.bincount(pool[is_begun], minlength=pools),
        waited=_added(pool, wait, pools),
        worked=_added(pool[is_begun], seconds, pools),
        longest=_longest(pool, log.asked, until, pools),
        waiting=np.bincount(pool[~is_begun & (until >= plan.end)], minlength=pools),
        waited_in=_added(pool * stages + log.work_stage, wait, pools * stages).reshape(pools, stages),
        closed=_added(pool, closed, pools),
        pool=pool,
        wait=wait,
        is_begun=is_begun,
    )


def available(plan: Plan) -> Ints:
    """Seconds of working hours that the people of each pool have from the begin to the end."""
    found = np.zeros(len(plan.crew.pools), np.int64)
    edges = np.array([plan.begin, plan.end], np.int64)
    for pool in range(found.size):
        for person in range(plan.crew.first[pool], plan.crew.first[pool + 1]):
            first, last = own_seconds(plan.calendars, int(plan.crew.calendar[person]), edges)
            found[pool] += last - first
    return found


def own_seconds(calendars: Calendars, calendar: int, moments: Ints) -> Ints:
    """The working seconds of a calendar up to each moment, from any fixed one on."""
    if calendar == NONE:
        return moments
    first, last = int(calendars.first[calendar]), int(calendars.first[calendar + 1])
    begins, ends, worked = (each[first:last] for each in (calendars.begins, calendars.ends, calendars.worked))
    at = np.searchsorted(begins, moments, "right") - 1
    inside = np.maximum(at, 0)
    found: Ints = np.where(at < 0, 0, worked[inside] + np.minimum(moments, ends[inside]) - begins[inside])
    return found


def _worked(plan: Plan, log: Log, is_begun: Mask) -> Ints:
    """The working seconds of each piece of work that was begun, as far as they lie before the end."""
    begun, done = log.begun[is_begun], np.minimum(log.done[is_begun], plan.end)
    calendar = plan.crew.calendar[log.work_person[is_begun]] if begun.size else np.zeros(0, np.int32)
    found = np.zeros(begun.size, np.int64)
    for each in np.unique(calendar).tolist():
        own = calendar == each
        found[own] = own_seconds(plan.calendars, each, done[own]) - own_seconds(plan.calendars, each, begun[own])
    return found


def _opened(plan: Plan, log: Log, pool: Ints) -> Ints:
    """When each piece of work could have been begun at the earliest, by the hours of who did (of the first: nobody)."""
    if not pool.size:
        return np.zeros(0, np.int64)
    calendar = plan.crew.calendar[np.where(log.work_person != NONE, log.work_person, plan.crew.first[pool])]
    found = log.asked.copy()
    for each in np.unique(calendar[calendar != NONE]).tolist():
        own = calendar == each
        first, last = int(plan.calendars.first[each]), int(plan.calendars.first[each + 1])
        begins = np.append(plan.calendars.begins[first:last], NEVER)
        at = np.searchsorted(plan.calendars.ends[first:last], found[own], "right")
        found[own] = np.maximum(found[own], begins[at])
    return found


def _longest(pool: Ints, asked: Ints, until: Ints, pools: int) -> Ints:
    """The most who waited at once: of one second those who leave the queue do so first."""
    found = np.zeros(pools, np.int64)
    for each in range(pools):
        own = (pool == each) & (until > asked)
        if own.any():
            moments = np.concatenate([until[own], asked[own]])
            change = np.repeat(np.array([-1, 1]), int(own.sum()))
            order = np.argsort(moments, kind="stable")
            found[each] = max(0, int(np.cumsum(change[order]).max()))
    return found


def _added(place: Ints, amounts: Ints, size: int) -> Ints:
    found = np.zeros(size, np.int64)
    np.add.at(found, place, amounts)
    return found
