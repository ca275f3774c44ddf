"""What a what-if can set of a pool: how many people, in which hours, and whom they serve first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import ceil

from engine.model.scenario import Person, Pool, Scenario, Serving
from engine.simulation.whatif.setting import Setting, number_set

PARTS = ("people", "hours", "serves")
MOST = 10_000
WHOLE = 1e-6
FIRST_COME = Serving.FIRST_COME.value


def pools_set(scenario: Scenario, setting: Setting) -> Scenario:
    """The scenario with one pool changed: ``pools.ae.people+=2``."""
    name = setting.part(1)
    pool = scenario.pool(name)
    if not scenario.pools:
        raise setting.bad(
            "the scenario has no pools: nobody works in it, and time passes by itself",
            hint="write 'pools' and the 'work' of stages into its file first",
        )
    if pool is None:
        raise setting.unknown("pool", name, (pool.id for pool in scenario.pools))
    setting.ends_at(3)
    match setting.part(2):
        case "people":
            now = staffed(pool, _count(len(pool.people), setting))
        case "hours":
            now = replace(pool, hours=setting.word("set of hours", (hours.id for hours in scenario.hours)))
        case "serves":
            now = _serving(pool, scenario, setting)
        case part:
            raise setting.unknown("part of a pool", part, PARTS)
    return replace(scenario, pools=tuple(now if each.id == name else each for each in scenario.pools))


def staffed(pool: Pool, count: int) -> Pool:
    """The pool with so many people, at least one.

    Those who leave are the last ones. Those who come work in the hours of the pool, and each can do all that anybody
    of the pool can.
    """
    if count <= len(pool.people):
        return replace(pool, people=pool.people[: max(count, 1)])
    skills = tuple(dict.fromkeys(skill for person in pool.people for skill in person.skills))
    taken = {person.name for person in pool.people}
    numbered = (f"{pool.id} {number}" for number in range(1, 2 * MOST + len(taken)))
    fresh = (name for name in numbered if name not in taken)
    added = (Person(next(fresh), skills) for _ in range(count - len(pool.people)))
    return replace(pool, people=(*pool.people, *added))


def _count(people: int, setting: Setting) -> int:
    wanted = number_set(float(people), setting)
    count = round(wanted)
    if abs(wanted - count) > WHOLE:
        if setting.sign != "*=":
            raise setting.bad(f"'{setting.value}' is no number of people", hint="write a whole number, such as 2")
        hint = f"write how many there are then, such as {'.'.join(setting.path)}={ceil(wanted)}"
        raise setting.bad(f"{people} people would be {wanted:g}, which is no whole number", hint=hint)
    if count < 1:
        raise setting.bad("nobody would be left", hint="a pool has at least one person")
    if count > MOST:
        raise setting.bad(f"it would be {count:,} people, more than {MOST:,}")
    return count


def _serving(pool: Pool, scenario: Scenario, setting: Setting) -> Pool:
    chosen = setting.word("order", (FIRST_COME, *dict.fromkeys(_ordered(scenario))))
    if chosen == FIRST_COME:
        return replace(pool, serving=Serving.FIRST_COME, fact="", stages=())
    return replace(pool, serving=Serving.BY_FACT, fact=chosen, stages=())


def _ordered(scenario: Scenario) -> Iterator[str]:
    """Facts of which one value may be the higher: what is drawn among words or yes and no is none of them."""
    for drawn in scenario.facts:
        if all(isinstance(value, Decimal) for value, _ in drawn.choices):
            yield drawn.fact
    yield from scenario.rows.facts if scenario.rows else ()
