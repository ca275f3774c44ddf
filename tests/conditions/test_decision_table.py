"""Decision tables, and the facts of a deal with defaults and reckoned ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.conditions import decision_table
from engine.conditions.parse import read
from engine.model.rule import DecisionTable, Fact, Hit, Row
from engine.model.scope import Scope
from engine.model.syntax import MONEY, NUMBER, YES_NO, Kind, Type, Value
from tests.conditions.world import Now

GRADE = Type(Kind.CHOICE, ("A", "B", "C"))
SCOPE = Scope(facts={"amount": MONEY, "partner": YES_NO, "seats": NUMBER, "grade": GRADE, "score": NUMBER})


def table(hit: Hit, *rows: tuple[str, Value]) -> DecisionTable:
    made = []
    for text, then in rows:
        expression = read(text, SCOPE)[0] if text else None
        assert bool(text) is (expression is not None)
        made.append(Row(then, expression))
    return DecisionTable(hit, tuple(made))


SIZES = (("amount > 5000", "A"), ("partner", "B"), ("", "C"))
POINTS = (("amount > 5000", Decimal(10)), ("partner", Decimal("2.5")), ("", Decimal(1)))


@pytest.mark.parametrize(
    ("hit", "rows", "facts", "expected"),
    [
        (Hit.FIRST, SIZES, {"amount": Decimal(9000)}, "A"),
        (Hit.FIRST, SIZES, {"amount": Decimal(1), "partner": True}, "B"),
        (Hit.FIRST, SIZES, {"amount": Decimal(1), "partner": False}, "C"),
        (Hit.FIRST, SIZES, {"partner": True}, None),
        (Hit.FIRST, SIZES, {"amount": Decimal(1)}, None),
        (Hit.FIRST, SIZES[:1], {"amount": Decimal(1)}, None),
        (Hit.UNIQUE, SIZES[:2], {"amount": Decimal(9000), "partner": False}, "A"),
        (Hit.UNIQUE, SIZES[:2], {"amount": Decimal(9000), "partner": True}, None),
        (Hit.UNIQUE, SIZES[:2], {"amount": Decimal(9000)}, None),
        (Hit.UNIQUE, SIZES[:2], {"amount": Decimal(1), "partner": False}, None),
        (Hit.SUM, POINTS, {"amount": Decimal(9000), "partner": True}, Decimal("13.5")),
        (Hit.SUM, POINTS, {"amount": Decimal(1), "partner": False}, Decimal(1)),
        (Hit.SUM, POINTS, {"amount": Decimal(9000)}, None),
        (Hit.SUM, POINTS[:1], {"amount": Decimal(1)}, Decimal(0)),
        (Hit.SUM, (("partner", timedelta(days=2)), ("", timedelta(hours=1))), {"partner": True}, timedelta(hours=49)),
    ],
)
def test_a_table_answers_by_its_hit_policy(
    hit: Hit, rows: tuple[tuple[str, Value], ...], facts: dict[str, Any], expected: Value | None
) -> None:
    assert decision_table.result(table(hit, *rows), facts, Now()) == expected


DECLARED = {
    "grade": Fact("grade", GRADE, table=table(Hit.FIRST, ("score >= 10", "A"), ("score >= 5", "B"), ("", "C"))),
    "score": Fact("score", NUMBER, table=table(Hit.SUM, ("amount > 5000", Decimal(9)), ("partner", Decimal(3)))),
    "amount": Fact("amount", MONEY),
    "partner": Fact("partner", YES_NO, default=False),
}


def test_defaults_and_reckoned_facts_join_the_recorded_ones() -> None:
    derived = decision_table.derive(DECLARED, {"amount": Decimal(9000)}, Now())
    assert derived == {"amount": Decimal(9000), "partner": False, "score": Decimal(9), "grade": "B"}


def test_a_recorded_fact_wins_over_its_default() -> None:
    derived = decision_table.derive(DECLARED, {"amount": Decimal(9000), "partner": True}, Now())
    assert derived["grade"] == "A"


def test_a_table_that_cannot_tell_leaves_its_fact_unknown() -> None:
    assert decision_table.derive(DECLARED, {}, Now()) == {"partner": False}


def test_what_a_table_reckons_cannot_be_recorded() -> None:
    derived = decision_table.derive(DECLARED, {"amount": Decimal(1), "score": Decimal(99)}, Now())
    assert derived["grade"] == "C"


def test_facts_without_defaults_or_tables_stay_as_they_are() -> None:
    facts = {"amount": Decimal(1)}
    assert decision_table.derive({"amount": DECLARED["amount"]}, facts, Now()) is facts


def test_tables_that_read_each_other_are_reckoned_in_order_and_a_circle_ends() -> None:
    assert decision_table.in_order(DECLARED) == ("score", "grade")
    circle = {
        "score": Fact("score", NUMBER, table=table(Hit.SUM, ('grade == "A"', Decimal(1)))),
        "grade": Fact("grade", GRADE, table=table(Hit.FIRST, ("score > 0", "A"))),
    }
    assert decision_table.derive(circle, {}, Now()) == {}


def test_for_a_reckoned_fact_the_facts_it_lacks_are_to_be_recorded() -> None:
    facts = decision_table.derive(DECLARED, {}, Now())
    assert decision_table.to_record(DECLARED, ("grade", "seats"), facts, Now()) == ("amount", "seats")
