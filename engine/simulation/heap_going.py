"""How a deal goes on in the compiled event heap, until somebody has to work on it or all is over."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.simulation.heap_serving import ASKS
from engine.simulation.loop_parts import (
    GRANTING,
    HALF,
    VISITED,
    VISITING,
    U,
    drawn,
    first_due,
    is_put,
    mixed,
    passed,
)
from engine.simulation.plan import NEVER, NONE, Cast, Plan

CAME, WORKED, CALLED_OFF = 0, 1, 2
"""Why a deal goes on: it comes, the work on it is done, or a clock calls it away."""


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


def standing(plan: Plan, cast: Cast) -> Standing:
    """Nobody waits for work yet."""
    size = cast.size
    kinds = (np.int32, np.int64, np.int64, np.int64, np.int32, np.int32, np.int32, np.bool_, np.int64, np.int32)
    columns: list[Any] = [np.empty(size, kind) for kind in kinds]
    columns[2][:] = cast.last_contact
    seen = np.zeros((size if plan.has_work else 1, len(plan.stages)), np.int32)
    return Standing._make([*columns, np.full(size, NONE, np.int64), seen])


def onward(  # noqa: C901 - one loop: what a deal carries along would have to be handed over at each step
    of: Any,
    each: Any,
    clock: Any,
    open_hours: Any,
    cast: Any,
    kept: Any,
    waiting: Any,
    rows: Any,
    end: Any,
    deal: Any,
    moment: Any,
    how: Any,
) -> int:
    """Play a deal on from a moment; 0, or one more than the number of the part of ``rows`` that is full."""
    row, branches, now = min(deal, kept.seen.shape[0] - 1), of.to.size, moment
    contact, chosen, draw = kept.contact[deal], NONE, U(0)
    is_drawn, is_back, left = how != CAME, how == WORKED, NONE
    if how == CAME:
        stage, entered, since, chosen = cast.stage[deal], cast.entered[deal], moment, cast.branch[deal]
        way, phase, again, is_new = NONE, 0, 0, chosen == NONE
        if row != deal:
            kept.seen[row, :] = 0
        elif kept.seen.shape[0] == 1:
            kept.seen[0, :] = 0
        due, ringing = first_due(clock, stage, entered, contact, cast.barred, deal, branches)
    else:
        stage, entered, since = kept.stage[deal], kept.entered[deal], kept.since[deal]
        way, phase, again, is_new = kept.way[deal], kept.phase[deal], kept.again[deal], kept.is_new[deal]
        due, ringing = kept.due[deal], kept.ringing[deal]
        if how == CALLED_OFF:
            left = branches + ringing
    while True:
        if left != NONE:
            # It leaves the stage.
            if not tell(rows, deal, stage, entered, now, left):
                return 1
            stage = of.to[left] if left < branches else clock.to[left - branches]
            if of.is_end[stage]:
                return 0
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
        while phase < last:
            if is_back:
                is_back = False
                draw = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + VISITING)
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
                seconds = drawn(each.tables, each.table[phase], its)
                if each.is_work[phase]:
                    if now >= end:
                        break
                    work = rows.counts[2]
                    if work == rows.asked.size:
                        return 3
                    rows.counts[2] = work + 1
                    rows.work_deal[work], rows.work_stage[work], rows.work_phase[work] = deal, stage, phase
                    rows.work_person[work], rows.asked[work] = NONE, now
                    rows.begun[work], rows.done[work] = NEVER, NEVER
                    waiting.effort[work], waiting.is_in[work] = seconds, ASKS
                    kept.stage[deal], kept.entered[deal], kept.contact[deal] = stage, entered, contact
                    kept.since[deal], kept.way[deal], kept.phase[deal] = since, way, phase
                    kept.again[deal], kept.is_new[deal], kept.work[deal] = again, is_new, work
                    kept.due[deal], kept.ringing[deal] = max(due, now), ringing
                    return 0
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
        if again > 0 and now <= since:
            now = since + 1
        if due < now and due < end:
            now, left = max(due, since), branches + ringing
        elif now >= end:
            return 0 if tell(rows, deal, stage, entered, NONE, NONE) else 1
        else:
            left, is_denied = way, False
            is_refused = is_put(cast.barred, way, deal)
            if not is_refused and of.agreed[way] != NONE and is_put(cast.needs, of.agreed[way], deal):
                its = mixed(cast.keys[deal] + of.keys[stage] + U(again) * VISITED + GRANTING)
                is_denied = np.int64(its >> HALF) >= of.granted[way]
            if is_refused or is_denied:
                refusal = rows.counts[1]
                if refusal == rows.refused_at.size:
                    return 2
                rows.counts[1] = refusal + 1
                rows.refused_deal[refusal], rows.refused_way[refusal] = deal, way
                rows.refused_at[refusal], rows.refused_denied[refusal] = now, is_denied
                since, chosen, is_new, is_drawn, left = now, NONE, False, False, NONE


def tell(rows: Any, deal: Any, stage: Any, entered: Any, left: Any, way: Any) -> bool:
    """Write a visit down; whether there was room."""
    visit = rows.counts[0]
    if visit == rows.left.size:
        return False
    rows.counts[0] = visit + 1
    rows.deal[visit], rows.stage[visit], rows.entered[visit] = deal, stage, entered
    rows.left[visit], rows.way[visit] = left, way
    return True
