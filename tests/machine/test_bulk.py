"""Many deals at once: exact on columns of whole numbers, deal by deal where columns cannot tell."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conditions.evaluate import evaluate
from engine.machine.bulk import open_actions
from engine.machine.columns import gather
from engine.machine.crowd import Crowd
from engine.machine.facts import view, with_tables
from engine.machine.situation import DealSituation
from engine.machine.vectorised import truth
from engine.machine.vectors import Inexact
from engine.model.deal import Deal, Grant
from engine.model.decision import Move
from tests.machine.building import NOW, deal, machine
from tests.machine.worlds import FACTS, LEAVES, OPEN, ROLES, VALUES, deals

SELLING = machine(
    stages={
        **{stage: {"probability": "0.3"} for stage in OPEN},
        "won": {"ends": "won", "to_enter": [{"id": leaf, "must": leaf} for leaf in LEAVES]},
        "lost": {"ends": "lost"},
    },
    actions={"act1": {"from": "open", "to": "won", "reasons": ["g1/r1"]}},
    facts=FACTS,
    tracks={"legal": {"stages": {"open": {}, "signed": {}}, "actions": {}}},
    touchpoints=["call"],
    roles=dict.fromkeys(ROLES, ()),
)
CONDITIONS = {each.id: each.condition for each in SELLING.process.main.stages[3].to_enter}
BY_HAND = {"contains(name, part)": "two columns of text"}
COLUMNAR = [leaf for leaf in LEAVES if leaf not in BY_HAND]
# One of the numbers has more digits than a column can hold.
SMALL = st.fixed_dictionaries({}, optional={**VALUES, "n": st.sampled_from([Decimal("-2"), Decimal("0.125")])})


def asked_one_by_one(leaf: str, standing: list[Deal]) -> list[object]:
    found = []
    for each in standing:
        situation = DealSituation(SELLING.frame, each, Move("act1", role="boss"), NOW, "won")
        seen = with_tables(view(each.facts, {}, SELLING.frame.defaults), situation)
        found.append(evaluate(CONDITIONS[leaf].tree, seen, situation))
    return found


def asked_at_once(leaf: str, standing: list[Deal]) -> list[object]:
    columns = gather(SELLING, standing)
    words = {"actor.role": "boss", "to": "won", "action": "act1"}
    crowd = Crowd(columns, columns.rows("main", "s1"), len(standing), "s1", words, NOW)
    found = truth(CONDITIONS[leaf].tree, crowd)
    yes, no = (np.broadcast_to(each, len(standing)) for each in (found.yes, found.no))
    assert not (yes & no).any()
    return [True if yes[place] else False if no[place] else None for place in range(len(standing))]


@pytest.mark.parametrize("leaf", COLUMNAR)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_a_clause_asked_of_columns_is_what_it_is_for_each_deal(leaf: str, data: st.DataObject):
    standing = [
        deal("s1", **{**rest, "facts": data.draw(SMALL)})
        for rest in data.draw(st.lists(deals().map(past_of), min_size=1, max_size=12))
    ]
    assert asked_at_once(leaf, standing) == asked_one_by_one(leaf, standing)


def past_of(drawn: Deal) -> dict[str, Any]:
    names = ("visited", "touches", "actions", "tracks", "entered_at")
    return {name: getattr(drawn, name) for name in names}


@pytest.mark.parametrize("leaf", BY_HAND)
def test_what_columns_cannot_tell_is_left_to_be_asked_deal_by_deal(leaf: str):
    standing = [deal("s1", facts={"name": "a", "part": "b"}), deal("s1", facts={"name": "b", "part": "a"})]
    with pytest.raises(Inexact):
        asked_at_once(leaf, standing)


@pytest.mark.parametrize(
    ("leaf", "facts"),
    [
        ("n + n <= 3", {"n": Decimal("123456789012345678.123456789")}),
        ("amount - n > 500", {"amount": Decimal("1.5"), "n": Decimal("4000000000000000000")}),
        ("amount * probability > 100", {"amount": Decimal("3000000000000000000")}),
        ("gap + gap > 2d", {"gap": timedelta(days=50_000_000)}),
        ("amount < 999.99", {"amount": Decimal("300000000000000000")}),
    ],
)
def test_numbers_too_large_for_columns_are_never_rounded(leaf: str, facts: dict[str, Any]):
    with pytest.raises(Inexact):
        asked_at_once(leaf, [deal("s1", facts=facts)])


def test_the_answer_is_exact_where_columns_are_not():
    narrow = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "requires": ["n > 123456789012345678.123456788"]}},
        facts={"n": "number"},
    )
    just = deal("a", facts={"n": Decimal("123456789012345678.123456789")})
    not_quite = deal("a", facts={"n": Decimal("123456789012345678.123456788")})
    (opening,) = open_actions(gather(narrow, [just, not_quite, deal("a")]), role="", now=NOW).all
    assert opening.is_open.tolist() == [True, False, False]


FUNNEL = machine(
    stages={"lead": {"to_pass": ["amount > 0"]}, "demo": {"to_enter": ["ok"]}, "won": {"ends": "won"}},
    actions={
        "show": {"from": "lead", "to": "demo", "by": ["ae"]},
        "win": {"from": ["lead", "demo"], "to": "won", "approval": [{"by": "boss", "when": "amount > 100"}]},
    },
    facts={"amount": "money", "ok": "yes-no"},
    roles={"ae": (), "boss": ()},
)
DEALS = [
    deal("demo", facts={"amount": Decimal(500)}),
    deal("lead", facts={"amount": Decimal(5), "ok": True}),
    deal(
        "lead",
        facts={"amount": Decimal(500)},
        grants=(Grant("win", "win/approval/1", "mia", "boss", NOW, {"amount": Decimal(500)}),),
    ),
    deal("won"),
]


def named(place: int) -> list[tuple[str, str, list[str]]]:
    openings = open_actions(gather(FUNNEL, DEALS), role="ae", actor="ana", now=NOW)
    return [(action, to, [FUNNEL.requirements[n] for n in failing]) for action, to, failing in openings.of(place)]


def test_of_each_deal_is_told_what_is_open_and_what_refuses_the_rest():
    assert named(0) == [("win", "won", ["win/approval/1"])]
    assert named(1) == [("show", "demo", []), ("win", "won", [])]
    assert named(2) == [("show", "demo", ["demo/to_enter/1"]), ("win", "won", [])]
    assert named(3) == []


def test_each_requirement_tells_which_deals_it_refuses():
    openings = open_actions(gather(FUNNEL, DEALS), role="boss", actor="ana", now=NOW)
    show = openings.all[0]
    assert show.action == "show"
    assert show.refused_by(FUNNEL.numbers["show/role"]).tolist() == [True, True]
    assert show.refused_by(FUNNEL.numbers["demo/to_enter/1"]).tolist() == [False, True]
    assert show.refused_by(FUNNEL.numbers["win/approval/1"]).tolist() == [False, False]


def test_more_requirements_than_a_word_has_bits_are_all_told():
    many = machine(
        stages={"a": {}, "b": {}},
        actions={"go": {"from": "a", "to": "b", "requires": [f"n != {number}" for number in range(70)]}},
        facts={"n": "number"},
    )
    (opening,) = open_actions(gather(many, [deal("a", facts={"n": Decimal(69)}), deal("a")]), role="", now=NOW).all
    assert [many.requirements[number] for number in opening.failing(0)] == ["go/requires/70"]
    assert len(opening.failing(1)) == 70
    assert opening.refused_by(many.numbers["go/requires/70"]).tolist() == [True, True]


def test_the_memory_of_a_deal_stays_small():
    standing = [deal("lead", facts={"amount": Decimal(n), "ok": n % 2 == 0}) for n in range(1000)]
    columns = gather(FUNNEL, standing)
    openings = open_actions(columns, role="ae", now=NOW)
    assert (columns.nbytes + openings.nbytes) / len(standing) < 50


def test_what_variants_ask_in_different_orders_is_told_in_the_order_of_each():
    asking = machine(
        stages={"a": {}, "b": {}, "won": {"ends": "won"}},
        actions={
            "go": [{"from": "a", "to": "b", "asks": ["name"]}, {"from": "a", "to": "won", "asks": ["amount", "name"]}]
        },
        facts=FACTS,
    )
    openings = open_actions(gather(asking, [deal("a")]), role="", now=NOW)
    told = [[asking.requirements[number] for number in failing] for _, _, failing in openings.of(0)]
    assert told == [["go/asks/name"], ["go/asks/amount", "go/asks/name"]]
