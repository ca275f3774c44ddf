from __future__ import annotations

import pytest

from tests.versions.pairs import changes, told

HEAD = "actions:\n  sign: {from: open, to: won}\n"
SHARED = "actions:\n  lose: {from: lead, to: lost, reasons: loss}\n  drop: {from: demo, to: lost, reasons: loss}\n"
RULES = {
    "why/1": "ruleset: why\nversion: 1\nreasons: {loss: {price: Too expensive, late: Too late}}\n",
    "why/2": "ruleset: why\nversion: 2\nreasons: {loss: {price: Too expensive}}\n",
}


def _losing(reasons: str) -> str:
    return f"{HEAD}  lose: {{from: open, to: lost{reasons}}}\n"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (", reasons: {a: One}", ", reasons: {a: One, b: Two}", ["D451 looser lose/b"]),
        (", reasons: {a: One, b: Two}", ", reasons: {b: Two, a: One}", []),
        (", reasons: {a: One}", ", reasons: {a: Two}", ["D454 note lose/a"]),
        (", reasons: {a: One}", ", reasons: {a: {title: One, group: g}}", ["D454 note lose/a"]),
        ("", ", reasons: {a: One}", ["D457 tighter lose"]),
        (", reasons: {a: One}", "", ["D458 looser lose"]),
    ],
)
def test_what_differs_in_the_reasons_of_an_action_is_told(was: str, now: str, expected: list[str]) -> None:
    assert told(changes(_losing(was), _losing(now))) == expected


def test_reasons_that_became_one_are_neither_gone_nor_new() -> None:
    follows = "follows: {version: 1, reasons: {dear: price, cost: price}}\n"
    found = changes(_losing(", reasons: {dear: A, cost: B, c: C}"), follows + _losing(", reasons: {price: A, c: C}"))
    assert told(found) == ["D453 note lose/cost", "D453 note lose/dear"]


def test_the_reasons_of_actions_that_became_one_are_compared_as_one_list() -> None:
    was = (
        "actions:\n"
        "  lose: {from: lead, to: lost, reasons: {a: One}}\n"
        "  drop: {from: demo, to: lost, reasons: {b: Two}}\n"
    )
    now = "follows: {version: 1, actions: {drop: lose}}\n" + _losing(", reasons: {a: One, b: Two, c: Three}")
    assert [one for one in told(changes(was, now)) if one.startswith("D45")] == ["D451 looser lose/c"]


def test_a_list_of_a_rule_set_is_told_once_with_the_actions_that_have_it() -> None:
    found = changes(f"uses: {{why: 1}}\n{SHARED}", f"uses: {{why: 2}}\n{SHARED}", rules=RULES)
    assert told(found) == ["D452 tighter why/loss/late", "D953 note why"]
    assert found[0].says == "the reason 'late' is gone for the list 'why/loss' (of 'lose' and 'drop')"


def test_variants_of_an_action_have_lists_of_their_own() -> None:
    first = "actions:\n  lose:\n    - {from: lead, to: lost, when: 1 < 2, reasons: {a: One}}\n"
    was = first + "    - {from: demo, to: lost, reasons: {a: One, b: Two}}\n"
    now = first + "    - {from: demo, to: lost, reasons: {b: Two}}\n"
    assert told(changes(was, now)) == ["D452 tighter lose/a"]
