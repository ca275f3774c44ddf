"""``commit`` over arrays, in the few words that a compiler knows: the same log, many times as fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.numerics.compiled import compiled
from engine.simulation.engines.loop_parts import (
    GRANTING,
    HALF,
    VISITED,
    VISITING,
    U,
    clocks,
    deals,
    drawn,
    first_due,
    hours,
    is_put,
    mixed,
    passed,
    phases,
    pop,
    push,
    ready,
    share_given,
    team,
    ways,
)
from engine.simulation.log import Log
from engine.simulation.plan import AGAIN, NEVER, NONE, Cast, Plan


class Rows(NamedTuple):
    """The columns of a log, empty; ``counts``: how many rows of visits, refusals and works are written.

    ``places``: where each row of the three belongs, by deal; of no length where they are written in that order.
    """

    deal: Any
    stage: Any
    entered: Any
    left: Any
    way: Any
    refused_deal: Any
    refused_way: Any
    refused_at: Any
    refused_denied: Any
    work_deal: Any
    work_stage: Any
    work_phase: Any
    work_person: Any
    asked: Any
    begun: Any
    done: Any
    places: Any
    counts: Any


class Waiting(NamedTuple):
    """Deals that wait for somebody: a heap of moment and deal in one number, and what each was about to do.

    ``seen``: how often each stage was drawn for, of each deal or, where none ever waits, of the one that goes its way.
    """

    heap: Any
    stage: Any
    entered: Any
    since: Any
    way: Any
    phase: Any
    again: Any
    is_new: Any
    effort: Any
    seen: Any


_TYPES = (
    *(np.int32, np.int16, np.int64, np.int64, np.int16),
    *(np.int32, np.int16, np.int64, np.bool_),
    *(np.int32, np.int16, np.int16, np.int16, np.int64, np.int64, np.int64),
)
PARTS = (slice(0, 5), slice(5, 9), slice(9, 16))
"""The columns of each of the three."""


def play_compiled(plan: Plan, cast: Cast) -> Log:
    """The log of a run, as ``commit.play`` writes it, of a plain plan whose pools serve first come, first served."""
    loop, of = compiled(walk), (ways(plan), phases(plan), clocks(plan), hours(plan), deals(cast))
    rooms = [4 * cast.size + 64, cast.size + 64, 2 * cast.size * plan.has_work + 64]
    while True:
        rows = empty_rows(rooms, is_sorted=not plan.has_work)
        full = loop(*of, team(plan), _waiting(plan, cast), rows, plan.begin, plan.end)
        if full == NONE:
            break
        rooms[full] *= 2
    return Log(*(column for number, part in enumerate(PARTS) for column in _told(rows, number, rows[part])))


def _told(rows: Rows, number: int, columns: Sequence[Any]) -> list[Any]:
    """The rows of one of the three parts by deal, each where ``sorted_places`` said."""
    count = int(rows.counts[number])
    if rows.places[number].size == 0:
        return [column[:count] for column in columns]
    place, found = rows.places[number][:count], [np.empty(count, column.dtype) for column in columns]
    for into, column in zip(found, columns, strict=True):
        into[place] = column[:count]
    return found


def empty_rows(rooms: list[int], *, is_sorted: bool = True) -> Rows:
    """Room for so many visits, refusals and works; unless they are written in order, also for their places."""
    # Memory that nobody writes to is not taken.
    sizes = [room for room, part in zip(rooms, PARTS, strict=True) for _ in range(part.start, part.stop)]
    columns: list[Any] = [np.empty(size, kind) for size, kind in zip(sizes, _TYPES, strict=True)]
    places = tuple(np.empty(0 if is_sorted else room, np.int64) for room in rooms)
    return Rows._make([*columns, places, np.zeros(3, np.int64)])


def _waiting(plan: Plan, cast: Cast) -> Waiting:
    size = cast.size if plan.has_work else 1
    kinds = (np.int64, np.int32, np.int64, np.int64, np.int32, np.int32, np.int32, np.bool_, np.int64)
    columns: list[Any] = [np.empty(size, kind) for kind in kinds]
    return Waiting._make([*columns, np.zeros((size, len(plan.stages)), np.int32)])


def walk(  # noqa: C901 - one loop: what a deal carries along would have to be handed over at each step
    of: Any, each: Any, clock: Any, open_hours: Any, cast: Any, crew: Any, kept: Any, rows: Any, begin: Any, end: Any
) -> int:
    """All deals on their ways, into ``rows``; which of its three parts was full, so that all is void, or ``NONE``."""
    size, branches, coming, waiting = cast.keys.size, of.to.size, 0, 0
    visits, refusals, works = 0, 0, 0
    is_alone = kept.seen.shape[0] < size
    due, ringing, draw, effort, contact = NEVER, NONE, U(0), 0, begin
    while coming < size or waiting > 0:
        if coming < size and (waiting == 0 or cast.comes[coming] <= begin + kept.heap[0] // size):
            # Whoever comes at a second may ask for work at it, before others that ask then.
            deal = coming
            coming += 1
            since = cast.comes[deal]
            if since >= end:
                continue
            row, stage, entered, chosen = deal, cast.stage[deal], cast.entered[deal], cast.branch[deal]
            contact = cast.contact[deal]
            way, phase, again, now = NONE, 0, 0, since
            is_back, is_new, has_come = False, chosen == NONE, True
            if is_alone:
                row = 0
                kept.seen[0, :] = 0
        else:
            first = pop(kept.heap, waiting)
            waiting -= 1
            deal, moment = first % size, begin + first // size
            row, stage, entered, since = deal, kept.stage[deal], kept.entered[deal], kept.since[deal]
            way, phase, again = kept.way[deal], kept.phase[deal], kept.again[deal]
            chosen, is_back, is_new, has_come = NONE, True, kept.is_new[deal], False
            due, ringing = NEVER, NONE
            draw = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + VISITING)
            person, begun, now = given(
                crew, open_hours, each.pool[phase], each.skills[phase], moment, kept.effort[deal]
            )
            if begun >= end:
                person, begun, now = NONE, NEVER, NEVER
            if works == rows.asked.size:
                return 2
            rows.work_deal[works], rows.work_stage[works] = deal, stage
            rows.work_phase[works], rows.work_person[works] = phase, person
            rows.asked[works], rows.begun[works], rows.done[works] = moment, begun, now
            works += 1
        while True:
            if has_come:
                if of.is_end[stage]:
                    break
                due, ringing = first_due(clock, stage, entered, contact, cast.barred, deal, branches)
                has_come = False
            if not is_back:
                # One draw: which branch is tried, and what has to pass before.
                again = kept.seen[row, stage]
                kept.seen[row, stage] = again + 1
                draw = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + VISITING)
                now, phase, way = since, 0, chosen
                if of.first[stage] == of.first[stage + 1]:
                    now = NEVER
                elif chosen == NONE:
                    way, high = of.first[stage], np.int64(draw >> HALF)
                    while of.upto[way] <= high:
                        way += 1
                if way != NONE:
                    phase = of.phase[way]
            last = of.phase[way + 1] if way != NONE else 0
            asks = False
            while phase < last:
                if is_back:
                    is_back = False
                elif (each.need[phase] != NONE and not is_put(cast.needs, each.need[phase], deal)) or (
                    each.on_entering[phase] and not is_new
                ):
                    phase += 1
                    continue
                elif each.own[phase] and chosen != NONE:
                    now = max(cast.until[deal], since)
                else:
                    its = draw
                    if not each.own[phase]:
                        its = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + each.step[phase])
                    effort = drawn(each.tables, each.table[phase], its)
                    if each.is_work[phase]:
                        asks = now < end
                        break
                    if each.calendar[phase] == NONE:
                        now += effort
                    else:
                        now = passed(open_hours, each.calendar[phase], now, effort)
                if due < now or now >= end:
                    break
                if each.touches[phase]:
                    due, ringing = first_due(clock, stage, entered, now, cast.barred, deal, branches)
                phase += 1
            if asks:
                kept.stage[deal], kept.entered[deal], kept.since[deal] = stage, entered, since
                kept.way[deal], kept.phase[deal], kept.again[deal] = way, phase, again
                kept.is_new[deal], kept.effort[deal] = is_new, effort
                push(kept.heap, waiting, (now - begin) * size + deal)
                waiting += 1
                break
            if again > 0 and now <= since:
                now = since + AGAIN
            is_open = False
            if due < now and due < end:
                now, way, to = max(due, since), branches + ringing, clock.to[ringing]
            elif now >= end:
                is_open, to = True, stage
            else:
                to = of.to[way]
                is_denied = False
                is_refused = is_put(cast.barred, way, deal)
                if not is_refused and of.agreed[way] != NONE and is_put(cast.needs, of.agreed[way], deal):
                    its = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + GRANTING)
                    is_denied = np.int64(its >> HALF) >= share_given(of, way, cast.needs, deal)
                if is_refused or is_denied:
                    if refusals == rows.refused_at.size:
                        return 1
                    rows.refused_deal[refusals], rows.refused_way[refusals] = deal, way
                    rows.refused_at[refusals], rows.refused_denied[refusals] = now, is_denied
                    refusals += 1
                    since, chosen, is_new = now, NONE, False
                    continue
            if visits == rows.left.size:
                return 0
            rows.deal[visits], rows.stage[visits], rows.entered[visits] = deal, stage, entered
            rows.left[visits], rows.way[visits] = NONE if is_open else now, NONE if is_open else way
            visits += 1
            if is_open:
                break
            stage, entered, contact, since = to, now, now, now
            chosen, is_new, has_come = NONE, True, True
    rows.counts[0], rows.counts[1], rows.counts[2] = visits, refusals, works
    if rows.places[0].size:
        starts = np.empty(size + 1, np.int64)
        sorted_places(rows.deal[:visits], starts, rows.places[0])
        sorted_places(rows.refused_deal[:refusals], starts, rows.places[1])
        sorted_places(rows.work_deal[:works], starts, rows.places[2])
    return NONE


def sorted_places(deal: Any, starts: Any, places: Any) -> None:
    """Where rows belong by deal, those of one deal in the order in which they are."""
    starts[:] = 0
    for row in range(deal.size):
        starts[deal[row] + 1] += 1
    for place in range(1, starts.size):
        starts[place] += starts[place - 1]
    for row in range(deal.size):
        places[row] = starts[deal[row]]
        starts[deal[row]] += 1


def given(crew: Any, open_hours: Any, pool: Any, skills: Any, moment: Any, effort: Any) -> Any:
    """Who of a pool does a work asked for now, when it is begun and when it is done; ``NEVER`` where nobody can."""
    best, begun = NONE, NEVER
    for person in range(crew.first[pool], crew.first[pool + 1]):
        if skills & ~crew.skills[person] != U(0):
            continue
        if crew.free[person] < moment:
            crew.free[person] = ready(open_hours, crew, person, moment)
        if crew.free[person] < begun:
            best, begun = person, crew.free[person]
            if begun <= moment:
                break
    if best == NONE:
        return NONE, NEVER, NEVER
    done = worked_until(crew, open_hours, best, begun, effort)
    crew.free[best] = ready(open_hours, crew, best, done)
    return best, begun, done


def worked_until(crew: Any, open_hours: Any, person: Any, begun: Any, effort: Any) -> Any:
    """When somebody who begins at a moment within their hours has worked so many seconds."""
    calendar = crew.calendar[person]
    if calendar == NONE or effort <= 0:
        return begun + effort
    at, last = crew.at[person], open_hours.first[calendar + 1]
    target = open_hours.worked[at] + begun - open_hours.begins[at] + effort
    while open_hours.begins[at] + target - open_hours.worked[at] > open_hours.ends[at]:
        at += 1
        if at == last:
            return NEVER
    return open_hours.begins[at] + target - open_hours.worked[at]
