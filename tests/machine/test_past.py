"""The past of many deals: judged as the past of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.judge import broken, judge_past, judge_past_start, unknown
from engine.machine.past import Judged, PastJudge
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Result, Verdict
from engine.model.errors import BadValue, StagewrightError, UnknownName
from engine.model.past import PastMove
from tests.machine.building import NOW, deal, machine
from tests.machine.worlds import STAGES, deals, facts, processes

SELLING = {
    "stages": {
        "lead": {"asks": ["amount"]},
        "demo": {"stamps": {"met_on": "today"}},
        "won": {"ends": "won", "to_enter": ["amount > 100"]},
        "lost": {"ends": "lost"},
    },
    "actions": {
        "show": {"from": "lead", "to": "demo", "by": ["ae"], "touchpoint": "demo"},
        "sign": {"from": "open", "to": "won", "sets": {"signed_on": "today"}},
        "lose": {"from": "open", "to": "lost", "reasons": ["price", "market"]},
    },
    "facts": {
        "amount": "money",
        "level": {"of": ["low", "high"]},
        "name": "text",
        "signed_on": "date",
        "met_on": "date",
    },
    "touchpoints": ["demo"],
    "roles": {"ae": ()},
}


def told(decision: Decision) -> Judged:
    return Judged(
        decision.move.action,
        tuple(map(plain, decision.verdicts)),
        decision.sets,
        decision.touchpoint,
        decision.outcome,
        tuple(each.requirement for each in broken(decision)),
        tuple(each.requirement for each in unknown(decision)),
    )


def plain(verdict: Verdict) -> Verdict:
    """What is told of a verdict for many: one that passed has no evidence, but for the reason."""
    shared = verdict.result is Result.PASSED and verdict.about is not About.REASON
    return replace(verdict, clauses=()) if shared else verdict


def with_sets_only(judged: Judged, past: PastMove) -> Judged:
    return judged._replace(verdicts=tuple(map(plain, judged.verdicts)), sets={**past.facts, **judged.sets})


PASTS = st.builds(
    PastMove,
    st.sampled_from(STAGES),
    st.just(NOW),
    reason=st.sampled_from(["", "r1", "other"]),
    note=st.sampled_from(["", "because"]),
    facts=st.just({}) | facts,
)


@settings(deadline=None)
@given(processes, st.lists(st.tuples(deals(), PASTS), min_size=4, max_size=10))
def test_many_are_judged_as_one_is(spec: dict[str, Any], cases: list[tuple[Deal, PastMove]]):
    selling = machine(**spec)
    judge = PastJudge(selling)
    for standing, past in cases + cases:
        one = told(judge_past(selling, standing, past, now=NOW))
        assert with_sets_only(judge.move(standing, past, now=NOW), past) == one


@settings(deadline=None)
@given(processes, st.lists(facts, min_size=2, max_size=6))
def test_many_starts_are_judged_as_one_is(spec: dict[str, Any], cases: list[dict[str, Any]]):
    selling = machine(**spec)
    judge = PastJudge(selling)
    for given_facts in cases + cases:
        one = told(judge_past_start(selling, given_facts, now=NOW))
        found = judge.start(given_facts, now=NOW)
        assert found._replace(verdicts=tuple(map(plain, found.verdicts)), sets={**given_facts, **found.sets}) == one


def test_what_passes_for_the_same_reasons_is_the_same_record():
    judge = PastJudge(machine(**SELLING))
    rich, richer = (deal("demo", facts={"amount": Decimal(amount)}) for amount in (5000, 6000))
    first = judge.move(rich, PastMove("won", NOW), now=NOW)
    again = judge.move(richer, PastMove("won", NOW), now=NOW)
    assert first.verdicts is again.verdicts
    assert [(each.requirement, each.result, each.clauses) for each in first.verdicts] == [
        ("won/to_enter/1", Result.PASSED, ())
    ]


def test_what_is_broken_keeps_the_values_that_it_saw():
    judge = PastJudge(machine(**SELLING))
    for amount in (5, 6):
        found = judge.move(deal("demo", facts={"amount": Decimal(amount)}), PastMove("won", NOW), now=NOW)
        assert found.broken == ("won/to_enter/1",)
        assert found.verdicts[0].clauses[0].seen == (("amount", Decimal(amount)),)


def test_a_reason_is_told_as_it_was_given():
    judge = PastJudge(machine(**SELLING))
    given_price, untold, given_other = (
        judge.move(deal("demo"), PastMove("lost", NOW, reason=reason), now=NOW) for reason in ("price", "", "weather")
    )
    assert [each.verdicts[0].result for each in (given_price, untold, given_other)] == [
        Result.PASSED,
        Result.UNKNOWN,
        Result.FAILED,
    ]
    assert given_price.verdicts[0].clauses[0].seen == (("reason", "price"),)


def test_a_day_is_set_and_stamped_anew_for_each():
    judge = PastJudge(machine(**SELLING))
    rich = deal("lead", facts={"amount": Decimal(5000)})
    for day in (10, 11):
        at = NOW.replace(day=day)
        found = judge.move(rich, PastMove("won", at, facts={"name": "x"}), now=at)
        assert found.sets == {"name": "x", "signed_on": date(2026, at.month, day), "met_on": date(2026, at.month, day)}


@pytest.mark.parametrize(
    ("to", "wrong", "error"),
    [
        ("nowhere", {}, UnknownName),
        ("won", {"amuont": Decimal(1)}, UnknownName),
        ("won", {"amount": "much"}, BadValue),
        ("won", {"amount": True}, BadValue),
        ("won", {"signed_on": NOW}, BadValue),
        ("won", {"level": "middle"}, BadValue),
        ("won", {"name": "x" * 20_000}, BadValue),
    ],
)
def test_what_the_process_has_not_is_refused_each_time(to: str, wrong: dict[str, Any], error: type[StagewrightError]):
    judge = PastJudge(machine(**SELLING))
    for _ in range(2):
        with pytest.raises(error):
            judge.move(deal("lead", facts={"amount": Decimal(5000)}), PastMove(to, NOW, facts=wrong), now=NOW)


def test_patterns_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("engine.machine.past.REMEMBERED", 2)
    judge = PastJudge(machine(**SELLING))
    results = [
        judge.move(deal("demo"), PastMove("lost", NOW, reason=reason), now=NOW).verdicts[0].result
        for reason in ("price", "", "market", "price", "")
    ]
    assert results == [Result.PASSED, Result.UNKNOWN, Result.PASSED, Result.PASSED, Result.UNKNOWN]
