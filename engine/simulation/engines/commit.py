"""First come, first served, in plain Python: work asked for is given at once to whoever can begin it first.

Whoever asks later can never begin before, so when work will be done is known the moment it is asked for (Kiefer &
Wolfowitz, "On the theory of queues with many servers", 1955). Only what is asked for waits in a heap, to be taken in
the order of moments; everything else of a deal is walked on from there.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

import numpy as np

from engine.simulation.engines.hours import Stretches, opening, passed, stretches
from engine.simulation.engines.lives import life
from engine.simulation.engines.logging_rows import log_of
from engine.simulation.engines.script import script, starts
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, NONE, Cast, Plan


def play(plan: Plan, cast: Cast) -> Log:
    """The log of a run; the plan is plain and its pools serve first come, first served."""
    visits, refusals, works = array("q"), array("q"), array("q")
    stages, teams, end, size = script(plan), _teams(plan), plan.end, cast.size
    heap: list[int] = []
    waiting: dict[int, Any] = {}

    def serve() -> None:
        moment, deal = divmod(heappop(heap), size)
        its, stage, phase, pool, skills, effort = waiting.pop(deal)
        person, begun, done = _given(teams[pool], moment, skills, effort)
        if begun >= end:
            works.extend((deal, stage, phase, NONE, moment, NEVER, NEVER))
            done = NEVER
        else:
            works.extend((deal, stage, phase, person, moment, begun, done))
        try:
            asked, *rest = its.send(done)
        except StopIteration:
            return
        heappush(heap, asked * size + deal)
        waiting[deal] = its, *rest

    for start in starts(cast):
        deal, comes = start[0], start[5]
        while heap and heap[0] < comes * size:
            serve()
        if comes >= end:
            continue
        its = life(stages, start, [0] * len(stages), end, visits.extend, refusals.extend)
        for asked, *rest in its:
            heappush(heap, asked * size + deal)
            waiting[deal] = its, *rest
            break
    while heap:
        serve()
    return log_of(_columns(visits, 5), _columns(refusals, 4), _columns(works, 7))


class _Person:
    """Somebody of a pool: from when on they may begin something else, within their hours."""

    __slots__ = ("free", "hours", "number", "skills")

    def __init__(self, number: int, skills: int, hours: Stretches | None) -> None:
        self.number, self.skills, self.hours = number, skills, hours
        self.free = -NEVER


def _given(team: Sequence[_Person], moment: int, skills: int, effort: int) -> tuple[int, int, int]:
    """Who of a pool does a work asked for now, when it is begun and when it is done; ``NEVER`` where nobody can."""
    best, begun = None, NEVER
    for person in team:
        if skills & ~person.skills:
            continue
        if person.free < moment:
            person.free = moment if person.hours is None else opening(person.hours, moment)
        if person.free < begun:
            best, begun = person, person.free
            if begun <= moment:
                break
    if best is None:
        return NONE, NEVER, NEVER
    hours = best.hours
    done = begun + effort if hours is None else passed(hours, begun, effort)
    best.free = done if hours is None else opening(hours, done)
    return best.number, begun, done


def _teams(plan: Plan) -> list[list[_Person]]:
    crew, hours = plan.crew, stretches(plan.calendars)
    people = [
        _Person(number, skills, hours[calendar] if calendar != NONE else None)
        for number, (skills, calendar) in enumerate(zip(crew.skills.tolist(), crew.calendar.tolist(), strict=True))
    ]
    bounds = crew.first.tolist()
    return [people[first:last] for first, last in pairwise(bounds)]


def _columns(rows: array[int], width: int) -> list[Any]:
    return list(np.frombuffer(rows, np.int64).reshape(-1, width).T) if rows else [()] * width
