"""A million prospects simulated, against SimPy: the same pipeline and rules, and the same rows kept of what happens.

    python benchmarks/bench_simulate.py [--prospects 1000000] [--peer 50000]

Needs the package `simpy` (4.1); where it is not there, only our side is told. CPU time a prospect, best of several
rounds, each side with as many prospects as it plays well, in the same weeks where nobody works and at the same pace
where ten people do. On our side everything counts that a run costs: what is the same in all runs, who takes part with
which facts, what the rules refuse to whom, and the log. On SimPy's side rules are Python functions, and `random` draws.
To compile the loop is told apart. What both sides say a prospect must agree within what chance allows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pipeline import by_simpy, world  # noqa: E402
from engine.numerics.compiled import has_compiler  # noqa: E402
from engine.simulation.casting.cast_of import cast_of, casting  # noqa: E402
from engine.simulation.compiling.plan_of import plan_of  # noqa: E402
from engine.simulation.engines import commit, commit_loop, heap, heap_loop, waves  # noqa: E402
from engine.simulation.log import Log  # noqa: E402
from engine.simulation.plan import Cast, Plan  # noqa: E402
from engine.simulation.results.outcome import Setup  # noqa: E402

CASES = {"no people, rules on": (True, False), "no people, no rules": (False, False), "10 people": (True, True)}
SLOW = 100_000
"""So many prospects are enough for plain Python."""
ROUNDS = 3
PLAYS: dict[str, Callable[[Plan, Cast], Log]] = {
    "numba": commit_loop.play_compiled,
    "NumPy": waves.play,
    "plain Python": commit.play,
    "events, numba": heap_loop.play_compiled,
    "events, plain": heap.play,
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--prospects", type=int, default=1_000_000)
    options.add_argument("--peer", type=int, default=50_000)
    asked = options.parse_args()
    peer = asked.peer
    if find_spec("simpy") is None:
        print("the package simpy is not there: nothing to measure against")
        peer = 0
    print(f"microseconds of CPU a prospect; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        if has_compiler():
            small = world.setup(Path(folder), rules=True, people=True, prospects=100)
            print(f"  (the loop was compiled, or loaded, in {seconds(lambda: ours(small, 'numba'), 1)[0]:.1f} s)")
        for name, (rules, people) in CASES.items():
            print(name)
            measure(Path(folder), rules=rules, people=people, prospects=asked.prospects, peer=peer)


def measure(folder: Path, *, rules: bool, people: bool, prospects: int, peer: int) -> None:
    theirs = by_peer(folder, rules=rules, people=people, prospects=peer) if peer else 0.0
    engines = ["numba"] * has_compiler() + ["NumPy"] * (not people) + ["plain Python"]
    # What priorities and clocks that call deals away from work would take, here without any.
    engines += ["events, numba"] * (people and has_compiler()) + ["events, plain"] * people
    for engine in engines:
        size = min(SLOW, prospects) if "plain" in engine else prospects
        setup = world.setup(folder, rules=rules, people=people, prospects=size)
        took, (_, cast, _) = seconds(partial(ours, setup, engine), ROUNDS)
        casts, _ = seconds(partial(ours, setup, ""), ROUNDS)
        mine, alone = took / cast.size * 1e6, casts / cast.size * 1e6
        against = f"{theirs / mine:>8.1f} times" if peer else ""
        print(f"  {engine:<14} {mine:>8.3f} {against}   (of which to cast {alone:.3f})")


def by_peer(folder: Path, *, rules: bool, people: bool, prospects: int) -> float:
    """What SimPy takes a prospect. Plays the same number on our side, to see that both say the same."""
    weeks, _ = world.horizon(prospects, people=people)
    took, told = seconds(
        lambda: by_simpy.play(prospects=prospects, weeks=weeks, rules=rules, people=people, seed=1), ROUNDS
    )
    came = max(row[0] for row in told.visits) + 1
    plan, cast, log = ours(world.setup(folder, rules=rules, people=people, prospects=prospects), "plain Python")
    assert log is not None
    agree(said_by_peer(told, came), said_by_us(plan, cast, log))
    print(f"  {'SimPy':<14} {took / came * 1e6:>8.3f}")
    return took / came * 1e6


def ours(setup: Setup, engine: str) -> tuple[Plan, Cast, Log | None]:
    plan = plan_of(setup.scenario, setup.machine, begin=setup.begin)
    cast = cast_of(casting(setup.scenario, setup.machine, plan), seed=1, run=0)
    return plan, cast, PLAYS[engine](plan, cast) if engine else None


def said_by_peer(told: by_simpy.Told, size: int) -> dict[str, float]:
    won = sum(stage == by_simpy.NEGOTIATION and way == 0 for _, stage, _, _, way in told.visits)
    stayed = sum(row[3] - row[2] for row in told.visits)
    waited = sum(row[4] - row[3] for row in told.works)
    counts = {"visits": len(told.visits), "refusals": len(told.refusals), "won": won, "works": len(told.works)}
    return {name: count / size for name, count in (counts | {"stayed": stayed, "waited": waited}).items()}


def said_by_us(plan: Plan, cast: Cast, log: Log) -> dict[str, float]:
    left, done = log.way >= 0, log.done < plan.end
    won = sum(plan.ends[plan.ways.to[way]] == "won" for way in log.way[left])
    stayed, waited = (log.left - log.entered)[left].sum(), (log.begun - log.asked)[done].sum()
    counts = {"visits": left.sum(), "refusals": log.refused_at.size, "won": won, "works": done.sum()}
    return {name: count / cast.size for name, count in (counts | {"stayed": stayed, "waited": waited}).items()}


def agree(one: dict[str, float], other: dict[str, float]) -> None:
    for name, value in one.items():
        assert abs(value - other[name]) <= 0.05 * value, (name, value, other[name])


def seconds(task: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    best, answer = float("inf"), None
    for _ in range(rounds):
        begun = time.process_time()
        answer = task()
        best = min(best, time.process_time() - begun)
    return best, answer


if __name__ == "__main__":
    main()
