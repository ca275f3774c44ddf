"""Where time can be won, of made-up deals whose truth is known, and of few, odd and empty ones."""

import math
import random

import numpy as np
import pytest

from engine.analysis.accelerate.accelerate import accelerate
from engine.analysis.accelerate.levers import levers
from engine.analysis.accelerate.passed import passed
from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.model.errors import BadValue
from engine.model.study import Estimate
from tests.analysis.telling import SALE, day, deal, many, rows, section, tables


def study(*deals, **asked):
    return accelerate(tables(*deals), SALE, asked=Asked(**asked))


def column(found, name, *columns):
    return [tuple(getattr(each, "value", each) for each in row) for row in rows(section(found, name), *columns)]


def told(*deals, **asked):
    return journeys(tables(*deals), SALE, asked=Asked(every_version=True, **asked))


def team(count, seed=3, hurry=(1.0, 1.0, 1.0), watch=400.0):
    """Deals in ``new``, ``demo`` and ``offer``: each stage has a clock for advancing and one for being lost."""
    dice = random.Random(seed)
    deals = []
    for number in range(count):
        at, here, told_so_far = dice.uniform(0, watch - 60), 0, []
        while True:
            told_so_far.append(f"{('new', 'demo', 'offer', 'won')[here]} {at:.5f}")
            if here == 3:
                break
            ahead = dice.gammavariate(2.0, (2.0, 6.0, 4.0)[here]) * hurry[here]
            lost = dice.expovariate(1 / (25.0, 30.0, 40.0)[here])
            at += min(ahead, lost)
            if at > watch:
                break
            if lost < ahead:
                told_so_far.append(f"{'lost' if dice.random() < 0.8 else 'gone'} {at:.5f}")
                break
            here += 1
        deals.append(deal(f"D{number}", ", ".join(told_so_far), amount=1_000))
    return deals


@pytest.fixture(scope="module")
def of_team():
    return study(*team(4_000), subject="team.csv")


def test_what_a_faster_stage_is_said_to_bring_comes_about_when_it_is_played(of_team):
    said = dict(column(of_team, "days-won", "stage", "days_20"))
    more = dict(column(of_team, "wins-gained", "stage", "wins_20"))
    before, after = (told(*team(15_000, 17, hurry, 4_000.0)) for hurry in ((1, 1, 1), (1, 0.8, 1)))
    took = [days_of_won(each) for each in (before, after)]
    won = [float((each.outcome == 1).mean()) for each in (before, after)]
    assert said["demo"] == pytest.approx(took[0] - took[1], rel=0.1)
    assert more["demo"] == pytest.approx(100 * (won[1] - won[0]), rel=0.15)


def days_of_won(journey):
    its = journey.outcome == 1
    return float((journey.closed - journey.started)[its].mean()) / 86_400e6


def test_the_stage_where_most_days_are_won_stands_first_and_is_named_first(of_team):
    assert [row[0] for row in column(of_team, "days-won", "stage")] == ["demo", "offer", "new"]
    assert of_team.says[1].startswith("Try first: have deals advance sooner from 'demo', where a won deal spends ")
    assert "20 % sooner, a won deal would take " in of_team.says[1]


def test_more_haste_wins_more_days_and_deals(of_team):
    for name, columns in (
        ("days-won", ("days_10", "days_20", "days_30")),
        ("wins-gained", ("wins_10", "wins_20", "wins_30")),
    ):
        for row in column(of_team, name, *columns):
            assert 0 < row[0] < row[1] < row[2]


def test_value_is_that_of_so_many_deals_more(of_team):
    for wins, value in column(of_team, "wins-gained", "wins_20", "value_20"):
        assert value == pytest.approx(1_000 * wins)


def test_the_days_of_a_won_deal_are_shared_out_among_the_stages(of_team):
    found = section(of_team, "bottlenecks")
    assert sum(row[0] for row in column(of_team, "bottlenecks", "won_share")) == pytest.approx(1.0)
    assert sum(row[0] for row in column(of_team, "bottlenecks", "total_share")) == pytest.approx(1.0)
    assert {row[0] for row in found.rows} == {"new", "demo", "offer"}
    assert found.charts[0].series == ("won_days",)


def test_what_is_assumed_is_printed(of_team):
    (assumed,) = section(of_team, "days-won").says
    assert "where it would have been lost or gone elsewhere sooner than that, it still is" in assumed


def test_chance_alone_names_nothing_to_try_first():
    found = study(*many(12, "new 0, demo 1, won 5", "w"), *many(3, "new 0, lost 30", "l"))
    assert found.says[1].startswith("Try first: have deals advance sooner from 'demo'")
    noisy = [deal(f"D{each}", f"new 0, demo {0.001 * each}, won {2 + 90 * (each % 12 == 0)}") for each in range(12)]
    assert study(*noisy).says[1].startswith("Nothing stands out beyond chance")


