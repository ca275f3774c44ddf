"""How busy people are, how long work waits for them, and where deals are held up first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.simulation.outcome import Outcome
from engine.simulation.over_runs import mean, spread
from engine.simulation.results_ways import stage_name

_DAY = 86_400.0
_HOUR = 3_600.0
LEAST = 0.5
"""Below so many hours of waiting for an hour of work a pool holds nothing up."""


def pools(outcome: Outcome) -> Section:
    """The pools: how much of their hours people worked, and what waited for them."""
    return Section(
        "pools",
        "People",
        (
            Heading("pool", "Pool"),
            Heading("people", "People", Unit.COUNT),
            Heading("use", "In use", Unit.SHARE),
            Heading("begun", "Work begun, mean", Unit.NUMBER),
            Heading("wait_days", "Mean wait", Unit.DAYS),
            Heading("wait_p90_days", "P90 wait", Unit.DAYS),
            Heading("longest_p50", "Longest queue P50", Unit.COUNT),
            Heading("longest_p90", "Longest queue P90", Unit.COUNT),
            Heading("waiting", "Not begun at the end, mean", Unit.NUMBER),
        ),
        tuple(_row(outcome, at) for at in range(len(outcome.plan.crew.pools))),
        empty="no work of pools is simulated",
        notes=(
            "In use: hours worked of the hours that people have. A wait counts from when it was asked for, nights "
            "and weekends too; of work not begun, until the end.",
        ),
    )


def _row(outcome: Outcome, pool: int) -> tuple[Figure, ...]:
    crew = outcome.plan.crew
    worked, asked, begun, waited, longest, waiting = (
        np.array([getattr(each, name)[pool] for each in outcome.summaries])
        for name in ("worked", "asked", "begun", "waited", "longest", "waiting")
    )
    there = int(outcome.available[pool])
    pieces = int(asked.sum())
    _, middle, high = spread(longest)
    return (
        crew.pools[pool],
        int(crew.first[pool + 1] - crew.first[pool]),
        mean(worked / there) if there else None,
        float(begun.mean()),
        int(waited.sum()) / pieces / _DAY if pieces else None,
        _p90(outcome, pool),
        middle,
        high,
        float(waiting.mean()),
    )


def _p90(outcome: Outcome, pool: int) -> Estimate | None:
    waits = outcome.tally.waits
    if not any(waits.count(pool)):
        return None
    found = waits.quantile(pool, 0.9)
    return Estimate(found / _DAY) if found is not None else Estimate(None, beyond=waits.longest(pool) / _DAY)


def bottleneck(outcome: Outcome) -> Iterator[str]:
    """The first bottleneck: the pool for which work waits longest for each hour that it works.

    Where none is waited for more than ``LEAST`` hours an hour, the stage in which deals spend most of their time.
    """
    held = _held(outcome)
    if held is not None:
        yield _told(outcome, *held)
        return
    by_stage = np.sum([each.dwell for each in outcome.summaries], axis=0)
    if by_stage.any():
        at = int(by_stage.argmax())
        share = float(by_stage[at]) / float(by_stage.sum())
        why = "Nobody is waited for long" if outcome.plan.has_work else "No work of people is simulated"
        stage = stage_name(outcome.plan.stages[at])
        yield f"{why}: deals spend most of their time in {stage}, {share:.0%} of all of it."


def _held(outcome: Outcome) -> tuple[int, float] | None:
    """The pool that holds deals up most, and for how many hours an hour of its work."""
    waited = np.sum([each.waited for each in outcome.summaries], axis=0)
    worked = np.sum([each.worked for each in outcome.summaries], axis=0)
    ratios = [
        (float(waited[at]) / max(float(worked[at]), 1.0), -at)
        for at in range(len(outcome.plan.crew.pools))
        if waited[at]
    ]
    if not ratios:
        return None
    ratio, at = max(ratios)
    return (-at, ratio) if ratio > LEAST else None


def _told(outcome: Outcome, pool: int, ratio: float) -> str:
    waited = np.sum([each.waited_in[pool] for each in outcome.summaries], axis=0)
    stage = int(np.argmax(waited))
    worked = sum(int(each.worked[pool]) for each in outcome.summaries)
    there = int(outcome.available[pool]) * outcome.done
    use = f" It is in use {worked / there:.0%} of its hours." if there else ""
    where = f"most of it in {stage_name(outcome.plan.stages[stage])}"
    return (
        f"The first bottleneck is the pool {outcome.plan.crew.pools[pool]}: for each hour that it works, work waits "
        f"{ratio:,.1f} hours for it, {where} ({float(waited[stage]) / float(waited.sum()):.0%}).{use}"
    )
