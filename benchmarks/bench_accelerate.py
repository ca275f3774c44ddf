"""How long it takes to tell where a million moves could go faster, and how long a bootstrap of the same figures would.

usage: python benchmarks/bench_accelerate.py [--deals DEALS]

Made-up deals in seven stages, with losses, skips and returns. Measured in one run: all levers with their intervals (by
influence functions), and its peer: the same levers without intervals, for one sample of whole deals drawn anew. A
bootstrap is some hundred of those.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.numerics.hurrying import GONE, OPEN, course, state  # noqa: E402
from engine.numerics.semi_markov import Chain, Sums, passing, stretch, sums  # noqa: E402

STAGES, SHARES = 7, (0.1, 0.2, 0.3)


def spans_of(deals: int) -> np.ndarray:
    """(stage, deal, days, where it led) of each visit."""
    dice = np.random.default_rng(1)
    here, who, found = np.zeros(deals, np.int64), np.arange(deals), []
    left = dice.uniform(20, 700, deals)
    while len(who):
        size = len(who)
        ahead, gone = dice.gamma(2.0, 4.0, size), dice.exponential(60.0, size)
        back = np.where(here > 0, dice.exponential(300.0, size), np.inf)
        days = np.minimum(np.minimum(ahead, gone), np.minimum(back, left[who]))
        over = np.minimum(here + 1 + (dice.random(size) < 0.05), STAGES)
        to = np.select([days == left[who], days == ahead, days == gone], [OPEN, over, GONE], here - 1)
        found.append(np.stack([here, who, days, to]))
        left[who] -= days
        on = (to >= 0) & (to < STAGES)
        here, who = to[on], who[on]
    return np.concatenate(found, axis=1)


def chain_of(spans: np.ndarray, deals: int) -> Chain:
    """The chain of all stages."""
    stretches = []
    for stage in range(STAGES):
        its = spans[:, spans[0] == stage]
        then = its[3].astype(np.int64)
        to = np.unique(then[then >= 0])
        cause = np.where(then >= 0, np.searchsorted(to, then), then)
        stretches.append(stretch(state(its[2], cause, None, to > stage), to, its[1].astype(np.int64)))
    return Chain(tuple(stretches), np.zeros(deals, np.int64))


def levers(chain: Chain, of: Callable[[int, float], Sums]) -> None:
    """Each stage hurried by each share."""
    base = tuple(of(stage, 0.0) for stage in range(STAGES))
    passing(chain, base, states=tuple(range(STAGES)))
    for stage in range(STAGES):
        for share in SHARES:
            passing(chain, (*base[:stage], of(stage, share), *base[stage + 1 :]))


def without_pulls(chain: Chain) -> Callable[[int, float], Sums]:
    """The figures alone: one deal stands for all, and pulls at nothing."""

    def found(stage: int, share: float) -> Sums:
        its = chain.stretches[stage]
        return Sums(course(its.of, share), np.zeros((2 * len(its.to), len(its.who))))

    return found


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--deals", type=int, default=300_000)
    deals = options.parse_args().deals
    spans = spans_of(deals)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read, chain = cpu(lambda: chain_of(spans, deals))
    whole, _ = cpu(lambda: levers(chain, lambda stage, share: sums(chain, stage, share)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    drawn = np.random.default_rng(2).integers(0, deals, deals)
    times = np.bincount(drawn, minlength=deals)
    again, _ = cpu(lambda: _drawn(spans, times))
    print(f"{spans.shape[1]:,} visits of {deals:,} deals, {STAGES} stages, {len(SHARES)} shares")
    print(
        f"with intervals {read + whole:.2f} s CPU, {peak / 1024:.0f} MB more; one draw of a bootstrap {again:.2f} s CPU"
    )
    print(f"a bootstrap of 200 takes {200 * again / (read + whole):.0f} times as long")


def _drawn(spans: np.ndarray, times: np.ndarray) -> None:
    again = np.repeat(spans, times[spans[1].astype(np.int64)], axis=1)
    # One deal stands for all: nobody asks who pulls at what.
    again[1] = 0
    chain = chain_of(again, 1)
    levers(chain, without_pulls(chain))


if __name__ == "__main__":
    main()
