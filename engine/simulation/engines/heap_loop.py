"""``heap`` of what is plain over arrays, in the few words that a compiler knows: the same log, many times as fast."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.numerics.compiled import compiled
from engine.simulation.engines.commit_loop import PARTS, empty_rows, worked_until
from engine.simulation.engines.heap_rooms import (
    ASKS,
    BEGUN,
    OVER,
    WAITS,
    is_before,
    is_sooner,
    melded,
    standing,
    waiting,
)
from engine.simulation.engines.logging_rows import log_of
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

DONE, ASKED, CALLED, OPENED = 0, 1, 2, 3
"""What an event is about, as in ``queueing``: its last two bits. Before them stand its moment and its deal."""


def play_compiled(plan: Plan, cast: Cast) -> Log:
    """The log of a run, as ``heap.play`` writes it, of a plain plan."""
    loop, of = compiled(walk), (ways(plan), phases(plan), clocks(plan), hours(plan), deals(cast))
    many = 2 * cast.size * plan.has_work + 64
    rooms = [4 * cast.size + 64, cast.size + 64, many, 2 * many]
    while True:
        rows, events = empty_rows(rooms[:3]), np.empty(rooms[3], np.int64)
        lines = waiting(plan, cast, room=rooms[2])
        full = loop(*of, team(plan), standing(plan, cast), *lines, rows, events, plan.begin, plan.end)
        if full == NONE:
            break
        rooms[full] *= 2
    return log_of(
        *([column[:count] for column in rows[part]] for count, part in zip(rows.counts.tolist(), PARTS, strict=True))
    )


def walk(  # noqa: C901 - one loop: to hand over what it carries along would take longer than each of its steps
    of: Any,
    each: Any,
    clock: Any,
    open_hours: Any,
    cast: Any,
    crew: Any,
    kept: Any,
    node: Any,
    its: Any,
    queue: Any,
    rank: Any,
    rows: Any,
    events: Any,
    begin: Any,
    end: Any,
) -> int:
    """All that happens, into ``rows``; which of its parts (3: ``events``) was full, so that all is void."""
    size, branches, coming, count, moment = cast.keys.size, of.to.size, 0, 0, begin
    visits, refusals, asked, is_changed = 0, 0, 0, False
    is_alone = kept.seen.shape[0] < size
    while True:
        if count + 3 > events.size:
            return 3
        then = cast.comes[coming] if coming < size else NEVER
        ahead = begin + (events[0] >> 2) // size if count > 0 else NEVER
        if is_changed and min(then, ahead) > moment:
            # All that ends at this second has ended: now the first work that can be begun is.
            best, who, opens = NONE, NONE, NEVER
            for pool in range(queue.changed.size):
                if not queue.changed[pool]:
                    continue
                found, person, opening = NONE, NONE, NEVER
                for line in range(queue.first[pool], queue.first[pool + 1]):
                    head = queue.head[line]
                    while head != NONE and its.come[head] != WAITS:
                        head = melded(node, node.left[head], node.right[head])
                    queue.head[line] = head
                    if head == NONE or (found != NONE and is_before(node, found, head)):
                        continue
                    for one in range(crew.first[pool], crew.first[pool + 1]):
                        if crew.free[one] > moment or queue.skills[line] & ~crew.skills[one] != U(0):
                            continue
                        begins = ready(open_hours, crew, one, moment)
                        if begins == moment:
                            found, person = head, one
                            break
                        opening = min(opening, begins)
                if found == NONE:
                    queue.changed[pool] = False
                    opens = min(opens, opening)
                elif best == NONE or is_sooner(node, found, best):
                    best, who = found, person
            is_changed = best != NONE
            if is_changed:
                line = queue.of_phase[rows.work_phase[best]]
                queue.head[line] = melded(node, node.left[best], node.right[best])
                done = worked_until(crew, open_hours, who, moment, its.effort[best])
                its.come[best], crew.free[who] = BEGUN, done
                rows.work_person[best], rows.begun[best], rows.done[best] = who, moment, done
                if done < end:
                    push(events, count, ((done - begin) * size + rows.work_deal[best]) * 4 + DONE)
                    count += 1
            # Whenever hours begin all pools are looked at, so only the next time need be known.
            if opens < end and (opens < queue.woken[0] or queue.woken[0] <= moment):
                queue.woken[0] = opens
                push(events, count, (opens - begin) * size * 4 + OPENED)
                count += 1
            continue
        moment = min(then, ahead)
        if moment >= end:
            break
        now, way, phase, again, draw, chosen, left = moment, NONE, 0, 0, U(0), NONE, NONE
        if then == moment:
            # Somebody comes, or is taken up where it stands.
            deal = coming
            coming += 1
            row = 0 if is_alone else deal
            if is_alone:
                kept.seen[0, :] = 0
            stage, entered, contact, since = cast.stage[deal], cast.entered[deal], kept.contact[deal], moment
            chosen = cast.branch[deal]
            is_new, is_drawn, is_back = chosen == NONE, False, False
            due, ringing = first_due(clock, stage, entered, contact, cast.barred, deal, branches)
        else:
            event = pop(events, count)
            count -= 1
            what, deal = event & 3, (event >> 2) % size
            if what == OPENED:
                queue.changed[:] = True
                is_changed = True
                continue
            work = kept.work[deal]
            # What was dropped meanwhile has left its events behind.
            if work == NONE:
                continue
            if what == ASKED:
                if its.come[work] == ASKS:
                    at = rows.work_phase[work]
                    pool, line = each.pool[at], queue.of_phase[at]
                    order, place = rank.order[pool], 0
                    if order == 1:
                        place = rank.by_deal[pool, deal]
                    elif order == 2:
                        place = rank.by_stage[pool, kept.stage[deal]]
                    node.left[work], node.right[work], node.rank[work] = NONE, NONE, place
                    node.asked[work], node.deal[work], node.phase[work] = moment, deal, at
                    its.come[work] = WAITS
                    queue.head[line] = melded(node, queue.head[line], work)
                    queue.changed[pool] = is_changed = True
                continue
            if (rows.done[work] if what == DONE else kept.due[deal]) != moment:
                continue
            its.come[work], rows.done[work], kept.work[deal] = OVER, moment, NONE
            person = rows.work_person[work]
            if person != NONE:
                crew.free[person] = moment
                queue.changed[queue.pool_of[person]] = is_changed = True
            row, stage, entered, contact = deal, kept.stage[deal], kept.entered[deal], kept.contact[deal]
            since, way, phase, again = kept.since[deal], kept.way[deal], kept.phase[deal], kept.again[deal]
            due, ringing, is_new = kept.due[deal], kept.ringing[deal], kept.is_new[deal]
            is_drawn, is_back = True, what == DONE
            if is_back:
                draw = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + VISITING)
            else:
                left = branches + ringing
        while True:
            if left != NONE:
                # It leaves its stage.
                if visits == rows.left.size:
                    return 0
                rows.deal[visits], rows.stage[visits], rows.entered[visits] = deal, stage, entered
                rows.left[visits], rows.way[visits] = now, left
                visits += 1
                stage = of.to[left] if left < branches else clock.to[left - branches]
                if of.is_end[stage]:
                    break
                entered, since, contact, left = now, now, now, NONE
                chosen, is_new, is_drawn = NONE, True, False
                due, ringing = first_due(clock, stage, entered, entered, cast.barred, deal, branches)
            if not is_drawn:
                # One draw: which branch is tried, and what has to pass before.
                again = kept.seen[row, stage]
                kept.seen[row, stage] = again + 1
                draw = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + VISITING)
                now, phase, way, is_drawn = since, 0, chosen, True
                if of.first[stage] == of.first[stage + 1]:
                    now = NEVER
                elif chosen == NONE:
                    way, high = of.first[stage], np.int64(draw >> HALF)
                    while of.upto[way] <= high:
                        way += 1
                if way != NONE:
                    phase = of.phase[way]
            last = of.phase[way + 1] if way != NONE else 0
            asks, seconds = False, 0
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
                    low = draw
                    if not each.own[phase]:
                        low = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + each.step[phase])
                    seconds = drawn(each.tables, each.table[phase], low)
                    if each.is_work[phase]:
                        asks = now < end
                        break
                    if each.calendar[phase] == NONE:
                        now += seconds
                    else:
                        now = passed(open_hours, each.calendar[phase], now, seconds)
                if due < now or now >= end:
                    break
                if each.touches[phase]:
                    contact = now
                    due, ringing = first_due(clock, stage, entered, contact, cast.barred, deal, branches)
                phase += 1
            if asks:
                if asked == rows.asked.size:
                    return 2
                rows.work_deal[asked], rows.work_stage[asked], rows.work_phase[asked] = deal, stage, phase
                rows.work_person[asked], rows.asked[asked] = NONE, now
                rows.begun[asked], rows.done[asked] = NEVER, NEVER
                its.effort[asked], its.come[asked] = seconds, ASKS
                kept.stage[deal], kept.entered[deal], kept.contact[deal] = stage, entered, contact
                kept.since[deal], kept.way[deal], kept.phase[deal] = since, way, phase
                kept.again[deal], kept.is_new[deal], kept.work[deal] = again, is_new, asked
                kept.due[deal], kept.ringing[deal] = max(due, now), ringing
                push(events, count, ((now - begin) * size + deal) * 4 + ASKED)
                count += 1
                if kept.due[deal] < end:
                    push(events, count, ((kept.due[deal] - begin) * size + deal) * 4 + CALLED)
                    count += 1
                asked += 1
                break
            if again > 0 and now <= since:
                now = since + AGAIN
            if due < now and due < end:
                now, left = max(due, since), branches + ringing
                continue
            if now >= end:
                if visits == rows.left.size:
                    return 0
                rows.deal[visits], rows.stage[visits], rows.entered[visits] = deal, stage, entered
                rows.left[visits], rows.way[visits] = NONE, NONE
                visits += 1
                break
            left, is_denied = way, False
            is_refused = is_put(cast.barred, way, deal)
            if not is_refused and of.agreed[way] != NONE and is_put(cast.needs, of.agreed[way], deal):
                low = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + GRANTING)
                is_denied = np.int64(low >> HALF) >= share_given(of, way, cast.needs, deal)
            if is_refused or is_denied:
                if refusals == rows.refused_at.size:
                    return 1
                rows.refused_deal[refusals], rows.refused_way[refusals] = deal, way
                rows.refused_at[refusals], rows.refused_denied[refusals] = now, is_denied
                refusals += 1
                since, chosen, is_new, is_drawn, left = now, NONE, False, False, NONE
    for deal in range(size):
        if kept.work[deal] != NONE:
            if visits == rows.left.size:
                return 0
            rows.deal[visits], rows.stage[visits], rows.entered[visits] = deal, kept.stage[deal], kept.entered[deal]
            rows.left[visits], rows.way[visits] = NONE, NONE
            visits += 1
    rows.counts[0], rows.counts[1], rows.counts[2] = visits, refusals, asked
    return NONE
