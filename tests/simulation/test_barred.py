"""What is judged before a simulation starts is what the machine says, deal by deal, whenever it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.choose import choose
from engine.machine.clocks import EXEMPT, applies
from engine.machine.compile import Machine, compile_process
from engine.machine.decide import judge_all
from engine.model.deal import Deal, Times
from engine.model.decision import About, Move
from engine.model.names import MAIN
from engine.simulation.casting.cast_of import cast_of, casting
from engine.simulation.casting.columns import NOTE_GIVEN
from engine.simulation.casting.court import words_of
from engine.simulation.casting.facts import value_at
from engine.simulation.compiling.attempts import Attempt, tried
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.compiling.ways import needed
from engine.simulation.log import Log
from engine.simulation.plan import Cast, Plan
from engine.simulation.results.refusals import broken
from tests.machine.building import process
from tests.machine.worlds import processes
from tests.simulation.any_scenario import BEGIN, SHIPPED, scenario_of, shipped

GIVEN = frozenset({About.ROLE, About.REASON, About.APPROVAL})


@dataclass(frozen=True)
class World:
    machine: Machine
    plan: Plan
    cast: Cast
    ways: tuple[Attempt, ...]
    needs: tuple[Any, ...]


def world(machine: Machine, *, seed: int, **other: Any) -> World:
    scenario = scenario_of(machine, **other)
    plan = plan_of(scenario, machine, begin=BEGIN)
    cast = cast_of(casting(scenario, machine, plan), seed=seed, run=0)
    found = tried(scenario, machine)
    return World(machine, plan, cast, found.ways, needed(machine, found, scenario))


def deal_of(at: World, place: int, attempt: Attempt, later: datetime) -> Deal:
    """The deal as it may be at some time later: elsewhere in side tracks, touched, long in its stage."""
    facts = {name: value_at(column, place) for name, column in at.cast.facts.items()}
    process = at.machine.process
    is_main = attempt.track.id == MAIN
    main = attempt.source if is_main else process.main.stages[place % 2].id
    moving = [track for track in process.tracks if any(name == track.id for name, _ in at.plan.stages)]
    tracks = {track.id: track.stages[place % len(track.stages)].id for track in moving}
    return Deal(
        id="new",
        process=process.id,
        version=process.version,
        digest="",
        stage=main,
        started_at=BEGIN,
        entered_at=BEGIN + timedelta(days=place % 3),
        last_at=later,
        facts={name: value for name, value in facts.items() if value is not None},
        tracks=tracks if is_main else {**tracks, attempt.track.id: attempt.source},
        visited=frozenset({main, process.main.stages[place % 3].id}),
        touches={name: Times(1, BEGIN) for name in process.touchpoints[: place % 2]},
    )


def refusing(at: World, place: int, attempt: Attempt) -> set[str]:
    """The requirements by which the machine refuses a branch."""
    words = words_of(at.machine, attempt)
    role, reason = words.get("actor.role", ""), words.get("reason", "")
    move = Move(attempt.action, to=attempt.to, reason=reason, note=NOTE_GIVEN, role=role, actor="ana")
    case = choose(at.machine, deal_of(at, place, attempt, BEGIN), move, BEGIN)
    told = (*case.misplaced, *judge_all(case.way.checks, case.facts, case.situation))
    return {each.requirement for each in told if not each.stands and each.about not in GIVEN}


def refused(at: World, place: int, number: int, later: datetime) -> bool:
    attempt = at.ways[number]
    exempt = GIVEN | EXEMPT if attempt.clock else GIVEN
    words = words_of(at.machine, attempt)
    role, reason = words.get("actor.role", ""), words.get("reason", "")
    to = "" if attempt.clock else attempt.to
    move = Move(attempt.action, to=to, reason=reason, note=NOTE_GIVEN, role=role, actor="ana")
    deal = deal_of(at, place, attempt, later)
    case = choose(at.machine, deal, move, later)
    told = (*case.misplaced, *judge_all(case.way.checks, case.facts, case.situation))
    if attempt.clock and not applies(at.machine, deal, attempt.clock, now=later):
        return True
    if attempt.clock and (case.way.target, case.way.variant) != (attempt.to, attempt.meant[0].action.variant):
        # Another variant is meant: it has a way of its own.
        return True
    return any(not each.stands for each in told if each.about not in exempt)


def bit(rows: np.ndarray, number: int, place: int) -> bool:
    return bool(int(rows[number // 64, place]) >> number % 64 & 1)


def agree(at: World, later: datetime) -> None:
    living = at.plan.living.tolist()
    for place in range(min(at.cast.size, 12)):
        for number, attempt in enumerate(at.ways):
            told = bit(at.cast.barred, number, place)
            expected = not living[number] and refused(at, place, number, later)
            assert told == expected, (attempt.source, attempt.action, attempt.to, place)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_who_is_barred_is_whom_the_machine_refuses_in_shipped_processes(path: Path) -> None:
    agree(world(shipped(path), seed=1), BEGIN + timedelta(days=9, hours=5))


@pytest.mark.parametrize("name", ["bids", "enterprise"])
def test_a_side_track_in_which_nothing_happens_can_be_judged_before(name: str) -> None:
    of = shipped(next(path for path in SHIPPED if path.parent.name == name))
    still, moving = world(of, seed=1, tracks=()), world(of, seed=1)
    assert still.plan.living.sum() < moving.plan.living.sum() / 2
    agree(still, BEGIN + timedelta(days=9))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_who_needs_an_approval_is_of_whom_the_machine_asks_one(path: Path) -> None:
    at = world(shipped(path), seed=2)
    for number, (way, approvals) in enumerate(at.needs):
        for place in range(at.cast.size):
            attempt = at.ways[way]
            move = Move(attempt.action, to=attempt.to, reason=attempt.reason, actor="ana")
            case = choose(at.machine, deal_of(at, place, attempt, BEGIN), move, BEGIN)
            asked = {each.requirement for each in judge_all(case.way.checks, case.facts, case.situation)}
            assert bit(at.cast.needs, number, place) == any(each.id in asked for each in approvals)


def log_of_refusals(at: World, pairs: list[tuple[int, int]]) -> Log:
    none: dict[str, Any] = {each.name: np.empty(0, np.int64) for each in fields(Log)}
    deals, ways = np.array(pairs, np.int32).reshape(-1, 2).T
    when = np.full(len(pairs), at.plan.begin)
    told = {
        "refused_deal": deals,
        "refused_way": ways,
        "refused_at": when,
        "refused_denied": np.zeros(len(pairs), bool),
    }
    return Log(**{**none, **told})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_refusals_are_told_by_the_requirements_that_the_machine_names(path: Path) -> None:
    at = world(shipped(path), seed=4, tracks=())
    branches = range(at.plan.branches)
    pairs = [(place, way) for place in range(at.cast.size) for way in branches if bit(at.cast.barred, way, place)]
    expected = Counter(name for place, way in pairs for name in refusing(at, place, at.ways[way]))
    assert broken(at.plan, at.cast, log_of_refusals(at, pairs), machine=at.machine) == expected


def test_shipped_processes_have_ways_that_are_judged_before_and_refuse_some_but_not_all() -> None:
    worlds = [world(shipped(path), seed=3) for path in SHIPPED]
    told = [
        [bit(at.cast.barred, number, place) for place in range(at.cast.size)]
        for at in worlds
        for number in np.flatnonzero(~at.plan.living).tolist()
    ]
    assert sum(any(bits) and not all(bits) for bits in told) > 40
    assert sum(len(at.needs) for at in worlds) > 4


@given(processes, st.integers(0, 1000), st.integers(0, 100))
@settings(max_examples=40)
def test_who_is_barred_is_whom_the_machine_refuses_in_any_process(
    spec: Mapping[str, Any], seed: int, days: int
) -> None:
    agree(world(compile_process(process(**spec)), seed=seed), BEGIN + timedelta(days=days))
