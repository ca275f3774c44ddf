"""What is told of approvals: a control that is lost is told as loudly as a new one."""

from __future__ import annotations

from tests.versions.pairs import changes

HEAD = "roles: {rep: [], lead: [rep], boss: [lead]}\nfacts: {discount: {type: percent, default: 0%}}\nby: [rep]\n"


def says(old: str, new: str) -> list[str]:
    texts = (
        f"{HEAD}actions: {{show: {{from: lead, to: demo{one}}}, sign: {{from: demo, to: won}},"
        " lose: {from: open, to: lost}}\n"
        for one in (f", approval: [{old}]" if old else "", f", approval: [{new}]" if new else "")
    )
    return [f"{one.level.value}: {one.says}" for one in changes(*texts)]


def test_an_approval_that_came_or_went() -> None:
    asked = "{by: boss, when: discount > 15%, says: A boss agrees}"
    assert says("", asked) == [
        "tighter: 'show' now needs an approval by boss where discount > 15%: A boss agrees",
    ]
    assert says(asked, "") == [
        "looser: a control is lost: 'show' no longer needs an approval by boss where discount > 15%: A boss agrees",
    ]


def test_it_is_needed_wherever_its_condition_is_not_false() -> None:
    asked = "{by: boss, when: %s, says: A boss agrees}"
    assert says(asked % "discount > 15%", asked % "discount > 20%") == [
        "looser: 'show' needs the approval by boss for fewer deals: where discount > 20%, before where discount > 15%"
    ]
    assert says(asked % "discount > 15%", "{by: boss, says: A boss agrees}") == [
        "tighter: 'show' needs the approval by boss for more deals: always, before where discount > 15%"
    ]
    assert says(asked % "discount > 15%", asked % "15% < discount") == []


def test_who_may_give_it_and_how_long_it_counts() -> None:
    assert says("{by: boss, says: One agrees}", "{by: lead, says: One agrees}") == [
        "looser: the approval of 'show' can now be given by 'lead' too, before by boss"
    ]
    assert says("{by: [lead, boss], says: One agrees}", "{by: lead, says: One agrees}") == []
    assert says("{by: boss, says: One agrees, lasts: 14d}", "{by: boss, says: One agrees}") == [
        "looser: an approval of 'show' now counts without end, before for 14d"
    ]


def test_of_several_each_is_told_by_itself() -> None:
    two = "{by: lead, says: A lead agrees}, {by: boss, when: discount > 15%, says: A boss agrees}"
    assert says(two, "{by: boss, when: discount > 15%, says: A boss agrees}") == [
        "looser: a control is lost: 'show' no longer needs an approval by lead: A lead agrees"
    ]
