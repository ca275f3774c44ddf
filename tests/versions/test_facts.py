from __future__ import annotations

import pytest

from tests.versions.pairs import changes, told

FOLLOWS = "follows: {version: 1, facts: {value: amount}}\n"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("{a: {type: text}}", "{a: {type: text}, b: {type: date}}", ["D401 note b"]),
        ("{a: {type: number}}", "{a: {type: money}}", ["D404 note a"]),
        ("{a: {type: text}}", "{a: {type: date}}", ["D404 break a"]),
        ("{a: {type: percent}}", "{a: {type: number}}", ["D404 break a"]),
        ("{a: {type: text}}", "{a: {type: choice, of: [x]}}", ["D404 tighter a"]),
        ("{a: {type: choice, of: [x, y]}}", "{a: {type: choice, of: [z, y]}}", ["D405 tighter a", "D406 looser a"]),
        ("{a: {type: choice, of: [x, y]}}", "{a: {type: choice, of: [y, x]}}", []),
        ("{a: {type: percent}}", "{a: {type: percent, default: 5%}}", ["D407 note a"]),
        ("{a: {type: percent, default: 5%}}", "{a: {type: percent, default: 5.0%}}", []),
        ("{a: {type: text, title: One}}", "{a: {type: text, title: Two}}", ["D408 note a"]),
    ],
)
def test_what_differs_in_a_fact_is_told(was: str, now: str, expected: list[str]) -> None:
    assert told(changes(f"facts: {was}\n", f"facts: {now}\n")) == expected


def test_a_renamed_fact_is_neither_gone_nor_new_and_its_type_is_told_beside() -> None:
    found = changes("facts: {value: {type: text}}\n", FOLLOWS + "facts: {amount: {type: money}}\n")
    assert told(found) == ["D404 break amount", "D403 note amount"]
    assert found[0].says == (
        "the fact 'amount' is now money, no longer text: what deals have recorded does not fit any more"
    )


def test_facts_that_became_one_are_told_to_keep_one_value() -> None:
    found = changes(
        "facts: {net: {type: money}, gross: {type: money}}\n",
        "follows: {version: 1, facts: {net: amount, gross: amount}}\nfacts: {amount: {type: money}}\n",
    )
    assert told(found) == ["D403 note amount", "D403 note amount"]
    assert found[0].says == (
        "the fact 'net' is now 'amount', as 'gross' is: a deal that has both keeps one of the values"
    )


TABLE = "facts: {{n: {{type: number}}, m: {{type: number}}, g: {{type: text, table: {{hit: {}, rows: [{}]}}}}}}\n"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("{when: n > 1 and m > 1, then: a}", "{when: m > 1 and 1 < n, then: a}", []),
        ("{when: n > 1, then: a}", "{when: n > 2, then: a}", ["D413 note g", "D414 note g"]),
        ("{when: n > 1, then: a}", "{when: n > 1, then: b}", ["D415 note g"]),
        ("{when: n > 1, then: a}, {then: b}", "{when: n > 1, then: a}", ["D414 note g"]),
        (
            "{when: n > 1, then: a}, {when: m > 1, then: b}",
            "{when: m > 1, then: b}, {when: n > 1, then: a}",
            ["D417 note g"],
        ),
        ("{when: n > 1, then: a}, {when: m > 1, then: a}", "{when: m > 1, then: a}, {when: n > 1, then: a}", []),
        ("{when: n > 1, then: a}, {when: n < 0, then: b}", "{when: n < 0, then: b}, {when: n > 1, then: a}", []),
    ],
)
def test_a_decision_table_is_compared_row_by_row_by_meaning(was: str, now: str, expected: list[str]) -> None:
    assert told(changes(TABLE.format("first", was), TABLE.format("first", now))) == expected


def test_the_order_of_rows_is_none_where_only_one_may_hold() -> None:
    rows = ("{when: n > 1, then: a}", "{when: n <= 1, then: b}")
    assert changes(TABLE.format("unique", ", ".join(rows)), TABLE.format("unique", ", ".join(rows[::-1]))) == ()


def test_a_row_that_reads_a_renamed_fact_is_the_same_row() -> None:
    table = "g: {{type: text, table: {{hit: first, rows: [{{when: {} > 1, then: a}}]}}}}}}\n"
    was = "facts: {value: {type: money}, " + table.format("value").replace("}}}}", "}}}")
    now = FOLLOWS + "facts: {amount: {type: money}, " + table.format("amount").replace("}}}}", "}}}")
    assert told(changes(was, now)) == ["D403 note amount"]
