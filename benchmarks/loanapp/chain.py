"""Two simple forecasts of a log to hold others against: a semi-Markov chain in working hours, and its cases mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, time

import numpy as np

from benchmarks.loanapp.history import Row, Task
from engine.model.scenario import Hours
from engine.simulation.fit_clock import moment_at, next_open, spelled, worked_at

_HOURS = Hours("office", dict.fromkeys(range(5), ((time(6), time(14)),)))
_YEAR = 400 * 86_400
_END = ""


def simulated(tasks: Mapping[int, list[Task]], begin: datetime, cases: int, seed: int) -> list[Row]:
    """What comes next depends on the task alone, as often as in the log; so do, in working hours, how long it takes and
    how long nothing happens before it. Cases begin every half hour. Tasks beside each other are one after the other.
    """
    follows: dict[str, list[str]] = defaultdict(list)
    lasts: dict[str, list[int]] = defaultdict(list)
    pauses: dict[tuple[str, str], list[int]] = defaultdict(list)
    clock = spelled(_HOURS, "UTC", since=int(begin.timestamp()), until=int(begin.timestamp()) + _YEAR)

    def worked(moment: datetime) -> int:
        return int(worked_at(clock, np.array([int(moment.timestamp())]))[0])

    for its in tasks.values():
        before, done = _END, 0
        for task in sorted(its, key=lambda each: (each.begun, each.done)):
            follows[before].append(task.name)
            lasts[task.name].append(worked(task.done) - worked(task.begun))
            if before:
                pauses[before, task.name].append(max(worked(task.begun) - done, 0))
            before, done = task.name, worked(task.done)
        follows[before].append(_END)
    dice = np.random.default_rng(seed)
    rows = []
    for case in range(cases):
        at, before = worked(begin) + case * 1800, _END
        while name := follows[before][dice.integers(len(follows[before]))]:
            if before:
                at += pauses[before, name][dice.integers(len(pauses[before, name]))]
            long = lasts[name][dice.integers(len(lasts[name]))]
            begun = next_open(clock, moment_at(clock, np.array([at])))
            done = moment_at(clock, np.array([at + long]))
            rows.append(Row(case, name, _moment(begun[0]), _moment(max(done[0], begun[0]))))
            at, before = at + long, name
    return rows


def mixed(tasks: Mapping[int, list[Task]], seed: int) -> list[Row]:
    """Cases begin when those of the log did, each with the tasks of one drawn from it: what chance alone does."""
    dice = np.random.default_rng(seed)
    begins = {case: min(task.enabled for task in its) for case, its in tasks.items()}
    cases = sorted(tasks)
    rows = []
    for case in cases:
        drawn = cases[dice.integers(len(cases))]
        later = begins[case] - begins[drawn]
        rows += [Row(case, task.name, task.begun + later, task.done + later) for task in tasks[drawn]]
    return rows


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
