"""Moves that already happened: what was broken, what nobody can tell, and which action it was."""

from datetime import date
from decimal import Decimal

import pytest

from engine.machine.compile import Machine
from engine.machine.judge import broken, judge_past, judge_past_start, unknown
from engine.model.decision import About, Decision, Result
from engine.model.errors import UnknownName
from engine.model.past import PastMove
from tests.machine.building import NOW, deal, machine

SELLING = machine(
    stages={
        "lead": {"asks": ["amount"], "stamps": {"met_on": "today"}},
        "demo": {"to_pass": ["budget_confirmed"]},
        "won": {"ends": "won", "to_enter": ["amount > 0"]},
        "lost": {"ends": "lost"},
    },
    actions={
        "show": {"from": "lead", "to": "demo", "by": ["ae"], "asks": ["contact"], "touchpoint": "demo"},
        "sign": {"from": "open", "to": "won", "approval": [{"by": "boss"}], "sets": {"signed_on": "today"}},
        "drop": {"from": "open", "to": "lost", "reasons": ["other"]},
        "lose": {"from": "open", "to": "lost", "reasons": ["price", "market"]},
    },
    facts={
        "amount": "money",
        "budget_confirmed": "yes-no",
        "contact": "text",
        "signed_on": "date",
        "met_on": "date",
        "export_hold": {"type": "yes-no", "default": "false"},
    },
    always=["not export_hold"],
    roles={"ae": (), "boss": ()},
    touchpoints=["demo"],
)


def past(to: str, stage: str = "lead", *, reason: str = "", **facts: object) -> Decision:
    standing = deal(stage, facts={"amount": Decimal(5)})
    return judge_past(SELLING, standing, PastMove(to, NOW, reason=reason, facts=facts), now=NOW)  # type: ignore[arg-type]


def test_role_approval_and_what_the_mover_was_asked_are_not_judged():
    shown = past("demo")
    assert shown.allowed
    assert (shown.move.action, shown.touchpoint) == ("show", "demo")
    assert [verdict.requirement for verdict in shown.verdicts] == ["always/1"]
    assert "sign/approval/1" not in [verdict.requirement for verdict in past("won").verdicts]


def test_what_was_not_yet_known_is_unknown_and_breaks_nothing():
    won = past("won", "demo")
    assert won.allowed
    assert [verdict.requirement for verdict in unknown(won)] == ["demo/to_pass/1"]
    assert broken(won) == ()


def test_what_was_known_and_false_was_broken():
    won = past("won", "demo", budget_confirmed=False)
    assert not won.allowed
    assert [verdict.requirement for verdict in broken(won)] == ["demo/to_pass/1"]


def test_facts_of_a_deviating_move_are_kept():
    won = past("won", "demo", budget_confirmed=False)
    assert won.sets == {"budget_confirmed": False, "signed_on": date(2026, 3, 10)}
    assert won.outcome == "won"


def test_the_action_that_explains_the_move_best_is_meant():
    assert past("lost", reason="market").move.action == "lose"
    assert past("lost", reason="other").move.action == "drop"
    assert past("lost").move.action == "drop"


def test_a_reason_that_nobody_wrote_down_is_unknown_and_one_that_is_in_no_list_was_wrong():
    assert [verdict.result for verdict in unknown(past("lost"))] == [Result.UNKNOWN]
    assert [verdict.requirement for verdict in broken(past("lost", reason="weather"))] == ["drop/reason"]


def test_a_move_that_no_action_explains_is_deviating_and_says_so():
    back = past("lost", "won")
    assert not back.allowed
    assert back.move.action == ""
    assert [verdict.says for verdict in broken(back)] == ["an action leads from 'won' to 'lost'"]
    assert (back.from_stage, back.to_stage, back.outcome) == ("won", "lost", "lost")


def test_a_past_start_is_judged_by_what_the_first_stage_asks_and_by_always():
    begun = judge_past_start(SELLING, {"export_hold": True}, now=NOW)
    assert [verdict.requirement for verdict in broken(begun)] == ["always/1"]
    assert [verdict.requirement for verdict in unknown(begun)] == ["lead/asks/amount"]
    assert begun.sets == {"export_hold": True, "met_on": date(2026, 3, 10)}


def test_a_stage_that_the_process_does_not_have_is_a_mistake_of_the_caller():
    with pytest.raises(UnknownName) as raised:
        past("lots")
    assert raised.value.hint == "did you mean 'lost'?"


def variants(*specs: dict[str, object]) -> Machine:
    return machine(
        stages={"a": {}, "b": {}, "c": {}, "won": {"ends": "won"}},
        actions={"go": [{"from": "a", **spec} for spec in specs]},
        facts={"amount": "money"},
    )


def test_a_past_move_is_of_the_variant_that_applied_and_not_of_one_that_would_have_let_it_through():
    selling = variants({"to": "b", "when": "amount > 5", "requires": ["amount > 100"]}, {"to": "b"})
    rich, poor = (deal("a", facts={"amount": Decimal(amount)}) for amount in (50, 1))
    assert judge_past(selling, rich, PastMove("b", NOW), now=NOW).move.action == "go"
    assert [each.requirement for each in broken(judge_past(selling, rich, PastMove("b", NOW), now=NOW))] == [
        "go/requires/1"
    ]
    assert judge_past(selling, poor, PastMove("b", NOW), now=NOW).allowed


def test_a_variant_that_did_not_apply_led_nowhere_though_another_one_did():
    selling = variants({"to": "c"}, {"to": "b", "when": "amount > 5"})
    poor = judge_past(selling, deal("a", facts={"amount": Decimal(1)}), PastMove("b", NOW), now=NOW)
    assert (poor.move.action, [each.requirement for each in broken(poor)]) == ("", ["b/stage"])


def test_whether_a_variant_applied_may_be_unknown():
    selling = variants({"to": "c"}, {"to": "b", "when": "amount > 5"})
    found = judge_past(selling, deal("a"), PastMove("b", NOW), now=NOW)
    assert found.allowed
    assert [(each.requirement, each.about) for each in unknown(found)] == [("go/when", About.APPLIES)]


def test_where_no_variant_applied_that_is_what_was_broken():
    selling = variants({"to": "c", "when": "amount > 9"}, {"to": "b", "when": "amount > 5"})
    poor = judge_past(selling, deal("a", facts={"amount": Decimal(1)}), PastMove("b", NOW), now=NOW)
    assert [each.requirement for each in broken(poor)] == ["go/when"]
