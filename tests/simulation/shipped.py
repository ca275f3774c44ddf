"""The shipped process and its scenario, ready to be played."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from engine.loading.processes import load_process
from engine.loading.scenarios import load_scenario
from engine.machine.compile import Machine, compile_process
from engine.model.scenario import Scenario
from engine.simulation.results.outcome import Setup

ROOT = Path(__file__).parents[2]
BEGIN = datetime(2026, 12, 1, tzinfo=UTC)


@cache
def machine() -> Machine:
    process = load_process(ROOT / "processes/inside-sales/2.yaml", workspace=ROOT).value
    assert process is not None
    return compile_process(process)


@cache
def scenario() -> Scenario:
    loaded = load_scenario(ROOT / "processes/inside-sales/scenarios/base.yaml", process=machine().process)
    assert loaded.value is not None, loaded.findings
    return loaded.value


def setup(*, weeks: int = 8, **changes: object) -> Setup:
    """The setup of so many weeks; ``changes`` replace parts of the scenario."""
    return Setup(replace(scenario(), horizon=timedelta(weeks=weeks), **changes), machine(), BEGIN)


def idle(*, weeks: int = 8) -> Setup:
    """The same with nobody who works on anything."""
    plain = scenario()
    stages = tuple(replace(each, work=None) for each in plain.stages)
    approvals = tuple(replace(each, work=None) for each in plain.approvals)
    return setup(weeks=weeks, stages=stages, approvals=approvals, touchpoints={}, pools=())
