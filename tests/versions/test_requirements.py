"""What is told of requirements: compared by meaning, wherever they stand, in the words of the later version."""

from __future__ import annotations

from engine.model.change import Relation
from tests.versions.pairs import changes, told

FACTS = "facts: {amount: {type: money}, ok: {type: yes-no}, name: {type: text}, rebate: {type: percent, default: 0%}}\n"
WAYS = "actions: {show: {from: lead, to: demo%s}, sign: {from: demo, to: won%s}, lose: {from: open, to: lost}}\n"


def asking(show: str = "", sign: str = "", *, top: str = "") -> str:
    parts = (f", {one}" if one else "" for one in (show, sign))
    return FACTS + top + WAYS % tuple(parts)


def must(condition: str, says: str = "It is well", rest: str = "") -> str:
    return f"requires: [{{must: '{condition}', says: {says}{rest}}}]"


def says(old: str, new: str) -> list[str]:
    return [f"{one.level.value}: {one.says}" for one in changes(old, new)]


def test_what_is_written_otherwise_is_no_change() -> None:
    assert says(asking(must("ok and amount > 5")), asking(must("(5 < amount) and ok"))) == []
    assert says(asking(must("amount >= 5 and amount >= 3")), asking(must("amount >= 5"))) == []
    assert says(asking(must("ok", rest=", when: rebate > 10%")), asking(must("ok or rebate <= 10%"))) == []


def test_a_renamed_fact_is_no_change_of_what_reads_it() -> None:
    new = asking(must("fine and amount > 5"), top="follows: {version: 1, facts: {ok: fine}}\n").replace(
        "ok:", "fine:", 1
    )
    assert told(changes(asking(must("ok and amount > 5")), new.replace("{ok: fine}", "{ok: fine}"))) == [
        "D403 note fine"
    ]


def test_stricter_looser_and_neither_carry_a_deal_that_shows_it() -> None:
    (more,) = changes(asking(must("amount > 5")), asking(must("amount > 9")))
    assert (more.code, more.level.value, more.says) == ("D303", "tighter", "'show' needs more now: It is well")
    assert (more.before, more.after) == ("must amount > 5", "must amount > 9")
    assert more.proof
    assert more.proof.relation is Relation.STRICTER
    assert more.proof.refused
    assert says(asking(must("amount > 9")), asking(must("amount > 5"))) == ["looser: 'show' needs less now: It is well"]
    assert says(asking(must("amount > 9")), asking(must("ok"))) == [
        "tighter: 'show' refuses deals now that it let through: It is well",
        "looser: 'show' lets deals through now that it refused: It is well",
    ]


def test_where_nobody_can_tell_it_says_so_and_counts_as_if_it_did() -> None:
    old, new = asking(must('contains(name, "a")')), asking(must('contains(lower(name), "a")'))
    assert says(old, new) == [
        "tighter: 'show' may refuse deals that it let through, nobody can tell: It is well",
        "looser: 'show' lets deals through now that it refused: It is well",
    ]


def test_requirements_that_came_and_went_are_told_where_they_stand() -> None:
    old = asking(must("ok", "One"), top="always: [{must: amount > 0, says: Two}]\n")
    new = asking("", must("ok and amount > 1", "Three"), top="always: []\n")
    assert says(old, new) == [
        "tighter: 'sign' now needs: Three",
        "looser: every move no longer needs: Two",
        "looser: 'show' no longer needs: One",
    ]


def test_a_warning_is_a_note_and_a_refusal_out_of_it_is_tighter() -> None:
    warns = asking("requires: [{should: ok, says: It is well}]")
    assert says(asking(), warns) == ["note: 'show' now warns without: It is well"]
    assert says(warns, asking(must("ok"))) == ["tighter: 'show' now refuses, and no longer only warns: It is well"]


def test_other_words_are_a_note() -> None:
    assert says(asking(must("ok")), asking(must("ok", "All is well"))) == [
        "note: 'show' tells it in other words: All is well"
    ]


def test_what_was_moved_is_told_once_by_the_moves_it_is_asked_of() -> None:
    at_action = asking("", must("ok"))
    stages = (
        "stages: {lead: {}, demo: {to_pass: [{must: ok, says: It is well}]}, won: {ends: won}, lost: {ends: lost}}\n"
    )
    assert says(at_action, asking(top=stages)) == [
        "note: passing 'demo' now needs what 'sign' needed: It is well",
    ]
    every = asking(top="always: [{must: ok, says: It is well}]\n")
    assert says(at_action, every) == [
        "tighter: every move now needs what 'sign' needed: It is well; it is now also needed for 'show' and 'lose'",
    ]
    both = asking("", must("ok"), top="always: [{must: ok, says: It is well}]\n")
    assert says(both, every) == ["note: 'sign' no longer asks by itself for what every move needs: It is well"]


def test_facts_asked_for_are_told_in_one_sentence() -> None:
    assert says(asking(), asking("asks: [amount, name, {ok: amount > 5}]")) == [
        "tighter: 'show' now asks for 'amount' and 'name'",
        "tighter: 'show' now asks for 'ok' where amount > 5",
    ]
    assert says(asking("asks: [{ok: amount > 5}]"), asking("asks: [{ok: amount > 9}]")) == [
        "looser: 'show' needs less now: 'ok' is asked for where amount > 9"
    ]
    assert says(asking("asks: [{ok: amount > 9}]"), asking("asks: [ok]")) == [
        "tighter: 'show' needs more now: 'ok' is asked for of every deal",
    ]


def test_an_action_with_reasons_is_judged_with_one_given() -> None:
    reasons = "reasons: {a: One, b: Two}, asks: [{note: %s}]"
    old, new = (asking(reasons % one) for one in ('reason == "a"', 'reason == "a" or amount > 5'))
    assert [line.partition(":")[0] for line in says(old, new)] == ["tighter"]


def test_of_a_rule_it_is_told_what_its_new_version_asks() -> None:
    rules = {
        "terms/1": "ruleset: terms\nversion: 1\nfacts: {ok: {type: yes-no}}\n"
        "rules: {well: {must: ok, says: It is well}}\n",
        "terms/2": "ruleset: terms\nversion: 2\nfacts: {ok: {type: yes-no}, amount: {type: money}}\n"
        "rules: {well: {must: ok and amount > 5, says: It is well}}\n",
    }
    old = asking("requires: [well]", top="uses: {terms: 1}\n")
    found = changes(old, old.replace("terms: 1", "terms: 2"), rules=rules)
    assert [one.says for one in found if one.code.startswith("D3")] == ["'show' needs more now: It is well"]


def test_requirements_go_with_their_stage() -> None:
    stage = "stages: {lead: {}, %sdemo: {}, won: {ends: won}, lost: {ends: lost}}\n"
    gate = "trial: {to_pass: [{must: ok, says: It is well}, {must: amount > 5, says: It is worth it}]}, "
    assert says(asking(top=stage % ""), asking(top=stage % gate))[0] == (
        "tighter: the new stage 'trial' needs to pass it: It is well; It is worth it"
    )
