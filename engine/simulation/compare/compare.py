"""Two simulations with the same luck, run by run: what differs, how sure that is, and what drives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.model.errors import BadValue
from engine.simulation.compare.drivers import Drivers, Stage, drivers
from engine.simulation.compare.paired import NOTHING, Difference, Floats, means, ratios
from engine.simulation.results.outcome import ENDS, Outcome, Summary

DAY = 86_400.0
APPROVAL = "approval"
"""Attempts that nobody approved, among what refused; each also counts for the approval that it lacked."""


@dataclass(frozen=True, slots=True)
class Passing:
    """One stage in both: the share of those leaving it that advance, and the days until they leave."""

    stage: Stage
    advance: Difference
    dwell: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """What ``other`` brings beside ``base``.

    ``ended``: won, lost, other and open deals; ``value`` of won in the currency; ``win_rate`` of closed; ``cycle`` in
    days from start to won; ``waits`` in days by pool, ``use`` of their hours; ``refused`` by requirement; ``stages``
    in the order of the pipeline; ``drivers`` of the deals won. ``runs`` were compared.
    """

    base: Outcome
    other: Outcome
    runs: int
    ended: Mapping[str, Difference]
    value: Difference
    win_rate: Difference
    cycle: Difference
    waits: Mapping[str, Difference]
    use: Mapping[str, Difference]
    refused: Mapping[str, Difference]
    stages: tuple[Passing, ...]
    drivers: Drivers


def compare(base: Outcome, other: Outcome, *, called: Mapping[Stage, Stage] | None = None) -> Comparison:
    """The other less the base. ``called``: stages (track, id) of the base that the other has under another name.

    Raises ``BadValue`` where they were not simulated with the same seed from the same moment on.
    """
    if (base.seed, base.plan.begin) != (other.seed, other.plan.begin):
        raise BadValue("only simulations with the same seed and the same start can be compared")
    runs, names = min(base.done, other.done), called or {}
    won = _both(base, other, runs, lambda each: each.total("won"))
    lost = _both(base, other, runs, lambda each: each.total("lost"))
    closed = (won[0] + lost[0], won[1] + lost[1])
    cycle = _both(base, other, runs, lambda each: each.cycle / DAY)
    ended = {end: _count(base, other, runs, _total(end)) for end in ENDS}
    return Comparison(
        base=base,
        other=other,
        runs=runs,
        ended={**ended, "open": _count(base, other, runs, lambda each: int(each.open.sum()))},
        value=_count(base, other, runs, lambda each: each.worth("won") / 100),
        win_rate=ratios((won[0], closed[0]), (won[1], closed[1])),
        cycle=ratios((cycle[0], won[0]), (cycle[1], won[1])),
        waits=_pools(base, other, runs, _wait),
        use=_pools(base, other, runs, _use),
        refused=_refused(base, other, runs),
        stages=_stages(base, other, runs, names),
        drivers=drivers(base, other, runs=runs, called=names),
    )


def _total(end: str) -> Callable[[Summary], float]:
    return lambda each: each.total(end)


def _series(outcome: Outcome, runs: int, of: Callable[[Summary], float]) -> Floats:
    return np.array([of(each) for each in outcome.summaries[:runs]], np.float64)


def _both(base: Outcome, other: Outcome, runs: int, of: Callable[[Summary], float]) -> tuple[Floats, Floats]:
    return _series(base, runs, of), _series(other, runs, of)


def _count(base: Outcome, other: Outcome, runs: int, of: Callable[[Summary], float]) -> Difference:
    return means(*_both(base, other, runs, of))


Ratio = tuple[Floats, Floats]


def _wait(outcome: Outcome, pool: int, runs: int) -> Ratio:
    """Days waited, and pieces of work."""
    return _series(outcome, runs, lambda each: each.waited[pool] / DAY), _series(
        outcome, runs, lambda each: each.asked[pool]
    )


def _use(outcome: Outcome, pool: int, runs: int) -> Ratio:
    there = np.full(runs, float(outcome.available[pool]))
    return _series(outcome, runs, lambda each: each.worked[pool]), there


def _pools(base: Outcome, other: Outcome, runs: int, of: Callable[[Outcome, int, int], Ratio]) -> dict[str, Difference]:
    """By pool that either has; where one of them lacks it there is nothing to compare."""
    crews = [each.plan.crew.pools for each in (base, other)]
    found = {}
    for pool in dict.fromkeys((*crews[1], *crews[0])):
        there = all(pool in crew for crew in crews)
        one, two = (
            (of(each, crew.index(pool), runs) for each, crew in zip((base, other), crews, strict=True))
            if there
            else (None, None)
        )
        found[pool] = ratios(one, two) if one and two else NOTHING
    return found


def _refused(base: Outcome, other: Outcome, runs: int) -> dict[str, Difference]:
    """By requirement and, of attempts that nobody approved, ``APPROVAL``; what refuses most first."""
    every = (*base.summaries[:runs], *other.summaries[:runs])
    names = dict.fromkeys(name for each in every for name in each.broken)
    found = {name: _count(base, other, runs, _times(name)) for name in names}
    if any(each.denied.any() for each in every):
        found[APPROVAL] = _count(base, other, runs, lambda each: int(each.denied.sum()))
    return dict(sorted(found.items(), key=lambda item: -abs(item[1].apart.value or 0.0)))


def _times(name: str) -> Callable[[Summary], float]:
    return lambda each: each.broken.get(name, 0)


def _stages(base: Outcome, other: Outcome, runs: int, called: Mapping[Stage, Stage]) -> tuple[Passing, ...]:
    before = {called.get(stage, stage): at for at, stage in enumerate(base.plan.stages)}
    now = {stage: at for at, stage in enumerate(other.plan.stages)}
    found = []
    for stage in dict.fromkeys((*now, *before)):
        one = _passing(base, before.get(stage), runs)
        two = _passing(other, now.get(stage), runs)
        if any(each is not None and each[1][1].any() for each in (one, two)):
            pair = (one, two)
            found.append(Passing(stage, _apart(pair, 0), _apart(pair, 1)))
    return tuple(found)


def _apart(pair: tuple[tuple[Ratio, Ratio] | None, tuple[Ratio, Ratio] | None], which: int) -> Difference:
    """The difference where both have it; else what the one that has it shows."""
    there = [each[which] if each is not None and each[which][1].sum() > 0 else None for each in pair]
    if there[0] is not None and there[1] is not None:
        return ratios(there[0], there[1])
    one, two = (float(each[0].sum() / each[1].sum()) if each is not None else None for each in there)
    return Difference(one, two, NOTHING.apart)


def _passing(outcome: Outcome, stage: int | None, runs: int) -> tuple[Ratio, Ratio] | None:
    if stage is None:
        return None
    forward = _forward(outcome, stage)
    left = _series(outcome, runs, lambda each: each.left[stage])
    onward = _series(outcome, runs, lambda each: sum(each.moved[way] for way in forward))
    return (onward, left), (_series(outcome, runs, lambda each: each.dwell[stage] / DAY), left)


def _forward(outcome: Outcome, stage: int) -> list[int]:
    """The ways that lead on from a stage: to a later open one, or to be won."""
    plan = outcome.plan
    ways = [*range(int(plan.ways.first[stage]), int(plan.ways.first[stage + 1]))]
    clocks = range(int(plan.alarms.first[stage]), int(plan.alarms.first[stage + 1]))
    ways += [plan.branches + clock for clock in clocks]

    def leads_on(to: int) -> bool:
        return plan.ends[to] == "won" if plan.ends[to] else to > stage

    return [way for way in ways if leads_on(plan.led(way)[1])]
