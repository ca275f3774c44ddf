"""The first scenario of a process follows from what it declares, and favours what its rules want."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.loading.document import parse_text
from engine.loading.processes import load_process
from engine.loading.scenario_text import scenario_text
from engine.loading.scenarios import read_scenario
from engine.model.process import Process
from engine.model.scenario import Form, Scenario, Spread
from engine.simulation.first.scenario import first_scenario

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "processes").glob("*/[0-9].yaml"))
DAY = 86_400


def process_in(path: Path) -> Process:
    process = load_process(path, workspace=ROOT).value
    assert process
    return process


def first(name: str, version: int) -> Scenario:
    return first_scenario(process_in(ROOT / f"processes/{name}/{version}.yaml"), name="base").scenario


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}@{path.stem}")
def test_the_first_scenario_of_a_shipped_process_has_no_finding_and_reads_back_the_same(path: Path) -> None:
    process = process_in(path)
    made = first_scenario(process, name="base")
    text = scenario_text(made.scenario, process, notes=made.notes)
    loaded = read_scenario(parse_text(text, "base.yaml"), Path("base.yaml"), process=process)
    assert loaded.findings == ()
    assert loaded.value == made.scenario


def test_targets_are_p50s_and_alerts_p90s() -> None:
    stage = first("inside-sales", 2).standing("qualified")
    assert stage
    assert stage.dwell == Spread(Form.LOGNORMAL, 7 * DAY, 21 * DAY)


def test_as_many_win_as_the_probabilities_say() -> None:
    scenario = first("inside-sales", 2)
    process = process_in(ROOT / "processes/inside-sales/2.yaml")
    won = Decimal(1)
    for stage in reversed([one for one in process.main.stages if not one.ends]):
        standing = scenario.standing(stage.id)
        assert standing
        won *= Decimal(str(standing.branches[0].share))
        assert stage.probability is not None
        assert won == pytest.approx(stage.probability, rel=Decimal("0.001"))
        assert sum(one.share for one in standing.branches) == pytest.approx(1)


def test_facts_are_mostly_as_the_rules_want_them() -> None:
    facts = {one.fact: one for one in first("inside-sales", 2).facts}
    roles = dict(facts["contact_role"].choices)
    assert roles["champion"] == roles["economic-buyer"] == 0.45
    assert facts["budget_confirmed"].choices == ((True, 0.9), (False, 0.1))
    # What has a default that the rules take, and what an action sets, needs no assumption.
    assert {"export_hold", "discount", "signed_on", "qualified_on"} & facts.keys() == set()
    # A rule asks for at least 20,000.
    amount = next(one for one in first("hands-on", 2).facts if one.fact == "amount")
    assert amount.spread
    assert amount.spread.p50 >= 20_000


def test_a_side_track_moves_where_a_rule_asks_for_its_stage() -> None:
    assert first("inside-sales", 2).tracks == ()
    enterprise = first("enterprise", 1)
    assert [one.track for one in enterprise.tracks] == ["technical"]


def test_it_looks_half_a_year_ahead() -> None:
    assert first("renewals", 1).horizon == timedelta(weeks=26)
