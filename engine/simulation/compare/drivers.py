"""What drives a difference in deals won: stage by stage, by which ways deals leave it and by how fast they do.

The worth of standing in a stage is the share of those there that are won by the end. A stage adds to the deals won what
those who leave it are worth more than those who came to it. The difference of what it adds in two outcomes, reckoned
with the mean of both outcomes' worths, is its part in the difference of deals won, and the parts add up to it exactly
(the performance difference of Markov decision processes: Kakade & Langford 2002, taken from both sides).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.study import Estimate
from engine.simulation.compare.paired import Floats, mean_of
from engine.simulation.results.outcome import Outcome

Stage = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Driver:
    """What one stage does to the deals won: by the ways deals leave it, by how many leave it in time, and both."""

    stage: Stage
    ways: Estimate
    pace: Estimate
    both: Estimate


@dataclass(frozen=True, slots=True)
class Drivers:
    """All stages, those that do most first; ``prospects``: what more deals, or deals further on, at the start do."""

    stages: tuple[Driver, ...]
    prospects: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Main stages of one outcome by shared numbers: ``moves`` (runs × from × to) and ``standing`` (runs × stages).

    ``starts`` (runs × stages): deals that did not come there by a move. ``won``: which stages are won ends.
    """

    moves: Floats
    standing: Floats
    starts: Floats
    won: Floats


def drivers(base: Outcome, other: Outcome, *, runs: int, called: Mapping[Stage, Stage]) -> Drivers:
    """What makes the difference in deals won. ``called``: stages of ``base`` that have another name in ``other``."""
    stages = _shared(base, other, called)
    flows = [_flows(base, stages, runs, called), _flows(other, stages, runs, {})]
    leaving, standing = _worths(flows)
    # In which order an outcome is looked at first must not matter: each stage has the mean of both.
    parts = [_parts(each, leaving, standing) for each in flows]
    ways, pace, starts = (two - one for one, two in zip(*parts, strict=True))
    found = [
        Driver(stage, mean_of(ways[:, at]), mean_of(pace[:, at]), mean_of(ways[:, at] + pace[:, at]))
        for at, stage in enumerate(stages)
        if ways[:, at].any() or pace[:, at].any()
    ]
    found.sort(key=lambda each: -abs(each.both.value or 0.0))
    return Drivers(tuple(found), mean_of(starts))


def _shared(base: Outcome, other: Outcome, called: Mapping[Stage, Stage]) -> list[Stage]:
    """The main stages of both, in the order of the other's pipeline, then those that only the one has."""
    there = _main(other)
    return list(dict.fromkeys([*there, *(called.get(stage, stage) for stage in _main(base))]))


def _main(outcome: Outcome) -> list[Stage]:
    track = outcome.plan.stages[outcome.plan.firsts[0]][0]
    return [stage for stage in outcome.plan.stages if stage[0] == track]


def _flows(outcome: Outcome, stages: Sequence[Stage], runs: int, called: Mapping[Stage, Stage]) -> Flows:
    plan, size = outcome.plan, len(stages)
    place = {stage: at for at, stage in enumerate(stages)}
    where = np.array([place.get(called.get(stage, stage), -1) for stage in plan.stages])
    moves = np.zeros((runs, size, size))
    for way, source in enumerate(_sources(outcome)):
        came, went = where[source], where[plan.led(way)[1]]
        if came >= 0 and went >= 0:
            moves[:, came, went] += [each.moved[way] for each in outcome.summaries[:runs]]
    standing = np.zeros((runs, size))
    left = np.zeros((runs, size))
    for at, to in enumerate(where):
        if to >= 0:
            standing[:, to] += [each.standing[at] for each in outcome.summaries[:runs]]
            left[:, to] += [each.left[at] for each in outcome.summaries[:runs]]
    moves += _by_itself(outcome, where, left - moves.sum(axis=2), runs)
    ends = {where[at]: end for at, end in enumerate(plan.ends) if end and where[at] >= 0}
    won = np.array([float(ends.get(at) == "won") for at in range(size)])
    final = moves.sum(axis=1) - moves.sum(axis=2)
    for at in ends:
        standing[:, at] = final[:, at]
    starts = left + standing - moves.sum(axis=1)
    starts[:, list(ends)] = 0.0
    return Flows(moves, standing, starts, won)


def _by_itself(outcome: Outcome, where: np.ndarray, left: Floats, runs: int) -> Floats:
    """Moves that the machine made by itself (runs × from × to): counted by where they lead, and what left otherwise.

    From where each of them came is not counted; they are shared out, which keeps both sums.
    """
    known = outcome.plan.branches + int(outcome.plan.alarms.to.size)
    came = np.zeros_like(left)
    for run, each in enumerate(outcome.summaries[:runs]):
        for way in known + np.flatnonzero(each.moved[known:]):
            to = where[outcome.plan.led(int(way))[1]]
            if to >= 0:
                came[run, to] += each.moved[way]
    share = came / np.maximum(came.sum(axis=1), 1)[:, None]
    found: Floats = np.where(left > 0, left, 0)[:, :, None] * share[:, None, :]
    return found


def _sources(outcome: Outcome) -> list[int]:
    """The stage of each branch and clock."""
    plan = outcome.plan
    numbers = np.arange(len(plan.stages))
    return [int(at) for of in (plan.ways, plan.alarms) for at in np.repeat(numbers, np.diff(of.first))]


def _worths(flows: Sequence[Flows]) -> tuple[Floats, Floats]:
    """What a deal is worth that leaves a stage, and one that came to it: the mean of both outcomes.

    Of a stage that one of them has no deals in, what it is in the other.
    """
    of_leaving, of_coming, seen = [], [], []
    for each in flows:
        moves, standing = each.moves.sum(axis=0), each.standing.sum(axis=0)
        left = moves.sum(axis=1)
        visits = left + standing
        # Of an end only those that were re-opened leave it; those that stay are won, or not.
        shares = moves / np.maximum(visits, 1)[:, None]
        stays = each.won * standing / np.maximum(visits, 1)
        coming = np.linalg.solve(np.eye(len(visits)) - shares, stays)
        of_coming.append(coming)
        of_leaving.append(np.where(left > 0, moves @ coming / np.maximum(left, 1), 0.0))
        seen.append((left > 0, visits > 0))
    return _middle(of_leaving, [left for left, _ in seen]), _middle(of_coming, [came for _, came in seen])


def _middle(worths: Sequence[Floats], seen: Sequence[np.ndarray]) -> Floats:
    count = np.maximum(seen[0].astype(float) + seen[1], 1)
    found: Floats = (worths[0] * seen[0] + worths[1] * seen[1]) / count
    return found


def _parts(flows: Flows, leaving: Floats, coming: Floats) -> tuple[Floats, Floats, Floats]:
    """What each stage adds by its ways and by its pace (runs × stages), and what those are worth who start (runs)."""
    left = flows.moves.sum(axis=2)
    ways = flows.moves @ coming - left * leaving
    visits = left + flows.standing
    pace = left * leaving + flows.standing * flows.won - visits * coming
    return ways, pace, flows.starts @ coming
