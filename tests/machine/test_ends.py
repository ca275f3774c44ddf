"""An end has no place in the pipeline: a move out of it is counted from where the deal last stood open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.machine.bulk import open_actions
from engine.machine.columns import gather
from engine.machine.compact import compact_of, decide_compact
from engine.machine.compile import Machine
from engine.machine.decide import decide
from engine.machine.judge import judge_past
from engine.machine.past import PastJudge
from engine.model.decision import Decision, Move
from engine.model.past import PastMove
from tests.machine.building import NOW, deal, machine

TODAY = date(2026, 3, 10)
STAGES: dict[str, dict[str, Any]] = {
    "s1": {"to_pass": ["n > 1"]},
    "s2": {"to_pass": ["n > 2"], "stamps": {"second": "today"}},
    "s3": {"to_pass": ["n > 3"], "stamps": {"third": "today"}},
    "s4": {"to_pass": ["n > 4"]},
    "won": {"ends": "won"},
    "lost": {"ends": "lost"},
}
ORDERS = (tuple(STAGES), ("s1", "lost", "s2", "s3", "won", "s4"), ("s1", "s2", "s3", "won", "lost", "s4"))
HISTORIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("s1", {"previous": "s1", "visited": frozenset({"s1", "s3", "lost"})}),
    ("s3", {"previous": "s3", "visited": frozenset({"s1", "s3", "lost"})}),
    ("s2", {"previous": "won", "visited": frozenset({"s1", "s2", "won", "lost"})}),
    ("s1", {"visited": frozenset({"lost"})}),
)


def selling(order: tuple[str, ...]) -> Machine:
    return machine(
        stages={stage: STAGES[stage] for stage in order},
        actions={
            "win": {"from": ["lost"], "to": "won"},
            "reopen": {"from": ["lost", "won"], "to": "s4"},
            "look-again": {"from": ["lost", "won"], "to": "s1"},
        },
        facts={"n": "number", "second": "date", "third": "date"},
    )


def passing(decision: Decision) -> list[str]:
    return [verdict.requirement for verdict in decision.refusals]


def asked(*stages: str) -> list[str]:
    return [f"{stage}/to_pass/1" for stage in stages]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize(("stood", "history"), HISTORIES, ids=["last", "furthest", "end before", "no past"])
def test_out_of_an_end_every_stage_is_passed_from_where_the_deal_stood(
    order: tuple[str, ...], stood: str, history: dict[str, Any]
):
    made, lost = selling(order), deal("lost", facts={"n": Decimal(0)}, **history)
    line = ("s1", "s2", "s3", "s4")
    ahead = line[line.index(stood) :]
    for action, to, expected in (
        ("win", "won", asked(*ahead)),
        ("reopen", "s4", asked(*ahead[:-1])),
        ("look-again", "s1", []),
    ):
        decision = decide(made, lost, Move(action), now=NOW)
        assert passing(decision) == expected
        assert decide_compact(made, lost, Move(action), now=NOW) == compact_of(made, decision)
        assert [v.requirement for v in judge_past(made, lost, PastMove(to, NOW), now=NOW).refusals] == expected
        assert PastJudge(made).move(lost, PastMove(to, NOW), now=NOW).broken == tuple(expected)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_one_machine_judges_deals_that_stood_in_different_stages_each_by_its_own(order: tuple[str, ...]):
    made = selling(order)
    lost = [deal("lost", facts={"n": Decimal(2)}, **history) for _, history in HISTORIES]
    openings = open_actions(gather(made, lost), role="", now=NOW)
    for place, each in enumerate(lost):
        told = {action: [made.requirements[n] for n in failing] for action, _, failing in openings.of(place)}
        assert told == {action: passing(decide(made, each, Move(action), now=NOW)) for action in made.actions}


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_stamps_of_stages_gone_over_are_taken_when_a_deal_is_reopened_further_on(order: tuple[str, ...]):
    lost = deal("lost", facts={"n": Decimal(9)}, previous="s1", visited=frozenset({"s1", "lost"}))
    assert decide(selling(order), lost, Move("reopen"), now=NOW).sets == {"second": TODAY, "third": TODAY}
    assert decide(selling(order), lost, Move("look-again"), now=NOW).sets == {}


def test_a_track_of_its_own_is_counted_from_its_first_stage():
    made = machine(
        stages={"a": {}},
        actions={},
        facts={"n": "number"},
        tracks={
            "legal": {
                "stages": {"draft": {"to_pass": ["n > 1"]}, "dropped": {"ends": "lost"}, "review": {}},
                "actions": {"resume": {"from": "dropped", "to": ["draft", "review"]}},
            }
        },
    )
    dropped = deal("a", tracks={"legal": "dropped"})
    assert passing(decide(made, dropped, Move("resume", to="review"), now=NOW)) == asked("draft")
    assert decide(made, dropped, Move("resume", to="draft"), now=NOW).allowed
