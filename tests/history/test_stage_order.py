"""The order of stages from how deals went."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.history import stage_order

NAMES = ("a", "b", "c", "d", "e")


def walked(*deals: str) -> stage_order.Walks:
    """Deals as words whose letters are the stages they went through."""
    rows = [(deal, NAMES.index(letter)) for deal, word in enumerate(deals) for letter in word]
    codes = np.array([deal for deal, _ in rows], np.int32)
    what = np.array([place for _, place in rows], np.int32)
    return stage_order.walks(codes, what, NAMES, np.arange(len(rows), dtype=np.int64))


@given(st.permutations(NAMES), st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=20))
def test_stages_that_all_deals_pass_in_one_order_are_in_this_order(order, skips):
    words = ["".join(order), *("".join(order[place] for place in sorted(places)) for places in skips)]
    assert stage_order.in_order(walked(*words)) == tuple(order)


def test_a_few_that_go_back_do_not_turn_the_order():
    three = stage_order.only(walked("abc", "abc", "acb", "abcabc"), ("c", "b", "a"))
    assert stage_order.in_order(three) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Closed Won", "won"),
        ("closedlost", "lost"),
        ("A_CANCELLED", "lost"),
        ("Reject application", "lost"),
        ("Disqualified", "other"),
        ("A_PREACCEPTED", ""),
        ("Not approved", ""),
        ("Negotiation", ""),
    ],
)
def test_an_end_is_known_by_its_name(name, kind):
    assert stage_order.end_by_name(name) == kind


def test_what_happens_to_just_the_deals_of_an_end_in_any_order_says_the_same():
    assert stage_order.together(walked("abd", "adb", "abd", "adb", "ac"), ["d"]) == {"b": "d"}


def test_what_always_comes_before_an_end_is_a_stage_of_its_own():
    assert stage_order.together(walked("abd", "abd", "ac"), ["d"]) == {}
