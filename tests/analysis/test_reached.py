"""When deals reached each stage: hand-worked, and for any deals as a plain loop over their visits finds it."""

from hypothesis import given, settings

from engine.analysis.asked import Asked
from engine.analysis.journeys import WON, journeys
from engine.analysis.reached import onward, reached
from engine.tables.coded import NEVER
from tests.analysis.telling import SALE, deal, tables
from tests.analysis.test_any_deals import deals as any_deals
from tests.analysis.test_any_deals import told as as_deals

RANKS = {"new": 0, "demo": 1, "offer": 2}


def came(*deals):
    told = journeys(tables(*deals), SALE, asked=Asked())
    return told, reached(told)


def days_of(told, moments):
    return [None if each == NEVER else (each - told.started[0]) / 86_400e6 for each in moments.tolist()]


def test_a_stage_is_reached_by_standing_in_it_or_beyond_it():
    told, (new, demo, offer, won) = came(
        deal("A", "new 0, offer 2, demo 3, lost 9"), deal("B", "demo 4, won 6"), deal("C", "new 7, lost 8")
    )
    assert (new.deal.tolist(), days_of(told, new.moment), new.stood.tolist()) == ([0, 1, 2], [0, 4, 7], [1, 0, 1])
    # A came back to a stage that it had gone over: it stood there after all.
    assert (demo.deal.tolist(), days_of(told, demo.moment), demo.stood.tolist()) == ([0, 1], [2, 4], [1, 1])
    assert (days_of(told, offer.moment), offer.stood.tolist(), offer.by_win.tolist()) == ([2, 6], [1, 0], [0, 1])
    assert (won.deal.tolist(), days_of(told, won.moment), won.skipped) == ([1], [6], 0)


def test_a_win_that_was_taken_back_is_forgotten():
    told, (_, demo, _, won) = came(deal("A", "new 0, won 2, demo 5, lost 6"), deal("B", "new 0, lost 1, new 2, won 3"))
    assert (days_of(told, demo.moment), demo.stood.tolist()) == ([5, 3], [1, 0])
    assert (won.deal.tolist(), days_of(told, won.moment)) == ([1], [3])


def test_dates_that_run_backwards_are_no_dates():
    told, (new, demo, *_) = came(deal("A", "new 5, demo 3, won 9"))
    spans, cause = onward(told, new, demo)
    assert (cause.tolist(), len(spans.exits), spans.undated) == ([1], 0, 1)


def by_hand(told, number, stage):
    """The date with which a deal came to a stage or beyond it, by looking at its visits one by one."""
    visits = told.visits
    for place in range(told.first[number], told.last[number] + 1):
        name = told.stages[visits.stage[place]].id
        is_win = told.outcome[number] == WON and place == told.closing[number]
        if RANKS.get(name, 3 if is_win else -1) >= stage:
            return visits.entered[place]
    return None


@given(any_deals.filter(len))
@settings(max_examples=60)
def test_a_loop_over_the_visits_finds_the_same(drawn):
    told, found = came(*as_deals(drawn))
    for stage, its in enumerate(found):
        hand = {number: by_hand(told, number, stage) for number in range(told.count)}
        assert dict(zip(its.deal.tolist(), its.moment.tolist(), strict=True)) == {
            number: when for number, when in hand.items() if when is not None
        }
