"""The pipeline as stagewright reads it: a process with and without rules, a scenario with and without people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.loading.processes import load_process
from engine.loading.scenarios import load_scenario
from engine.machine.compile import compile_process
from engine.simulation.results.outcome import Setup

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEKLY = 1900
"""As many as ten people can serve."""
WEEKS = 104
"""So long where nobody works, however many come."""

PROCESS = """
process: pipeline
version: 1
title: A pipeline
roles: {ae: []}
by: [ae]
facts:
  amount: {type: money}
  discount: {type: percent}
  contact_role: {type: choice, of: [user, champion, economic-buyer]}
  budget_confirmed: {type: yes-no}
stages: {prospect: {}, qualified: {}, demo: {}, proposal: {}, negotiation: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  qualify: {from: prospect, to: qualified}
  hold-demo: {from: qualified, to: demo}
  send-proposal: {from: demo, to: proposal%(send)s}
  negotiate: {from: proposal, to: negotiation%(negotiate)s}
  sign: {from: negotiation, to: won%(sign)s}
  lose: {from: open, to: lost}
  look-again: {from: demo, to: qualified}
  offer-again: {from: negotiation, to: proposal}
"""
RULES = {
    "send": ', requires: [{must: \'contact_role in ["champion", "economic-buyer"]\', says: They can decide}]',
    "negotiate": ", requires: [{must: budget_confirmed, says: There is money}, "
    "{must: amount >= 2000, says: It is worth it}]",
    "sign": ", requires: [{when: discount > 10%, must: 'contact_role == \"economic-buyer\" or amount < 20000', "
    "says: Who buys has agreed}]",
}
SCENARIO = """
scenario: base
process: pipeline
version: 1
horizon: 52w
arrivals: {weekly: %(weekly).2f}
%(facts)s
%(people)s
stages:
  prospect: {dwell: {p50: 3d, p90: 11d}, branches: {qualify: 60%%, lose: 40%%}}
  qualified: {dwell: {p50: 4d, p90: 15d}, branches: {hold-demo: 70%%, lose: 30%%}}
  demo: {%(demo)s, branches: {send-proposal: 65%%, lose: 25%%, look-again: 10%%}}
  proposal: {%(proposal)s, branches: {negotiate: 60%%, lose: 40%%}}
  negotiation: {dwell: {p50: 5d, p90: 18d}, branches: {sign: 55%%, offer-again: 15%%, lose: 30%%}}
"""
FACTS = """facts:
  amount: {p50: 9000, p90: 40000, step: 100}
  discount: {choices: {0%: 60%, 5%: 20%, 15%: 20%}}
  contact_role: {choices: {user: 20%, champion: 50%, economic-buyer: 30%}}
  budget_confirmed: {choices: {true: 80%, false: 20%}}
"""
PEOPLE = """hours:
  office: {mon-fri: 09:00-17:00}
pools:
  ae: {people: 10, hours: office}
"""
WITH_WORK = {
    "demo": "work: {pool: ae, effort: {p50: 8min, p90: 20min}}, dwell: 0s",
    "proposal": "work: {pool: ae, effort: {p50: 10min, p90: 25min}}, dwell: 0s",
}
WITHOUT_WORK = {"demo": "dwell: {p50: 16h, p90: 47h}", "proposal": "dwell: {p50: 20h, p90: 57h}"}


def setup(folder: Path, *, rules: bool, people: bool, prospects: int) -> Setup:
    """The pipeline with a horizon in which about so many prospects come."""
    process_file, scenario_file = folder / "1.yaml", folder / "base.yaml"
    process_file.write_text(PROCESS % (RULES if rules else dict.fromkeys(RULES, "")), encoding="utf-8")
    work = WITH_WORK if people else WITHOUT_WORK
    weeks, weekly = horizon(prospects, people=people)
    parts = {"weekly": weekly, "facts": FACTS if rules else "", "people": PEOPLE if people else "", **work}
    scenario_file.write_text(SCENARIO % parts, encoding="utf-8")
    process = load_process(process_file, workspace=folder)
    assert process.value is not None, process.findings
    scenario = load_scenario(scenario_file, process=process.value)
    assert scenario.value is not None, scenario.findings
    longer = replace(scenario.value, horizon=timedelta(weeks=weeks))
    return Setup(longer, compile_process(process.value), START, ())


def horizon(prospects: int, *, people: bool) -> tuple[float, float]:
    """For how many weeks so many prospects come, and how many a week."""
    weeks = prospects / WEEKLY if people else WEEKS
    return weeks, prospects / weeks
