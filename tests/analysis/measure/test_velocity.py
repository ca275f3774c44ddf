"""Velocity: what was won a day, and the usual formula, with what the same deals leave uncertain of it."""

import numpy as np
import pytest
from hypothesis import given as any_of
from hypothesis import settings

from engine.analysis.measure.built_in.velocity import velocity
from engine.model.study import Estimate
from tests.analysis.measure.counting import Every, deal, deals, found, given, seen
from tests.analysis.telling import section
from tests.numerics.drawn import drawn_again


def test_the_formula_is_that_of_the_page():
    made = (
        deal("A", "new 0, won 10", amount=1000),
        deal("B", "new 0, won 20", amount=3000),
        deal("C", "new 0, lost 30", amount=500),
        deal("D", "new 0, lost 15"),
        deal("E", "new 1, demo 2"),
        deal("F", "new 1, demo 2"),
        deal("G", "new 1, gone 2"),
    )
    told = found(given(*made, every=Every.YEAR), "velocity")["all"]
    assert (told["open"], told["win_rate"], told["mean_value"], told["cycle_days"]) == (2, 0.5, 2000.0, 15.0)
    assert told["velocity"] == pytest.approx(2 * 0.5 * 2000 / 15)
    # 31 days of the calendar, from 1 to 31 January.
    assert told["value_per_day"] == pytest.approx(4000 / 31)


def test_a_period_that_was_seen_in_part_has_the_days_that_were_seen():
    study = given(deal("A", "new 11, won 20", amount=590), deal("B", "new 12, demo 69"), every=Every.MONTH)
    told = found(study, "velocity")
    # From 12 January on there are 20 days; the follow-up ends on 11 March, after 28 days of February.
    assert [row["value_per_day"] for row in told.values()] == [pytest.approx(590 / 59), pytest.approx(590 / 20), 0, 0]


def test_what_cannot_be_reckoned_is_left_empty():
    # No win; a win in no time; wins without a value; wins worth less than nothing.
    none = found(given(deal("A", "new 0, lost 1"), every=Every.YEAR), "velocity")["all"]
    assert (none["value_per_day"], none["win_rate"], none["mean_value"], none["velocity"]) == (0, 0, None, None)
    at_once = found(
        given(deal("A", "new 0, won 0", amount=5), deal("B", "new 0, demo 3"), every=Every.YEAR), "velocity"
    )
    assert (at_once["all"]["cycle_days"], at_once["all"]["velocity"]) == (0, None)
    worthless = found(given(deal("A", "new 0, won 3"), every=Every.YEAR), "velocity")["all"]
    assert (worthless["value_per_day"], worthless["mean_value"], worthless["velocity"]) == (None, None, None)
    below = found(given(deal("A", "new 0, won 3", amount=-9), deal("B", "new 0"), every=Every.YEAR), "velocity")["all"]
    assert (below["mean_value"], below["velocity"]) == (-9, -3)


def test_of_one_win_nobody_can_say_how_far_it_may_be_off():
    (row, _) = section(
        given(deal("A", "new 0, won 4", amount=8), deal("B", "new 0"), every=Every.YEAR), "velocity"
    ).rows
    assert row[-1] == Estimate(2.0, None, None)


def test_the_interval_is_that_of_drawing_deals_anew():
    dice = np.random.default_rng(11)
    made, figures = [], []
    for number in range(400):
        is_won = dice.random() < 0.4
        took = float(dice.gamma(4, 6))
        # Large deals are slow: three intervals taken one by one would be too wide or too narrow.
        worth = round(200 * took * float(dice.lognormal(0, 0.5)))
        begun = float(dice.uniform(0, 200))
        made.append(deal(f"D{number}", f"new {begun!r}, {'won' if is_won else 'lost'} {begun + took!r}", amount=worth))
        figures.append((is_won, worth, took))
    made.append(deal("open", "new 0"))
    (row, *_) = section(given(*made, every=Every.YEAR), "velocity").rows
    won, worth, took = (np.array(each) for each in zip(*figures, strict=True))

    def formula(its: np.ndarray) -> float:
        wins = its[won[its]]
        return float(won[its].mean() * worth[wins].mean() / took[wins].mean())

    drawn = drawn_again(formula, len(won), seed=1)
    assert row[-1].value == pytest.approx(drawn.value, rel=1e-6)
    assert (row[-1].low, row[-1].high) == (pytest.approx(drawn.low, rel=0.03), pytest.approx(drawn.high, rel=0.03))


@settings(max_examples=60, deadline=None)
@any_of(deals)
def test_any_deals_have_a_velocity_that_is_a_number_or_none(made):
    for row in velocity(seen(*made, every=Every.QUARTER)).rows:
        for each in row[1:]:
            parts = (each,) if not isinstance(each, Estimate) else (each.value, each.low, each.high)
            assert all(part is None or np.isfinite(part) for part in parts)


def test_values_a_day_add_up_to_the_whole():
    made = [deal(f"D{at}", f"new {at}, won {at + 3}", amount=at) for at in range(90)]
    view = seen(*made, every=Every.MONTH)
    whole, *months = velocity(view).rows
    summed = sum(row[1].value * days for row, days in zip(months, (31, 28, 31, 3), strict=True))
    assert whole[1].value * 93 == pytest.approx(summed)
