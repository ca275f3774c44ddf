"""Whatever a beginner makes of a condition: where it cannot be read, there is a word on what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.conditions.days import meant
from engine.conditions.literals import commas
from engine.conditions.parse import read
from engine.conditions.problem import GRAMMAR
from engine.model.finding import Finding
from engine.model.scope import Scope
from engine.model.syntax import YES_NO, Kind, Type
from tests.conditions.world import SCOPE

RIGHT = (
    "amount >= 5000 and budget_confirmed",
    'contact_role in ["champion", "user"]',
    "not (discount > 12.5% or export_hold)",
    'contains(lower(competitor), "acme") and given(country)',
    'decision_date < today + 30d and reached("demo")',
    'stage == "demo" or count("call") * 2 > seats',
)
STRANGE = (
    "and or not AND in IN is = == => >> << <> >= < + - * / % ( ) [ ] { } , ; : . ! ? @ # & | ~ ` ^ $ € → … \\ if then "
    "between than equals yes NULL 5 5k 12,5 5.000,00 1/2/2026 31.12.2026 30days amount \"x\" 'y' “ EUR of each"
).split()
PART = re.compile(r'"[^"]*"|[\w.%]+|[<>=!]+|\S')


def edited(condition: str) -> Iterator[str]:
    parts = PART.findall(condition)
    for at in range(len(parts) + 1):
        yield " ".join(parts[:at] + parts[at + 1 :])
        yield "".join(parts[:at]) + " ".join(parts[at : at + 1] + parts[at:])
        for strange in STRANGE:
            yield " ".join([*parts[:at], strange, *parts[at:]])
            yield " ".join([*parts[:at], strange, *parts[at + 1 :]])


@pytest.mark.parametrize("condition", RIGHT)
def test_no_edit_of_a_condition_is_left_without_a_hint(condition: str) -> None:
    assert read(condition, SCOPE)[1] == ()
    bare = {(text, one.message) for text in edited(condition) for one in _grammar(text) if not one.hint}
    assert bare == set()


def _grammar(text: str) -> list[Finding]:
    return [one for one in read(text, SCOPE)[1] if one.code == GRAMMAR]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("12/31/2026", 'write date("2026-12-31")'),
        ("31/12/2026", 'write date("2026-12-31")'),
        ("31.12.2026", 'write date("2026-12-31")'),
        ("1.2.26", 'write date("2026-02-01")'),
        ("31-12-2026", 'write date("2026-12-31")'),
        ("2026/12/31", 'write date("2026-12-31")'),
        ("1/2/2026", 'write date("2026-01-02") or date("2026-02-01")'),
        ("3/3/2026", 'write date("2026-03-03")'),
        ("31/31/2026", 'write date("2026-03-31"): year, month, day'),
        ("1/2/3", ""),
        ("5000", ""),
        ("1.2.3.4", ""),
    ],
)
def test_the_same_day_is_proposed_as_the_language_writes_it(text: str, hint: str) -> None:
    assert meant(text) == hint


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5%", "12.5%"),
        ("12,5", "12.5"),
        ("5,000", "5000"),
        ("1,234,567.5", "1234567.5"),
        ("5.000,00", "5000"),
        ("1.234.567,5", "1234567.5"),
        ("1,2,3", ""),
        ("1.2,3", ""),
    ],
)
def test_a_number_with_commas_is_told_as_the_number_it_is(text: str, number: str) -> None:
    assert commas(text) == number


def test_a_bare_word_is_taken_for_a_choice_of_the_fact_it_is_compared_with() -> None:
    scope = Scope({"sure": YES_NO, "answer": Type(Kind.CHOICE, ("Yes", "No", "Not sure"))})
    hints = [read(text, scope)[1][0].hint for text in ("sure == Yes", "answer == yes", "answer in [NO]")]
    assert hints == ["write true", 'put it in quotes: "Yes"', 'put it in quotes: "No"']
    (only,) = read("answer == Not_sure", scope)[1]
    assert only.hint == 'put it in quotes: "Not sure"'
