"""How busy people are, how long work waits for them, and where deals are held up first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.simulation.plan import Ints
from engine.simulation.results.outcome import Outcome
from engine.simulation.results.over_runs import mean, spread
from engine.simulation.results.ways import stage_name

_DAY = 86_400.0
FELT = 0.1
"""So much of the time in stages must be waiting for a pool for it to hold deals up."""
BUSY = 0.85
"""Or so much of its hours the pool is in use: what comes unevenly then queues."""

_NEARLY_ALL = 0.995


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
            Heading("longest_p50", "Queue P50", Unit.COUNT),
            Heading("longest_p90", "Queue P90", Unit.COUNT),
            Heading("waiting", "Left over, mean", Unit.NUMBER),
        ),
        tuple(_row(outcome, at) for at in range(len(outcome.plan.crew.pools))),
        empty="no work of pools is simulated",
        notes=(
            "In use: hours worked of the hours that people have. A wait counts from when it was asked for, nights "
            "and weekends too; of work not begun, until the end. Queue: the most who waited at once. Left over: what "
            "nobody had begun at the end.",
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
        mean(worked / there).value if there else None,
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
    """The first bottleneck: the pool for which deals wait longest in all, where that is felt; else a stage.

    It is felt where the waiting for somebody who is busy makes up ``FELT`` of the time that deals spend in stages, or
    the pool is in use ``BUSY`` of its hours: waiting overnight for somebody who is hardly ever asked is none. Else it
    is the stage in which deals spend most of their time.
    """
    # Side tracks run beside the main one: their time is none that a deal spends more.
    is_main = np.array([track == outcome.plan.stages[0][0] for track, _ in outcome.plan.stages])
    spent = np.where(is_main, np.sum([each.spent for each in outcome.summaries], axis=0), 0)
    if not spent.any():
        return
    waited, closed = (np.sum([getattr(each, of) for each in outcome.summaries], axis=0) for of in ("waited", "closed"))
    if waited.any():
        use = np.array([_use(outcome, at) for at in range(waited.size)])
        felt = (waited > 0) & (((waited - closed) >= FELT * spent.sum()) | (use >= BUSY))
        pool = int(np.where(felt, waited, -1).argmax() if felt.any() else waited.argmax())
        told = _waiting(outcome, pool, float(waited[pool]) / float(spent.sum()))
        if felt.any():
            yield f"The first bottleneck is people: {told}, {_where(outcome, pool)}. {_used(use[pool])}"
            return
        if waited[pool] >= FELT * spent.sum():
            yield f"Deals wait for the hours of people, not for more of them: {told}. {_used(use[pool])}"
        else:
            yield f"No pool holds deals up: {told}, and less for any other. {_used(use[pool])}"
    yield _longest_stage(outcome, spent)


def _waiting(outcome: Outcome, pool: int, share: float) -> str:
    name = outcome.plan.crew.pools[pool]
    return f"of the time that deals spend in stages they wait {_percent(share)} for the pool {name}"


def _use(outcome: Outcome, pool: int) -> float:
    there = int(outcome.available[pool]) * outcome.done
    return sum(int(each.worked[pool]) for each in outcome.summaries) / there if there else 0.0


def _used(use: float) -> str:
    return f"It is in use {_percent(use)} of its hours."


def _where(outcome: Outcome, pool: int) -> str:
    waited = np.sum([each.waited_in[pool] for each in outcome.summaries], axis=0)
    at = int(waited.argmax())
    return f"{_percent(float(waited[at]) / float(waited.sum()))} of that in {stage_name(outcome.plan.stages[at])}"


def _longest_stage(outcome: Outcome, spent: Ints) -> str:
    """The stage, and what is refused there most."""
    at = int(spent.argmax())
    stage = stage_name(outcome.plan.stages[at])
    share = float(spent[at]) / float(spent.sum())
    told = f"Of all the time that deals stand in stages, {stage} takes most: {_percent(share)}."
    if share > _NEARLY_ALL:
        told = f"Deals spend nearly all of their time in {stage}."
    first, last = outcome.plan.ways.first[at : at + 2].tolist()
    refused = np.sum([each.refused[first:last] for each in outcome.summaries], axis=0)
    if not refused.any():
        return told
    moved = np.sum([each.moved[first:last] for each in outcome.summaries], axis=0)
    way = int(refused.argmax())
    share = float(refused[way]) / float(refused[way] + moved[way])
    action = outcome.plan.actions[int(outcome.plan.ways.action[first + way])]
    return f"{told} Of the attempts to {action} there the rules refuse {_percent(share)}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
