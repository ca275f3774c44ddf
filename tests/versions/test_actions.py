"""What is told of actions: ways and roles lost and gained, when they apply, what they do."""

from __future__ import annotations

import pytest

from tests.versions.pairs import changes, told

ROLES = "roles: {rep: [], lead: [rep], boss: [lead]}\n"
FACTS = "facts: {amount: {type: money}, hot: {type: yes-no}}\n"


def actions(lines: str) -> str:
    return f"{ROLES}{FACTS}actions:\n{lines}\n  sign: {{from: demo, to: won}}\n  lose: {{from: open, to: lost}}\n"


def says(old: str, new: str) -> list[str]:
    return [f"{one.level.value}: {one.says}" for one in changes(actions(old), actions(new))]


def test_ways_are_told_with_later_and_earlier_spelled_out() -> None:
    head = (
        f"{ROLES}stages: {{a: {{}}, b: {{}}, c: {{}}, d: {{}}, won: {{ends: won}}, lost: {{ends: lost}}}}\nactions:\n"
    )
    tail = "  sign: {from: open, to: won}\n  lose: {from: open, to: lost}\n"
    on, back = "  on: {from: open, to: later}\n", "  back: {from: open, to: earlier}\n"
    found = changes(head + on + tail, head + back.replace("back", "on") + tail)
    assert [one.says for one in found if one.code in ("D208", "D209", "D210", "D211")] == [
        "'on' is no longer possible from 'a'",
        "'on' no longer leads from 'b' to 'c' and 'd'",
        "'on' no longer leads from 'c' to 'd'",
        "'on' is now also possible from 'd', to 'a', 'b' and 'c'",
        "'on' now also leads from 'b' to 'a'",
        "'on' now also leads from 'c' to 'a' and 'b'",
    ]


def test_a_role_may_what_the_roles_it_includes_may() -> None:
    assert says("  show: {from: lead, to: demo, by: [lead]}", "  show: {from: lead, to: demo, by: [lead, boss]}") == []
    assert says("  show: {from: lead, to: demo, by: [rep]}", "  show: {from: lead, to: demo, by: [boss]}") == [
        "tighter: 'show' is now done by boss only, no longer by 'rep' and 'lead'"
    ]
    assert says("  show: {from: lead, to: demo, by: [boss]}", "  show: {from: lead, to: demo}") == [
        "looser: 'show' may now also be done by anyone, before by boss"
    ]


def test_when_an_action_applies_is_compared_by_meaning() -> None:
    way = "  show: {from: lead, to: demo, when: %s}"
    assert says(way % "amount > 5 and hot", way % "hot and 5 < amount") == []
    assert says(way % "amount > 5", way % "amount > 9") == [
        "tighter: 'show' now applies to fewer deals: where amount > 9"
    ]
    assert says(way % "amount > 5", way % "hot") == [
        "tighter: 'show' no longer applies to some deals: where hot",
        "looser: 'show' now applies to deals that it did not apply to: where hot",
    ]
    assert says("  show: {from: lead, to: demo, when: hot}", "  show: {from: lead, to: demo}") == [
        "looser: 'show' now applies to more deals: whatever the deal"
    ]


def test_a_form_that_leads_a_new_way_is_told_by_its_way_alone() -> None:
    one = "  show:\n    - {from: lead, to: demo, when: hot}\n"
    assert says(one, one + "    - {from: lost, to: demo}") == [
        "looser: 'show' is now also possible from 'lost', to 'demo'"
    ]
    assert says(one, one + "    - {from: lead, to: demo, by: [boss]}") == [
        "looser: 'show' has one more form, from 'lead' to 'demo'"
    ]


def test_of_several_forms_that_apply_the_first_is_meant() -> None:
    one, other = (
        "    - {from: lead, to: demo, when: hot}\n",
        "    - {from: lead, to: demo, when: amount > 5, by: [boss]}\n",
    )
    apart = other.replace("amount > 5", "not hot")
    assert says(f"  show:\n{one}{apart}", f"  show:\n{apart}{one}") == []
    assert says(f"  show:\n{one}{other}", f"  show:\n{other}{one}") == [
        "tighter: where forms 1 and 2 of 'show' both apply, the first is meant now and the other was: "
        "deals may be refused that were let through",
        "looser: where forms 1 and 2 of 'show' both apply, the first is meant now and the other was: "
        "deals may be let through that were refused",
    ]
    asked = ", requires: [{must: amount > 7, says: It is much}]}"
    one, other = one.replace("}", asked), other.replace(", by: [boss]}", asked)
    assert says(f"  show:\n{one}{other}", f"  show:\n{other}{one}") == []
    one, other = one.replace(asked, "}"), other.replace(asked, ", by: [boss]}")
    assert says(f"  show:\n{one}", f"  show:\n{other}{one}") == [
        "tighter: 'show' has one more form, from 'lead' to 'demo' when amount > 5: "
        "it is meant before others, and may refuse what they let through",
        "looser: 'show' has one more form, from 'lead' to 'demo' when amount > 5",
    ]


