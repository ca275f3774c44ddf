"""Runs of a scenario: compiled once, played by the engine that fits, each run summarised at once and dropped."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from engine.machine.compile import compile_process
from engine.model.deal import Deal
from engine.model.errors import BadValue
from engine.model.map import Map
from engine.model.process import Process
from engine.model.scenario import Scenario
from engine.model.table import Table
from engine.numerics.dice import run_key
from engine.simulation.casting.cast_of import Casting, cast_of, casting
from engine.simulation.compiling.leeway import Leeway, leeway_of, swayed
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.engines.playing import Play, chosen, is_freeing, player
from engine.simulation.log import Log
from engine.simulation.plan import Cast, Plan
from engine.simulation.results.outcome import Outcome, Setup, Summary
from engine.simulation.results.pools_used import available
from engine.simulation.results.refusals import broken
from engine.simulation.results.summary import summary_of
from engine.simulation.results.tally import Tally
from engine.simulation.sizes import check_memory, prospects_expected

MOST_RUNS = 100_000
WORTH_THREADS = 200_000
"""So many prospects in all runs: with fewer, threads wait for each other longer than they help."""
_YEARS = (1970, 9000)
"""Moments are seconds since 1970, and a horizon of centuries must still be a date."""
OnRun = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What all runs share."""

    setup: Setup
    plan: Plan
    leeway: Leeway | None
    casting: Casting
    engine: str
    play: Play
    seed: int
    threads: int


def simulate(
    setup: Setup, *, runs: int, seed: int, engine: str = "", threads: int = 0, on_run: OnRun | None = None
) -> Outcome:
    """Plays so many runs; the same figures whatever the engine and the number of threads (0: as many as help).

    ``on_run`` is told how many are done. An interruption keeps the runs done, and is raised on where none is. Raises
    ``BadValue`` for what is asked too much of, before it begins.
    """
    _check_runs(runs)
    if threads < 0:
        raise BadValue(f"{threads} threads cannot be", hint="write 1 or more; 0: as many as help")
    ready = _ready(setup, seed=seed, runs=runs, engine=engine, threads=threads)
    summaries: list[Summary] = []
    tally: Tally | None = None
    is_interrupted = False
    try:
        for summary, times in _played_runs(ready, runs=runs):
            tally = times if tally is None else tally + times
            summaries.append(summary)
            if on_run is not None:
                on_run(len(summaries))
    except KeyboardInterrupt:
        is_interrupted = True
    if tally is None:
        raise KeyboardInterrupt
    return Outcome(
        setup=setup,
        plan=ready.plan,
        summaries=tuple(summaries),
        tally=tally,
        available=available(ready.plan),
        runs=runs,
        seed=seed,
        engine=ready.engine,
        interrupted=is_interrupted,
    )


def played(setup: Setup, *, seed: int, run: int, engine: str = "") -> tuple[Plan, Cast, Log]:
    """One run (from 0) with all that happened in it."""
    ready = _ready(setup, seed=seed, runs=1, engine=engine, threads=1)
    plan, cast = _own(ready, run)
    return plan, cast, ready.play(plan, cast, setup.machine)


def setup(scenario: Scenario, process: Process, *, begin: datetime, open_deals: Sequence[Deal] = ()) -> Setup:
    """A setup of a process that is not yet compiled. Raises as ``compile_process``."""
    return Setup(scenario, compile_process(process), begin, tuple(open_deals))


def exported_run(
    setup: Setup, *, seed: int, run: int, engine: str = "", name: str, columns: Mapping[str, str]
) -> tuple[Table, Map]:
    """One run as a table that a CRM might export, and the map called ``name`` that reads it; see ``logged_export``."""
    # The tables bring pyarrow along, for which no forecast should wait.
    from engine.simulation.logged.export import exported, map_of
    from engine.simulation.logged.tables import tables_of

    plan, cast, log = played(setup, seed=seed, run=run, engine=engine)
    process = setup.machine.process
    table = exported(tables_of(plan, cast, log, setup.machine), process)
    return table, map_of(process, table, name=name, columns=columns)


def _check_runs(runs: int) -> None:
    if runs < 1:
        raise BadValue(f"{runs} runs tell nothing", hint="write 1 or more, such as --runs 100")
    if runs > MOST_RUNS:
        raise BadValue(
            f"{runs:,} runs are more than the {MOST_RUNS:,} that are played at once",
            hint="of 10,000 runs P10 and P90 are already sure to half a percent of the runs: what is unsure then is "
            "the scenario",
        )


def _ready(setup: Setup, *, seed: int, runs: int, engine: str, threads: int) -> _Stage:
    if not _YEARS[0] <= setup.begin.year <= _YEARS[1]:
        raise BadValue(
            f"a simulation cannot begin in the year {setup.begin.year}", hint=f"begin from {_YEARS[0]} to {_YEARS[1]}"
        )
    plan = plan_of(setup.scenario, setup.machine, begin=setup.begin)
    prospects = runs * prospects_expected(setup)
    name = chosen(plan, prospects=prospects, engine=engine)
    helpful = (os.cpu_count() or 1) if is_freeing(name) and prospects >= WORTH_THREADS else 1
    count = min(threads or helpful, runs)
    check_memory(setup, plan, runs=runs, threads=count)
    shared = casting(setup.scenario, setup.machine, plan, open_deals=setup.open_deals)
    return _Stage(setup, plan, leeway_of(setup.scenario, plan), shared, name, player(name), seed, count)


def _played_runs(ready: _Stage, *, runs: int) -> Iterator[tuple[Summary, Tally]]:
    """The runs in their order, however many are played at once."""
    if ready.threads == 1:
        yield from (_one(ready, run) for run in range(runs))
        return
    with ThreadPoolExecutor(ready.threads) as pool:
        # Only a few ahead: an interruption then waits for those few alone.
        waiting: deque[Future[tuple[Summary, Tally]]] = deque()
        ahead = iter(range(runs))
        try:
            waiting.extend(pool.submit(_one, ready, run) for run in islice(ahead, 2 * ready.threads))
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(pool.submit(_one, ready, run) for run in islice(ahead, 1))
                yield done
        finally:
            for future in waiting:
                future.cancel()


def _one(ready: _Stage, run: int) -> tuple[Summary, Tally]:
    plan, cast = _own(ready, run)
    log = ready.play(plan, cast, ready.setup.machine)
    summary, tally = summary_of(plan, cast, log)
    return replace(summary, broken=broken(plan, cast, log, machine=ready.setup.machine)), tally


def _own(ready: _Stage, run: int) -> tuple[Plan, Cast]:
    """The plan of one run, with what it draws of what is left open, and who takes part in it."""
    plan = swayed(ready.leeway, run=run_key(ready.seed, run)) if ready.leeway else ready.plan
    return plan, cast_of(ready.casting, seed=ready.seed, run=run, plan=plan)


__all__ = ["MOST_RUNS", "Outcome", "Setup", "exported_run", "played", "setup", "simulate"]
