"""Stages gone over, moves back and stages entered again: hand-worked."""

import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.detours import detours, gone_over
from tests.analysis.telling import SALE, deal, many, rows, tables


def told(*deals):
    return journeys(tables(*deals), SALE, asked=Asked())


def figures(found, *columns):
    return [tuple(getattr(each, "value", each) for each in row) for row in rows(found, *columns)]


def test_a_stage_is_gone_over_by_moving_on_or_winning_without_having_stood_in_it():
    found = told(
        deal("through", "new 0, demo 1, offer 2, won 3"),
        deal("over", "new 0, offer 2, won 3"),
        deal("won at once", "new 0, won 1"),
        deal("lost at once", "new 0, lost 1"),
        deal("stood there before", "new 0, demo 1, new 2, offer 3, lost 4"),
        deal("came back to it", "new 0, offer 1, demo 2, lost 3"),
        deal("first seen later", "offer 0, won 1"),
    )
    skips = detours(found)[0]
    assert figures(skips, "stage", "deals", "share", "win_rate_over", "win_rate_through") == [
        ("demo", 3, 3 / 5, 2 / 3, 1 / 2),
        ("offer", 1, 1 / 6, 1.0, 3 / 5),
    ]
    closing = found.closing
    assert gone_over(found, 1, before=closing).tolist() == [False, True, False, False, False, True, False]


def test_a_move_back_costs_the_days_until_the_deal_is_there_again_or_further():
    returns = detours(
        told(
            deal("A", "new 0, offer 2, demo 3, offer 7, won 8"),
            deal("B", "new 0, offer 2, demo 4, won 10"),
            deal("C", "new 0, offer 2, demo 5, lost 6"),
            deal("D", "new 0, offer 1, demo 10"),
            deal("E", "new 0, lost 3, demo 4"),
        )
    )[1]
    assert figures(returns, "from_stage", "to_stage", "kind", "moves", "deals", "came_again", "p50_days") == [
        ("offer", "demo", "back", 4, 4, 2, 4.0),
        ("lost", "demo", "reopened", 1, 1, None, None),
    ]
    assert figures(returns, "share") == [(4 / 5,), (1 / 5,)]


def test_a_loop_costs_the_days_in_a_stage_after_the_first_visit():
    loops = detours(
        told(
            deal("A", "new 0, demo 1, new 2, demo 3, new 5, won 9"),
            deal("B", "new 0, demo 1, new 4"),
            deal("C", "demo 0, demo 1, demo, won 10"),
        )
    )[2]
    # new: A spends 1 and 4 days there again, B is there again from day 4 to the end of the follow-up on day 10.
    # demo: A spends 2 days there again; of C nobody knows when the next visit began.
    assert figures(loops, "stage", "deals", "share", "repeats", "most", "extra_days") == [
        ("new", 2, 2 / 3, 3, 3, pytest.approx(5.5)),
        ("demo", 2, 2 / 3, 3, 3, pytest.approx(1.0)),
    ]


def test_deals_that_went_straight_made_no_detour():
    assert [(section.rows, section.empty, section.notes) for section in detours(told(*many(3, "new 0, demo 1")))] == [
        ((), "No deal went over a stage.", ()),
        ((), "No deal moved back.", ()),
        ((), "No deal entered a stage again.", ()),
    ]
