"""From a scenario and the version of a process it is played on to the arrays that every engine reads."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from engine.machine.compile import Machine
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.scenario import Scenario
from engine.numerics.dice import name_key
from engine.simulation.compiling.attempts import Tried, tried
from engine.simulation.compiling.calendar import DAY, calendars, seconds_of
from engine.simulation.compiling.crew import crew_of
from engine.simulation.compiling.foreseen import changing, is_living
from engine.simulation.compiling.ways import Shelf, alarms_of, ways_of
from engine.simulation.plan import Plan

_BEYOND = 366 * DAY
_WIDEST = 500 * _BEYOND


def plan_of(scenario: Scenario, machine: Machine, *, begin: datetime) -> Plan:
    """The scenario compiled for one version of its process, from ``begin`` (with a time zone) on.

    A deal that is handed over to another process has come to an end here, and none is started in another one. Raises
    ``BadValue`` for a scenario of another process or version and for numbers that cannot be, ``UnknownName`` for names
    that the process or the scenario does not have.
    """
    _check(scenario, machine, begin)
    found = _tried(scenario, machine)
    since = seconds_of(begin)
    end = since + int(scenario.horizon.total_seconds())
    spelled = calendars(scenario.hours, zone=machine.frame.zone, begin=since, end=_end(since, end))
    for at, hours in enumerate(scenario.hours):
        if spelled.first[at] == spelled.first[at + 1]:
            raise BadValue(f"the hours '{hours.id}' never open", hint="mon-fri: 09:00-17:00")
    places = {hours.id: at for at, hours in enumerate(scenario.hours)}
    actions = {name: at for at, name in enumerate(machine.actions)}
    shelf = Shelf(scenario, machine, places, actions, {each: at for at, each in enumerate(found.stages)})
    ways, phases = ways_of(found, shelf)
    return Plan(
        process=machine.process.id,
        version=machine.process.version,
        begin=since,
        end=end,
        stages=found.stages,
        ends=found.ends,
        keys=np.array([name_key(scenario.luck.get(name, name)) for name in map("/".join, found.stages)], np.uint64),
        actions=tuple(actions),
        ways=ways,
        phases=phases,
        alarms=alarms_of(found, shelf),
        calendars=spelled,
        crew=crew_of(scenario, machine, stages=found.stages, hours=places),
        tables=shelf.stacked(),
        firsts=found.firsts,
        living=_living(machine, found),
        acts=any(variant.auto for routes in machine.actions.values() for variant in routes.variants),
    )


def _tried(scenario: Scenario, machine: Machine) -> Tried:
    try:
        return tried(scenario, machine)
    except (BadValue, UnknownName) as error:
        if scenario.version in (0, machine.process.version):
            raise
        told = f"{error}; the scenario '{scenario.id}' uses the names of version {scenario.version}"
        raise type(error)(told, hint=error.hint) from None


def _check(scenario: Scenario, machine: Machine, begin: datetime) -> None:
    process = machine.process
    if scenario.process != process.id:
        hint = f"play it on a version of '{scenario.process}'"
        raise BadValue(f"the scenario '{scenario.id}' is of '{scenario.process}', not of '{process.id}'", hint=hint)
    if begin.tzinfo is None:
        raise BadValue("nobody can say when the simulation starts: the time has no time zone")
    if scenario.horizon.total_seconds() < 1:
        raise BadValue(f"the horizon of '{scenario.id}' is zero: nothing would be looked at", hint="horizon: 26w")
    if scenario.horizon.total_seconds() > _WIDEST:
        raise BadValue(f"the horizon of '{scenario.id}' is longer than 500 years", hint="horizon: 26w")
    names = [each.fact for each in scenario.facts] + list(scenario.rows.facts if scenario.rows else ())
    for name in names:
        fact = process.facts.get(name)
        if fact is None:
            raise UnknownName(f"{process.name} has no fact '{name}'", hint=did_you_mean(name, process.facts))
        if fact.table is not None:
            raise BadValue(f"the fact '{name}' is reckoned by its table", hint="leave it out of the scenario")


def _end(since: int, end: int) -> int:
    """Until when hours are spelled out: what is begun before the end is mostly done by then."""
    return end + min(end - since, _BEYOND) + _BEYOND // 6


def _living(machine: Machine, found: Tried) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    may_change = changing(machine, found)
    return np.array([is_living(machine, attempt, changing=may_change) for attempt in found.ways], np.bool_)
