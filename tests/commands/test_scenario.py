"""``scenario`` writes a first scenario; scenarios are found by name, and ``check`` reads them with their process."""

from __future__ import annotations

import pytest

from engine.commands.options import Where
from engine.commands.scenarios import named_scenario
from engine.commands.source import FaultyFile, named_process
from engine.model.errors import BadValue, UnknownName

BASE = "processes/inside-sales/scenarios/base.yaml"


def scenario_of(workspace, name, process="inside-sales@2"):
    where = Where(workspace, None)
    return named_scenario(name, where, named_process(process, where))


def test_a_first_scenario_is_written_and_checks_clean(run, workspace):
    made = run("scenario inside-sales first")
    assert (made.code, made.out.split("\n")[0]) == (0, "made processes/inside-sales/scenarios/first.yaml")
    assert "stagewright simulate inside-sales --scenario first" in made.out
    text = (workspace / "processes/inside-sales/scenarios/first.yaml").read_text(encoding="utf-8")
    assert "dwell: {p50: 3d, p90: 14d}            # its target and its alert" in text
    assert "      qualify: 25%\n" in text
    assert "assumed: how many come?" in text
    assert run("check").out == "5 files checked: no findings\n"


def test_what_is_there_is_not_overwritten(run, workspace):
    before = (workspace / BASE).read_text(encoding="utf-8")
    again = run("scenario inside-sales")
    assert again.code == 2
    assert "is there already; nothing was written" in again.err
    assert (workspace / BASE).read_text(encoding="utf-8") == before


def test_it_can_be_written_elsewhere_under_the_name_of_the_file(run, workspace):
    assert run("scenario inside-sales@1 --out my/try-out.yaml").code == 0
    text = (workspace / "my/try-out.yaml").read_text(encoding="utf-8")
    assert "scenario: try-out\nprocess: inside-sales\nversion: 1 " in text
    assert scenario_of(workspace, str(workspace / "my/try-out.yaml"), "inside-sales@2").version == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("scenario outside-sales", "there is no process 'outside-sales'"),
        ("scenario inside-sales No", "'No' cannot be the name of a scenario"),
        ("scenario inside-sales --out first.txt", "a scenario is written as YAML"),
    ],
)
def test_what_cannot_be_written_is_refused(run, workspace, line, said):
    ran = run(line)
    assert ran.code == 2
    assert said in ran.err


def test_a_process_with_gaps_makes_a_scenario_whose_gaps_are_told(run, workspace):
    path = workspace / "processes/gap/1.yaml"
    path.parent.mkdir()
    path.write_text(
        "process: gap\nversion: 1\nstages: {a: {}, b: {}, won: {ends: won}}\n"
        "actions: {go: {from: a, to: b}, win: {from: a, to: won}}\n"
    )
    ran = run("scenario gap")
    assert ran.code == 1
    assert "A003: deals come to 'b', and nothing says how they leave it" in ran.err


def test_scenarios_are_meant_by_name_by_file_or_by_being_the_usual_one(workspace):
    assert scenario_of(workspace, None).id == "base"
    assert scenario_of(workspace, "base").standing("demo").branches[0].to == "proposal"
    assert scenario_of(workspace, str(workspace / BASE)).id == "base"
    slow = workspace / "processes/inside-sales/scenarios/slow.yaml"
    slow.write_text((workspace / BASE).read_text(encoding="utf-8").replace("scenario: base", "scenario: slow"))
    assert scenario_of(workspace, None).id == "base"
    (workspace / BASE).unlink()
    assert scenario_of(workspace, None).id == "slow"


def test_a_scenario_speaks_of_the_version_it_names(workspace):
    found = scenario_of(workspace, None, "inside-sales@1")
    assert found.version == 2
    assert found.standing("qualified").branches[0].to == "demo"


def test_a_scenario_that_is_not_there_is_told_with_what_there_is(workspace):
    with pytest.raises(UnknownName) as caught:
        scenario_of(workspace, "bas")
    assert caught.value.hint == "did you mean 'base'?"
    (workspace / BASE).rename(workspace / BASE.replace("base", "one"))
    with pytest.raises(FaultyFile) as faulty:
        scenario_of(workspace, None)
    assert faulty.value.findings[0].code == "N014"
    (workspace / BASE.replace("base", "two")).write_text("scenario: two\n")
    with pytest.raises(UnknownName, match="has several scenarios"):
        scenario_of(workspace, None)
    for name in ("one", "two"):
        (workspace / BASE.replace("base", name)).unlink()
    with pytest.raises(UnknownName) as none:
        scenario_of(workspace, None)
    assert none.value.hint == "write a first one with 'stagewright scenario inside-sales'"


def test_a_scenario_of_another_process_is_refused(run, workspace):
    run("init other --example maven-crm")
    file = workspace / "other/processes/maven-crm/scenarios/base.yaml"
    with pytest.raises(BadValue, match="is one of maven-crm, not of inside-sales"):
        scenario_of(workspace, str(file))


@pytest.mark.parametrize("what", ["", "inside-sales", "processes", BASE])
def test_check_holds_scenarios_to_their_process(run, workspace, what):
    path = workspace / BASE
    path.write_text(path.read_text(encoding="utf-8").replace("hold-demo: 70%", "hold-demos: 70%"))
    ran = run(f"check {what}")
    assert ran.code == 1
    assert f"{BASE}:44:7: error N002: unknown action 'hold-demos' of inside-sales@2" in ran.out
    assert "did you mean 'hold-demo'?" in ran.out


def test_check_holds_a_scenario_to_the_version_it_names(run, workspace):
    path = workspace / BASE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("version: 2 ", "version: 7 "))
    assert "N021: there is no version '7' of 'inside-sales'" in run("check").out
    path.write_text(text.replace("version: 2 ", "version: 1 "))
    assert "unknown stage 'qualified' of inside-sales@1" in run("check").out
