"""Who may say they are who: claims where nobody is listed, else names and roles as the list has them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.advance.many import import_past
from engine.advance.move import advance, can
from engine.advance.occasion import Occasion
from engine.advance.record import record
from engine.advance.trust import vouch
from engine.model.decision import Move
from engine.model.errors import BadValue, KeyReused, RoleNotHeld, UnknownName
from engine.model.past import PastDeal, PastMove
from engine.model.people import People, Person
from engine.report.story import story
from tests.advance.desk import NOW, Desk
from tests.machine.building import machine

PEOPLE = People(
    {
        "ana": Person("Ana", ("ae",)),
        "ben": Person("ben", ("manager", "sdr")),
        "mia": Person("mia", ("manager",)),
        "kim": Person("kim"),
        "pat": Person("pat", ("pilot",)),
    }
)
PROCESS = Desk().process
APART = machine(
    stages={"a": {}, "won": {"ends": "won"}},
    actions={"go": {"from": "a", "to": "won", "by": ["ae", "legal"]}},
    roles={"ae": (), "legal": ()},
).process


def who(actor: str, role: str = "", people: People | None = PEOPLE) -> Occasion:
    return Occasion(now=NOW, at=NOW, actor=actor, role=role, people=people)


def vouched(actor: str, role: str = "") -> tuple[str, str]:
    found = vouch(PROCESS, who(actor, role))
    return found.actor, found.role


def test_without_a_list_of_people_name_and_role_are_claims():
    claim = who("anybody", "manager", people=None)
    assert vouch(PROCESS, claim) is claim


def test_a_name_is_recorded_as_the_list_spells_it():
    assert vouched(" ANA ") == ("Ana", "ae")


@pytest.mark.parametrize(
    ("actor", "role", "expected"),
    [
        ("ana", "", "ae"),
        ("ana", "ae", "ae"),
        ("ana", "sdr", "sdr"),
        ("mia", "ae", "ae"),
        ("ben", "", "manager"),
        ("ben", "sdr", "sdr"),
        ("kim", "", ""),
        ("pat", "", ""),
    ],
)
def test_the_role_is_one_of_theirs_or_one_that_theirs_includes(actor: str, role: str, expected: str):
    assert vouched(actor, role)[1] == expected


@pytest.mark.parametrize(
    ("actor", "role", "error", "message", "hint"),
    [
        ("", "", BadValue, "nobody is named as who does this", "say who you are with --as WHO, or set STAGEWRIGHT_AS"),
        (
            " ",
            "ae",
            BadValue,
            "nobody is named as who does this",
            "say who you are with --as WHO, or set STAGEWRIGHT_AS",
        ),
        ("anna", "ae", UnknownName, "people.yaml knows no 'anna'", "did you mean 'Ana'?"),
        ("stagewright", "", UnknownName, "people.yaml knows no 'stagewright'", "known: Ana, ben, mia, kim, pat"),
        ("ana", "boss", UnknownName, "inside-sales@2 has no role 'boss'", "known: sdr, ae, manager"),
        (
            "ana",
            "manager",
            RoleNotHeld,
            "Ana does not have the role 'manager'",
            "who has it in people.yaml: ben, mia",
        ),
        ("kim", "sdr", RoleNotHeld, "kim does not have the role 'sdr'", "who has it in people.yaml: Ana, ben, mia"),
        ("pat", "pilot", UnknownName, "inside-sales@2 has no role 'pilot'", "known: sdr, ae, manager"),
    ],
)
def test_what_is_not_theirs_is_refused_with_whose_it_is(
    actor: str, role: str, error: type[Exception], message: str, hint: str
):
    with pytest.raises(error) as caught:
        vouched(actor, role)
    assert (str(caught.value), caught.value.hint) == (message, hint)  # type: ignore[attr-defined]
    assert caught.value.exit_code == 2  # type: ignore[attr-defined]


def test_a_role_that_nobody_has_is_told_so():
    nobody = People({"kim": Person("kim")})
    with pytest.raises(RoleNotHeld) as caught:
        vouch(PROCESS, who("kim", "manager", nobody))
    assert caught.value.hint == "nobody has it in people.yaml"


def test_of_several_roles_that_do_not_include_each_other_one_is_to_be_named():
    several = People({"eva": Person("eva", ("legal", "ae"))})
    with pytest.raises(BadValue, match="eva has several roles in selling@1: legal, ae") as caught:
        vouch(APART, who("eva", "", several))
    assert caught.value.hint == "say in which with --role ROLE"
    assert vouch(APART, who("eva", "legal", several)).role == "legal"


def test_whoever_has_no_role_is_refused_what_needs_one_and_may_do_the_rest():
    desk = Desk(people=PEOPLE)
    assert desk.start(actor="kim", role="").entries[0].role == ""
    refused = desk.do("qualify", reason="referral", facts={"contact_role": "user"}, who={"actor": "kim", "role": ""})
    assert refused.decision is not None
    assert [(one.requirement, one.needs) for one in refused.decision.refusals] == [
        ("qualify/role", "a role that may: sdr, ae or manager")
    ]


def test_a_move_cannot_claim_what_the_occasion_was_not_vouched_for():
    desk = Desk(people=PEOPLE)
    desk.start(actor="ana", role="")
    move = Move("qualify", reason="referral", facts={"contact_role": "user"}, actor="mia", role="manager")
    outcome = advance(desk.journal, desk.machine_of, "acme", move=move, occasion=desk.occasion(actor="kim", role=""))
    assert outcome.decision is not None
    assert not outcome.decision.allowed
    assert (outcome.entries[0].actor, outcome.entries[0].role) == ("kim", "")


@pytest.mark.parametrize("actor", ["zed", ""])
def test_no_door_lets_in_whoever_is_not_listed(actor: str):
    desk = Desk(people=PEOPLE)
    desk.start(actor="ana", role="")
    stranger = {"actor": actor, "role": "manager"}
    past = PastDeal("old", (PastMove("prospect", NOW, facts={"amount": Decimal(1)}),))
    for door in (
        lambda: desk.start("other", **stranger),
        lambda: desk.record(touchpoint="call", **stranger),
        lambda: desk.do("disqualify", reason="no-need", who=stranger),
        lambda: desk.approve("sign", **stranger),
        lambda: can(desk.journal, desk.machine_of, "acme", occasion=desk.occasion(**stranger)),
        lambda: import_past(
            desk.journal, desk.process, desk.definition, [past], now=NOW, map_id="m", actor=actor, people=PEOPLE
        ),
    ):
        with pytest.raises((UnknownName, BadValue)):
            door()
    assert [deal.id for deal in desk.journal.deals()] == ["acme"]
    assert len(desk.journal.entries("acme")) == 1


def test_what_was_done_under_a_key_is_the_same_however_the_name_was_spelled():
    desk = Desk(people=PEOPLE)
    desk.start(actor="ANA", role="", key="s")
    assert desk.start(actor="ana ", role="ae", key="s").repeated
    done = {"reason": "referral", "facts": {"contact_role": "user"}}
    desk.do("qualify", who={"actor": "Ana", "role": "", "key": "k"}, **done)
    assert desk.do("qualify", who={"actor": "aNa", "role": "ae", "key": "k"}, **done).repeated
    with pytest.raises(KeyReused):
        desk.do("qualify", who={"actor": "mia", "role": "", "key": "k"}, **done)


def test_the_owner_is_spelled_as_in_the_list():
    desk = Desk(people=PEOPLE)
    desk.start(actor="ana", role="")
    given = [
        record(
            desk.journal, desk.machine_of, "acme", facts={}, owner=owner, occasion=desk.occasion(actor="mia", role="")
        )
        for owner in ("ANA", "somebody else")
    ]
    assert [outcome.entries[0].owner for outcome in given] == ["Ana", "somebody else"]


def test_an_approval_by_the_mover_in_other_capitals_is_refused():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    desk.approve("sign", actor="MIA ", role="manager")
    own = desk.do("sign", who={"actor": "mia", "role": "manager"}).decision
    assert own is not None
    assert [one.needs for one in own.refusals] == [
        "approval by manager (that of 'MIA ' does not count: someone other than the mover must approve)"
    ]
    others = desk.do("sign", who={"actor": "ana", "role": "ae"}).decision
    assert others is not None
    assert others.allowed


def test_an_approval_by_nobody_that_can_be_seen_is_refused():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    with pytest.raises(BadValue, match="an approval needs a name"):
        desk.approve("sign", actor="  ", role="manager")


def test_an_approval_for_a_move_that_never_comes_ends_with_the_next_move_and_is_told_as_void():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    desk.approve("sign", actor="mia", role="manager")
    desk.do("step-back", to="proposal", note="They want other terms", who={"actor": "mia", "role": "manager"})
    desk.do("negotiate")
    assert desk.journal.deal("acme").grants == ()  # type: ignore[union-attr]
    _, (asked,) = can(desk.journal, desk.machine_of, "acme", occasion=desk.occasion(), action="sign")
    assert [one.needs for one in asked.refusals] == [
        "approval by manager (that of 'mia' does not count: the deal has moved since, by 'step-back')"
    ]
    told = story({desk.definition.digest: desk.process}, desk.journal.entries("acme"))
    assert "void      'step-back' was done instead of 'sign'" in told
    refused = desk.do("sign").decision
    assert refused is not None
    assert [one.requirement for one in refused.refusals] == ["sign/approval/1"]


def test_an_approval_that_was_used_is_not_told_as_void():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    desk.approve("sign", actor="mia", role="manager")
    desk.do("sign")
    assert "void" not in story({desk.definition.digest: desk.process}, desk.journal.entries("acme"))


def test_a_move_of_another_track_ends_no_approval():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    desk.approve("sign", actor="mia", role="manager")
    desk.do("submit-contract")
    assert "void" not in story({desk.definition.digest: desk.process}, desk.journal.entries("acme"))
    _, (asked,) = can(desk.journal, desk.machine_of, "acme", occasion=desk.occasion(), action="sign")
    assert asked.allowed


def test_an_approval_that_lapsed_no_longer_counts_and_is_told_so():
    desk = Desk()
    desk.to_negotiation(discount=Decimal("0.2"), decision_date=NOW.date())
    desk.approve("sign", actor="mia", role="manager")
    desk.at += timedelta(days=15)
    late = desk.do("sign").decision
    assert late is not None
    assert [one.needs for one in late.refusals] == ["approval by manager (that of 'mia' does not count: it lasted 14d)"]
    desk.approve("sign", actor="mia", role="manager")
    again = desk.do("sign").decision
    assert again is not None
    assert again.allowed
