"""Of simulated deals every time and share is, within 5 %, that which they were drawn from."""

import math
import random
from statistics import NormalDist

import numpy as np
import pytest

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.built_in.cycle_time import cycle_time, cycle_time_from_stages
from engine.analysis.measure.built_in.dwell import dwell
from engine.analysis.measure.built_in.funnel import funnel, funnel_ends
from engine.analysis.measure.view import view
from tests.analysis import dealing
from tests.analysis.dealing import Entered, Made
from tests.analysis.measure.looking import values

SPREAD, MEDIAN, MEAN_WAIT, WON = 0.7, 8.0, 12.0, 0.4
TIMES = ("p50_days", "p90_days", "mean_days")


def simulated(count):
    """Deals whose times are drawn apart from their ways: leads lognormal, then exponential till a win or a loss."""
    dice = random.Random(11)
    for number in range(count):
        start = dice.uniform(0, 200)
        left = start + MEDIAN * dice.lognormvariate(0, SPREAD)
        ended = left + dice.expovariate(1 / MEAN_WAIT)
        steps = [("lead", start), ("qualified", left), ("won" if dice.random() < WON else "lost", ended)]
        yield Made(f"D{number}", tuple(Entered(stage, when) for stage, when in steps if when <= 210))


@pytest.fixture(scope="module")
def seen():
    process = dealing.outline(("lead", "qualified", "won", "lost"))
    told = journeys(dealing.tables_of(simulated(4_000)), process, asked=Asked())
    return view(told, every=None, within=(10.0, 30.0))


def lead_over_by(day):
    return NormalDist().cdf(math.log(day / MEDIAN) / SPREAD)


def waited_by(day):
    return 1 - math.exp(-day / MEAN_WAIT)


def test_times_in_a_stage(seen):
    lead, qualified = values(dwell(seen), *TIMES)
    p90 = MEDIAN * math.exp(SPREAD * NormalDist().inv_cdf(0.9))
    assert lead == pytest.approx((MEDIAN, p90, MEDIAN * math.exp(SPREAD**2 / 2)), rel=0.05)
    assert qualified == pytest.approx((MEAN_WAIT * math.log(2), MEAN_WAIT * math.log(10), MEAN_WAIT), rel=0.05)


def test_cycle_times(seen):
    dice = np.random.default_rng(0)
    drawn = MEDIAN * np.exp(dice.normal(0, SPREAD, 500_000)) + dice.exponential(MEAN_WAIT, 500_000)
    truth = (*np.quantile(drawn, (0.5, 0.9)), drawn.mean())
    for row in values(cycle_time(seen), *TIMES)[:2]:
        assert row == pytest.approx(truth, rel=0.05)
    (from_qualified,) = values(cycle_time_from_stages(seen), *TIMES)
    assert from_qualified == pytest.approx((MEAN_WAIT * math.log(2), MEAN_WAIT * math.log(10), MEAN_WAIT), rel=0.05)


def test_shares_by_a_day(seen):
    lead, qualified = values(funnel(seen), "by_10d", "by_30d")
    assert lead == pytest.approx((lead_over_by(10), lead_over_by(30)), rel=0.05)
    assert qualified == pytest.approx((WON * waited_by(10), WON * waited_by(30)), rel=0.05)
    _, ends = values(funnel_ends(seen), "won_30d", "lost_30d")
    assert ends == pytest.approx((WON * waited_by(30), (1 - WON) * waited_by(30)), rel=0.05)
