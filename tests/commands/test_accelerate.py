"""Comparing simulations and trying out what would make a process faster, as a person does it."""

import json
from pathlib import Path

import jsonschema
import pytest

from engine.report import schemas

RENEWALS = Path(__file__).parents[2] / "processes/renewals/1.yaml"
SHORT = "--runs 4 --horizon 10w --start 2026-12-07"
SMALL = """\
scenario: small
process: inside-sales
version: 2
title: A few deals
because: To try things out.
horizon: 12w
arrivals: {weekly: 20}
pools:
  ae: {people: 1}
facts:
  amount: 9000
  contact_role: {choices: {champion: 100%}}
  budget_confirmed: {choices: {true: 100%}}
stages:
  prospect: {dwell: 2d, branches: {qualify: 80%, lose: {share: 20%, reason: price}}}
  qualified: {dwell: {p50: 3d, p90: 8d}, branches: {hold-demo: 100%}}
  demo: {branches: {send-proposal: 100%}, work: {pool: ae, effort: {p50: 9h, p90: 18h}}}
  proposal: {dwell: 5d, branches: {negotiate: 70%, lose: {share: 30%, reason: price}}}
  negotiation: {dwell: 3d, branches: {sign: 60%, lose: {share: 40%, reason: price}}}
"""


@pytest.fixture
def small(workspace: Path) -> Path:
    path = workspace / "processes/inside-sales/scenarios/small.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SMALL, encoding="utf-8")
    return workspace


def study(ran) -> dict:
    found = json.loads(ran.out)
    jsonschema.validate(found, schemas.schema(found["schema"].split("/")[1]))
    return found


def section(found: dict, name: str) -> list[dict]:
    return next(each["rows"] for each in found["sections"] if each["id"] == name)


def test_what_is_set_is_compared_with_what_it_is_without(run, small):
    ran = run(f"simulate inside-sales@2 --scenario small {SHORT} --set pools.ae.people+=1 --compare --format json")
    found = study(ran)
    assert ran.code == 0
    assert found["says"][0].startswith("With pools.ae.people+=1, ")
    assert "more deals are won than without it" in found["says"][0]
    assert [row["what"] for row in section(found, "deals")] == ["won", "lost", "still open at the end"]
    pool = section(found, "waits")[0]
    assert pool["other"] < pool["base"]


def test_a_comparison_is_called_by_what_it_compares(run, small):
    ran = run(f"simulate inside-sales@2 --scenario small {SHORT} --set pools.ae.people+=1 --compare -o found.json")
    assert ran.code == 0
    found = json.loads((small / "found.json").read_text(encoding="utf-8"))
    assert found["title"] == "inside-sales@2: as it is and changed, with the same luck"
    assert found["subject"].startswith("scenario small; from 2026-12-07")


def test_two_versions_are_compared_by_the_same_assumptions_and_what_gets_lost_is_said(run, small):
    ran = run(f"simulate inside-sales@1 --against inside-sales@2 --scenario small {SHORT} --format json")
    assert ran.code == 0
    assert "'contact_role' is no fact of inside-sales@1: it is not drawn there" in ran.err
    won = section(study(ran), "deals")[0]
    assert won["base"] == won["other"]
    back = study(run(f"simulate inside-sales@2 --against inside-sales@1 --scenario small {SHORT} --format json"))
    assert section(back, "deals")[0]["difference"]["value"] == 0


def test_a_scenario_of_another_version_is_told_in_the_words_of_the_process(run, small):
    ran = run(f"simulate inside-sales@1 --scenario small {SHORT} --format json")
    assert ran.code == 0
    assert "interested" in {row["stage"] for row in section(json.loads(ran.out), "dwell")}


def test_two_scenarios_of_one_process_are_compared(run, small):
    busy = small / "processes/inside-sales/scenarios/busy.yaml"
    busy.write_text(SMALL.replace("small", "busy").replace("weekly: 20", "weekly: 30"), encoding="utf-8")
    ran = run(f"simulate inside-sales@2 --scenario small --against-scenario busy {SHORT} --format json")
    found = study(ran)
    assert "than with scenario small" in found["says"][0]
    assert section(found, "drivers")[0]["stage"] == "prospects"
    assert found["subject"].startswith("scenarios small and busy; from 2026-")
    only = run(f"simulate inside-sales@2 --scenario small --against-scenario busy {SHORT} --set pools.aes.people=2")
    assert "what only 'busy' has is set with --compare" in only.err


