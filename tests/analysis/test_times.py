"""Times from start to end, between stages and in them: hand-worked, open deals as open."""

import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.times import between_stages, start_to_end, stays
from engine.analysis.review.times import in_stages as of_stays
from engine.model.study import Estimate
from tests.analysis.telling import SALE, day, deal, many, rows, tables


def told(*deals, **asked):
    return journeys(tables(*deals), SALE, asked=Asked(**asked))


def in_stages(found):
    return of_stays(found, stays(found))


def values(found, *columns):
    """The figures of estimates, without their intervals."""
    return [
        tuple(pytest.approx(each.value) if isinstance(each, Estimate) and each.value else each for each in row)
        for row in rows(found, *columns)
    ]


def test_open_deals_count_as_long_as_they_were_watched():
    # Won after 2 and 6 days, lost after 4; one open, watched for 3 days when the follow-up ends on day 6.
    found = start_to_end(
        told(deal("A", "new 0, won 2"), deal("B", "new 0, won 6"), deal("C", "new 0, lost 4"), deal("D", "new 3"))
    )
    # At 2: 1 of 4 at risk is won, at 3 one is censored; at 4: 1 of 2 is lost, at 6 the last is won.
    assert values(found, "outcome", "deals", "median_closed_days", "share", "p50_days") == [
        ("closed, any way", 3, 4.0, 1.0, 4.0),
        ("won", 2, 4.0, 1 / 4 + 3 / 8, 6.0),
        ("lost", 1, 4.0, 3 / 8, 4.0),
    ]
    assert found.says == ("Still open, and counted as open: 1 deal.",)


def test_a_time_that_is_not_reached_says_how_far_was_seen():
    found = start_to_end(told(deal("A", "new 0, won 2"), *many(3, "new 0"), deal("Z", "new 7")))
    assert rows(found, "p50_days", "p90_days")[0] == (
        Estimate(None, low=2.0, beyond=7.0),
        Estimate(None, beyond=7.0),
    )


def test_deals_without_a_dated_start_run_from_their_first_date_and_say_so():
    found = start_to_end(told(deal("A", "new, demo 3, won 10"), deal("B", "new, won 12"), deal("C", "new, won")))
    assert values(found, "outcome", "deals", "p50_days") == [("closed, any way", 1, 7), ("won", 1, 7)]
    assert "Of 1 deal nobody wrote down the start: their time runs from the first stage with a date." in found.notes
    assert "Left out here, for want of dates: 2 deals." in found.notes


def test_no_dates_and_no_deals_are_told():
    for found in (told(), told(deal("A", "new, won"))):
        assert start_to_end(found).rows == ()
        assert start_to_end(found).empty == "No deal has a date to reckon from."
    assert between_stages(told()).rows == ()
    assert in_stages(told()).rows == ()


def test_times_between_stages_run_from_first_to_first_and_what_goes_over_competes():
    found = between_stages(
        told(
            deal("A", "new 0, demo 2, new 3, demo 9, offer 10, won 11"),
            deal("B", "new 0, demo 6, lost 8"),
            deal("C", "new 0, offer 4, won 5"),
            deal("D", "new 0, lost 1"),
            deal("E", "new 11"),
        )
    )
    assert rows(found, "from_stage", "to_stage", "deals", "came", "left", "open") == [
        ("new", "demo", 5, 2, 2, 1),
        ("demo", "offer", 2, 1, 1, 0),
        ("offer", "won", 2, 2, 0, 0),
    ]
    # From new: at 0 one is censored; of 4, lost at 1, at demo at 2, gone over at 4, at demo at 6.
    assert values(found, "share", "p50_days", "p90_days") == [
        (0.5, 2, 6),
        (0.5, 8, 8),
        (1.0, 1, 1),
    ]


def test_time_in_a_stage_ends_by_leaving_it_any_way():
    found = in_stages(
        told(deal("A", "new 0, demo 2, new 3, lost 7"), deal("B", "new 0, won 6"), deal("C", "new 1, gone"))
    )
    # new: 2, 4 and 6 days; the visit of C was left nobody knows when. demo: 1 day.
    assert values(found, "stage", "visits", "open", "p50_days", "p90_days") == [
        ("new", 4, 0, 4, 6),
        ("demo", 1, 0, 1, 1),
    ]
    assert "Left out here, for want of dates: 1 visit." in found.notes


def test_since_lets_deals_enter_late_and_deletes_none_that_were_open():
    deals = [deal("A", "new 0, won 4"), deal("B", "new 0, won 12"), deal("C", "new 5, won 8"), deal("D", "new 0")]
    found = start_to_end(told(*deals, since=day(5)))
    # Watched from day 5 on is C alone until it closes with 3 days: of longer times nothing can be said from that.
    assert rows(found, "outcome", "deals", "share") == [("closed, any way", 2, None), ("won", 2, None)]
    later = [*deals, deal("E", "new 5, won 12")]
    # Now E is under watch as well: at 3 one of 2 is won, at 7 one of 3 (B and D came by), at 12 one of 2.
    share = rows(start_to_end(told(*later, since=day(5))), "share")[1][0]
    assert share.value == pytest.approx(1 / 2 + 1 / 2 * 1 / 3 + 1 / 3 * 1 / 2)


def test_a_large_share_of_open_deals_makes_the_median_longer_than_that_of_the_closed():
    deals = [*many(30, "new 0, won 10"), *many(30, "new 0, won 50"), *many(60, "new 39")]
    ((_, closed, half), *_) = rows(start_to_end(told(*deals)), "outcome", "median_closed_days", "p50_days")
    assert closed == 30
    assert half.value == 50
