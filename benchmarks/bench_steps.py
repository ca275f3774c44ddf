"""How fast the steps that deals followed and the times between phases come from tables that are in memory.

    python benchmarks/bench_steps.py [--deals 200000]

CPU time of all processors, best of five in one process; the tables (some six visits a deal) are made before. The rest
of ``review`` is measured beside it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.review.review import review
from engine.analysis.review.times import between_stages
from engine.analysis.review.variants import variants
from engine.model.process import Process, Stage, Track
from engine.tables import schema
from engine.tables.build import GrowingTables, Tables

STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation", "won", "lost")
ENDS = {"won": "won", "lost": "lost"}
DAY = 86_400_000_000
BEGAN = 1_704_067_200_000_000


def a_process() -> Process:
    return Process("bench", 1, Track("main", tuple(Stage(each, ends=ENDS.get(each, "")) for each in STAGES), ()))


def made(deals: int) -> Tables:
    """Deals that go forward, skip, step back and end, a fifth of them still open."""
    dice = np.random.default_rng(20261101)
    stage, owner = np.zeros(deals, np.int64), np.arange(deals)
    visits: list[tuple[np.ndarray, ...]] = []
    now = BEGAN + dice.integers(0, 700 * DAY, deals)
    left_open = dice.random(deals) < 0.2
    for round_ in range(60):
        visits.append((owner, np.full(len(owner), round_), stage, now))
        going = stage < 5
        going &= ~(left_open[owner] & (dice.random(len(owner)) < 0.15))
        owner, stage, now = owner[going], stage[going], now[going]
        if not len(owner):
            break
        roll = dice.random(len(owner))
        step = np.select([roll < 0.08, roll < 0.18, roll < 0.24], [2, -1, 99], 1)
        stage = np.where(step == 99, 6, np.clip(stage + step, 0, 5))
        now = now + (dice.exponential(8, len(owner)) * DAY).astype(np.int64)
    return tables_of(deals, *(np.concatenate(each) for each in zip(*visits, strict=True)))


def tables_of(deals: int, deal: np.ndarray, seq: np.ndarray, stage: np.ndarray, entered: np.ndarray) -> Tables:
    order = np.lexsort((seq, deal))
    deal, seq, stage, entered = deal[order], seq[order], stage[order], entered[order]
    following = np.append(deal[1:] == deal[:-1], False)
    names = pa.array([f"D{each:07d}" for each in range(deals)])
    last = np.append(np.flatnonzero(np.diff(deal)), len(deal) - 1)
    left = pa.array(np.append(entered[1:], 0), mask=~following).cast(pa.timestamp("us"))
    stages = pa.array(STAGES)
    empty, main = pa.array([""] * len(deal)), pa.array(["main"] * len(deal))
    before = np.append(7, stage[:-1])
    before[np.append(True, np.diff(deal) != 0)] = 7
    moves = pa.Table.from_arrays(
        [
            names.take(pa.array(deal)),
            pa.array(seq + 1, pa.int32()),
            pa.array(["bench"] * len(deal)),
            pa.array(np.ones(len(deal)), pa.int32()),
            main,
            empty,
            pa.array((*STAGES, "")).take(pa.array(before)),
            stages.take(pa.array(stage)),
            pa.array(entered).cast(pa.timestamp("us")),
            left,
            pa.array(np.append(entered[1:] - entered[:-1], 0) / DAY, mask=~following),
            empty,
            empty,
        ],
        schema=schema.MOVES,
    )
    dice = np.random.default_rng(5)
    closed = stage[last] >= 5
    outcomes = np.where(stage[last] == 5, "won", np.where(stage[last] == 6, "lost", ""))
    whole = pa.Table.from_arrays(
        [
            names,
            pa.array(["bench"] * deals),
            pa.array(np.ones(deals), pa.int32()),
            pa.array(entered[np.append(0, last[:-1] + 1)]).cast(pa.timestamp("us")),
            pa.array(entered[last], mask=~closed).cast(pa.timestamp("us")),
            stages.take(pa.array(stage[last])),
            pa.array(outcomes),
            pa.array([f"rep{each}" for each in dice.integers(0, 40, deals)]),
            pa.array(dice.integers(1, 90_000, deals)).cast(schema.NUMBER),
        ],
        schema=schema.deals({}),
    )
    rest = GrowingTables({}).whole()
    return Tables(whole, moves, rest.touches, rest.facts, rest.verdicts)


def best(work: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, default=200_000)
    deals = options.parse_args().deals
    tables, process, asked = made(deals), a_process(), Asked()

    def steps() -> None:
        told = journeys(tables, process, asked=asked)
        variants(told)
        between_stages(told)

    told = journeys(tables, process, asked=asked)
    print(f"{deals:,} deals, {tables.moves.num_rows:,} visits; CPU time")
    print(f"  the tables as journeys       {best(lambda: journeys(tables, process, asked=asked)):>8.3f} s")
    print(f"  steps (variants)             {best(lambda: variants(told)):>8.3f} s")
    print(f"  times between phases         {best(lambda: between_stages(told)):>8.3f} s")
    print(f"  all three                    {best(steps):>8.3f} s")
    print(f"  the whole review             {best(lambda: review(tables, process, asked=asked), 2):>8.3f} s")


if __name__ == "__main__":
    main()
