"""Tables to journeys: order, outcome, what is left out, and how things stood at a moment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.journeys import LOST, OPEN, WON, journeys, moment
from engine.analysis.review.overview import overview
from engine.model.errors import BadValue
from engine.tables.build import Tables
from tests.analysis.telling import SALE, day, deal, tables

ALWAYS = Asked(window_days=1)


def told(*deals, asked=ALWAYS):
    return journeys(tables(*deals), SALE, asked=asked)


def test_a_deal_is_its_visits_in_order():
    found = told(deal("A", "new 0, demo 3, won 10"), deal("B", "new 5"))
    assert found.count == 2
    assert found.outcome.tolist() == [WON, OPEN]
    assert [found.title(each) for each in found.visits.stage] == ["new", "demo", "won", "new"]
    assert [moment(each) for each in found.started] == [day(0), day(5)]
    assert [moment(each) for each in found.closed] == [day(10), None]
    assert moment(found.until) == day(10)


def test_rows_in_whatever_order_make_the_same_journeys():
    whole = tables(deal("A", "new 0, demo 3, won 10"), deal("B", "new 5, demo 6"), deal("C", "demo 1, lost 2"))
    mixed = whole.moves.take(np.random.default_rng(1).permutation(len(whole.moves)))
    found = journeys(Tables(whole.deals, mixed, whole.touches, whole.facts, whole.verdicts), SALE, asked=ALWAYS)
    expected = journeys(whole, SALE, asked=ALWAYS)
    assert found.visits.stage.tolist() == expected.visits.stage.tolist()
    assert found.visits.deal.tolist() == expected.visits.deal.tolist()


def test_the_first_end_since_the_last_reopening_closes_a_deal():
    found = told(
        deal("A", "new 0, lost 3, new 4, won 9, lost 11"),
        deal("B", "new 0, lost 3, new 12"),
        deal("C", "won 3, lost 4"),
    )
    assert found.outcome.tolist() == [WON, OPEN, WON]
    assert [moment(each) for each in found.closed] == [day(9), None, day(3)]


def test_what_happened_later_is_not_known_yet():
    asked = Asked(as_of=day(6), window_days=1)
    found = told(
        deal("A", "new 0, demo 3, won 10"), deal("B", "new 7, won 8"), deal("C", "new 0, demo 7, won"), asked=asked
    )
    assert found.outcome.tolist() == [OPEN, OPEN]
    assert [found.title(each) for each in found.visits.stage] == ["new", "demo", "new"]
    assert found.left_out.not_yet == 1


def test_since_keeps_deals_closed_then_or_still_open():
    asked = Asked(since=day(5), window_days=1)
    deals = deal("A", "new 0, won 4"), deal("B", "new 0, lost 6"), deal("C", "new 1"), deal("D", "new 2, won")
    found = told(*deals, asked=asked)
    assert found.outcome.tolist() == [LOST, OPEN]
    assert (found.left_out.before_since, found.left_out.close_undated) == (1, 1)


def test_deals_of_other_processes_versions_and_tracks_are_counted_apart():
    found = told(
        deal("A", "new 0, won 4"),
        deal("B", "new 0, won 4", version=2),
        deal("C", "start 0, done 9", process="renewal"),
        deal("A", "open 0, signed 2", track="legal"),
    )
    assert found.count == 1
    notes = overview(found).notes
    assert "Left out: 1 deal of other versions of the process (this is sale@1)." in notes
    assert "Steps are those of the main track; 2 visits of other tracks are not among them." in notes


def test_a_deal_without_a_dated_start_begins_with_its_first_date():
    found = told(deal("A", "new, demo 3, won 10"), deal("B", "new, won"))
    assert [moment(each) for each in found.started] == [day(3), None]
    assert found.outcome.tolist() == [WON, WON]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked(window_days=0), "the window is no number of days"),
        (Asked(window_days=11), "a window of 11 days reaches beyond the follow-up, which spans 10.0 days"),
        (Asked(since=day(10)), "nothing was seen since 2026-01-11: the follow-up ends on 2026-01-11"),
        (Asked(as_of=day(-1)), "nothing had happened by 2025-12-31: the first move is of 2026-01-01"),
    ],
)
def test_what_reaches_beyond_what_was_seen_is_refused_with_the_reason(asked, why):
    with pytest.raises(BadValue, match=why):
        told(deal("A", "new 0, won 10"), asked=asked)


def test_no_deals_and_no_dates_are_no_error():
    assert told().count == 0
    assert told(deal("A", "new, won")).until == moment_of_nothing()


def moment_of_nothing():
    return np.iinfo(np.int64).min


stories = st.lists(
    st.lists(st.sampled_from(["new", "demo", "offer", "won", "lost", "gone"]), min_size=1, max_size=6), max_size=8
)


@given(stories)
def test_outcomes_are_those_of_reading_deal_by_deal(paths):
    deals = [
        deal(f"D{number}", ", ".join(f"{stage} {place}" for place, stage in enumerate(path)))
        for number, path in enumerate(paths)
    ]
    found = told(*deals, asked=Asked(window_days=0.0001)) if any(len(path) > 1 for path in paths) else told()
    expected = [_outcome(path) for path in paths] if found.count else []
    assert found.outcome.tolist() == expected


def _outcome(path):
    outcome = OPEN
    for stage in path:
        ends = {"won": 1, "lost": 2, "gone": 3}.get(stage, OPEN)
        outcome = ends if ends == OPEN or outcome == OPEN else outcome
    return outcome
