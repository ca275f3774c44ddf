"""How prospects come is learnt back from histories that were drawn so."""

from __future__ import annotations

import numpy as np
import pytest

from engine.model.scenario import Form, Gaps
from engine.simulation.fit.arrivals import arrived
from tests.simulation.working import BEGIN, HOUR, Visit, in_hours, process, seconds, seen

DAY = 86_400
SINCE = seconds(BEGIN)


def arrivals(moments, *, until: int = 0):
    """What is learnt where deals start at these moments and last an hour of the office, by whoever."""
    visits = [Visit(f"d{n}", "working", int(at), int(at) + HOUR, "") for n, at in enumerate(moments)]
    return arrived(seen(process("working"), visits, until)).value


def gaps(form: str, count: int = 800, mean: float = HOUR / 2):
    dice = np.random.default_rng(7)
    return {
        "even": lambda: np.full(count, mean),
        "random": lambda: dice.exponential(mean, count),
        "gamma": lambda: dice.gamma(4, mean / 4, count),
    }[form]()


@pytest.mark.parametrize(("form", "told"), [("even", Gaps.EVEN), ("random", Gaps.RANDOM), ("gamma", Gaps.SPREAD)])
def test_the_form_of_gaps_is_learnt_back_in_hours(form, told):
    found = arrivals(in_hours(np.cumsum(gaps(form)).astype(int)))
    assert (found.gaps, found.hours) == (told, "arrivals")
    assert found.weekly == pytest.approx(80, rel=0.06)
    assert found.weeks == ()
    assert found.weekdays == {}


def test_a_gamma_of_gaps_has_the_mean_one():
    spread = arrivals(in_hours(np.cumsum(gaps("gamma", 2000)).astype(int))).spread
    assert spread.form is Form.GAMMA
    # Of a gamma distribution with the shape 4 and the mean 1.
    assert (spread.p50, spread.p90) == (pytest.approx(0.918, abs=0.03), pytest.approx(1.670, abs=0.06))


def test_prospects_of_all_hours_have_no_hours():
    found = arrivals(SINCE + np.cumsum(gaps("random", 1500, 3 * HOUR)).astype(int))
    assert (found.hours, found.gaps, found.weekdays) == ("", Gaps.RANDOM, {})
    assert found.weekly == pytest.approx(56, rel=0.06)


def test_weeks_that_vary_more_than_chance_are_told_one_by_one():
    dice = np.random.default_rng(3)
    weeks = np.repeat(dice.permutation([20, 60, 20, 90, 40, 20, 80, 30, 20, 60, 90, 20]), 1)
    moments = np.concatenate(
        [SINCE + week * 7 * DAY + np.sort(dice.integers(0, 7 * DAY - HOUR, n)) for week, n in enumerate(weeks)]
    )
    found = arrivals(moments, until=int(SINCE + 12 * 7 * DAY))
    assert found.weekly == 0
    assert sorted(found.weeks) == pytest.approx(sorted(weeks.tolist())[1:], abs=8) or len(found.weeks) in (11, 12)
    assert found.block == 4


def test_weekdays_are_told_where_they_differ():
    dice = np.random.default_rng(3)
    days = np.arange(26 * 7)
    counts = dice.poisson(np.where(days % 7 == 0, 12, np.where(days % 7 >= 5, 1, 6)))
    moments = np.sort(
        np.concatenate(
            [SINCE + day * DAY + dice.integers(0, 12 * HOUR, n) for day, n in zip(days, counts, strict=True)]
        )
    )
    weekdays = arrivals(moments).weekdays
    assert weekdays[0] > 1.7 * weekdays[1]
    assert weekdays.get(6, 0) < 0.4


def test_a_silence_at_the_end_is_the_end_of_the_file():
    moments = in_hours(np.cumsum(gaps("even")).astype(int))
    late = arrivals(moments, until=moments[-1] + 60 * DAY)
    assert late.weekly == pytest.approx(80, rel=0.02)


def test_nothing_is_learnt_from_one_start():
    assert arrivals([SINCE]).weekly == 0
