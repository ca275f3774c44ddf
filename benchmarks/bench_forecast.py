"""How much common luck is worth, and how true the intervals of a forecast are.

usage: python benchmarks/bench_forecast.py [--runs RUNS] [--worlds WORLDS]

The peer of common random numbers is the same simulation with seeds of its own: how much more the difference of deals
won then varies, in three changes of a pipeline of seven stages, without people and with ten of them. Intervals are held
against what then happens with other luck: worlds drawn at random, and the shipped scenario with its hours and rules.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.loading.processes import load_process  # noqa: E402
from engine.loading.scenarios import load_scenario  # noqa: E402
from engine.numerics.compiled import has_compiler  # noqa: E402
from engine.simulation.compare.compare import compare  # noqa: E402
from engine.simulation.results.outcome import Outcome  # noqa: E402
from engine.simulation.results.over_runs import spread  # noqa: E402
from engine.simulation.run import setup, simulate  # noqa: E402
from engine.simulation.whatif.changed import changed  # noqa: E402
from tests.simulation import pipeline as pipelines  # noqa: E402
from tests.simulation.pipeline import CASES, outcome, pipeline, won  # noqa: E402

BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
SHIPPED = ("stages.negotiation.dwell*=0.8", "stages.demo.branches.send-proposal=75%", "pools.ae.people+=2")


def value(of: Outcome) -> Any:
    return np.array([each.worth("won") / 100 for each in of.summaries])


def gains(runs: int) -> None:
    for reps, least in ((0, 20), (10, 3)):
        base = outcome(pipeline(reps=reps), runs=runs)
        for name, case in CASES.items():
            other = outcome(pipeline(reps=reps, **case), runs=runs)
            alone = outcome(pipeline(reps=reps, **case), runs=runs, seed=2)
            apart, by_chance = won(other) - won(base), won(alone) - won(base)
            gain = by_chance.var(ddof=1) / apart.var(ddof=1)
            people = f"{reps} people" if reps else "no people"
            print(
                f"{name}, {people}: {apart.mean():+.2f} deals won; the difference varies {gain:.0f} times less "
                f"(must: {least})"
            )


def covered(forecast: Outcome, truth: Outcome, figure: Any) -> Any:
    low, _, high = spread(figure(forecast))
    happened = figure(truth)
    return ((happened > low) * 0.5 + (happened >= low) * 0.5) - ((happened > high) * 0.5 + (happened >= high) * 0.5)


def worlds(count: int, runs: int) -> None:
    dice = np.random.default_rng(6)
    found: dict[str, list[Any]] = {"won": [], "value": []}
    for number in range(count):
        of = pipeline(
            days=int(dice.integers(40, 200)),
            reps=int(dice.choice([0, 8, 10, 14])),
            negotiates=float(dice.uniform(0.4, 0.9)),
            faster=("qualified", "negotiation"),
            by=float(dice.uniform(0.5, 1.5)),
        )
        daily = float(dice.uniform(4, 12))
        forecast, truth = (outcome(of, runs=runs, seed=seed + number, daily=daily) for seed in (100, 90_000))
        for name, figure in (("won", won), ("value", value)):
            found[name].append(covered(forecast, truth, figure))
    told = ", ".join(f"{name} {np.concatenate(each).mean():.1%}" for name, each in found.items())
    print(f"80 % intervals of {count} worlds, {runs} runs each: of what happened they hold {told} (must: 76 to 84 %)")


def shipped(runs: int) -> None:
    process = load_process(ROOT / "processes/inside-sales/2.yaml", workspace=ROOT).value
    scenario = load_scenario(ROOT / "processes/inside-sales/scenarios/base.yaml", process=process).value
    assert process is not None
    assert scenario is not None
    base = simulate(setup(scenario, process, begin=BEGIN), runs=runs, seed=1)
    truth = simulate(setup(scenario, process, begin=BEGIN), runs=runs, seed=2)
    held = ", ".join(
        f"{name} {covered(base, truth, figure).mean():.1%}" for name, figure in (("won", won), ("value", value))
    )
    print(f"80 % intervals of the shipped scenario, {runs} runs: of what happened they hold {held} (must: 76 to 84 %)")
    for each in SHIPPED:
        other = simulate(setup(changed(scenario, [each]), process, begin=BEGIN), runs=runs, seed=1)
        found, apart = compare(base, other), won(other) - won(base)
        gain = (won(base).var() + won(other).var()) / max(apart.var(), 1e-9)
        print(f"shipped scenario, {each}: {found.ended['won'].apart.value:+.2f} deals won, {gain:.0f} times less")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=400)
    options.add_argument("--worlds", type=int, default=30)
    asked = options.parse_args()
    if has_compiler():
        from engine.simulation.engines.commit_loop import play_compiled

        pipelines.play = play_compiled
    began = time.process_time()
    gains(asked.runs)
    worlds(asked.worlds, asked.runs // 2)
    shipped(2 * asked.runs)
    print(f"all of it took {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
