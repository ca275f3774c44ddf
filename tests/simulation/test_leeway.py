"""Each run draws its own shares, times and arrivals from what the visits seen leave open; the means stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from engine.machine.compile import compile_process
from engine.model.deal import Deal
from engine.model.scenario import Arrivals, Branch, Form, Gaps, Scenario, Spread, Standing
from engine.numerics.dice import run_key
from engine.numerics.distributions import mean
from engine.report.study import render
from engine.simulation.casting.arrivals import arriving
from engine.simulation.casting.cast_of import cast_of, casting
from engine.simulation.compiling.leeway import leeway_of, swayed
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.engines import playing
from engine.simulation.fit.fit import fit
from engine.simulation.fit.people import nobody
from engine.simulation.plan import WHOLE
from engine.simulation.results.outcome import Setup
from engine.simulation.results.sections import study_of
from engine.simulation.run import played, simulate
from engine.simulation.whatif.changed import changed
from tests.simulation import test_casting as small
from tests.simulation.histories import day, tables
from tests.simulation.histories import process as process_of
from tests.simulation.shipped import idle, setup
from tests.simulation.uncertain import PROCESS, exact, history

DAY = 86_400
LONG = Spread(Form.LOGNORMAL, 10 * DAY, 50 * DAY)
ZERO = Spread(Form.QUANTILES, quantiles=((0.0, 0.0), (0.4, 0.0), (1.0, 9.0 * DAY)))
STAGES = (
    Standing("new", (Branch("propose", "offer", 0.65, ZERO), Branch("lose", "lost", 0.35)), LONG, seen=12),
    Standing("offer", (Branch("win", "won", 0.5), Branch("lose", "lost", 0.5)), LONG),
)


def scenario(**changes: object) -> Scenario:
    base = Scenario("base", small.SELLING.process.id, timedelta(weeks=8), Arrivals(weekly=30), STAGES)
    return replace(base, **changes)


def plan(of: Scenario):
    return plan_of(of, small.SELLING, begin=small.BEGIN)


def doubtful(of: Setup, seen: int = 15) -> Setup:
    stages = tuple(replace(each, seen=seen) for each in of.scenario.stages)
    return replace(of, scenario=replace(of.scenario, stages=stages, arrivals=replace(of.scenario.arrivals, seen=6)))


def test_where_nothing_is_said_to_rest_on_anything_all_runs_have_the_same_plan() -> None:
    of = setup(weeks=1)
    assert leeway_of(of.scenario, plan_of(of.scenario, of.machine, begin=of.begin)) is None
    assert played(of, seed=1, run=0)[0].tables.shape == played(of, seed=1, run=1)[0].tables.shape


def test_over_many_runs_shares_and_times_are_those_of_the_scenario() -> None:
    shared = plan(scenario())
    leeway = leeway_of(scenario(), shared)
    assert leeway is not None
    runs = [swayed(leeway, run=run_key(3, run)) for run in range(2_000)]
    shares = np.array([each.ways.upto[0] / WHOLE for each in runs])
    assert shares.mean() == pytest.approx(0.65, abs=0.012)
    assert shares.std() == pytest.approx(np.sqrt(0.65 * 0.35 / 13), rel=0.06)
    for phase in range(2):
        was, row = shared.tables[shared.phases.table[phase]], leeway.plan.phases.table[phase]
        means = np.array([mean(each.tables[row]) for each in runs])
        assert means.mean() == pytest.approx(mean(was), abs=4 * means.std() / np.sqrt(len(runs)))
        assert means.std() > 0.1 * mean(was)
        assert all((np.diff(each.tables[row]) >= 0).all() for each in runs[:50])
    # What is taken as exact stays so.
    assert all((each.ways.upto[2:] == shared.ways.upto[2:]).all() for each in runs)
    assert (runs[0].phases.table[2:] == shared.phases.table[2:]).all()


def test_the_more_was_seen_the_closer_runs_keep_to_the_scenario() -> None:
    apart = []
    for seen in (10, 1_000, 100_000):
        of = scenario(stages=(replace(STAGES[0], seen=seen), STAGES[1]))
        leeway = leeway_of(of, plan(of))
        assert leeway is not None
        apart.append(np.std([swayed(leeway, run=run_key(1, run)).ways.upto[0] / WHOLE for run in range(200)]))
    assert apart[0] > 5 * apart[1] > 25 * apart[2]


def test_what_is_drawn_of_one_stage_does_not_hang_on_the_others_or_on_what_is_changed() -> None:
    base = leeway_of(scenario(), plan(scenario()))
    more = scenario(stages=(STAGES[0], replace(STAGES[1], seen=30)))
    other = changed(more, ["stages.new.dwell*=2", "stages.offer.branches.win=60%"])
    beside = leeway_of(other, plan(other))
    assert base is not None
    assert beside is not None
    one, two = swayed(base, run=99), swayed(beside, run=99)
    assert one.ways.upto[0] == two.ways.upto[0]
    longer = two.tables[two.phases.table[0]] / np.maximum(one.tables[one.phases.table[0]], 1)
    assert np.median(longer[one.tables[one.phases.table[0]] > DAY]) == pytest.approx(2, abs=0.001)


def test_open_deals_go_by_the_shares_and_times_of_the_run() -> None:
    entered = small.BEGIN - timedelta(days=12)
    deals = tuple(
        Deal(f"d{at}", small.SELLING.process.id, 1, "", "new", entered, entered, entered) for at in range(1_500)
    )
    of = scenario(
        stages=(
            replace(STAGES[0], branches=(Branch("propose", "offer", 0.5), Branch("lose", "lost", 0.5)), seen=4),
            STAGES[1],
        )
    )
    shared = plan(of)
    set_, leeway = casting(of, small.SELLING, shared, open_deals=deals), leeway_of(of, shared)
    assert leeway is not None
    for run in range(4):
        own = swayed(leeway, run=run_key(1, run))
        cast = cast_of(set_, seed=1, run=run, plan=own)
        assert np.mean(cast.branch[: len(deals)] == 0) == pytest.approx(own.ways.upto[0] / WHOLE, abs=0.05)
        table = own.tables[own.phases.table[0]]
        age = (cast.until - cast.entered)[: len(deals)]
        assert age.min() >= 12 * DAY
        assert age.max() <= table[-1]


@pytest.mark.parametrize("gaps", [Gaps.RANDOM, Gaps.EVEN])
def test_how_many_come_varies_with_the_weeks_it_rests_on(gaps: Gaps) -> None:
    of = scenario(arrivals=Arrivals(weekly=40, gaps=gaps, seen=4))
    coming = casting(of, small.SELLING, plan(of)).coming
    came = np.array([arriving(coming, run=run_key(1, run))[0].size for run in range(600)])
    assert came.mean() == pytest.approx(320, rel=0.02)
    # By chance √320; the mean itself by 1/√160 of it.
    assert came.std() == pytest.approx(np.sqrt(320 + 320**2 / 160) if gaps is Gaps.RANDOM else 0, rel=0.1, abs=1)


def test_past_weeks_are_drawn_again_before_weeks_are_drawn_from_them() -> None:
    weeks = (20, 60, 30, 10, 80, 40, 50, 70, 20, 30)
    spreads = []
    for seen in (0, 10):
        of = scenario(arrivals=Arrivals(weeks=weeks, block=2, seen=seen))
        coming = casting(of, small.SELLING, plan(of)).coming
        came = np.array([arriving(coming, run=run_key(1, run))[0].size for run in range(800)])
        assert came.mean() == pytest.approx(8 * np.mean(weeks), rel=0.025)
        spreads.append(came.var())
    assert spreads[1] > 1.3 * spreads[0]


@pytest.mark.parametrize("of", [setup(weeks=3), idle(weeks=3)], ids=["people", "nobody"])
def test_with_shares_of_its_own_each_run_is_the_same_whoever_plays_it(of: Setup) -> None:
    unsure = doubtful(of)
    first, _, _ = played(unsure, seed=1, run=0)
    able = [name for name in playing.NAMES if playing.can(first, name)]
    asked = [{"engine": name} for name in able] + [{"threads": 2}]
    told = {render(study_of(simulate(unsure, runs=3, seed=1, **each), subject=""), "json") for each in asked}
    assert len(told) == 1
    assert told != {render(study_of(simulate(of, runs=3, seed=1), subject=""), "json")}


def test_the_forecast_says_what_its_range_includes() -> None:
    of = setup(weeks=1)
    assert any("hold chance alone" in note for note in study_of(simulate(of, runs=1, seed=1), subject="").notes)
    some = changed(of.scenario, ["stages.demo.seen=240", "arrivals.seen=26"])
    notes = study_of(simulate(replace(of, scenario=some), runs=1, seed=1), subject="").notes
    assert any("so many visits: demo 240; how many come rests on 26 weeks" in note for note in notes)
    assert any(note.startswith("Taken as exact: prospect") for note in notes)
    back = changed(some, ["stages.demo.seen=0", "arrivals.seen=0"])
    assert back == of.scenario


def test_a_fitted_scenario_says_what_it_rests_on_and_forecasts_wider_than_exact_numbers_would() -> None:
    of = process_of(PROCESS)
    machine, begin = compile_process(of), day(26 * 7)
    wider = []
    for number in range(4):
        found = fit(
            tables(of, history(number, days=26 * 7)),
            of,
            machine,
            as_of=begin,
            staffed=nobody,
            horizon=timedelta(weeks=7),
        )
        assert all(each.seen > 0 for each in found.scenario.stages)
        assert found.scenario.arrivals.seen in (25, 26)
        told = [
            np.std([each.total("won") for each in simulate(Setup(said, machine, begin), runs=150, seed=1).summaries])
            for said in (found.scenario, exact(found.scenario))
        ]
        wider.append(told[0] / told[1])
    assert 1.05 < np.mean(wider) < 1.8