def test_what_is_compared_with_itself_is_told_to_be_the_same(run, small):
    ran = run(f"simulate inside-sales@2 --scenario small --against inside-sales@2 {SHORT}")
    assert ran.code == 0
    assert ran.err == "both are inside-sales@2 with scenario small, so nothing differs\n"


@pytest.mark.parametrize(
    ("asked", "told", "hint"),
    [
        ("--compare", "--compare has nothing to compare", "--set"),
        (f"--against {RENEWALS}", "are different processes", "inside-sales@latest"),
        ("--against-scenario smal", "has no scenario 'smal'", "did you mean 'small'?"),
        ("--set pools.aes.people+=1 --compare", "there is no pool 'aes'", "did you mean 'ae'?"),
        ("--set pools.ae.people+=1 --compare --log one.csv", "--log writes the deals of one simulation", "leave out"),
    ],
)
def test_what_cannot_be_compared_is_told_with_what_can(run, small, asked, told, hint):
    ran = run(f"simulate inside-sales@2 --scenario small {SHORT} {asked}")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert hint in ran.err


def test_a_version_that_asks_for_more_than_the_scenario_knows_is_told(run, small):
    first = small / "processes/inside-sales/scenarios/first.yaml"
    told = SMALL.replace("small", "first").replace("version: 2", "version: 1").replace("qualified", "interested")
    told = told.replace("qualify", "mark-interested").replace("  contact_role: {choices: {champion: 100%}}\n", "")
    first.write_text(told, encoding="utf-8")
    ran = run(f"simulate inside-sales@1 --scenario first --against inside-sales@2 {SHORT}")
    assert ran.code == 2
    assert "inside-sales@2 needs the fact 'contact_role' for 'qualify'" in ran.err
    assert "write 'version: 2' and the fact contact_role into the copy, and name it with --against-scenario" in ran.err
    other_way = run(f"simulate inside-sales@2 --scenario first --against inside-sales@1 {SHORT}")
    assert "name it with --scenario" in other_way.err
    own = run(f"simulate inside-sales@1 --scenario first --against inside-sales@2 --against-scenario small {SHORT}")
    assert own.code == 0


def test_accelerate_names_what_to_try_first(run, small):
    ran = run(f"accelerate inside-sales@2 --scenario small --simulate {SHORT} --format json")
    found = study(ran)
    rows = section(found, "levers")
    assert ran.code == 0
    assert found["says"][0].startswith("Try this first: ")
    assert {row["setting"] for row in rows} == {
        "stages.prospect.dwell*=0.8",
        "stages.qualified.dwell*=0.8",
        "stages.demo.work.effort*=0.8",
        "stages.proposal.dwell*=0.8",
        "stages.negotiation.dwell*=0.8",
        "pools.ae.people+=1",
    }
    # One person is busy all the time there: what stands in the queue waits for nothing else.
    assert {row["setting"] for row in rows[:2]} == {"pools.ae.people+=1", "stages.demo.work.effort*=0.8"}
    won = [row["won"]["value"] for row in rows]
    assert won == sorted(won, reverse=True)


def test_deals_open_now_are_simulated_in_the_words_of_either_version(run, small):
    who = "--as ana --role ae --at 2026-11-02T09:00"
    run(f"start inside-sales@1 old --fact amount=9000 {who}")
    run(f"advance old mark-interested {who}")
    run(f"start inside-sales@2 new --fact amount=9000 {who}")
    begin = "--from-journal --start 2026-11-09 --runs 3 --horizon 12w"
    ran = run(f"simulate inside-sales@2 --scenario small {begin} --format json")
    assert "with the 2 deals open" in json.loads(ran.out)["subject"]
    both = run(f"simulate inside-sales@1 --against inside-sales@2 --scenario small {begin} --format json")
    assert both.code == 0
    assert "left out:" not in both.err
