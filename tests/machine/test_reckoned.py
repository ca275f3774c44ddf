"""What decision tables make of many deals at once is what they make of each of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conditions.evaluate import evaluate
from engine.machine.columns import gather
from engine.machine.compile import Machine
from engine.machine.crowd import Crowd
from engine.machine.facts import view, with_tables
from engine.machine.requirements import Condition, ready
from engine.machine.situation import DealSituation
from engine.machine.vectorised import truth
from engine.machine.vectors import Inexact
from engine.model.decision import Move
from tests.machine.building import NOW, deal, machine

WHENS = ["amount > 100", "sure", "not sure", 'to == "won"', "given(amount)", 'level == "high"', None]
rows = st.lists(st.sampled_from(WHENS), min_size=1, max_size=4)
facts = st.fixed_dictionaries(
    {}, optional={"amount": st.sampled_from([Decimal(5), Decimal("100.5")]), "sure": st.booleans()}
)


def selling(hit: str, whens: list[str | None], thens: list[Any], kind: dict[str, Any], condition: str) -> Machine:
    table = {
        "hit": hit,
        "rows": [{"when": w, "then": t} if w else {"then": t} for w, t in zip(whens, thens, strict=False)],
    }
    level = {"of": ["low", "high"], "table": {"rows": [{"when": "sure", "then": "high"}, {"then": "low"}]}}
    return machine(
        stages={"new": {}, "won": {"ends": "won"}},
        actions={"win": {"from": "new", "to": "won", "requires": [condition]}},
        facts={"amount": "money", "sure": "yes-no", "level": level, "found": {**kind, "table": table}},
    )


KINDS = {
    "number": (
        {"type": "number"},
        [Decimal(1), Decimal("2.5"), Decimal(-3), Decimal(0)],
        ["found > 0", "found == 2.5", "given(found)"],
    ),
    "choice": (
        {"of": ["a", "b", "c", "d"]},
        ["a", "b", "c", "d"],
        ['found == "a"', 'found in ["b", "c"]', "given(found)"],
    ),
    "yes-no": ({"type": "yes-no"}, [True, False, True, True], ["found", "not found", "given(found)"]),
    "duration": (
        {"type": "duration"},
        [timedelta(hours=each) for each in (24, 36, 0, 48)],
        ["found > 1d", "given(found)"],
    ),
}
ALLOWED = [
    (kind, hit)
    for kind in KINDS
    for hit in ("first", "unique", "sum")
    if hit != "sum" or kind in ("number", "duration")
]


def at_once(of: Machine, condition: Condition, standing: list[Any]) -> list[object]:
    columns = gather(of, standing)
    crowd = Crowd(columns, columns.rows("main", "new"), len(standing), "new", {"to": "won", "action": "win"}, NOW)
    found = truth(condition.tree, crowd)
    return [True if yes else False if no else None for yes, no in zip(found.yes, found.no, strict=True)]


def one_by_one(of: Machine, condition: Condition, standing: list[Any]) -> list[object]:
    told: list[object] = []
    for each in standing:
        situation = DealSituation(of.frame, each, Move("win"), NOW, "won")
        told.append(
            evaluate(condition.tree, with_tables(view(each.facts, {}, of.frame.defaults), situation), situation)
        )
    return told


@pytest.mark.parametrize(("kind", "hit"), ALLOWED)
@given(data=st.data())
@settings(max_examples=12)
def test_a_table_says_of_many_what_it_says_of_each(kind: str, hit: str, data: st.DataObject) -> None:
    type_, thens, conditions = KINDS[kind]
    of = selling(hit, data.draw(rows), thens, type_, data.draw(st.sampled_from(conditions)))
    condition = ready(of.process.main.actions[0].requires[0].condition)
    standing = [deal("new", facts=each) for each in data.draw(st.lists(facts, min_size=1, max_size=8))]
    assert at_once(of, condition, standing) == one_by_one(of, condition, standing)


def test_a_table_that_rests_on_itself_is_left_to_be_asked_deal_by_deal() -> None:
    circle = {"of": ["a"], "table": {"rows": [{"when": 'other == "a"', "then": "a"}]}}
    other = {"of": ["a"], "table": {"rows": [{"when": 'found == "a"', "then": "a"}]}}
    of = machine(
        stages={"new": {}, "won": {"ends": "won"}},
        actions={"win": {"from": "new", "to": "won", "requires": ['found == "a"']}},
        facts={"found": circle, "other": other},
    )
    with pytest.raises(Inexact):
        at_once(of, ready(of.process.main.actions[0].requires[0].condition), [deal("new")])
