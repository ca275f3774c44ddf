"""When prospects come: as often as the scenario says, as irregularly as it says, and always the same for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.machine.compile import Machine
from engine.model.errors import BadValue, UnknownName
from engine.model.scenario import Arrivals, Form, Gaps, Hours, Spread
from engine.numerics.dice import run_key
from engine.simulation.casting.arrivals import Coming, arriving, coming
from engine.simulation.compiling.plan_of import plan_of
from tests.machine.building import machine
from tests.simulation.any_scenario import DAY, scenario_of

WEEK = 7 * DAY
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
OFFICE = Hours("office", {day: ((time(9), time(12)), (time(13), time(17))) for day in range(5)}, (date(2026, 1, 6),))
SELLING: Machine = machine(
    stages={"new": {}, "won": {"ends": "won"}, "lost": {"ends": "lost"}},
    actions={"win": {"from": "new", "to": "won"}, "lose": {"from": "new", "to": "lost"}},
    facts={"amount": "money"},
    time_zone="Europe/Berlin",
)


def prospects(lasting: int = 20, **arrivals: Any) -> Coming:
    """How they come in so many weeks."""
    scenario = replace(scenario_of(SELLING, weeks=lasting), arrivals=Arrivals(**arrivals), hours=(OFFICE,))
    return coming(scenario, plan_of(scenario, SELLING, begin=BEGIN), zone=SELLING.frame.zone)


def runs(of: Coming, count: int) -> list[np.ndarray]:
    return [arriving(of, run=run_key(7, run))[0] for run in range(count)]


def weekly(moments: np.ndarray, weeks: int) -> np.ndarray:
    return np.bincount((moments - int(BEGIN.timestamp())) // WEEK, minlength=weeks)


def local(moments: np.ndarray) -> list[datetime]:
    return [datetime.fromtimestamp(moment, ZoneInfo("Europe/Berlin")) for moment in moments.tolist()]


@pytest.mark.parametrize("hours", ["", "office"])
def test_they_come_at_the_weekly_rate_and_as_irregularly_as_a_poisson_process(hours: str) -> None:
    counts = np.concatenate([weekly(moments, 20)[1:] for moments in runs(prospects(weekly=25, hours=hours), 400)])
    # 7,600 weeks: the mean is known to 0.06 and the variance to 0.4.
    assert counts.mean() == pytest.approx(25, abs=0.25)
    assert counts.var() == pytest.approx(25, abs=1.7)
    assert abs(np.corrcoef(counts[:-1], counts[1:])[0, 1]) < 0.05


def test_they_come_in_the_hours_and_never_on_holidays() -> None:
    found = local(runs(prospects(weekly=2000, lasting=2, hours="office"), 1)[0])
    assert {moment.hour for moment in found} == {9, 10, 11, 13, 14, 15, 16}
    assert {moment.weekday() for moment in found} == set(range(5))
    assert date(2026, 1, 6) not in {moment.date() for moment in found}


def test_weights_say_how_many_come_on_a_weekday_and_in_a_month() -> None:
    of = prospects(weekly=700, weekdays={0: 3.0, 6: 0.0}, months={2: 0.5, 3: 0.0}, lasting=12)
    moments = np.concatenate(runs(of, 10))
    found = local(moments)
    january = np.array([moment.weekday() for moment in found if moment.month == 1])
    by_day = np.bincount(january, minlength=7)
    assert by_day[6] == 0
    assert by_day[0] / by_day[2] == pytest.approx(3.0, rel=0.1)
    assert {moment.month for moment in found} == {1, 2}
    assert weekly(moments, 12)[1:3].mean() == pytest.approx(7000, rel=0.05)
    assert weekly(moments, 12)[5:7].mean() == pytest.approx(3500, rel=0.05)


def test_even_ones_come_at_even_distances() -> None:
    (moments,) = runs(prospects(weekly=7 * 24, gaps=Gaps.EVEN, lasting=3), 1)
    assert set(np.diff(moments).tolist()) == {3600}
    assert moments.size == 3 * 7 * 24


def test_gaps_of_a_form_have_its_spread_and_the_weekly_rate() -> None:
    of = prospects(weekly=700, gaps=Gaps.SPREAD, spread=Spread(Form.GAMMA, 0.9, 1.4))
    moments = runs(of, 10)
    assert np.mean([each.size for each in moments]) == pytest.approx(20 * 700, rel=0.01)
    gaps = np.concatenate([np.diff(each) for each in moments])
    assert np.quantile(gaps, 0.9) / np.median(gaps) == pytest.approx(1.4 / 0.9, rel=0.02)


def test_those_who_come_in_bursts_do_not_begin_with_one() -> None:
    of = prospects(weekly=10, lasting=3, gaps=Gaps.SPREAD, spread=Spread(Form.GAMMA, 0.1, 2.5))
    counts = np.array([weekly(moments, 3) for moments in runs(of, 2000)])
    assert counts.mean(axis=0) == pytest.approx(np.full(3, 10.0), abs=0.6)


def test_past_weeks_come_again_in_runs_of_weeks_that_followed_each_other() -> None:
    past = (5, 11, 17, 23, 29, 35, 41)
    of = prospects(lasting=12, weeks=past, block=4)
    counts = np.array([weekly(moments, 12) for moments in runs(of, 300)])
    places = np.array([past.index(each) for each in counts.ravel().tolist()]).reshape(-1, 4)
    assert (np.diff(places, axis=1) % 7 == 1).all()
    assert np.bincount(places[:, 0], minlength=7) == pytest.approx(np.full(7, 900 / 7), rel=0.3)
    assert counts.mean() == pytest.approx(np.mean(past), rel=0.05)


@given(st.floats(1, 60), st.floats(1, 3), st.integers(0, 50))
@settings(max_examples=30)
def test_more_of_them_change_nothing_for_those_who_come_anyway(rate: float, times: float, run: int) -> None:
    fewer, keys = arriving(prospects(weekly=rate), run=run_key(1, run))
    more, others = arriving(prospects(weekly=rate * times), run=run_key(1, run))
    assert others[: keys.size].tolist() == keys.tolist()
    assert (more[: fewer.size] <= fewer).all()
    longer, again = arriving(prospects(weekly=rate, lasting=25), run=run_key(1, run))
    assert longer[: fewer.size].tolist() == fewer.tolist()
    assert again[: keys.size].tolist() == keys.tolist()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.integers(1, 5), st.integers(0, 9))
@settings(max_examples=30)
def test_past_weeks_give_each_one_a_place_of_its_own(past: list[int], block: int, run: int) -> None:
    of = prospects(lasting=7, weeks=tuple(past), block=block, hours="office")
    larger = prospects(lasting=7, weeks=tuple(each + 1 for each in past), block=block, hours="office")
    moments, keys = arriving(of, run=run_key(1, run))
    assert (np.diff(moments) >= 0).all()
    assert np.unique(keys).size == keys.size
    one_more, others = arriving(larger, run=run_key(1, run))
    at = dict(zip(others.tolist(), one_more.tolist(), strict=True))
    assert [at[key] for key in keys.tolist()] == moments.tolist()


def test_nobody_comes_where_the_rate_is_zero() -> None:
    moments, keys = arriving(prospects(weekly=0), run=1)
    assert moments.size == keys.size == 0


@pytest.mark.parametrize("rate", [{"weekly": 25}, {"weeks": (21, 30), "block": 1}], ids=["weekly", "weeks"])
def test_nobody_comes_where_only_what_is_looked_at_is_closed(rate: dict[str, Any]) -> None:
    months = {month: 0.0 for month in range(1, 13) if month != (BEGIN.month + 5) % 12 + 1}
    moments, keys = arriving(prospects(2, hours="office", months=months, **rate), run=1)
    assert moments.size == keys.size == 0


def test_what_cannot_be_is_refused_with_a_mend() -> None:
    with pytest.raises(BadValue, match="no prospect can ever come"):
        prospects(weekly=5, weekdays=dict.fromkeys(range(7), 0.0))
    with pytest.raises(BadValue, match="cannot be"):
        prospects(weekly=-5)
    with pytest.raises(BadValue, match="cannot be"):
        prospects(weekly=1e12)
    with pytest.raises(UnknownName, match="no hours 'ofice'") as caught:
        prospects(weekly=5, hours="ofice")
    assert "office" in caught.value.hint
