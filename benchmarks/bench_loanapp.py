"""How near simulated loan applications come to later ones that nobody fitted on, by measures of others.

    python benchmarks/bench_loanapp.py [DATA] [--seeds 10]

DATA is the folder with loanapp/LoanApp_simplified_{train,test}.csv.gz (default: ../shared/data beside the repository).
Needs the extra `bench`: the package log-distance-measures brings pandas and scipy. The train log is recorded move by
move in a journal of benchmarks/loanapp/processes, a scenario is fitted to it, and as many cases as the test log has are
simulated from when that begins, once a seed. All measures are distances, with the defaults of the package and bins of
an hour: n-grams of three (NGD), events over the whole time (AED), over the hours of each weekday (CED), since the case
began (RED), cycle times (CTD). Beside it: a semi-Markov chain in working hours, which knows no queues; the cases of the
test log, each with the tasks of one drawn from it, which is what chance alone makes of it; and the train log as it is.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.loanapp import chain  # noqa: E402
from benchmarks.loanapp.history import ACTIVITY, ZONE, Row, tasks_in, told  # noqa: E402
from engine.simulation.fit.fit import fit  # noqa: E402
from engine.simulation.run import played, setup  # noqa: E402

MEASURES = ("NGD", "AED", "CED", "RED", "CTD")
BOUNDS = (0.12, 8.0, 0.12, 0.33, 0.67)
AFTER = timedelta(weeks=4)
"""So long after the last prospect wanted, the cases are all done."""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--seeds", type=int, default=10)
    asked = options.parse_args()
    logs = [asked.data / "loanapp" / f"LoanApp_simplified_{name}.csv.gz" for name in ("train", "test")]
    if not all(log.exists() for log in logs):
        print(f"{logs[0].parent} has no loan applications: nothing to measure")
        return
    try:
        score = scorer()
    except ModuleNotFoundError as missing:
        print(f"the package log-distance-measures is not there ({missing}): nothing to measure by")
        return
    train, test = (tasks_in(log) for log in logs)
    truth = [Row(task.case, task.name, task.begun, task.done) for its in test.values() for task in its]
    began = time.process_time()
    tables, process = told(train)
    recorded, began = time.process_time() - began, time.process_time()
    fitted = fit(tables, process, as_of=max(task.done for its in train.values() for task in its))
    learnt = time.process_time() - began
    print(f"recorded in {recorded:.1f} s, fitted in {learnt:.2f} s CPU")
    for note in fitted.notes:
        print(f"  {note}")
    begin = min(task.enabled for its in test.values() for task in its)
    weeks = timedelta(weeks=len(test) / fitted.scenario.arrivals.weekly)
    scenario = replace(fitted.scenario, horizon=weeks + AFTER)
    # The first prospect shall come when the first of the test log does; even gaps begin with half of one.
    _, cast, _ = played(setup(replace(scenario, horizon=AFTER), process, begin=begin), seed=1, run=0)
    ready = setup(scenario, process, begin=begin - (_moment(int(cast.comes[0])) - begin))

    def simulated(seed: int) -> list[Row]:
        plan, _, log = played(ready, seed=seed, run=0)
        wanted = log.work_deal < len(test)
        names = [ACTIVITY.get(each, "") for each in plan.stages]
        columns = (log.work_deal, log.work_stage, log.begun, log.done)
        return [
            Row(case, names[stage], _moment(begun), _moment(done))
            for case, stage, begun, done in zip(*(each[wanted].tolist() for each in columns), strict=True)
        ]

    print(f"{'':44}" + "".join(f"{name:>9}" for name in MEASURES))
    tell("must reach", BOUNDS)
    mean = over(simulated, asked.seeds, truth, score, "fitted and simulated")
    over(lambda seed: chain.simulated(train, begin, len(test), seed), asked.seeds, truth, score, "semi-Markov chain")
    over(lambda seed: chain.mixed(test, seed), asked.seeds, truth, score, "cases of the test log mixed anew")
    own = [Row(task.case, task.name, task.begun, task.done) for its in train.values() for task in its]
    tell("the train log as the forecast", score(own, truth))
    reached = all(got <= bound for got, bound in zip(mean, BOUNDS, strict=True))
    print("all reached" if reached else "NOT reached")


def over(
    rows: Callable[[int], list[Row]],
    seeds: int,
    truth: list[Row],
    score: Callable[[list[Row], list[Row]], Sequence[float]],
    title: str,
) -> Sequence[float]:
    found = np.array([score(rows(seed), truth) for seed in range(1, seeds + 1)])
    tell(f"{title}, mean of {seeds}", found.mean(axis=0).tolist())
    if title.startswith("fitted"):
        tell("  least of them", found.min(axis=0).tolist())
        tell("  most of them", found.max(axis=0).tolist())
    return found.mean(axis=0).tolist()


def tell(title: str, figures: Sequence[float]) -> None:
    print(f"{title:44}" + "".join(f"{figure:9.3f}" for figure in figures), flush=True)


def scorer() -> Callable[[list[Row], list[Row]], Sequence[float]]:
    """The five measures. Times are those of the log's own clock."""
    import pandas as pd
    from log_distance_measures.absolute_event_distribution import absolute_event_distribution_distance
    from log_distance_measures.circadian_event_distribution import circadian_event_distribution_distance
    from log_distance_measures.config import EventLogIDs
    from log_distance_measures.cycle_time_distribution import cycle_time_distribution_distance
    from log_distance_measures.n_gram_distribution import n_gram_distribution_distance
    from log_distance_measures.relative_event_distribution import relative_event_distribution_distance

    ids = EventLogIDs("case", "activity", "start", "end", "resource")

    def frame(rows: list[Row]) -> Any:
        table = pd.DataFrame(rows, columns=["case", "activity", "start", "end"])
        for name in ("start", "end"):
            table[name] = pd.to_datetime(table[name], utc=True).dt.tz_convert(ZONE.key).dt.tz_localize(None)
        return table

    def score(rows: list[Row], truth: list[Row]) -> Sequence[float]:
        one, other = frame(rows), frame(truth)
        return (
            n_gram_distribution_distance(other, ids, one, ids, n=3),
            absolute_event_distribution_distance(other, ids, one, ids),
            circadian_event_distribution_distance(other, ids, one, ids),
            relative_event_distribution_distance(other, ids, one, ids),
            cycle_time_distribution_distance(other, ids, one, ids, bin_size=pd.Timedelta(hours=1)),
        )

    return score


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


if __name__ == "__main__":
    main()
