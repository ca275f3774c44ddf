"""Two simple forecasts of a log to hold others against: a semi-Markov chain in working hours, and its cases mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, time

import numpy as np

from benchmarks.loanapp.history import Row, Task
from engine.model.scenario import Hours
from engine.simulation.fit.clock import moment_at, next_open, spelled, worked_at

_HOURS = Hours("office", dict.fromkeys(range(5), ((time(6), time(14)),)))
_YEAR = 400 * 86_400
_END = ""


class _Clock:
    """Working seconds of the hours that all people of the log share."""

    def __init__(self, since: datetime) -> None:
        at = int(since.timestamp())
        self._open = spelled(_HOURS, "UTC", since=at, until=at + _YEAR)

    def worked(self, moment: datetime) -> int:
        return int(worked_at(self._open, np.array([int(moment.timestamp())]))[0])

    def done(self, worked: int) -> datetime:
        return datetime.fromtimestamp(int(moment_at(self._open, np.array([worked]))[0]), UTC)

    def begun(self, worked: int) -> datetime:
        return datetime.fromtimestamp(int(next_open(self._open, moment_at(self._open, np.array([worked])))[0]), UTC)


def simulated(tasks: Mapping[int, list[Task]], begin: datetime, cases: int, seed: int) -> list[Row]:
    """What comes next depends on the task alone, as often as in the log.

    So do, in working hours, how long it takes and how long after its beginning the next one begins. Cases begin every
    half hour.
    """
    follows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lasts: dict[str, list[int]] = defaultdict(list)
    clock = _Clock(begin)
    for its in tasks.values():
        before, began = _END, 0
        for task in sorted(its, key=lambda each: (each.begun, each.done)):
            begun = clock.worked(task.begun)
            follows[before].append((task.name, begun - began if before else 0))
            lasts[task.name].append(clock.worked(task.done) - begun)
            before, began = task.name, begun
        follows[before].append((_END, 0))
    dice = np.random.default_rng(seed)
    rows = []
    for case in range(cases):
        at = clock.worked(begin) + case * 1800
        name, pause = follows[_END][dice.integers(len(follows[_END]))]
        while name:
            at += pause
            long = lasts[name][dice.integers(len(lasts[name]))]
            begun = clock.begun(at)
            rows.append(Row(case, name, begun, max(clock.done(at + long), begun)))
            name, pause = follows[name][dice.integers(len(follows[name]))]
    return rows


def mixed(tasks: Mapping[int, list[Task]], seed: int) -> list[Row]:
    """Cases begin when those of the log did, each with the tasks of one drawn from it: what chance alone does."""
    dice = np.random.default_rng(seed)
    clock = _Clock(min(task.enabled for its in tasks.values() for task in its))
    begins = {case: clock.worked(min(task.enabled for task in its)) for case, its in tasks.items()}
    cases = sorted(tasks)
    rows = []
    for case in cases:
        drawn = cases[dice.integers(len(cases))]
        later = begins[case] - begins[drawn]
        for task in tasks[drawn]:
            begun = clock.begun(clock.worked(task.begun) + later)
            rows.append(Row(case, task.name, begun, max(clock.done(clock.worked(task.done) + later), begun)))
    return rows
