"""Contact points by stage within a window, and before the close: hand-worked."""

import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.contacts import contacts as all_contacts
from engine.analysis.touches import touches
from tests.analysis.telling import SALE, deal, rows, tables


def contacts(found):
    return all_contacts(found, touches(found))


def told(*deals, **asked):
    return journeys(tables(*deals), SALE, asked=Asked(**asked))


def figures(found, *columns):
    return [tuple(getattr(each, "value", each) for each in row) for row in rows(found, *columns)]


def test_long_visits_count_no_more_than_the_window():
    by_stage, _ = contacts(
        told(
            deal("long", "new 0, won 40", touches="call 1, call 2, call 20, call 30"),
            deal("short", "new 0, won 4", touches="call 3"),
            deal("none", "new 0, lost 30"),
            deal("too fresh", "new 35", touches="mail 36"),
            window_days=10,
        )
    )
    # Seen in the window: 10 + 4 + 10 + 5 days. The fresh visit was not seen whole, so it is in no share and no mean.
    assert figures(by_stage, "stage", "touchpoint", "visits", "share", "mean", "rate") == [
        ("new", "any", 4, 2 / 3, 1.0, pytest.approx(4 / 2.9)),
        ("new", "call", 4, 2 / 3, 1.0, pytest.approx(3 / 2.9)),
        ("new", "mail", 4, 0.0, 0.0, pytest.approx(1 / 2.9)),
    ]
    assert by_stage.says == ("Counted in the first 10 days after a deal entered the stage.",)


def test_a_move_that_is_a_touchpoint_belongs_to_the_stage_that_it_was_made_from():
    found = told(deal("A", "new 0, demo 5, offer 5, won 9", touches="call 5 new, demo 5 demo, sign 9 offer, late 12"))
    stages = [found.visits.stage[each] for each in touches(found).visit]
    assert [found.title(each) for each in stages] == ["new", "demo", "offer", "won"]


def test_what_cannot_be_placed_is_counted():
    by_stage, _ = contacts(told(deal("A", "new, demo 5, won 9", touches="call 1, call 6, call 7"), window_days=3))
    assert figures(by_stage, "stage", "touchpoint", "visits", "mean") == [("demo", "call", 1, 2.0)]
    assert "Left out here, for want of a dated stage to place them in: 1 touchpoint." in by_stage.notes


def test_contact_points_before_a_win_and_before_a_loss():
    _, before = contacts(
        told(
            deal("A", "new 0, won 9", touches="call 1, call 2, call 3, call 11"),
            deal("B", "new 0, won 9", touches="call 1"),
            deal("C", "new 0, won 9"),
            deal("D", "new 0, lost 9", touches="call 9"),
            deal("E", "new 0", touches="call 2, call 3"),
        )
    )
    assert figures(before, "outcome", "touchpoint", "deals", "p25", "p50", "p75") == [
        ("won", "call", 3, 0.5, 1.0, 2.0),
        ("lost", "call", 1, 1.0, 1.0, 1.0),
    ]


def test_no_touchpoint_is_told():
    assert [section.rows for section in contacts(told(deal("A", "new 0, won 3")))] == [(), ()]
    assert [section.rows for section in contacts(told())] == [(), ()]


def test_the_window_is_no_longer_than_what_was_seen():
    assert told(deal("A", "new 0, won 5.4")).window_days == 5
    assert told(deal("A", "new 0, won 0.5")).window_days == 0.5
    assert told(deal("A", "new 0, won 50")).window_days == 14
    assert told(deal("A", "new, won")).window_days == 14
