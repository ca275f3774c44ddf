"""The steps that deals followed: hand-worked, and held to counting one by one."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.variants import MOST, paths, steps_text, variants
from tests.analysis.telling import SALE, day, deal, many, rows, tables

DEALS = (
    deal("A", "new 0, demo 3, won 10", amount=100),
    deal("B", "new 1, demo 3, won 12", amount=300),
    deal("C", "new 2, won 4", amount=600),
    deal("D", "new 0, demo 1, demo 2, demo 3, lost 9", amount=-50),
    deal("E", "new 0, gone 20", amount=0),
    deal("F", "new 0, demo 8"),
)


def told(*deals):
    return journeys(tables(*deals), SALE, asked=Asked())


def test_won_lost_and_other_deals_are_told_apart_and_open_ones_left_out():
    won, lost, other = variants(told(*DEALS))
    assert rows(won, "steps", "deals", "share", "value", "value_share") == [
        ("new > demo > won", 2, 2 / 3, Decimal(400), 0.4),
        ("new > won", 1, 1 / 3, Decimal(600), 0.6),
    ]
    assert rows(lost, "steps", "deals", "value", "value_share") == [
        ("new > demo (3 times) > lost", 1, Decimal(-50), None)
    ]
    assert rows(other, "steps", "deals", "value", "value_share") == [("new > gone", 1, Decimal(0), None)]


def test_a_way_tells_when_it_was_first_and_last_seen():
    won = variants(told(*DEALS))[0]
    assert rows(won, "first_seen", "last_seen") == [(day(0), day(12)), (day(2), day(4))]
    undated = variants(told(deal("A", "new, won"), deal("B", "new 0")))[0]
    assert rows(undated, "first_seen", "last_seen") == [(None, None)]


def test_what_the_ways_show_is_said_in_a_sentence():
    won, lost, other = variants(told(*DEALS))
    assert won.says == (
        "The 3 deals won went 2 ways from start to end; 67 % took the first below, it holds half of them.",
    )
    assert variants(told(*many(4, "new 0, won 1")))[0].says == ("The 4 deals won went the same way.",)
    assert lost.says == ()
    assert (lost.title, other.title) == ("Steps of deals that were lost", "Steps of deals that ended otherwise")


def test_no_deals_and_none_won_say_so():
    assert [section.empty for section in variants(told())] == [
        "No deal was won.",
        "No deal was lost.",
        "No deal ended otherwise.",
    ]
    assert [section.rows for section in variants(told(deal("A", "new 0")))] == [(), (), ()]


def test_ways_beyond_those_listed_are_summed_up():
    deals = [
        deal(
            f"D{number}", ", ".join([*(f"{'new' if number >> bit & 1 else 'demo'} {bit}" for bit in range(8)), "won 9"])
        )
        for number in range(MOST + 3)
    ]
    won = variants(told(*deals, deal("twice", deals[0].visits)))[0]
    assert len(won.rows) == MOST
    assert won.notes == ("Not listed: 3 rarer ways with 3 deals.",)


steps = st.lists(st.sampled_from(["new", "demo", "offer", "lost", "gone"]), max_size=70)


@given(st.lists(steps, min_size=1, max_size=12))
@pytest.mark.filterwarnings("ignore")
def test_deals_are_of_one_variant_where_their_stages_are_the_same(paths_):
    deals = [
        deal(f"D{number}", ", ".join(f"{stage} {place}" for place, stage in enumerate([*path, "won"])))
        for number, path in enumerate(paths_)
    ]
    found = told(*deals, deal("Z", "new 0, won 1"))
    path, examples = paths(found)
    texts = [steps_text(found, number) for number in range(found.count)]
    assert Counter(path.tolist()).keys() == set(range(len(examples)))
    assert [texts[each] for each in examples] == list(dict.fromkeys(texts))
    assert sorted(Counter(path.tolist()).values()) == sorted(Counter(texts).values())
