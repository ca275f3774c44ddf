"""Metrics as they are read: formulas, moments, and what is told of those that cannot be reckoned."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loading.document import parse_text
from engine.loading.formulas import formula
from engine.loading.loaded import Findings
from engine.loading.reading import Reading
from engine.model.formula import Formula, MetricRef, Operation
from engine.model.metric import dimension
from engine.model.scope import Scope
from engine.model.study import Unit

from .conftest import Workspace

BASE = """\
metrics:
  wins: {type: count, of: won}
  value: {type: sum, of: amount, where: won}
  rate: {type: ratio, numerator: won, denominator: closed}
  time: {type: elapsed, from: started, to: closed}
  mean_time: {type: elapsed, from: started, to: closed, stats: [mean]}
"""


HOW = "write ids of metrics, numbers, + - * / and brackets, such as won_value / wins"


def told(workspace: Workspace, line: str) -> list[str]:
    found = workspace.small(f"{BASE}  m: {line}\n").findings
    return [f"{one.at.column} {one.code} {one.message} | {one.hint}" for one in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{type: derived, of: value / win}", ["34 N029 unknown metric 'win' | did you mean 'wins'?"]),
        (
            "{type: derived, of: value / amount}",
            [
                "34 N029 unknown metric 'amount' | 'amount' is a fact: make a metric of it, such as "
                "{type: sum, of: amount}"
            ],
        ),
        (
            "{type: derived, of: value / kind}",
            ["34 N029 unknown metric 'kind' | 'kind' is a fact: make a metric of it, such as "
             "{type: count, of: given(kind)}"],
        ),
        (
            "{type: derived, of: time.median}",
            ["26 S004 'median' is not one of: mean, p10, p25, p50, p75, p90, p95 | write p50"],
        ),
        ("{type: derived, of: time * 2}", ["26 S004 'time' has several figures: p50, p90 | say which: time.p50"]),
        (
            "{type: derived, of: time.p51 * 2}",
            ["26 S004 'p51' is not one of: mean, p10, p25, p50, p75, p90, p95 | did you mean 'p95'?"],
        ),
        ("{type: derived, of: rate.mean}", ["26 S004 'rate' is a ratio and has one figure | write rate"]),
        (
            "{type: derived, of: m + 1}",
            ["3 S018 'm' rests on itself: m -> m | take one of them out of the other's formula"],
        ),
        (
            "{type: derived, of: value + mean_time}",
            [
                "32 S019 the two sides of '+' are not of one kind: money, days and counts cannot be added up | "
                "add what is counted in the same unit, or multiply or divide"
            ],
        ),
        (
            "{type: derived, of: wins *}",
            [f"32 S017 the formula ends where a metric, a number or '(' should stand | {HOW}"],
        ),
        ("{type: derived, of: (wins}", [f"26 S017 '(' is not closed | {HOW}"]),
        (
            "{type: derived, of: wins ^ 2}",
            [f"31 S017 '^' stands where an operator or the end should | {HOW}"],
        ),
        (
            "{type: derived, of: wins, where: won}",
            ["32 S009 'where' does not go with type derived | known: type, title, of"],
        ),
        ("{type: count, of: note == 'x'}", [
            "24 S020 a metric looks at deals as they stand, and 'note' is known only while one moves | "
            "leave it out, or record a fact in its stead"
        ]),
        (
            "{type: elapsed, from: {reached: ofer}, to: closed}",
            ["38 N001 unknown stage 'ofer' | did you mean 'offer'?"],
        ),
        ("{type: count, of: won, by: closed}", ["33 N003 unknown fact 'closed' | write closed_at"]),
        ("{type: elapsed, from: call, to: closed}", [
            "28 N001 'call' is no stage but a touchpoint | write {touchpoint: call}"
        ]),
        ("{type: count, of: won and amount > 5}", ["24 C003 'won' is no name of a condition | write stage == \"won\""]),
        ("{type: count, of: started, where: amount > 5 and not closed}", [
            "59 C003 'closed' is no name of a condition | write stage in [\"won\", \"lost\"]"
        ]),
        ("{type: count, of: reached(won)}", ["32 C003 unknown name 'won' | put it in quotes: \"won\""]),
        ("{type: elapsed, from: started, to: closed, stats: [median]}", [
            "57 S004 'median' is not one of: mean, p10, p25, p50, p75, p90, p95 | write p50"
        ]),
        ("{type: conversion, from: {reached: offer}, to: won}", []),
        ("{type: elapsed, from: {stage: [new, offer]}, to: {reached: [won]}}", []),
        ("{type: derived, of: -(wins - 3) * 50% / mean_time}", []),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_told_where_it_stands(workspace: Workspace, line: str, expected: list[str]) -> None:
    assert told(workspace, line) == expected


def test_a_circle_is_told_of_each_metric_in_it_and_of_none_that_merely_rests_on_it(workspace: Workspace) -> None:
    more = "  a: {type: derived, of: b * 2}\n  b: {type: derived, of: a / 2}\n  c: {type: derived, of: a + 1}\n"
    found = workspace.small(BASE + more).findings
    assert [one.message for one in found] == ["'a' rests on itself: a -> b -> a", "'b' rests on itself: b -> a -> b"]


def test_what_a_faulty_metric_is_named_in_is_not_told_again(workspace: Workspace) -> None:
    more = "  a: {type: count, of: amont > 1}\n  b: {type: derived, of: a / 2}\n"
    assert [one.code for one in workspace.small(BASE + more).findings] == ["C003"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("value / wins", Unit.MONEY),
        ("wins * rate * (value / wins) / mean_time", Unit.MONEY),
        ("1 - rate", Unit.SHARE),
        ("time.p90 - time.p50", Unit.DAYS),
        ("wins / 12", Unit.NUMBER),
        ("rate / rate", Unit.NUMBER),
        ("mean_time / 7", Unit.DAYS),
        ("value / value", Unit.NUMBER),
    ],
)
def test_a_derived_figure_is_printed_in_the_unit_that_comes_of_it(workspace: Workspace, text: str, unit: Unit) -> None:
    loaded = workspace.small(f"{BASE}  m: {{type: derived, of: {text}}}\n")
    assert loaded.value is not None
    among = {metric.id: metric for metric in loaded.value.metrics}
    found = dimension(among["m"], among)
    assert not isinstance(found, Operation)
    assert found.unit is unit


def read(text: str) -> tuple[Formula | None, Findings]:
    found = Findings()
    node = parse_text("a: |\n  " + text, "f").root
    assert node is not None
    return formula(node.get("a"), Reading(found, Scope())), found  # type: ignore[union-attr]


def test_products_bind_tighter_than_sums_and_both_run_from_left_to_right() -> None:
    its, _ = read("a - b - 2 * c.p50 / 4")
    assert its is not None
    a, b, c = MetricRef("a"), MetricRef("b"), MetricRef("c", "p50")
    product = Operation("/", Operation("*", Decimal(2), c), Decimal(4))
    assert its.term == Operation("-", Operation("-", a, b), product)


@given(st.text(alphabet="ab1.%()+-*/ _\u00e4", max_size=60))
def test_any_text_is_a_formula_or_told_as_none(text: str) -> None:
    its, found = read(text.strip() or "a")
    assert (its is None) == any(one.code == "S017" for one in found.told())


def test_a_formula_nested_too_deep_or_too_long_is_told() -> None:
    assert [one.message for one in read("(" * 30 + "a" + ")" * 30)[1].told()] == [
        "the formula is nested deeper than 24"
    ]
    assert [one.message for one in read("a" + " + a" * 150)[1].told()] == ["the formula has more than 200 parts"]
    assert [one.message for one in read("a" * 4_001)[1].told()] == ["the formula is longer than 4,000 characters"]
