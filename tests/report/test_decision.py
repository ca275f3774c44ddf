from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model.deal import Deal, fold
from engine.model.decision import About, Clause, Decision, Move, Result, Verdict
from engine.model.rule import Force
from engine.report import decision
from engine.report.style import Style
from tests.report.golden import golden
from tests.report.samples import (
    APPROVAL_MISSING,
    BUDGET_FAILED,
    ENTRIES,
    PROCESS,
    REASON_MISSING,
    REFUSED,
)

DEAL = fold(ENTRIES[:5])
assert DEAL is not None

WRONG_STAGE = Verdict("stage", About.STAGE, Result.FAILED, "qualify is possible from prospect", needs="stage prospect")
WRONG_ROLE = Verdict("role", About.ROLE, Result.FAILED, "an sdr may not sign", needs="role ae", who=("ae", "manager"))
NOTE_MISSING = Verdict("step-back/asks/note", About.ASKS, Result.UNKNOWN, "a note is given", missing=("note",))
NO_TARGET = Verdict("target", About.TARGET, Result.UNKNOWN, "a stage is named", missing=("to",))
SHOULD = Verdict(
    "demo/to_pass/2",
    About.TO_PASS,
    Result.FAILED,
    "The decision date is known",
    Force.SHOULD,
    needs="record decision_date",
    fix="Ask for it.",
    missing=("decision_date",),
    clauses=(Clause("given(decision_date)", False, (("decision_date", None),)),),
)


def _decided(action: str, to_stage: str, *verdicts: Verdict, **more: object) -> Decision:
    allowed = all(verdict.stands for verdict in verdicts)
    return Decision(allowed, Move(action, **more), "main", "demo", to_stage, verdicts)  # type: ignore[arg-type]


BY_REASON = Verdict(
    "lose/asks/competitor",
    About.ASKS,
    Result.UNKNOWN,
    "'competitor' is known",
    Force.SHOULD,
    missing=("reason",),
)
STEP_BACK = _decided("step-back", "qualified", NOTE_MISSING)
LOSE = _decided("lose", "lost", REASON_MISSING, BY_REASON)
OPTIONS = (
    _decided("qualify", "qualified", WRONG_STAGE),
    REFUSED,
    _decided("sign", "won", APPROVAL_MISSING, SHOULD),
    STEP_BACK,
    replace(STEP_BACK, to_stage="prospect"),
    LOSE,
    _decided("hold-demo", "demo", SHOULD),
)


def test_a_refusal_tells_what_is_missing_who_can_mend_it_and_how() -> None:
    golden("refused.txt", decision.refused(PROCESS, DEAL, REFUSED))


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("stage", (WRONG_STAGE,)),
        ("role", (WRONG_ROLE,)),
        ("reason", (REASON_MISSING,)),
        ("note", (NOTE_MISSING,)),
        ("approval", (APPROVAL_MISSING, SHOULD)),
        ("target", (NO_TARGET,)),
        ("several", (WRONG_ROLE, BUDGET_FAILED, APPROVAL_MISSING)),
    ],
)
def test_each_cause_of_a_refusal_has_its_mend(name: str, verdicts: tuple[Verdict, ...]) -> None:
    golden(f"refused-{name}.txt", decision.text(PROCESS, DEAL, _decided("lose", "lost", *verdicts)))


def test_a_start_that_is_refused_names_the_command_that_starts_it() -> None:
    asked = Verdict("prospect/asks/amount", About.ASKS, Result.UNKNOWN, "amount is known", missing=("amount",))
    told = decision.refused(PROCESS, None, Decision(False, Move(""), "main", "", "prospect", (asked,)))

    assert "stagewright start inside-sales@2 DEAL --fact amount=…" in told
    assert "waive" not in told


def test_a_start_is_told_in_a_line() -> None:
    assert decision.text(PROCESS, None, Decision(True, Move(""), "main", "", "prospect", ())) == (
        "start: the deal starts in prospect\n"
    )


def test_an_allowed_move_is_one_line() -> None:
    told = Decision(True, Move("hold-demo"), "main", "qualified", "demo", ())

    assert decision.text(PROCESS, DEAL, told) == "hold-demo: acme-1 went from qualified to demo\n"


def test_an_allowed_move_tells_facts_waivers_and_warnings() -> None:
    waived = replace(BUDGET_FAILED, result=Result.WAIVED)
    told = replace(_decided("send-proposal", "proposal", waived, SHOULD), sets={"amount": Decimal("12.50")})

    golden("allowed.txt", decision.text(PROCESS, DEAL, told))


def test_the_override_is_offered_only_where_all_can_be_waived() -> None:
    assert "--override" in decision.refused(PROCESS, DEAL, REFUSED)
    assert "--override" not in decision.refused(PROCESS, DEAL, _decided("sign", "won", WRONG_ROLE, BUDGET_FAILED))
    assert "--override" not in decision.refused(replace(PROCESS, override_by=None), DEAL, REFUSED)


def test_a_deal_with_a_name_of_many_words_is_quoted_in_commands() -> None:
    odd = replace(DEAL, id="acme; rm -rf ~")

    assert "stagewright record 'acme; rm -rf ~' budget_confirmed=…" in decision.refused(PROCESS, odd, REFUSED)


def test_a_fact_that_is_reckoned_is_not_asked_for() -> None:
    grade = Verdict(
        "r/1",
        About.REQUIRES,
        Result.FAILED,
        "graded A",
        clauses=(Clause("grade", False, (("grade", "B"), ("stage", "demo"))),),
    )

    assert "run" not in decision.refused(PROCESS, DEAL, _decided("sign", "won", grade))


def test_can_tells_what_is_possible_what_is_missing_and_what_waits_elsewhere() -> None:
    golden("can.txt", decision.can(PROCESS, DEAL, OPTIONS))


def test_can_of_a_deal_without_actions_says_so() -> None:
    end = Deal("x", "inside-sales", 2, "", "won", DEAL.started_at, DEAL.entered_at, DEAL.last_at, tracks={"legal": "a"})

    assert decision.can(PROCESS, end, ()) == (
        "x is in won, legal: a (inside-sales@2)\n\nno action is declared that could move it\n"
    )


def test_what_comes_with_the_move_does_not_make_it_impossible() -> None:
    possible = [decision.is_possible(option) for option in OPTIONS]

    assert possible == [False, False, False, True, True, True, True]


def test_the_command_keeps_what_was_given_and_is_not_at_fault() -> None:
    given = _decided("step-back", "qualified", WRONG_ROLE, to="qualified", reason="price", override=True)

    assert "advance acme-1 step-back --to qualified --reason price --override --as WHO" in decision.refused(
        PROCESS, DEAL, given
    )


def test_a_move_with_several_targets_leaves_its_target_open() -> None:
    both = [_decided("step-back", to, WRONG_ROLE, to=to) for to in ("qualified", "prospect")]
    told = decision.can(PROCESS, DEAL, both)

    assert "step-back → qualified or prospect" in told
    assert "stagewright advance acme-1 step-back --to … --as WHO --role ROLE" in told


def test_colours_are_used_only_where_they_are_asked_for() -> None:
    assert "\x1b[" in decision.refused(PROCESS, DEAL, REFUSED, style=Style.COLOUR)
    assert "\x1b[" in decision.can(PROCESS, DEAL, OPTIONS, style=Style.COLOUR)
