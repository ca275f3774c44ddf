"""A stage that deals leave by themselves needs no branches in a scenario."""

from __future__ import annotations

from dataclasses import replace

from engine.loading.scenarios import load_scenario
from engine.model.names import MAIN
from engine.model.process import Action, Process, Stage, Track

STAGES = (Stage("new"), Stage("checks"), Stage("won", ends="won"))
GO = Action("go", ("new",), ("checks",))
ON = Action("on", ("checks",), ("won",), auto=True)
SCENARIO = """
scenario: base
process: p
horizon: 4w
arrivals: {weekly: 5}
stages: {new: {dwell: 1d, branches: {go: 100%}}}
"""


def codes(tmp_path, process: Process) -> list[str]:
    file = tmp_path / "base.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return [each.code for each in load_scenario(file, process=process).findings]


def test_an_automatic_action_is_a_way_out(tmp_path):
    assert codes(tmp_path, Process("p", 1, Track(MAIN, STAGES, (GO, ON)))) == []


def test_without_one_somebody_must_say_how_deals_leave(tmp_path):
    by_hand = replace(ON, auto=False)
    assert codes(tmp_path, Process("p", 1, Track(MAIN, STAGES, (GO, by_hand))))[0] == "A003"
