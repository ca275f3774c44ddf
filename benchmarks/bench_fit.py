"""How fast a scenario is fitted, and how surely: 200,000 visits beside lifelines, and closed deals alone beside both.

    python benchmarks/bench_fit.py

Made-up visits end in one of two ways; a sixth is open at the end of the follow-up. In one run: the incidences of both
ways as ``fit`` reckons them, with quantiles, against lifelines' AalenJohansenFitter (without variance); and what each,
and the closed visits alone, say of the share and the median of the slower way. CPU time, best of several rounds.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.simulation.fit.branches import Spans, course_of, quantiles  # noqa: E402

VISITS, SHARE, DAY = 200_000, 0.3, 86_400
ROUNDS = 5


def made(count: int, seed: int) -> tuple[Spans, np.ndarray]:
    """Visits of 60 days' mean before the one way and 20 before the other, entered evenly over 180 days."""
    chance = np.random.default_rng(seed)
    slow = chance.random(count) < SHARE
    lasts = np.where(
        slow, chance.lognormal(np.log(60) - 0.32, 0.8, count), chance.lognormal(np.log(20) - 0.5, 1.0, count)
    )
    until = 180 * (1 - chance.random(count))
    cause = np.where(lasts <= until, np.where(slow, 1, 2), 0)
    exits = (np.minimum(lasts, until) * DAY * 1_000).astype(np.int64)
    return Spans(exits, cause, np.zeros(count, np.int64)), slow


def seconds(task: Callable[[], object], rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        task()
        best = min(best, time.process_time() - begun)
    return best


def ours(spans: Spans) -> tuple[float, float]:
    course = course_of(spans, 2)
    levels, values = zip(*quantiles(course, 0), strict=True)
    quantiles(course, 1)
    return float(course.shares[0]), float(np.interp(0.5, levels, values)) / DAY / 1_000


def theirs(spans: Spans) -> tuple[float, float]:
    from lifelines import AalenJohansenFitter

    found = []
    for way in (1, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitter = AalenJohansenFitter(calculate_variance=False)
            fitter.fit(spans.exits, spans.cause, event_of_interest=way)
        found.append(fitter.cumulative_density_.iloc[:, 0])
    line = found[0]
    return float(line.iloc[-1]), float(line.index[np.argmax(line.to_numpy() >= line.iloc[-1] / 2)]) / DAY / 1_000


def main() -> None:
    spans, _ = made(VISITS, 1)
    still = float((spans.cause == 0).mean())
    closed = spans.cause > 0
    slow = spans.exits[spans.cause == 1] / DAY / 1_000
    mine, peers = seconds(lambda: ours(spans)), seconds(lambda: theirs(spans), rounds=2)
    print(f"{VISITS:,} visits, {still:.0%} open; truth: {SHARE:.1%} by the slow way, half of them within 43.6 days")
    for name, (share, half), took in (
        ("fit", ours(spans), mine),
        ("lifelines", theirs(spans), peers),
        ("closed alone", (float((spans.cause[closed] == 1).mean()), float(np.median(slow))), None),
    ):
        print(f"  {name:<14} {share:>6.1%}  {half:>5.1f} days  " + (f"{took:>7.3f} s" if took else ""))
    print(f"  fit takes {mine / peers:.2f} of the time of lifelines")


if __name__ == "__main__":
    main()
