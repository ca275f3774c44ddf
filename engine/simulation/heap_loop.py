"""``heap`` of what is plain over arrays, in the few words that a compiler knows: the same log, many times as fast."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.numerics.compiled import compiled
from engine.simulation.commit_loop import PARTS, empty_rows
from engine.simulation.heap_going import CALLED_OFF, CAME, WORKED, onward, standing, tell
from engine.simulation.heap_serving import ASKS, begin_next, join, queues, release
from engine.simulation.logging_rows import log_of
from engine.simulation.loop_parts import clocks, deals, hours, phases, pop, push, team, ways
from engine.simulation.plan import NEVER, NONE, Cast, Log, Plan

DONE, ASKED, CALLED, OPENED = 0, 1, 2, 3
"""What an event is about, as in ``queueing``: its last two bits. Before them stand its moment and its deal."""


def play_compiled(plan: Plan, cast: Cast) -> Log:
    """The log of a run, as ``heap.play`` writes it, of a plain plan."""
    loop, of = compiled(walk), (ways(plan), phases(plan), clocks(plan), hours(plan), deals(cast))
    works = 2 * cast.size * plan.has_work + 64
    rooms = [4 * cast.size + 64, cast.size + 64, works, 2 * works]
    while True:
        rows, events = empty_rows(rooms[:3]), np.empty(rooms[3], np.int64)
        kept, waiting = standing(plan, cast), queues(plan, cast, room=rooms[2])
        full = loop(*of, team(plan), kept, waiting, rows, events, plan.begin, plan.end)
        if full == NONE:
            break
        rooms[full] *= 2
    return log_of(
        *([column[:count] for column in rows[part]] for count, part in zip(rows.counts.tolist(), PARTS, strict=True))
    )


def walk(  # noqa: C901 - one loop: what it carries along would have to be handed over at each step
    of: Any,
    each: Any,
    clock: Any,
    open_hours: Any,
    cast: Any,
    crew: Any,
    kept: Any,
    waiting: Any,
    rows: Any,
    events: Any,
    begin: Any,
    end: Any,
) -> int:
    """All that happens, into ``rows``; which of its parts (the fourth: events) was full, so that all is void."""
    size, coming, count, moment, is_changed = cast.keys.size, 0, 0, begin, False
    while True:
        if count + 3 > events.size:
            return 3
        then = cast.comes[coming] if coming < size else NEVER
        ahead = begin + (events[0] >> 2) // size if count > 0 else NEVER
        if is_changed and min(then, ahead) > moment:
            # All that ends at this second has ended: now something may begin.
            deal, done, opens = begin_next(open_hours, crew, waiting, rows, moment)
            is_changed = deal != NONE
            if is_changed and done < end:
                push(events, count, ((done - begin) * size + deal) * 4 + DONE)
                count += 1
            if opens < end:
                push(events, count, (opens - begin) * size * 4 + OPENED)
                count += 1
            continue
        moment = min(then, ahead)
        if moment >= end:
            break
        full = 0
        if then == moment:
            deal = coming
            coming += 1
            full = onward(of, each, clock, open_hours, cast, kept, waiting, rows, end, deal, moment, CAME)
        else:
            event = pop(events, count)
            count -= 1
            what, deal = event & 3, (event >> 2) % size
            if what == OPENED:
                waiting.changed[:] = True
                is_changed = True
                continue
            work = kept.work[deal]
            if work == NONE:
                continue
            if what == ASKED:
                if waiting.is_in[work] == ASKS:
                    join(each, waiting, rows, kept.stage[deal], work)
                    is_changed = True
                continue
            # What was dropped meanwhile leaves its events behind.
            if (rows.done[work] if what == DONE else kept.due[deal]) != moment:
                continue
            release(crew, waiting, rows, work, moment)
            kept.work[deal] = NONE
            is_changed = True
            how = WORKED if what == DONE else CALLED_OFF
            full = onward(of, each, clock, open_hours, cast, kept, waiting, rows, end, deal, moment, how)
        if full > 0:
            return full - 1
        work = kept.work[deal]
        if work != NONE:
            push(events, count, ((rows.asked[work] - begin) * size + deal) * 4 + ASKED)
            count += 1
            if kept.due[deal] < end:
                push(events, count, ((kept.due[deal] - begin) * size + deal) * 4 + CALLED)
                count += 1
    return finish(kept, rows, size)


def finish(kept: Any, rows: Any, size: Any) -> int:
    """Tell of those who wait for work at the end that they stay where they are."""
    for deal in range(size):
        if kept.work[deal] != NONE and not tell(rows, deal, kept.stage[deal], kept.entered[deal], NONE, NONE):
            return 0
    return NONE
