"""Small processes with the machine that judges them, and plans of what happens in their stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.machine.compile import Machine
from engine.model.names import MAIN
from engine.simulation.log import Log
from engine.simulation.plan import Plan
from tests.machine.building import machine
from tests.simulation.worlds import Pool, Stage, end, plan

World = tuple[Plan, Machine]


def world(
    standing: Mapping[str, Stage],
    *,
    clock_actions: Sequence[str] = (),
    pools: Mapping[str, Pool] = {},
    until: int = 1 << 40,
    **process: Any,
) -> World:
    """What is assumed of ``stage`` and ``track/stage`` of a process written as ``tests.machine.building`` reads it.

    Stages without assumptions keep their deals, and every branch is judged by the machine. ``clock_actions`` are those
    of the clocks, in their order.
    """
    judge = machine(**process)
    names = [(track.id, each) for track in judge.process.all_tracks() for each in track.stages]
    keys = [stage.id if track == MAIN else f"{track}/{stage.id}" for track, stage in names]
    stages = {key: standing.get(key, end(stage.ends)) for key, (_, stage) in zip(keys, names, strict=True)}
    made = plan(stages, pools=pools, until=until)
    actions = list(dict.fromkeys([*made.actions, *judge.actions]))
    assumed = {key.partition("/")[0] for key in standing if "/" in key}
    firsts = [(track.id, track.first.id) for track in judge.process.all_tracks() if track.id in {MAIN, *assumed}]
    stages_of = [(track, stage.id) for track, stage in names]
    return replace(
        made,
        stages=tuple(stages_of),
        actions=tuple(actions),
        alarms=replace(made.alarms, action=np.array([actions.index(each) for each in clock_actions], np.int32)),
        firsts=tuple(stages_of.index(first) for first in firsts),
        living=np.ones(made.branches + made.alarms.to.size, np.bool_),
        acts=any(each.auto for track in judge.process.all_tracks() for each in track.actions),
    ), judge


def visits(of: Plan, log: Log) -> list[tuple[int, str, int, int, str]]:
    """Of each visit the deal, the stage, when it began and ended, and the action that ended it."""
    found = []
    for deal, stage, entered, left, way in zip(
        log.deal.tolist(), log.stage.tolist(), log.entered.tolist(), log.left.tolist(), log.way.tolist(), strict=True
    ):
        track, name = of.stages[stage]
        action = of.actions[of.led(way)[0]] if way >= 0 else ""
        found.append((deal, name if track == MAIN else f"{track}/{name}", entered, left, action))
    return found


def refusals(of: Plan, log: Log) -> list[tuple[int, str, int, bool]]:
    """Of each refusal the deal, the action, when, and whether it was an approval that was not given."""
    ways = [of.actions[of.led(way)[0]] for way in log.refused_way.tolist()]
    return list(zip(log.refused_deal.tolist(), ways, log.refused_at.tolist(), log.refused_denied.tolist(), strict=True))
