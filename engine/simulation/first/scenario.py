"""A process to a first scenario: what its targets, alerts, probabilities and stories say, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from types import MappingProxyType

from engine.model.process import Action, Process, Stage, Track, targets_from
from engine.model.scenario import (
    Agreeing,
    Arrivals,
    Branch,
    Form,
    Hours,
    Person,
    Pool,
    Scenario,
    Spread,
    Standing,
    TrackAssumed,
    Work,
)
from engine.simulation.first.facts import first_facts
from engine.simulation.first.reads import wanted

OFFICE = "office"
_DAY = 86_400.0
_TYPICAL = Spread(Form.LOGNORMAL, 7 * _DAY, 28 * _DAY)
_WIDE = 3.0
"""How many times the P50 a P90 is where only one of them is declared."""
_PROBABLE = 0.6
"""How many go on from a stage that declares no probability and can be lost from."""
_MOST, _LEAST = 0.98, 0.05
_EFFORTS = {"call": (20, 45), "email": (10, 20), "demo": (60, 120), "meeting": (60, 90)}
"""Minutes of work of touchpoints by their usual names: P50 and P90."""
_EFFORT = (30, 60)
_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class First:
    """A first scenario, and what is said beside its lines: (path, text)."""

    scenario: Scenario
    notes: tuple[tuple[str, str], ...]


def first_scenario(process: Process, *, name: str) -> First:
    """The scenario of that name that follows from what the process declares; the rest is assumed, and said to be."""
    notes: list[tuple[str, str]] = []
    stages = tuple(_standings(process, notes))
    tried = tuple(_tried(process, stages))
    touchpoints = {one.touchpoint: _work(one, process) for one in reversed(tried) if one.touchpoint}
    facts, said = first_facts(process)
    pools = tuple(_pool(pool) for pool in dict.fromkeys(work.pool for work in touchpoints.values()))
    scenario = Scenario(
        id=name,
        process=process.id,
        version=process.version,
        title="A first scenario",
        because="Made of what the process declares; what says 'assumed' is a guess to correct.",
        horizon=timedelta(weeks=26),
        arrivals=Arrivals(weekly=10, weekdays={5: 0.0, 6: 0.0}, hours=OFFICE),
        hours=(_office(),),
        pools=pools,
        facts=facts,
        stages=stages,
        touchpoints={name: touchpoints[name] for name in process.touchpoints if name in touchpoints},
        approvals=tuple(_approvals(tried, process)),
        tracks=tuple(_tracks(process)),
    )
    notes += [("arrivals/weekly", "assumed: how many come?"), (f"hours/{OFFICE}", "assumed"), *said]
    notes += [(f"pools/{pool.id}", "assumed: how many are they?") for pool in pools]
    notes += [(f"touchpoints/{each}", "assumed") for each in scenario.touchpoints]
    notes += [(f"approvals/{each.role}", "assumed") for each in scenario.approvals]
    notes += [(f"tracks/{each.track}", "assumed: to the stage that a rule asks for") for each in scenario.tracks]
    return First(scenario, tuple(notes))


def _office() -> Hours:
    return Hours(OFFICE, {day: ((time(9), time(17)),) for day in range(5)})


def _standings(process: Process, notes: list[tuple[str, str]]) -> Iterator[Standing]:
    for stage in process.main.stages:
        if stage.ends:
            continue
        branches = _Branches(process, stage)
        found = branches.all()
        if not found:
            continue
        dwell, how = _dwell(stage)
        notes.append((f"stages/{stage.id}/dwell", how))
        notes.append((f"stages/{stage.id}/branches", branches.how))
        yield Standing(stage.id, found, dwell)


def _dwell(stage: Stage) -> tuple[Spread, str]:
    """Half take no longer than the target, one in ten longer than the alert."""
    target = stage.target.total_seconds() if stage.target else 0.0
    alert = stage.alert.total_seconds() if stage.alert else 0.0
    if not target and not alert:
        return _TYPICAL, "assumed"
    if target and alert > target:
        return Spread(Form.LOGNORMAL, target, alert), "its target and its alert"
    if target:
        return Spread(Form.LOGNORMAL, target, _WIDE * target), "its target; P90 assumed"
    return Spread(Form.LOGNORMAL, alert / _WIDE, alert), "its alert; P50 assumed"


class _Branches:
    """What can be tried in a stage: on, to an end that is no win, or, where there is nothing else, anywhere."""

    def __init__(self, process: Process, stage: Stage) -> None:
        self.process, self.stage = process, stage
        self.how = ""
        self.left_out: list[str] = []
        self.on: dict[str, str] = {}
        self.lost: dict[str, str] = {}
        self.weights: dict[str, int] = {}
        self.other: dict[str, str] = {}
        for action in process.main.actions:
            if stage.id in action.sources and not action.auto:
                self._sort(action)

    def all(self) -> tuple[Branch, ...]:
        """The branches with their shares, in the order declared."""
        if not self.on:
            # A hand-over is how it goes on where nothing else is.
            self.on = {action: to for action, to in self.other.items() if "/" in to}
        if not self.on and not self.lost:
            self.how = "assumed: all alike"
            return tuple(_shared(self.other, 1.0))
        self.left_out += [action for action in self.other if action not in (*self.on, *self.lost)]
        on = self._going_on()
        found = (*_shared(self.on, on), *_shared(self.lost, 1 - on, self.weights))
        if self.left_out:
            self.how += f"; left out: {', '.join(dict.fromkeys(self.left_out))}"
        return found

    def _sort(self, action: Action) -> None:
        """Puts the action where it belongs: by its nearest target, for one way through it is enough to begin with."""
        track = self.process.main
        order = [stage.id for stage in track.stages]
        here = order.index(self.stage.id)
        # Where nothing is won, to hand over is what it is all about.
        wins = any(stage.ends == "won" for stage in track.stages)
        for target in targets_from(track, action, self.stage.id):
            stage = track.stage(target)
            if stage and stage.ends in ("lost", "other"):
                self.lost.setdefault(action.id, target)
                # An end that is no loss, such as a duplicate, is seldomer than one that is.
                self.weights.setdefault(action.id, 2 if stage.ends == "lost" else 1)
            elif (stage and (stage.ends == "won" or order.index(target) > here)) or (not stage and not wins):
                self.on.setdefault(action.id, target)
            else:
                self.other.setdefault(action.id, target)

    def _going_on(self) -> float:
        """The share of those who go on: the probability here by the probability there, so that as many win."""
        if not self.on or not self.lost:
            self.how = "no other way is declared"
            return 1.0 if self.on else 0.0
        here = self.stage.probability
        there = [_probability(self.process.main.stage(target)) for target in self.on.values()]
        known = [each for each in there if each]
        if here is None or len(known) < len(there):
            self.how = f"assumed: {_PROBABLE:.0%} go on"
            return _PROBABLE
        share = float(here) * len(known) / sum(known)
        self.how = "its probability by that of the next stage"
        return round(min(max(share, _LEAST), _MOST), 4)


def _probability(stage: Stage | None) -> float | None:
    if stage is None:
        return None
    if stage.ends == "won":
        return 1.0
    return float(stage.probability) if stage.probability is not None else None


def _shared(
    ways: Mapping[str, str], whole: float, weights: Mapping[str, int] = MappingProxyType({})
) -> Iterator[Branch]:
    """Ways by their weights, all alike where they have none, in whole hundredths of a percent that add up."""
    left, weight = round(whole * 10_000), sum(weights.get(action, 1) for action in ways)
    for action, to in ways.items():
        own = weights.get(action, 1)
        part = left * own // weight
        left, weight = left - part, weight - own
        if part:
            yield Branch(action, to, part / 10_000)


def _tried(process: Process, stages: Iterable[Standing]) -> Iterator[Action]:
    """The actions of the branches, each variant that is possible where it is tried."""
    for standing in stages:
        for branch in standing.branches:
            yield from (one for one in process.main.variants(branch.action) if standing.stage in one.sources)


def _work(action: Action, process: Process) -> Work:
    half, most = _EFFORTS.get(action.touchpoint, _EFFORT)
    return Work(_team(action.by or process.by), Spread(Form.LOGNORMAL, half * 60.0, most * 60.0))


def _team(roles: tuple[str, ...]) -> str:
    """The pool of who may do it: called as the first role named."""
    return roles[0] if roles else "sellers"


def _pool(name: str) -> Pool:
    return Pool(name, tuple(Person(f"{name}-{number}") for number in range(1, _PEOPLE + 1)), OFFICE)


def _approvals(tried: Iterable[Action], process: Process) -> Iterator[Agreeing]:
    roles = dict.fromkeys(approval.by[0] for action in tried for approval in action.approvals if approval.by)
    for role in process.roles:
        if role in roles:
            yield Agreeing(role, Spread(Form.LOGNORMAL, 4 * 3_600.0, _DAY), granted=0.95)


def _tracks(process: Process) -> Iterator[TrackAssumed]:
    """Side tracks of which the rules want a stage: where nothing moved in them, all would be refused."""
    wants = wanted(process).tracks
    for track in process.tracks:
        way = _way(track, wants.get(track.id, ""))
        if way:
            dwell = Spread(Form.CONSTANT, 3 * _DAY)
            yield TrackAssumed(track.id, tuple(Standing(here, (branch,), dwell) for here, branch in way))


def _way(track: Track, stage: str) -> tuple[tuple[str, Branch], ...]:
    """The shortest way from the first stage of a track to another; none where it starts there."""
    ways: dict[str, tuple[tuple[str, Branch], ...]] = {track.first.id: ()}
    waiting = [track.first.id]
    for here in waiting:
        for action in track.actions:
            if here not in action.sources or action.auto:
                continue
            for to in targets_from(track, action, here):
                if to not in ways:
                    ways[to] = (*ways[here], (here, Branch(action.id, to, 1.0)))
                    waiting.append(to)
    return ways.get(stage, ())
