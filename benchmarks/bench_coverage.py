"""How true the intervals of a forecast are that is fitted to a short history, with and without what that leaves open.

usage: python benchmarks/bench_coverage.py [--histories HISTORIES] [--runs RUNS]

Made-up histories of half a year, each with chances of its own, are fitted, and the seven weeks after them forecast with
the deals open then; what then came is known. Counted: how often the sum of the seven weeks lies between P10 and P90,
once as ``fit`` writes the scenario, and once with its numbers taken as exact (its peer), in one run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.machine.compile import compile_process  # noqa: E402
from engine.simulation.fit.facts import prospects  # noqa: E402
from engine.simulation.fit.fit import fit  # noqa: E402
from engine.simulation.fit.open import open_deals  # noqa: E402
from engine.simulation.fit.reading import seen_in  # noqa: E402
from engine.simulation.results.outcome import Setup  # noqa: E402
from engine.simulation.results.over_runs import spread  # noqa: E402
from engine.simulation.run import simulate  # noqa: E402
from engine.tables.until import until  # noqa: E402
from tests.simulation.histories import day, process, tables  # noqa: E402
from tests.simulation.uncertain import PROCESS, exact, history  # noqa: E402

WEEKS, AHEAD = 26, 7


def held(number: int, runs: int) -> Iterator[tuple[str, str, float, float]]:
    """(what, how, whether the interval held what came, how wide it was in deals) of one history."""
    of = process(PROCESS)
    whole = tables(of, history(number, days=7 * (WEEKS + AHEAD)))
    begin = day(7 * WEEKS)
    ends = {stage.id: stage.ends for stage in of.main.stages if stage.ends}
    machine, early = compile_process(of), until(whole, begin, ends=ends)
    scenario = fit(early, of, machine, as_of=begin, horizon=timedelta(weeks=AHEAD)).scenario
    then = seen_in(early, of, as_of=begin)
    deals = open_deals(then, prospects(then, machine).past)
    closed = dict.fromkeys(("won", "lost"), 0)
    for outcome, at in zip(whole.deals["outcome"].to_pylist(), whole.deals["closed_at"].to_pylist(), strict=True):
        if outcome in closed and at is not None and at >= begin.replace(tzinfo=None):
            closed[outcome] += 1
    for how, said in (("fitted", scenario), ("exact", exact(scenario))):
        outcome = simulate(Setup(replace(said, start=None), machine, begin, deals), runs=runs, seed=number)
        for what, came in closed.items():
            low, _, high = spread(np.array([each.total(what) for each in outcome.summaries]))
            yield (
                what,
                how,
                (float(low < came) + float(low <= came) - float(came > high) - float(came >= high)) / 2,
                high - low,
            )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--histories", type=int, default=100)
    options.add_argument("--runs", type=int, default=200)
    asked = options.parse_args()
    began = time.process_time()
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for number in range(asked.histories):
        for what, how, hit, wide in held(number, asked.runs):
            found.setdefault((what, how), []).append((hit, wide))
    print(
        f"80 % intervals of sums of {AHEAD} weeks, {asked.histories} histories of {WEEKS} weeks, {asked.runs} runs each"
    )
    for (what, how), each in found.items():
        hits, widths = np.array(each).T
        sure = hits.std() / len(hits) ** 0.5
        print(f"  {what}, {how:<7} {hits.mean():>6.1%} held (± {sure:.1%}), {widths.mean():.1f} wide")
    print(f"all of it took {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
