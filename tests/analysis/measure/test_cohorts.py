"""Cohorts: those of a period of start, won as far as watched and by each horizon."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given as any_of
from hypothesis import settings

from engine.analysis.measure.built_in.cohorts import cohorts
from engine.tables.coded import NEVER
from tests.analysis.measure.counting import Every, dated_deals, deal, deals, found, given, seen
from tests.analysis.telling import ENDS, day, rows, section


def test_open_deals_count_as_long_as_they_were_watched():
    # By hand: 1 of 4 is won on day 10; one is watched for 15 days; of the 2 left one is won on day 20: 1/4 + 3/4 x 1/2.
    made = (
        deal("A", "new 0, won 10"),
        deal("B", "new 0, won 20"),
        deal("C", "new 0, demo 30"),
        deal("D", "new 15, demo 16"),
        deal("E", "new 31, demo 32"),
    )
    told = found(
        given(*made, every=Every.MONTH, as_of=day(30), within=(timedelta(days=12), timedelta(days=25))), "cohorts"
    )
    assert told["2026-01"]["won_by_12d"] == pytest.approx(0.25)
    assert told["2026-01"]["won_by_25d"] == pytest.approx(0.25 + 0.75 / 2)
    assert (told["2026-01"]["deals"], told["2026-01"]["won"], told["2026-01"]["open"]) == (4, 2, 2)
    assert told["2026-01"]["share_closed"] == 1.0


def test_a_cohort_that_is_too_young_shows_nothing_and_says_so():
    made = [
        *(deal(f"A{number}", f"new {number}, won {number + 5}") for number in range(9)),
        deal("B", "new 80, demo 90"),
    ]
    study = given(*made, every=Every.MONTH)
    told = found(study, "cohorts")
    assert (told["2026-01"]["won_by_90d"], told["2026-03"]["won_by_30d"]) == (1.0, None)
    assert any(
        note.startswith("Too young for a horizon") and "1 month" in note for note in section(study, "cohorts").notes
    )


def test_other_ends_count_as_not_won():
    told = found(given(deal("A", "new 0, gone 5"), deal("B", "new 0, won 40"), every=Every.YEAR), "cohorts")["2026"]
    assert (told["share_won"], told["share_closed"], told["won_by_30d"], told["other"]) == (0.5, 1.0, 0.0, 1)


def test_deals_begun_before_anyone_watched_are_in_no_cohort():
    # Of those begun earlier only the ones still open then are told: a cohort of them would be of slow deals alone.
    made = (deal("A", "new 0, won 50"), deal("B", "new 45, won 60"), deal("C", "new 1, lost 3"))
    study = given(*made, since=day(40), every=Every.MONTH)
    assert rows(section(study, "cohorts"), "period", "deals", "won") == [("2026-02", 1, 1), ("2026-03", 0, 0)]
    assert section(study, "cohorts").notes[0].startswith("In no row: 1 deal begun before")


def test_a_share_with_open_deals_is_that_of_others_too():
    from lifelines import AalenJohansenFitter

    dice = np.random.default_rng(3)
    starts, took = dice.uniform(0, 90, 300), dice.permutation(np.linspace(1, 150, 300))
    ends = dice.choice(("won", "lost", "gone"), 300)
    made = [deal(f"D{at}", f"new {starts[at]}, {ends[at]} {starts[at] + took[at]}") for at in range(300)]
    study = given(*made, every=Every.YEAR, as_of=day(120), within=(timedelta(days=60),))
    (row,) = section(study, "cohorts").rows
    watched = np.minimum(took, 120 - starts)
    cause = np.where(took <= 120 - starts, np.array([("won", "lost", "gone").index(each) + 1 for each in ends]), 0)
    peer = AalenJohansenFitter(calculate_variance=True).fit(watched, cause, 1)
    line, spread = peer.cumulative_density_.iloc[:, 0], peer.variance_
    its, by_60 = row[-2], row[-1]
    assert its.value == pytest.approx(line.iloc[-1], abs=1e-6)
    assert by_60.value == pytest.approx(line[line.index <= 60].iloc[-1], abs=1e-6)
    # The interval is about as wide as by the other's variance.
    wide = 2 * 1.6449 * np.sqrt(spread[spread.index <= 60].iloc[-1])
    assert by_60.high - by_60.low == pytest.approx(wide, rel=0.06)


@settings(max_examples=60, deadline=None)
@any_of(deals)
def test_shares_of_a_cohort_lie_between_what_is_won_and_what_may_be(made):
    view = seen(*made, every=Every.MONTH)
    told = view.told
    for row in cohorts(view).rows:
        name, count, won, lost, other, still, _, share, *horizons = row
        assert won + lost + other + still == count
        for each in (share, *horizons):
            assert each is None or 0 <= each.low <= each.value <= each.high <= 1, name
        if share is not None and not still:
            assert share.value == pytest.approx(won / max(won + lost + other, 1))
    assert sum(row[1] for row in cohorts(view).rows) <= (told.started != NEVER).sum()


@settings(max_examples=40, deadline=None)
@any_of(dated_deals)
def test_where_all_were_watched_a_share_is_a_plain_one(made):
    (row,) = cohorts(seen(*made, every=Every.YEAR, as_of=day(364), within=(timedelta(days=30),))).rows
    whole = [each.steps for each in made if each.steps[-1][0] in ENDS]
    # The close is the first end since the deal was last open.
    closes = [next(step for at, step in enumerate(each) if all(s in ENDS for s, _ in each[at:])) for each in whole]
    hits = [
        name == "won" and when - steps[0][1] <= timedelta(days=30)
        for (name, when), steps in zip(closes, whole, strict=True)
    ]
    assert row[8].value == pytest.approx(sum(hits) / len(made))
