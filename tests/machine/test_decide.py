"""One move judged: everything that stands in its way is told, in a fixed order, and what to do about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.machine.decide import decide, options, start
from engine.model.deal import Grant, Times
from engine.model.decision import About, Decision, Move, Result, Verdict
from engine.model.errors import BadValue, UnknownName
from engine.model.rule import Force
from tests.machine.building import NOW, deal, machine

STAGES = {
    "prospect": {"asks": ["amount"]},
    "qualified": {"stamps": {"qualified_on": "today"}},
    "demo": {
        "to_pass": [
            {
                "must": 'contact_role in ["champion", "buyer"]',
                "says": "Someone who can decide has seen it",
                "fix": "Meet the champion.",
            }
        ],
        "stamps": {"shown_on": "today"},
    },
    "proposal": {"to_enter": ["budget_confirmed and amount >= 5000"], "asks": ["competitor"]},
    "won": {"ends": "won"},
    "lost": {"ends": "lost"},
}
ACTIONS = {
    "qualify": {
        "from": "prospect",
        "to": "qualified",
        "by": ["sdr"],
        "touchpoint": "call",
        "asks": ["contact_role"],
        "reasons": ["need", "referral"],
    },
    "hold-demo": {"from": "qualified", "to": "demo"},
    "send-proposal": {
        "from": "demo",
        "to": "proposal",
        "requires": [
            {"when": "discount > 10%", "must": "given(decision_date)"},
            {"should": "amount >= 8000", "says": "The deal is worth it"},
        ],
    },
    "sign": {
        "from": "proposal",
        "to": "won",
        "sets": {"signed_on": "today"},
        "approval": [{"by": "manager", "when": "discount > 15%", "lasts": timedelta(days=14)}],
    },
    "lose": {
        "from": "open",
        "to": "lost",
        "reasons": ["price", "competitor", "other"],
        "asks": [{"note": 'reason == "other"'}, {"competitor": 'reason == "competitor"'}],
    },
    "step-back": {"from": "open", "to": "earlier", "by": ["manager"], "asks": ["note"]},
    "skip-ahead": {"from": "open", "to": "later"},
    "close-now": {"from": "open", "to": "won"},
    "reopen": {"from": "lost", "to": "previous"},
}
FACTS = {
    "amount": "money",
    "discount": {"type": "percent", "default": "0%"},
    "contact_role": {"of": ["user", "champion", "buyer"]},
    "decision_date": "date",
    "budget_confirmed": "yes-no",
    "competitor": "text",
    "signed_on": "date",
    "qualified_on": "date",
    "shown_on": "date",
    "export_hold": {"type": "yes-no", "default": "false"},
    "size_class": {"of": ["S", "L"], "table": {"rows": [{"when": "amount > 5000", "then": "L"}, {"then": "S"}]}},
}
TRACKS = {
    "legal": {
        "stages": {"not-started": {}, "in-review": {}},
        "actions": {"submit": {"from": "not-started", "to": "in-review", "requires": ['reached("proposal")']}},
        "always": ["amount > 0"],
    }
}
SELLING = machine(
    stages=STAGES,
    actions=ACTIONS,
    facts=FACTS,
    tracks=TRACKS,
    always=[{"must": "not export_hold", "says": "Export control has not frozen this deal"}],
    override=["manager"],
    roles={"sdr": (), "ae": ("sdr",), "manager": ("ae",)},
    touchpoints=["call", "demo"],
    time_zone="Europe/Berlin",
)
GOOD = {"amount": Decimal(9000), "budget_confirmed": True, "contact_role": "champion", "competitor": "Acme"}


def judged(move: Move, stage: str, **rest: object) -> Decision:
    return decide(SELLING, deal(stage, **rest), move, now=NOW)  # type: ignore[arg-type]


def refused(decision: Decision) -> list[str]:
    return [verdict.requirement for verdict in decision.refusals]


def verdict_on(decision: Decision, requirement: str) -> Verdict:
    return next(verdict for verdict in decision.verdicts if verdict.requirement == requirement)


def test_a_move_that_meets_everything_is_allowed_and_tells_what_it_met():
    decision = judged(Move("hold-demo"), "qualified", facts=GOOD)
    assert decision.allowed
    assert (decision.track, decision.from_stage, decision.to_stage) == ("main", "qualified", "demo")
    assert [(v.requirement, v.result) for v in decision.verdicts] == [("always/1", Result.PASSED)]
    assert decision.verdicts[0].clauses[0].seen == (("export_hold", False),)


def test_every_requirement_that_fails_is_told_in_a_fixed_order():
    move = Move("send-proposal", facts={"discount": Decimal("0.12"), "export_hold": True}, role="ae")
    decision = judged(move, "demo", facts={"amount": Decimal(100), "contact_role": "user"})
    assert not decision.allowed
    assert refused(decision) == [
        "proposal/asks/competitor",
        "demo/to_pass/1",
        "send-proposal/requires/1",
        "proposal/to_enter/1",
        "always/1",
    ]
    assert [v.about for v in decision.verdicts] == sorted((v.about for v in decision.verdicts), key=list(About).index)


def test_from_the_wrong_stage_it_is_told_where_the_action_is_possible_and_what_else_it_needs():
    decision = judged(Move("qualify", role="guest"), "demo", facts=GOOD)
    assert refused(decision) == ["qualify/stage", "qualify/role", "qualify/reason"]
    wrong = decision.verdicts[0]
    assert wrong.says == "'qualify' is possible from 'prospect'"
    assert wrong.needs == "a deal in 'prospect' (is in 'demo')"


def test_a_role_may_do_what_the_roles_it_includes_may():
    assert judged(Move("qualify", reason="need", role="manager"), "prospect", facts=GOOD).allowed


def test_a_role_that_may_not_is_told_who_may():
    verdict = verdict_on(judged(Move("qualify", reason="need", role="guest"), "prospect", facts=GOOD), "qualify/role")
    assert verdict.result is Result.FAILED
    assert verdict.who == ("sdr", "ae", "manager")
    assert verdict.needs == "a role that may: sdr, ae or manager (is 'guest')"


def test_where_nobody_is_named_anyone_may():
    assert judged(Move("hold-demo", role=""), "qualified", facts=GOOD).allowed


def test_a_missing_reason_is_told_with_the_list():
    verdict = verdict_on(judged(Move("qualify", role="sdr"), "prospect", facts=GOOD), "qualify/reason")
    assert (verdict.needs, verdict.missing) == ("a reason: need or referral", ("reason",))


def test_a_reason_that_is_not_in_the_list_is_told_with_what_was_meant():
    decision = judged(Move("qualify", role="sdr", reason="refferal"), "prospect", facts=GOOD)
    assert verdict_on(decision, "qualify/reason").needs == (
        "a reason from the list: need or referral (is 'refferal'; did you mean 'referral'?)"
    )


def test_facts_given_with_the_move_are_what_it_is_judged_by():
    move = Move("qualify", role="sdr", reason="need", facts={"contact_role": "user"})
    decision = judged(move, "prospect", facts={"amount": Decimal(1)})
    assert decision.allowed
    assert decision.sets == {"contact_role": "user", "qualified_on": date(2026, 3, 10)}


def test_what_is_asked_for_must_be_known():
    decision = judged(Move("qualify", role="sdr", reason="need"), "prospect", facts={"amount": Decimal(1)})
    verdict = verdict_on(decision, "qualify/asks/contact_role")
    assert (verdict.result, verdict.needs) == (Result.FAILED, "record contact_role")
    assert verdict.missing == ("contact_role",)
    assert verdict.who == ("sdr", "ae", "manager")


def test_a_text_of_blanks_does_not_answer_what_is_asked():
    decision = judged(Move("send-proposal"), "demo", facts={**GOOD, "competitor": "  "})
    assert refused(decision) == ["proposal/asks/competitor"]


@pytest.mark.parametrize(
    ("move", "missing"),
    [
        (Move("lose", reason="price"), []),
        (Move("lose", reason="other"), ["lose/asks/note"]),
        (Move("lose", reason="other", note="bankrupt"), []),
        (Move("lose", reason="competitor"), ["lose/asks/competitor"]),
        (Move("lose", reason="competitor", facts={"competitor": "Acme"}), []),
    ],
)
def test_what_is_asked_for_may_depend_on_the_reason(move: Move, missing: list[str]):
    assert refused(judged(move, "demo", facts={"amount": Decimal(1)})) == missing


def test_a_condition_asked_of_an_unknown_fact_is_unknown_and_says_what_to_record():
    decision = judged(Move("skip-ahead", to="proposal"), "demo", facts={"amount": Decimal(9000), "competitor": "x"})
    verdict = verdict_on(decision, "demo/to_pass/1")
    assert (verdict.result, verdict.missing) == (Result.UNKNOWN, ("contact_role",))
    assert verdict.fix == "Meet the champion."
    assert verdict.clauses[0].holds is None


def test_an_unknown_when_refuses_and_says_what_to_record():
    selling = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "requires": [{"when": "risk > 3", "must": "checked"}]}},
        facts={"risk": "number", "checked": "yes-no"},
    )
    verdict = decide(selling, deal("a", facts={"checked": True}), Move("go"), now=NOW).refusals[0]
    assert (verdict.result, verdict.needs, verdict.missing) == (Result.UNKNOWN, "record risk", ("risk",))


def test_a_requirement_whose_when_is_false_does_not_apply():
    decision = judged(Move("send-proposal"), "demo", facts=GOOD)
    assert decision.allowed
    assert "send-proposal/requires/1" not in [verdict.requirement for verdict in decision.verdicts]


def test_a_should_warns_and_lets_through():
    decision = judged(Move("send-proposal"), "demo", facts={**GOOD, "amount": Decimal(6000)})
    assert decision.allowed
    assert [(v.requirement, v.force) for v in decision.warnings] == [("send-proposal/requires/2", Force.SHOULD)]


def test_skipping_a_stage_skips_no_criterion():
    decision = judged(Move("skip-ahead", to="proposal"), "prospect", facts={**GOOD, "contact_role": "user"})
    assert refused(decision) == ["demo/to_pass/1"]


def test_a_won_end_lies_beyond_every_stage():
    assert "demo/to_pass/1" in refused(judged(Move("close-now"), "prospect", facts={}))


def test_losing_passes_nothing():
    assert judged(Move("lose", reason="price"), "prospect", facts={}).allowed


def test_stepping_back_passes_nothing_but_enters():
    decision = judged(Move("step-back", to="prospect", role="manager", note="again"), "proposal", facts={})
    assert refused(decision) == ["prospect/asks/amount"]


def test_what_is_entered_is_judged_also_backwards():
    decision = judged(Move("reopen"), "lost", previous="proposal", facts={"competitor": "x", "amount": Decimal(1)})
    assert decision.to_stage == "proposal"
    assert "proposal/to_enter/1" in refused(decision)


def test_with_several_targets_one_must_be_named():
    decision = judged(Move("skip-ahead"), "qualified", facts=GOOD)
    verdict = decision.refusals[0]
    assert (verdict.about, verdict.missing) == (About.TARGET, ("to",))
    assert verdict.needs == "to 'demo' or 'proposal'"


def test_a_target_that_the_action_does_not_lead_to_is_told():
    decision = judged(Move("skip-ahead", to="won"), "qualified", facts=GOOD)
    assert decision.refusals[0].needs == "to 'demo' or 'proposal' (is 'won')"


def test_previous_is_where_the_deal_stood_before_and_nowhere_without_one():
    assert judged(Move("reopen"), "lost", previous="demo", facts=GOOD).to_stage == "demo"
    assert judged(Move("reopen"), "lost", facts=GOOD).refusals[0].about is About.TARGET


@pytest.mark.parametrize("previous", ["won", "lost", "gone"])
def test_previous_is_never_an_end_nor_a_stage_that_is_no_more(previous: str):
    assert judged(Move("reopen"), "lost", previous=previous, facts=GOOD).refusals[0].about is About.TARGET


def test_each_track_has_its_own_always():
    decision = judged(Move("submit"), "proposal", facts={"export_hold": True})
    assert refused(decision) == ["legal/always/1"]
    assert (decision.track, decision.from_stage, decision.to_stage) == ("legal", "not-started", "in-review")


def test_reached_counts_stages_gone_over():
    assert judged(Move("submit"), "lost", facts=GOOD, visited=frozenset({"prospect", "won", "lost"})).allowed
    assert not judged(Move("submit"), "lost", facts=GOOD, visited=frozenset({"prospect", "lost"})).allowed


def test_what_an_action_sets_is_set_every_time():
    decision = judged(Move("sign"), "proposal", facts={**GOOD, "signed_on": date(2020, 1, 1)})
    assert decision.sets["signed_on"] == date(2026, 3, 10)
    assert decision.outcome == "won"


def test_a_stamp_is_taken_once():
    known = {**GOOD, "qualified_on": date(2020, 1, 1)}
    assert "qualified_on" not in judged(Move("qualify", role="sdr", reason="need"), "prospect", facts=known).sets


def test_stamps_of_skipped_stages_are_taken_with_the_later_one_in_order():
    sets = judged(Move("skip-ahead", to="proposal"), "prospect", facts=GOOD).sets
    assert list(sets.items()) == [("qualified_on", date(2026, 3, 10)), ("shown_on", date(2026, 3, 10))]


def test_facts_to_record_are_given_then_set_then_stamped():
    decision = judged(Move("close-now", facts={"amount": Decimal(7)}), "prospect", facts=GOOD)
    assert list(decision.sets) == ["amount", "qualified_on", "shown_on"]


def test_a_refused_move_has_nothing_to_record():
    assert judged(Move("sign", facts={"export_hold": True}), "proposal", facts=GOOD).sets == {}


def test_today_is_the_day_in_the_zone_of_the_process():
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    decision = decide(SELLING, deal("proposal", facts=GOOD), Move("sign"), now=late)
    assert decision.sets["signed_on"] == date(2026, 3, 11)


def test_a_fact_that_a_table_reckons_can_be_read_and_not_recorded():
    selling = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "requires": ['size_class == "L"']}},
        facts={"amount": FACTS["amount"], "size_class": FACTS["size_class"]},
    )
    assert decide(selling, deal("a", facts={"amount": Decimal(9000)}), Move("go"), now=NOW).allowed
    verdict = decide(selling, deal("a"), Move("go"), now=NOW).refusals[0]
    assert (verdict.result, verdict.needs, verdict.missing) == (Result.UNKNOWN, "record amount", ("amount",))
    with pytest.raises(BadValue, match="reckoned by its table"):
        decide(selling, deal("a"), Move("go", facts={"size_class": "L"}), now=NOW)


def test_a_fact_of_the_wrong_type_is_no_refusal_but_a_mistake_of_the_caller():
    with pytest.raises(BadValue, match="fact 'amount' takes a value of type money, not '12'"):
        judged(Move("hold-demo", facts={"amount": "12"}), "qualified")
    with pytest.raises(BadValue, match="takes a value of type date"):
        judged(Move("hold-demo", facts={"decision_date": NOW}), "qualified")
    with pytest.raises(BadValue, match="is one of user, champion, buyer, not 'boss'"):
        judged(Move("hold-demo", facts={"contact_role": "boss"}), "qualified")


def test_unknown_actions_and_facts_are_named_with_what_was_meant():
    with pytest.raises(UnknownName, match="selling@1 has no action 'qualfy'") as action:
        judged(Move("qualfy"), "prospect")
    assert action.value.hint == "did you mean 'qualify'?"
    with pytest.raises(UnknownName, match="selling@1 has no fact 'amout'") as fact:
        judged(Move("hold-demo", facts={"amout": Decimal(1)}), "qualified")
    assert fact.value.hint == "did you mean 'amount'?"


# Approval


def grant(**changes: object) -> Grant:
    given = Grant(
        "sign", "sign/approval/1", "mia", "manager", NOW - timedelta(days=2), {"discount": Decimal("0.2")}, "d1"
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def signing(*grants: Grant, actor: str = "ana", given: dict[str, Decimal] | None = None) -> Decision:
    facts = {**GOOD, "discount": Decimal("0.2")}
    return judged(Move("sign", actor=actor, facts=given or {}), "proposal", facts=facts, grants=grants)


def test_an_approval_is_needed_where_its_when_is_true_and_not_where_it_is_false():
    assert judged(Move("sign"), "proposal", facts=GOOD).allowed
    verdict = signing().refusals[0]
    assert (verdict.requirement, verdict.result) == ("sign/approval/1", Result.FAILED)
    assert (verdict.needs, verdict.who) == ("approval by manager", ("manager",))


def test_an_approval_is_needed_where_nobody_knows_whether_it_is():
    selling = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "approval": [{"by": "manager", "when": "discount > 15%"}]}},
        facts={"discount": "percent"},
        roles={"manager": ()},
    )
    verdict = decide(selling, deal("a"), Move("go"), now=NOW).refusals[0]
    assert (verdict.result, verdict.missing) == (Result.UNKNOWN, ("discount",))
    assert verdict.needs == "approval by manager, or record discount"


def test_an_approval_by_someone_else_lets_the_move_through_and_says_who_gave_it():
    decision = signing(grant())
    assert decision.allowed
    seen = dict(verdict_on(decision, "sign/approval/1").clauses[-1].seen)
    assert (seen["approved_by"], seen["approved_as"]) == ("mia", "manager")


@pytest.mark.parametrize(
    ("void", "why"),
    [
        (grant(actor="ana"), "someone other than the mover must approve"),
        (grant(actor="Ana "), "someone other than the mover must approve"),
        (grant(role="sdr"), "it was given as 'sdr'"),
        (grant(given_at=NOW - timedelta(days=15)), "it lasted 14d"),
        (grant(facts={"discount": Decimal("0.18")}), "discount was 18%, is 20%"),
        (grant(facts={}), "discount was 0%, is 20%"),
        (grant(changed=frozenset({"amount", "discount"})), "discount has changed since, and changed back"),
        (grant(digest="d0"), "it was given under another version"),
    ],
)
def test_an_approval_that_does_not_count_is_told_with_the_cause(void: Grant, why: str):
    needs = signing(void).refusals[0].needs
    assert needs == f"approval by manager (that of 'mia' does not count: {why})".replace("'mia'", f"'{void.actor}'")


@pytest.mark.parametrize("actor", ["", " "])
def test_a_move_that_does_not_say_who_makes_it_uses_no_approval(actor: str):
    (refusal,) = signing(grant(), actor=actor).refusals
    assert refusal.needs == "approval by manager (that of 'mia' does not count: say who moves with --as)"


def test_an_approval_of_another_action_or_for_another_fact_changes_nothing():
    assert not signing(grant(action="lose")).allowed
    assert not signing(grant(approval="sign/approval/2")).allowed
    assert signing(grant(facts={"discount": Decimal("0.2"), "amount": Decimal(1)})).allowed


def test_an_approval_is_void_when_the_move_itself_changes_the_fact():
    assert not signing(grant(), given={"discount": Decimal("0.3")}).allowed


def test_an_approval_bound_to_a_reckoned_fact_is_void_when_what_the_table_reads_changes():
    selling = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "approval": [{"by": "boss", "when": 'size_class == "L"'}]}},
        facts={"amount": "money", "size_class": FACTS["size_class"]},
        roles={"boss": ()},
    )
    given = Grant("go", "go/approval/1", "mia", "boss", NOW, {"amount": Decimal(6000)})
    same = deal("a", facts={"amount": Decimal(6000)}, grants=(given,))
    more = deal("a", facts={"amount": Decimal(7000)}, grants=(given,))
    assert decide(selling, same, Move("go", actor="ana"), now=NOW).allowed
    assert "amount was 6000, is 7000" in decide(selling, more, Move("go", actor="ana"), now=NOW).refusals[0].needs


# Override


def test_an_override_waives_requirements_and_approvals():
    move = Move("sign", override=True, role="manager", note="the board agreed")
    decision = judged(move, "proposal", facts={"discount": Decimal("0.2")})
    assert decision.allowed
    assert verdict_on(decision, "sign/approval/1").result is Result.WAIVED
    assert verdict_on(decision, "sign/override").result is Result.PASSED


def test_an_override_never_waives_stage_role_reason_or_always():
    move = Move("qualify", override=True, role="manager", facts={"export_hold": True})
    assert refused(judged(move, "demo")) == ["qualify/stage", "qualify/reason", "always/1"]


def test_an_override_by_someone_who_may_not_is_refused_and_waives_nothing():
    decision = judged(Move("send-proposal", override=True, role="ae"), "demo", facts={**GOOD, "contact_role": "user"})
    assert refused(decision) == ["send-proposal/override", "demo/to_pass/1"]
    assert decision.refusals[0].needs == "a role that may: manager (is 'ae')"


def test_a_process_without_override_waives_nothing():
    selling = machine(stages={"a": {}, "b": {}}, actions={"go": {"from": "a", "to": "b"}})
    decision = decide(selling, deal("a"), Move("go", override=True, role="boss"), now=NOW)
    assert refused(decision) == ["go/override"]


def test_types_are_not_waived():
    with pytest.raises(BadValue):
        judged(Move("sign", override=True, role="manager", facts={"amount": True}), "proposal")


# Variants


VARIANTS = machine(
    stages={"a": {}, "b": {}, "c": {}},
    actions={
        "go": [
            {"from": "a", "to": "b", "when": "amount < 100", "sets": {"path": '"small"'}},
            {"from": "a", "to": ["b", "c"], "when": "amount >= 100", "requires": ["checked"]},
        ]
    },
    facts={"amount": "money", "checked": "yes-no", "path": "text"},
)


def test_the_first_variant_whose_when_is_true_is_meant():
    small = decide(VARIANTS, deal("a", facts={"amount": Decimal(5)}), Move("go"), now=NOW)
    assert (small.allowed, small.variant, small.to_stage, small.sets) == (True, 1, "b", {"path": "small"})
    large = decide(VARIANTS, deal("a", facts={"amount": Decimal(500), "checked": True}), Move("go", to="c"), now=NOW)
    assert (large.allowed, large.variant, large.to_stage) == (True, 2, "c")


def test_where_no_variant_applies_it_is_told_when_one_would():
    decision = decide(VARIANTS, deal("a"), Move("go"), now=NOW)
    verdict = verdict_on(decision, "go/when")
    assert (verdict.about, verdict.result, verdict.missing) == (About.APPLIES, Result.UNKNOWN, ("amount",))
    assert verdict.clauses[0].joined == "any"


def test_a_when_on_an_action_that_is_false_refuses_it():
    selling = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "when": "amount > 5"}},
        facts={"amount": "money"},
    )
    decision = decide(selling, deal("a", facts={"amount": Decimal(1)}), Move("go"), now=NOW)
    assert [(v.requirement, v.needs) for v in decision.refusals] == [("go/when", "amount more than 5 (is 1)")]


# Start, options


def test_a_start_is_judged_by_the_first_stage_and_by_always():
    decision = start(SELLING, {"export_hold": True}, actor="ana", role="ae", now=NOW)
    assert refused(decision) == ["prospect/asks/amount", "always/1"]
    assert (decision.from_stage, decision.to_stage, decision.move.actor) == ("", "prospect", "ana")


def test_a_start_records_what_is_given_and_the_stamps_of_the_first_stage_but_no_default():
    selling = machine(
        stages={"a": {"stamps": {"since": "today"}}, "b": {}},
        actions={"go": {"from": "a", "to": "b"}},
        facts={"since": "date", "discount": {"type": "percent", "default": "0%"}, "amount": "money"},
    )
    decision = start(selling, {"amount": Decimal(5)}, actor="", role="", now=NOW)
    assert decision.sets == {"amount": Decimal(5), "since": date(2026, 3, 10)}


def test_options_tell_each_action_in_order_and_each_target_of_one_with_several():
    found = options(SELLING, deal("qualified", facts=GOOD), role="manager", now=NOW)
    assert [(each.move.action, each.move.to, each.allowed) for each in found] == [
        ("qualify", "", False),
        ("hold-demo", "", True),
        ("send-proposal", "", False),
        ("sign", "", False),
        ("lose", "", True),
        ("step-back", "", True),
        ("skip-ahead", "demo", True),
        ("skip-ahead", "proposal", True),
        ("close-now", "", True),
        ("reopen", "", False),
        ("submit", "", False),
    ]


def test_asking_what_can_be_done_needs_no_reason_yet_but_tells_that_one_is_needed():
    lose = next(each for each in options(SELLING, deal("demo"), role="", now=NOW) if each.move.action == "lose")
    assert lose.allowed
    told = {verdict.requirement: verdict.needs for verdict in lose.warnings}
    assert told == {
        "lose/reason": "a reason: price, competitor or other",
        "lose/asks/note": "give a reason",
        "lose/asks/competitor": "give a reason",
    }


# The situation


PAST = machine(
    stages={"a": {"probability": "0.2"}, "b": {}},
    actions={
        "call-twice": {"from": "a", "to": "b", "requires": ['count("call") >= 2 and since("call") < 3d']},
        "after-demo": {"from": "a", "to": "b", "requires": ['done("demo")']},
        "again": {"from": "a", "to": "b", "requires": ['done("call-twice")']},
        "rest": {"from": "a", "to": "b", "requires": ["days_in_stage >= 3"]},
        "likely": {"from": "a", "to": "b", "requires": ["probability >= 20%"]},
        "reviewed": {"from": "a", "to": "b", "requires": ['track.legal == "done"']},
        "boss-only": {"from": "a", "to": "b", "requires": ['actor.role == "boss"']},
        "named": {"from": "a", "to": "b", "requires": ['stage == "a" and to == "b" and action == "named"']},
    },
    tracks={"legal": {"stages": {"open": {}, "done": {}}, "actions": {"do": {"from": "open", "to": "done"}}}},
    touchpoints=["call", "demo"],
    roles={"boss": ()},
)


def happens(action: str, *, role: str = "", **rest: object) -> bool:
    return decide(PAST, deal("a", **rest), Move(action, role=role), now=NOW).allowed  # type: ignore[arg-type]


def test_conditions_look_at_what_was_done_and_when():
    twice = {"call": Times(2, NOW - timedelta(days=1))}
    assert happens("call-twice", touches=twice)
    assert not happens("call-twice", touches={"call": Times(2, NOW - timedelta(days=4))})
    assert not happens("call-twice")
    assert happens("after-demo", touches={"demo": Times(1, NOW)})
    assert not happens("after-demo", actions={"demo": Times(1, NOW)})
    assert happens("again", actions={"call-twice": Times(1, NOW)})


def test_conditions_look_at_where_the_deal_stands_and_who_moves_it():
    assert happens("rest")
    assert not happens("rest", entered_at=NOW - timedelta(days=2, hours=23))
    assert happens("likely")
    assert happens("reviewed", tracks={"legal": "done"})
    assert not happens("reviewed")
    assert happens("boss-only", role="boss")
    assert not happens("boss-only", role="clerk")
    assert happens("named")


def test_a_rule_that_stands_in_two_places_is_told_once():
    rule = {"id": "known", "must": "amount > 5", "says": "The amount is known"}
    selling = machine(
        stages={"a": {"to_pass": [rule]}, "b": {"to_enter": [rule]}},
        actions={"go": {"from": "a", "to": "b", "asks": ["amount"], "requires": [{**rule, "should": "amount > 5"}]}},
        facts={"amount": "money"},
    )
    assert refused(decide(selling, deal("a"), Move("go"), now=NOW)) == ["go/asks/amount", "known"]


def test_decide_is_pure():
    asked = deal("proposal", facts=GOOD)
    first = decide(SELLING, asked, Move("sign"), now=NOW)
    assert first == decide(SELLING, asked, Move("sign"), now=NOW)
    assert asked == deal("proposal", facts=GOOD)
