"""What people are told of a condition: clauses, what is needed, what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.conditions import explain
from tests.conditions.world import Now, tree_of

FACTS: dict[str, Any] = {
    "amount": Decimal(100),
    "seats": Decimal(4),
    "budget_confirmed": False,
    "export_hold": True,
    "contact_role": "user",
    "discount": Decimal("0.05"),
    "decision_date": date(2026, 9, 1),
    "competitor": "axe",
    "wait": timedelta(days=1),
}


def told(text: str, facts: dict[str, Any]) -> list[str]:
    """The clauses, indented, each with how it came out and what it saw."""
    lines = []
    for clause in explain.clauses(tree_of(text), facts, Now(counts={"call": 1})):
        seen = "; ".join(f"{name} = {value}" for name, value in clause.seen)
        what = f"{clause.joined} of" if clause.joined else clause.text
        lines.append(f"{'  ' * clause.depth}{clause.holds} {what}" + (f" [{seen}]" if seen else ""))
    return lines


def test_clauses_are_told_in_the_order_written_with_the_values_they_saw() -> None:
    text = 'amount >= 5000 and (budget_confirmed or contact_role in ["champion"]) and signed_on - today < 30d'
    assert told(text, FACTS) == [
        "False all of",
        "  False amount >= 5000 [amount = 100]",
        "  False any of",
        "    False budget_confirmed [budget_confirmed = False]",
        '    False contact_role in ["champion"] [contact_role = user]',
        "  None signed_on - today < 30d [signed_on = None; today = 2026-03-01]",
    ]


def test_a_not_before_a_group_is_told_of_its_parts() -> None:
    assert told("not (amount > 5 and not (export_hold or given(budget)))", FACTS) == [
        "True any of",
        "  False not amount > 5 [amount = 100]",
        "  True any of",
        "    True export_hold [export_hold = True]",
        "    False given(budget) [budget = None]",
    ]


def test_questions_about_the_past_are_told_with_their_answer() -> None:
    assert told('count("call") >= 2', {}) == ['False count("call") >= 2 [count("call") = 1]']


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("amount >= 5000", "amount at least 5000 (is 100)"),
        ("5000 < amount", "amount more than 5000 (is 100)"),
        ("not (amount <= 5000)", "amount more than 5000 (is 100)"),
        ("not (amount < 5000)", "amount at least 5000 (is 100)"),
        ("not (amount >= 50)", "amount less than 50 (is 100)"),
        ("not (50 < amount)", "amount at most 50 (is 100)"),
        ("amount == 5000", "amount 5000 (is 100)"),
        ("amount != 100", "amount other than 100 (is 100)"),
        ("budget >= 5000", "record budget (at least 5000)"),
        ("amount >= budget * 2", "record budget (amount at least budget * 2)"),
        ("amount >= seats * 50", "amount at least seats * 50 (is 100, seats * 50 is 200)"),
        ("budget_confirmed", "budget_confirmed true (is false)"),
        ("not export_hold", "export_hold false (is true)"),
        (
            'contact_role in ["champion", "economic-buyer"]',
            'contact_role one of "champion", "economic-buyer" (is "user")',
        ),
        ('not (contact_role in ["user"])', 'contact_role none of "user" (is "user")'),
        ("discount > 10%", "discount more than 10% (is 5%)"),
        (
            "decision_date <= date('2026-05-01')",
            'decision_date on or before date("2026-05-01") (is date("2026-09-01"))',
        ),
        ("decision_date - today <= 30d", "decision_date - today at most 30d (is 184d)"),
        ("wait >= 2w", "wait at least 14d (is 1d)"),
        ("given(signed_on)", "record signed_on"),
        ("not given(amount)", "amount not recorded"),
        ("not blank(country)", "record country"),
        ("blank(competitor)", "competitor blank"),
        ("contains(competitor, 'b')", 'competitor containing "b" (is "axe")'),
        ("not starts_with(competitor, 'a')", 'competitor not starting with "a" (is "axe")'),
        ("contains(country, 'b')", 'record country (containing "b")'),
        ('done("email")', "email done"),
        ('not done("call")', "call never done"),
        ('count("call") > 3', 'count("call") more than 3 (is 1)'),
        ('since("email") < 3d', 'since("email") less than 3d (was never done)'),
        ('reached("demo")', "demo reached"),
        ('not reached("qualified")', "qualified not reached"),
        ('reason == "price"', 'give a reason ("price")'),
        ('reason.group == "money"', 'give a reason (reason.group "money")'),
        ("given(reason.group)", "give a reason"),
        ("size(note) > 10", "give a note (size(note) more than 10)"),
        ('stage == "won"', 'stage "won" (is "qualified")'),
        ("track.legal == 'approved'", 'track.legal "approved" (is not known)'),
        ("false", "nothing can meet this"),
        ("1 == 2", "nothing can meet this"),
        ("amount in []", "nothing can meet this"),
        (
            "amount >= 5000 and budget_confirmed and seats > 1",
            "amount at least 5000 (is 100) and budget_confirmed true (is false)",
        ),
        ("amount >= 5000 or given(budget)", "either amount at least 5000 (is 100) or record budget"),
        (
            "budget_confirmed and (amount > 500 or (seats > 5 and discount > 10%))",
            "budget_confirmed true (is false) and (either amount more than 500 (is 100) or "
            "(seats more than 5 (is 4) and discount more than 10% (is 5%)))",
        ),
        ("amount >= 5", ""),
    ],
)
def test_what_is_needed_is_told_in_words(text: str, needed: str) -> None:
    assert explain.needs(tree_of(text), FACTS, Now(counts={"call": 1})) == needed


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("amount >= 5000 and budget_confirmed", {}, ("amount", "budget_confirmed")),
        ("amount >= 5000 and budget_confirmed", {"amount": Decimal(1)}, ()),
        ("amount >= 5000 and budget_confirmed", {"amount": Decimal(5000)}, ("budget_confirmed",)),
        ("amount >= 5000 or budget_confirmed", {"amount": Decimal(1)}, ("budget_confirmed",)),
        ("(amount >= 5000 and seats > 1) or budget_confirmed", {"seats": Decimal(1)}, ("budget_confirmed",)),
        ("not given(amount) and budget > 1", {}, ("budget",)),
        ("amount - budget > amount * 2", {}, ("amount", "budget")),
        ('reason == "price" and size(note) > 3 and to == "demo"', {}, ("reason", "note")),
        ('reason.group == "money" or reason == "price"', {}, ("reason",)),
        ('since("call") > 3d', {}, ()),
        ("blank(country)", {}, ()),
    ],
)
def test_what_is_missing_is_what_would_decide(text: str, facts: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert explain.missing(tree_of(text), facts, Now()) == missing
