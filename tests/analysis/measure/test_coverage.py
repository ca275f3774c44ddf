"""Intervals hold the truth nine times in ten: over 1,000 fixed histories, drawn from known times."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from engine.analysis.lengths import any_way, mean_any_way, share_times_and_mean, shares_by
from engine.analysis.spans import Spans

DAY = 86_400_000_000
HISTORIES = 1_000


class Exponential:
    """Half are over within 14 days."""

    def drawn(self, dice, deals):
        return dice.exponential(20, deals)

    def share_by(self, day):
        return 1 - math.exp(-day / 20)

    def quantile(self, share):
        return -20 * math.log(1 - share)

    def mean_up_to(self, day):
        return 20 * self.share_by(day)


class Skewed:
    """Half are over within 20 days, one in ten takes 56 and more."""

    SPREAD = 0.8

    def drawn(self, dice, deals):
        return 20 * np.exp(dice.normal(0, self.SPREAD, deals))

    def share_by(self, day):
        return NormalDist().cdf(math.log(day / 20) / self.SPREAD)

    def quantile(self, share):
        return 20 * math.exp(self.SPREAD * NormalDist().inv_cdf(share))

    def mean_up_to(self, day):
        part = NormalDist().cdf(math.log(day / 20) / self.SPREAD - self.SPREAD)
        return 20 * math.exp(self.SPREAD**2 / 2) * part + day * (1 - self.share_by(day))


def history(times, seed, *, deals, watched):
    """Deals that are won or lost, half and half, each followed for so many days."""
    dice = np.random.default_rng(seed)
    lasted, followed = times.drawn(dice, deals), dice.uniform(*watched, deals)
    cause = np.where(lasted <= followed, dice.integers(1, 3, deals), 0)
    return Spans((np.minimum(lasted, followed) * DAY).astype(np.int64), cause, None, 0)


def holds(estimate, truth):
    return (estimate.low is None or estimate.low <= truth) and (estimate.high is None or truth <= estimate.high)


@pytest.mark.parametrize("times", [Exponential(), Skewed()], ids=["exponential", "skewed"])
def test_intervals_with_open_deals_hold_the_truth_nine_times_in_ten(times):
    held = np.zeros((HISTORIES, 4))
    for seed in range(HISTORIES):
        spans = history(times, seed, deals=150, watched=(35, 120))
        curve = spans.any_way()
        half, most = any_way(curve)
        mean, up_to = mean_any_way(curve)
        (by_30,) = shares_by(spans, spans.ways(2), 1, within=(30.0,))
        truths = (
            times.quantile(0.5),
            times.quantile(0.9),
            times.mean_up_to(up_to or 10_000),
            times.share_by(30) / 2,
        )
        held[seed] = [holds(*each) for each in zip((half, most, mean, by_30), truths, strict=True)]
    assert (held.mean(axis=0) > 0.87).all()
    assert (held.mean(axis=0) < 0.93).all()


@pytest.mark.parametrize("times", [Exponential(), Skewed()], ids=["exponential", "skewed"])
def test_times_of_those_that_were_won_hold_the_truth_too(times):
    held = np.zeros((HISTORIES, 3))
    for seed in range(HISTORIES):
        ways = history(times, seed, deals=400, watched=(300, 400)).ways(2)
        _, half, most, mean, _ = share_times_and_mean(ways, 1)
        truths = (times.quantile(0.5), times.quantile(0.9), times.mean_up_to(10_000))
        held[seed] = [holds(*each) for each in zip((half, most, mean), truths, strict=True)]
    assert (held.mean(axis=0) > 0.87).all()
    assert (held.mean(axis=0) < 0.93).all()
