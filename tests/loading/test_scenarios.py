"""Scenarios: what they say, and what is told of those that cannot be so."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.loading.document import parse_text
from engine.loading.loaded import Loaded
from engine.loading.processes import load_process
from engine.loading.scenarios import load_scenario, read_scenario, scenario_files
from engine.model.process import Process
from engine.model.scenario import Form, Gaps, Scenario, Serving, Spread
from tests.loading.conftest import CASES, SMALL, Workspace

ROOT = Path(__file__).parents[2]

TEXT = """\
scenario: base
process: small
horizon: 26w
arrivals: {weekly: 5, hours: office}
hours: {office: {mon-fri: 09:00-17:00}}
pools: {ae: {people: {ana: {skills: [calls]}, ben: {}}}}
facts:
  amount: {p50: 9000, p90: 40000}
  kind: {choices: {new-business: 60%, renewal: 40%}}
stages:
  new: {dwell: {p50: 2d, p90: 9d}, branches: {propose: 60%, lose: 40%}}
  offer: {work: {pool: ae, effort: 1h}, dwell: 5d, branches: {sign: 50%, lose: 50%}}
"""
"""A sound scenario; tests change one line of it."""


def inside_sales() -> Process:
    process = load_process(ROOT / "processes/inside-sales/2.yaml", workspace=ROOT).value
    assert process
    return process


def whole() -> Scenario:
    loaded = load_scenario(CASES / "scenario.yaml", process=inside_sales())
    assert loaded.findings == ()
    assert loaded.value
    return loaded.value


def test_what_happens_in_stages_is_read_whole() -> None:
    found = whole()
    prospect, negotiation = found.standing("prospect"), found.standing("negotiation")
    assert prospect
    assert negotiation
    assert (found.horizon, found.version) == (timedelta(days=10.5), 2)
    assert found.start == datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert prospect.dwell == Spread(Form.WEIBULL, 2 * 3600, 9 * 3600)
    assert (prospect.seen, negotiation.seen, found.arrivals.seen) == (240, 0, 52)
    assert prospect.work
    assert (prospect.work.pool, prospect.work.effort) == ("sdr", Spread(Form.CONSTANT, 1200))
    assert [(one.action, one.to, one.share, one.reason) for one in prospect.branches] == [
        ("qualify", "qualified", 0.6, ""),
        ("disqualify", "unqualified", 0.25, "no-need"),
        ("lose", "lost", 0.15, ""),
    ]
    assert prospect.branches[1].dwell == Spread(Form.EXPONENTIAL, 3 * 86400 * math.log(2))
    assert negotiation.dwell == Spread(Form.CONSTANT, 90)
    demo = found.standing("demo")
    assert demo
    assert demo.dwell == Spread(Form.QUANTILES, quantiles=((0, 0), (0.5, 2 * 86400), (1, 40 * 86400)))
    assert [(one.to, one.share) for one in demo.branches[1:]] == [("prospect", 0.03), ("qualified", 0.07)]
    assert found.tracks[0].stages[1].branches[0].to == "approved"


def test_people_and_their_hours_are_read_whole() -> None:
    found = whole()
    sdr, ae, managers = found.pools
    assert [one.name for one in sdr.people] == ["sdr-1", "sdr-2"]
    assert [(one.name, one.skills, one.hours) for one in ae.people] == [
        ("ana", ("demo",), ""),
        ("ben", ("demo", "technical"), "nights"),
    ]
    assert (ae.serving, ae.fact, managers.serving) == (Serving.BY_FACT, "amount", Serving.BY_STAGE)
    assert managers.stages == ("negotiation", "proposal")
    office, nights = found.hours
    assert office.days[0] == ((time(9), time(12)), (time(13), time(17, 30)))
    assert (sorted(office.days), office.holidays) == ([0, 1, 2, 3, 4], (date(2026, 12, 25),))
    assert (sorted(nights.days), nights.days[6][1]) == ([0, 5, 6], (time(22), time(0)))
    manager = found.approvals[0]
    assert (manager.role, manager.granted, manager.work and manager.work.skill) == ("manager", 0.95, "judgement")


def test_prospects_are_read_whole() -> None:
    found = whole()
    assert (found.arrivals.weeks, found.arrivals.block, found.arrivals.gaps) == ((21, 25, 30), 2, Gaps.SPREAD)
    assert (found.arrivals.weekdays, found.arrivals.months) == ({0: 1.3, 5: 0, 6: 0}, {12: 0.6})
    assert found.arrivals.spread == Spread(Form.GAMMA, 0.9, 1.4)
    facts = {one.fact: one for one in found.facts}
    assert (facts["amount"].step, facts["amount"].known) == (100, 0.9)
    assert facts["discount"].spread == Spread(Form.EXPONENTIAL, 0.05 * math.log(2))
    assert facts["contact_role"].choices == (("user", 0.25), ("champion", 0.5), ("economic-buyer", 0.25))
    assert facts["decision_date"].spread == Spread(Form.LOGNORMAL, 30 * 86400, 90 * 86400)
    assert facts["export_hold"].choices == ((False, 1),)
    assert (facts["signed_on"].choices, facts["signed_on"].known) == (((date(2026, 12, 24), 1),), 0.1)
    assert found.rows
    assert found.rows.rows == ((True, None), (False, "Acme"), (None, "null"))


def test_values_of_facts_are_exact() -> None:
    facts = "facts: {discount: {choices: {10%: 100%}}}"
    text = (CASES / "scenario.yaml").read_text(encoding="utf-8")
    text = text[: text.index("facts:")] + facts + text[text.index("\nprospects:") :]
    found = read_scenario(parse_text(text, "f"), Path("f.yaml"), process=inside_sales()).value
    assert found
    assert found.facts[0].choices == ((Decimal("0.10"), 1),)


def _small(workspace: Workspace, line: str, extra: str = "") -> Loaded[Scenario]:
    """The sound scenario with the lines of one key replaced, held to the small process."""
    text = TEXT
    if line:
        key = line.partition(":")[0] + ":"
        begin = text.find(f"\n{key}") + 1
        end = next((at for at in range(begin + 1, len(text)) if text[at - 1] == "\n" and text[at] != " "), len(text))
        text = text[:begin] + line.rstrip("\n") + "\n" + text[end:] if begin else text + line.rstrip("\n") + "\n"
    process = workspace.process(SMALL.replace("to: won}", "to: won, touchpoint: call}") + extra).value
    assert process
    return load_scenario(workspace.write("processes/small/scenarios/base.yaml", text), process=process)


def told(loaded: Loaded[Scenario]) -> list[tuple[str, str, str]]:
    return [(one.code, one.message, one.hint) for one in loaded.findings]


def test_the_sound_scenario_has_no_finding(workspace: Workspace) -> None:
    assert told(_small(workspace, "")) == []


MISTAKES = (CASES / "scenario-mistakes.txt").read_text(encoding="utf-8").strip("\n").split("\n\n")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda text: text.partition("\n")[0])
def test_what_a_scenario_cannot_assume_is_told_once(workspace: Workspace, mistake: str) -> None:
    """A mistake is the lines that are changed, then what is told: place, code, message, and what to do."""
    lines = mistake.split("\n")
    written = [line for line in lines if not line.startswith("> ")]
    assert [f"> {line}" for line in _printed(_small(workspace, "\n".join(written)))] == lines[len(written) :]


def _printed(loaded: Loaded[Scenario]) -> list[str]:
    lines: list[str] = []
    for one in loaded.findings:
        at = one.source[one.at.column - 1 :][:20].strip()
        lines += [f"{one.severity.value} {one.code} at '{at}': {one.message}", one.hint]
    return lines


def test_a_stage_that_is_entered_and_not_assumed_is_told_where_deals_come_from(workspace: Workspace) -> None:
    loaded = _small(
        workspace, "stages:\n  new: {dwell: 2d, work: {pool: ae, effort: 1h}, branches: {propose: 60%, lose: 40%}}"
    )
    assert [one.code for one in loaded.findings] == ["A003"]
    assert loaded.findings[0].source[loaded.findings[0].at.column - 1 :].startswith("propose: 60%")


def test_a_circle_that_no_deal_leaves_is_told(workspace: Workspace) -> None:
    process = SMALL.replace("  sign:", "  back: {from: offer, to: new}\n  sign:")
    workspace.process(process)
    text = TEXT[: TEXT.index("stages:")] + (
        "stages:\n  new: {dwell: 2d, work: {pool: ae, effort: 1h}, branches: {propose: 100%}}\n"
        "  offer: {dwell: 2d, branches: {back: 100%}}\n"
    )
    path = workspace.write("processes/small/scenarios/base.yaml", text)
    loaded = load_scenario(path, process=load_process(workspace.folder / "processes/small/1.yaml").value)
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("A003", "from 'new' no branch leads to an end, however often it is tried"),
        ("A003", "from 'offer' no branch leads to an end, however often it is tried"),
    ]


def test_an_action_that_leads_to_several_must_say_to_which() -> None:
    text = (CASES / "scenario.yaml").read_text(encoding="utf-8")
    text = text.replace("step-back: [{to: prospect, share: 3%}, {to: qualified, share: 7%}]", "step-back: 10%")
    loaded = read_scenario(parse_text(text, "f"), Path("f.yaml"), process=inside_sales())
    assert [(one.code, one.message) for one in loaded.findings] == [
        ("S002", "'step-back' leads from 'demo' to several: prospect, qualified")
    ]


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("processes/small/scenarios/other.yaml", "N014", "the scenario 'base' stands in the file 'other.yaml'"),
        ("processes/large/scenarios/base.yaml", "N014", "a scenario of 'small' stands in the folder of 'large'"),
        ("processes/small/base.yaml", "N022", "no scenario is looked for in processes/small/base.yaml"),
        (
            "processes/small/scenarios/base.yml",
            "N022",
            "no scenario is looked for in processes/small/scenarios/base.yml",
        ),
    ],
)
def test_a_scenario_that_stands_elsewhere_is_told(workspace: Workspace, path: str, code: str, message: str) -> None:
    loaded = load_scenario(workspace.write(path, TEXT))
    assert [(one.code, one.message) for one in loaded.findings] == [(code, message)]


def test_a_file_of_another_kind_is_told(workspace: Workspace) -> None:
    loaded = load_scenario(workspace.write("1.yaml", SMALL))
    assert [(one.code, one.message) for one in loaded.findings] == [("S016", "this is a process, not a scenario")]


def test_scenarios_are_listed_by_name(workspace: Workspace) -> None:
    for name in ("slow", "base", ".hidden"):
        workspace.write(f"processes/small/scenarios/{name}.yaml", TEXT)
    found = scenario_files(workspace.folder, "small")
    assert [path.stem for path in found] == ["base", "slow"]
    assert scenario_files(workspace.folder, "none") == ()


def test_equal_p50_and_p90_are_always_so(workspace: Workspace) -> None:
    found = _small(workspace, "facts: {amount: {p50: 500, p90: 500}}").value
    assert found
    assert found.facts[0].spread == Spread(Form.CONSTANT, 500)
