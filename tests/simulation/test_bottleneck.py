"""The first bottleneck in worlds where anybody sees which it is."""

from __future__ import annotations

from pathlib import Path

from engine.simulation.results.pools import bottleneck
from engine.simulation.run import simulate
from tests.simulation.texts import written


def _said(folder: Path, scenario: str) -> str:
    return " ".join(bottleneck(simulate(written(folder, scenario), runs=3, seed=1)))


def test_who_nearly_all_wait_for_is_waited_for_all_the_time_and_no_longer(tmp_path: Path) -> None:
    said = _said(
        tmp_path,
        """
        horizon: 10d
        arrivals: {weekly: 500, gaps: even}
        hours: {office: {mon-fri: 09:00-17:00}}
        pools: {ae: {people: 1, hours: office}}
        stages:
          new: {work: {pool: ae, effort: 8h}, dwell: 0s, branches: {go: 50%, lose: 50%}}
          talk: {dwell: 1d, branches: {sign: 100%}}
        """,
    )

    assert "they wait 100 % for the pool ae, 100 % of that in new. It is in use 100 % of its hours." in said


def test_a_stage_that_nobody_leaves_in_time_is_where_deals_spend_theirs(tmp_path: Path) -> None:
    said = _said(
        tmp_path,
        """
        horizon: 20d
        arrivals: {weekly: 50}
        stages:
          new: {dwell: 1h, branches: {go: 100%}}
          talk: {dwell: 30d, branches: {sign: 100%}}
        """,
    )

    assert "Deals spend nearly all of their time in talk." in said


def test_waiting_for_somebody_who_is_idle_but_away_is_no_lack_of_people(tmp_path: Path) -> None:
    said = _said(
        tmp_path,
        """
        horizon: 20w
        arrivals: {weekly: 5}
        hours: {monday: {mon: 09:00-10:00}}
        pools: {ae: {people: 5, hours: monday}}
        stages:
          new: {work: {pool: ae, effort: 1min}, dwell: 1d, branches: {go: 50%, lose: 50%}}
          talk: {dwell: 1d, branches: {sign: 100%}}
        """,
    )

    assert "bottleneck" not in said
    assert said.startswith("Deals wait for the hours of people, not for more of them: of the time")


def test_a_pool_that_is_always_busy_goes_before_one_that_is_only_away(tmp_path: Path) -> None:
    said = _said(
        tmp_path,
        """
        horizon: 26w
        arrivals: {weekly: 20}
        hours: {monday: {mon: 09:00-10:00}, office: {mon-fri: 09:00-17:00}}
        pools: {away: {people: 9, hours: monday}, busy: {people: 1, hours: office}}
        stages:
          new: {work: {pool: away, effort: 1min}, dwell: 1d, branches: {go: 100%}}
          talk: {work: {pool: busy, effort: 105min}, dwell: 1d, branches: {sign: 100%}}
        """,
    )

    assert said.startswith("The first bottleneck is people: of the time that deals spend in stages they wait")
    assert "for the pool busy, 100 % of that in talk" in said
