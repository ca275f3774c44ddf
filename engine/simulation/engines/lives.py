"""One deal as it goes its way, written down as it goes; it stops wherever somebody has to work on it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from engine.numerics.dice import GOLDEN, mixed_one
from engine.numerics.distributions import CELLS
from engine.simulation.engines.hours import passed
from engine.simulation.engines.script import VISITED, Phase, Stage, first_due
from engine.simulation.plan import AGAIN, NEVER, NONE, Purpose

Ask = tuple[int, int, int, int, int, int]
"""Work that a deal asks for: the moment, the stage, the number of the phase, the pool, the skills, the effort."""
Life = Generator[Ask, int, None]
"""Asks for work and is sent when it is done (``NEVER``: not by anybody); ends when nothing more happens."""
Write = Callable[[Sequence[int]], None]

_GRANT = (Purpose.GRANT + 1) * GOLDEN
_TAIL = CELLS - 1
_NOTHING: tuple[Phase, ...] = ()


def life(  # noqa: C901 - one walk: each call would cost as much as a step of it
    stages: Sequence[Stage], start: Sequence[int], seen: list[int], end: int, visits: Write, refusals: Write
) -> Life:
    """The life of a deal that starts as ``script.starts`` says, until ``end``.

    ``seen``: how often each stage was drawn for. ``visits`` is told (deal, stage, entered, left, way), ``refusals``
    (deal, way, moment, whether it was denied).
    """
    mixed = mixed_one
    deal, own, stage, entered, contact, since, chosen, until, barred, needs = start
    while True:
        key, upto, branches, alarms, is_end = stages[stage]
        if is_end:
            return
        is_new = chosen == NONE
        due, there, clock = first_due(alarms, barred, entered, contact) if alarms else (NEVER, NONE, NONE)
        while True:
            # One draw: which branch is tried, and what has to pass before.
            base, again = own + key + seen[stage] * VISITED, seen[stage]
            seen[stage] += 1
            draw = mixed(base + GOLDEN)
            if not branches:
                way, now, phases = NONE, NEVER, _NOTHING
            else:
                place, high = 0, draw >> 32
                while upto[place] <= high:
                    place += 1
                way, to, agreed, granted, phases = branches[place if chosen == NONE else chosen - branches[0][0]]
                now = since
            for is_work, table, hours, need, step, touches, is_own, on_entering, number, pool, skills in phases:
                if (need and not need & needs) or (on_entering and not is_new):
                    continue
                low = (draw if is_own else mixed(base + step)) & 0xFFFFFFFF
                cell, within = low >> 22, low & 0x3FFFFF
                if cell == _TAIL:
                    cell, within = CELLS + (within >> 12), (within & 0xFFF) << 10
                first = table[cell]
                seconds = first + ((table[cell + 1] - first) * within + (1 << 21) >> 22)
                if is_work:
                    if now >= end:
                        break
                    now = yield now, stage, number, pool, skills, seconds
                elif is_own and chosen != NONE:
                    now = max(until, since)
                elif hours is None:
                    now += seconds
                else:
                    now = passed(hours, now, seconds)
                if due < now or now >= end:
                    break
                if touches and alarms:
                    due, there, clock = first_due(alarms, barred, entered, now)
            if again and now <= since:
                now = since + AGAIN
            if due < now and due < end:
                now, way, to = max(due, since), clock, there
                break
            if now >= end:
                visits((deal, stage, entered, NONE, NONE))
                return
            if barred >> way & 1:
                refusals((deal, way, now, 0))
            elif agreed & needs and mixed(base + _GRANT) >> 32 >= granted:
                refusals((deal, way, now, 1))
            else:
                break
            since, chosen, is_new = now, NONE, False
        visits((deal, stage, entered, now, way))
        stage, entered, contact, since, chosen = to, now, now, now, NONE
