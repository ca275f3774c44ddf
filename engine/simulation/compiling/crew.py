"""The people of a scenario's pools as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from engine.machine.compile import Machine
from engine.model.errors import BadValue, UnknownName
from engine.model.names import MAIN, did_you_mean
from engine.model.process import Process
from engine.model.scenario import Pool, Scenario, Serving
from engine.model.syntax import Kind
from engine.simulation.plan import NONE, Crew

FIRST_COME, BY_FACT, BY_STAGE = 0, 1, 2
_ORDERS = {Serving.FIRST_COME: FIRST_COME, Serving.BY_FACT: BY_FACT, Serving.BY_STAGE: BY_STAGE}
_MOST_SKILLS = 64


def skill_bits(scenario: Scenario) -> Mapping[str, int]:
    """By skill: its bit, in the order in which people are said to have them. Raises ``BadValue`` for more than 64."""
    names = dict.fromkeys(skill for pool in scenario.pools for each in pool.people for skill in each.skills)
    if len(names) > _MOST_SKILLS:
        raise BadValue(f"{len(names)} skills are more than the {_MOST_SKILLS} that can be told apart")
    return {name: 1 << at for at, name in enumerate(names)}


def crew_of(
    scenario: Scenario, machine: Machine, *, stages: tuple[tuple[str, str], ...], hours: Mapping[str, int]
) -> Crew:
    """The people of all pools. Raises ``BadValue`` for a pool without people, ``UnknownName`` for hours it lacks."""
    bits = skill_bits(scenario)
    people = [(pool, person) for pool in scenario.pools for person in pool.people]
    for pool in scenario.pools:
        _check(pool, machine.process)
    return Crew(
        pools=tuple(pool.id for pool in scenario.pools),
        names=tuple(person.name for _, person in people),
        first=np.cumsum([0, *(len(pool.people) for pool in scenario.pools)]).astype(np.int32),
        calendar=np.array([hours_of(person.hours or pool.hours, hours) for pool, person in people], np.int32),
        skills=np.array([sum(bits[skill] for skill in set(person.skills)) for _, person in people], np.uint64),
        order=np.array([_ORDERS[pool.serving] for pool in scenario.pools], np.int32),
        by_stage=np.array([_ranks(pool, stages) for pool in scenario.pools], np.int64).reshape(-1, len(stages)),
    )


def hours_of(name: str, hours: Mapping[str, int]) -> int:
    """The place of working hours among the calendars; ``NONE`` around the clock. Raises ``UnknownName``."""
    if not name:
        return NONE
    if name not in hours:
        raise UnknownName(f"the scenario has no hours '{name}'", hint=did_you_mean(name, hours))
    return hours[name]


def _check(pool: Pool, process: Process) -> None:
    if not pool.people:
        raise BadValue(f"nobody is in pool '{pool.id}'", hint="people: 2, or the names of those who are")
    if pool.serving is Serving.BY_FACT:
        fact = process.facts.get(pool.fact)
        if fact is None:
            raise UnknownName(f"{process.name} has no fact '{pool.fact}'", hint=did_you_mean(pool.fact, process.facts))
        if fact.type.kind is Kind.TEXT or fact.table is not None:
            raise BadValue(f"pool '{pool.id}' cannot serve by '{pool.fact}'", hint="name a number, a date or a choice")
    if pool.serving is Serving.BY_STAGE:
        known = [stage.id for stage in process.main.stages]
        unknown: Iterable[str] = (stage for stage in pool.stages if stage not in known)
        for stage in unknown:
            raise UnknownName(f"{process.name} has no stage '{stage}'", hint=did_you_mean(stage, known))


def _ranks(pool: Pool, stages: tuple[tuple[str, str], ...]) -> list[int]:
    if pool.serving is not Serving.BY_STAGE:
        return [0] * len(stages)
    ranks = {stage: rank for rank, stage in enumerate(pool.stages)}
    return [ranks.get(stage, len(ranks)) if track == MAIN else len(ranks) for track, stage in stages]