def test_forms_that_lead_elsewhere_have_an_order_too() -> None:
    one, other = "    - {from: demo, to: won, when: hot}\n", "    - {from: demo, to: lead, when: amount > 5}\n"
    apart = other.replace("amount > 5", "not hot")
    assert says(f"  show:\n{one}{apart}", f"  show:\n{apart}{one}") == []
    which = "where forms 1 and 2 of 'show' both apply, the first is meant now and the other was"
    goes = f"{which}: a move from 'demo' that names no stage goes to 'lead' now and went to 'won' before"
    assert says(f"  show:\n{one}{other}", f"  show:\n{other}{one}") == [f"tighter: {goes}", f"looser: {goes}"]
    bound = other.replace("}", ", by: [boss]}")
    assert says(f"  show:\n{one}{bound}", f"  show:\n{bound}{one}") == [
        f"tighter: {goes}; deals may be refused that were let through",
        f"looser: {goes}; deals may be let through that were refused",
    ]
    # Which of several is to be named anyhow, and then the form that leads there is meant.
    several = [
        each.replace("to: won", "to: [won, lost]").replace("to: lead", "to: [lead, demo]") for each in (one, bound)
    ]
    assert says(f"  show:\n{several[0]}{several[1]}", f"  show:\n{several[1]}{several[0]}") == []
    assert says(f"  show:\n{several[0]}{other}", f"  show:\n{other}{several[0]}")[0] == (
        f"tighter: {which}: a move from 'demo' that names no stage goes to 'lead' now "
        "and had to name one of 'won' and 'lost' before"
    )


def test_of_a_form_it_is_told_which_one_it_is() -> None:
    two = "  show:\n    - {from: lead, to: demo, when: hot}\n    - {from: lead, to: demo, asks: [amount]%s}"
    assert says(two % "", two % ", by: [boss]")[0].startswith("tighter: 'show' (form 2) is now done by boss only")


def test_merged_actions_are_one_change_and_what_they_asked_is_told() -> None:
    old = actions("  show: {from: lead, to: demo, asks: [amount]}\n  visit: {from: lead, to: demo}")
    new = "follows: {version: 1, actions: {visit: show}}\n" + actions("  show: {from: lead, to: demo}")
    assert [one.says for one in changes(old, new)] == [
        "'show' no longer asks for 'amount'",
        "'visit' became part of the action 'show'",
    ]


def test_what_an_action_does_is_a_note() -> None:
    old = "  show: {from: lead, to: demo, sets: {amount: 5}}"
    new = "  show: {from: lead, to: demo, sets: {amount: 6}, title: Show it, auto: true, when: hot}"
    found = changes(actions(old), actions(new))
    assert told(found) == [
        "D214 tighter show",
        "D215 looser show",
        "D218 note show",
        "D221 note show",
    ]
    assert found[2].says == "'show' now sets amount: 6, before amount: 5"


def test_what_is_left_to_the_process_is_told_of_the_process_alone() -> None:
    base = actions("  show: {from: lead, to: demo}")
    assert {one.code[:2] for one in changes("by: [rep]\n" + base, "by: [boss]\n" + base)} == {"D5"}


def test_what_is_done_by_itself_for_more_deals_lets_them_go_on_without_anybody() -> None:
    by_hand = "  show: {from: lead, to: demo, when: amount < 10}"
    by_itself = by_hand.replace("when", "auto: true, when")
    assert says(by_hand, by_itself) == ["looser: 'show' is now done by itself as soon as amount < 10"]
    assert says(by_itself, by_hand) == ["tighter: 'show' is no longer done by itself"]
    assert says(by_itself, by_itself.replace("10", "900")) == [
        "looser: 'show' is now done by itself for more deals: where amount < 900"
    ]
    assert says(by_itself, by_itself.replace("amount < 10", "amount < 10 and hot")) == [
        "tighter: 'show' is now done by itself for fewer deals: where amount < 10 and hot"
    ]


@pytest.mark.parametrize(
    ("was", "now", "read", "code"),
    [
        ("sets: {hot: false}", "sets: {hot: true}", "must: hot", "D218"),
        ("title: A", "title: A, sets: {hot: true}", "must: amount > 5, when: hot", "D218"),
        ("touchpoint: call", "touchpoint: email", 'must: count("email") > 1', "D217"),
    ],
)
def test_what_conditions_read_of_an_action_may_refuse_and_let_through(was: str, now: str, read: str, code: str) -> None:
    text = f"touchpoints: [call, email]\n{FACTS}actions:\n  show: {{from: lead, to: demo, %s}}\n"
    text += "  sign: {from: demo, to: won, %s}\n  lose: {from: open, to: lost}\n"
    asked = f"requires: [{{{read}, says: It is well}}]"
    assert told(changes(text % (was, asked), text % (now, asked))) == [f"{code} tighter show", f"{code} looser show"]
    assert told(changes(text % (was, "title: B"), text % (now, "title: B"))) == [f"{code} note show"]
