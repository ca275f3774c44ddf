"""What conditions are worth: three values, exact numbers, days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from engine.conditions import generate
from engine.conditions.evaluate import evaluate
from engine.model.syntax import Value
from tests.conditions.world import Now, tree_of

FACTS: dict[str, Any] = {
    "amount": Decimal("5000.10"),
    "seats": Decimal(3),
    "discount": Decimal("0.15"),
    "budget_confirmed": True,
    "contact_role": "champion",
    "competitor": "Äcme AG",
    "country": " \u00a0\t",
    "decision_date": date(2026, 3, 31),
    "wait": timedelta(hours=36),
}
NOW = Now(
    note="called twice",
    tracks={"legal": "approved"},
    counts={"call": 2},
    gone={"call": timedelta(days=3)},
)


def value(text: str, facts: dict[str, Any] | None = None, now: Now = NOW) -> Value | None:
    """What the text is worth, the same by evaluation and by the generated form."""
    tree = tree_of(text, expects=None)
    found = evaluate(tree, FACTS if facts is None else facts, now)
    assert generate.function(tree)(FACTS if facts is None else facts, now) == found
    return found


T, F, U = "true", "false", "export_hold"


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, True, True),
        (T, F, False, True),
        (F, T, False, True),
        (F, F, False, False),
        (T, U, None, True),
        (U, T, None, True),
        (F, U, False, None),
        (U, F, False, None),
        (U, U, None, None),
    ],
)
def test_and_and_or_are_those_of_kleene(a: str, b: str, both: bool | None, either: bool | None) -> None:
    assert value(f"{a} and {b}") is both
    assert value(f"{a} or {b}") is either
    assert value(f"not ({a} and {b})") is (None if both is None else not both)
    assert value(f"seats == 3 and ({a} or {b})") is either
    assert value(f"seats == 4 or ({a} and {b})") is both


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount >= 5000", True),
        ("amount == 5000.1", True),
        ("amount * 0.1 == 500.01", True),
        ("amount * probability == 1000.02", True),
        ("seats * 10% == 0.3", True),
        ("discount == 15%", True),
        ("discount <= 14.999999999%", False),
        ("0.1 + 0.2 == 0.3", True),
        ("budget > 5", None),
        ("not (budget > 5)", None),
        ("budget in [1, 2]", None),
        ("budget in []", False),
        ("not (budget in [])", True),
        ("seats in [1, 3.0]", True),
        ("contact_role in ['user', 'champion']", True),
        ("contact_role != 'user'", True),
        ("stage in early", True),
        ("stage in []", False),
        ("reason == 'price'", None),
        ("given(amount)", True),
        ("given(budget)", False),
        ("given(reason)", False),
        ("given(note)", True),
        ("blank(budget)", True),
        ("blank(country)", True),
        ("blank(competitor)", False),
        ("blank(amount)", False),
        ("contains(competitor, 'cme')", True),
        ("starts_with(competitor, 'cme')", False),
        ("ends_with(competitor, 'AG')", True),
        ("lower(competitor) == 'Äcme ag'", True),
        ("lower('ABCXYZ') == 'abcxyz'", True),
        ("size(competitor) == 7", True),
        ("contains(note, 'twice')", True),
        ("decision_date - today == 30d", True),
        ("decision_date - today <= 4w", False),
        ("decision_date > date('2026-03-30')", True),
        ("today + 30d == decision_date", True),
        ("today + wait == date('2026-03-02')", True),
        ("decision_date + 9999999w > today", None),
        ("wait + 9999999w + 9999999w > 1d", True),
        ("wait > 1d", True),
        ("signed_on < today", None),
        ("done('call')", True),
        ("done('email')", False),
        ("count('call') >= 2", True),
        ("since('call') == 3d", True),
        ("since('email') < 3d", None),
        ("days_in_stage == 12", True),
        ("probability == 20%", True),
        ("reached('qualified')", True),
        ("reached('proposal')", False),
        ("track.legal == 'approved'", True),
        ("actor.role == 'ae'", True),
        ("to == 'demo'", True),
        ("action == 'hold-demo'", True),
        ("budget_confirmed == true", True),
        ("export_hold == true", None),
        ("budget_confirmed != (seats > 5)", True),
    ],
)
def test_a_condition_is_true_false_or_unknown(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount + amount", Decimal("10000.20")),
        ("amount * 999999999999999999.999999999", Decimal("5000099999999999999999.9999949999")),
        ("contact_role", "champion"),
        ("budget", None),
        ("today", date(2026, 3, 1)),
        ("decision_date - 12d", date(2026, 3, 19)),
        ("decision_date - today", timedelta(days=30)),
        ("lower('É')", "É"),
        ("[1, 2]", (Decimal(1), Decimal(2))),
    ],
)
def test_a_value_is_exact(text: str, expected: Value | None) -> None:
    assert value(text) == expected


def test_a_product_of_many_long_numbers_is_not_rounded() -> None:
    factors = 120
    text = " * ".join(["999999999999999999.999999999"] * factors)
    product = value(text)
    assert isinstance(product, Decimal)
    assert Fraction(product) == Fraction(10**27 - 1, 10**9) ** factors