def test_stages_that_may_win_as_many_days_are_named_with_it():
    spans = [(3 + each * 7 % 13, 3 + each * 5 % 13) for each in range(26)]
    deals = [deal(f"D{each}", f"new 0, demo 1, offer {1 + a}, won {1 + a + b}") for each, (a, b) in enumerate(spans)]
    said = next(each for each in study(*deals).says if "may win as many days" in each)
    assert "the difference is within what chance brings about" in said
    # The largest of some figures that are near each other is rather too large.
    assert said.endswith("of what is near the first rather looks better than it is.")


def test_a_stage_of_which_nobody_watched_long_enough_is_left_out_and_said_so():
    deals = [deal(f"D{each}", f"new 0, demo {each % 40 + 1}, won {each % 40 + 2}") for each in range(40)]
    late = [deal(f"L{each}", f"new {39 - each % 40}") for each in range(400)]
    notes = section(study(*deals, *late), "days-won").notes
    assert any(note.startswith("Left out, as deals were not watched for long enough") for note in notes)


def test_of_fewer_than_ten_advances_nothing_is_told():
    found = study(*many(9, "new 0, demo 4, won 9"))
    assert section(found, "days-won").rows == ()
    assert section(found, "days-won").empty == "Left out, as fewer than 10 advances were seen: new, demo."
    assert found.says[0] == "What to try first cannot be told from these deals."


@pytest.mark.parametrize(
    "deals",
    [
        [deal("A", "new 0")],
        [deal("A", "new 0, won 3")],
        [deal("A", "won 3")],
        [deal("A", "new")],
        [deal("A", "new, demo, won 9")],
        many(30, "new 0, lost 4"),
        many(30, "new 0, demo 0, won 0"),
        many(30, "new 0, demo 3, new 5, demo 6"),
        many(30, "new 0, new 3, new 5, won 6"),
        [*many(30, "new 0, demo 3, won 6", amount=0), *many(3, "new 0, gone 3, lost 6", amount=-5)],
        many(30, "new 0, odd 3, demo 4, won 6"),
    ],
)
def test_whatever_the_deals_are_like_every_figure_is_a_number_or_none(deals):
    found = study(*deals)
    figures = [each for part in found.sections for row in part.rows for each in row]
    numbers = [each for figure in figures for each in parts(figure)]
    assert all(math.isfinite(each) for each in numbers)
    assert not any("nan" in sentence or "inf" in sentence.split() for sentence in (*found.says, *found.notes))


def parts(figure):
    if isinstance(figure, Estimate):
        return [each for each in (figure.value, figure.low, figure.high) if each is not None]
    return [float(figure)] if figure is not None and not isinstance(figure, str) else []


def test_no_deal_at_all_is_refused_with_what_to_do():
    with pytest.raises(BadValue, match="no deal to look at"):
        study(deal("A", "new 0", process="other"))


def test_a_deal_opened_again_stood_in_the_stage_before_while_it_was_closed():
    found = told(*many(20, "new 0, lost 4, demo 10, won 15"))
    chain = passed(found)
    assert chain.reopened == 20
    assert chain.total_days == (200.0, 100.0)
    assert levers(found, chain).base.time.value == pytest.approx(15.0)


def test_deals_moved_from_one_end_to_another_keep_the_first():
    found = passed(told(*many(20, "new 0, won 4, lost 9")))
    assert found.reopened == 0
    assert found.advances.tolist() == [20]


def test_going_over_a_stage_is_advancing_and_going_back_is_not():
    found = passed(told(*many(5, "new 0, offer 4, demo 6, offer 8, won 9")))
    assert dict(zip(found.stages, found.advances.tolist(), strict=True)) == {0: 5, 1: 5, 2: 5}


def test_since_a_day_only_deals_that_began_then_tell_where_deals_begin():
    deals = [*many(20, "demo 0, won 30"), *many(20, "new 12, demo 15, won 31")]
    found = passed(told(*deals, since=day(10)))
    assert np.bincount(found.chain.starts[found.chain.starts >= 0]).tolist() == [20]
    # The first ten days of the early ones nobody watched.
    assert found.total_days == (60.0, 20 * 20.0 + 20 * 16.0)


def test_the_end_of_the_follow_up_counts_as_open():
    found = study(*many(20, "new 0, demo 3, won 9"), *many(20, "new 5, demo 8", "late"), as_of=day(10))
    assert column(found, "bottlenecks", "stage", "visits", "open") == [("demo", 40, 20), ("new", 40, 0)]
