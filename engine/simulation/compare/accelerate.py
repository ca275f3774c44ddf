"""What a fifth less time or a fifth more people would bring, stage by stage and pool by pool, queueing included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.scenario import Scenario, Spread, Standing, Work
from engine.simulation.compare.compare import Comparison, compare
from engine.simulation.compiling.plan_of import plan_of
from engine.simulation.engines.playing import chosen
from engine.simulation.results.outcome import Outcome, Setup
from engine.simulation.sizes import prospects_expected
from engine.simulation.whatif.changed import changed

BY = 0.2
"""A fifth: so much less time, or so many more people."""
Play = Callable[[Setup, str], Outcome]
"""Plays the runs of a setup; the text says which."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that could be made better: where, what that takes in words, and the setting that does it."""

    where: str
    does: str
    setting: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A lever, and what it brings beside the scenario as it is."""

    lever: Lever
    brings: Comparison


@dataclass(frozen=True, slots=True)
class Accelerated:
    """All that was tried; what brings most deals won first, and of what brings as many the one that wins most days."""

    base: Outcome
    tried: tuple[Tried, ...]
    left: int = 0

    @property
    def runs(self) -> int:
        """How many runs of each."""
        return self.base.done


def accelerate(setup: Setup, play: Play) -> Accelerated:
    """Each lever of a scenario tried alone, under the same luck. ``left``: how many an interruption left untried."""
    all_of_them = levers(setup.scenario)
    base = play(setup, f"as it is, then {len(all_of_them)} changes")
    found: list[Tried] = []
    if not base.interrupted:
        for number, lever in enumerate(all_of_them, 1):
            tried = replace(setup, scenario=changed(setup.scenario, [lever.setting]))
            outcome = play(tried, f"change {number} of {len(all_of_them)}: {lever.where}")
            if outcome.interrupted:
                break
            found.append(Tried(lever, compare(base, outcome)))
    return Accelerated(base, tuple(sorted(found, key=_order)), left=len(all_of_them) - len(found))


def quickest(setup: Setup, *, runs: int) -> str:
    """The engine that plays all of it in the least time: to load a compiled one pays off where so much is played."""
    plan = plan_of(setup.scenario, setup.machine, begin=setup.begin)
    times = 1 + len(levers(setup.scenario))
    return chosen(plan, prospects=times * runs * prospects_expected(setup))


def _order(tried: Tried) -> tuple[float, float, str]:
    won = tried.brings.ended["won"].apart.value or 0.0
    return -won, tried.brings.cycle.apart.value or 0.0, tried.lever.where


def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """All that can be made a fifth better: times of stages, efforts, waits for approvals, and pools."""
    found = list(_of_stages(scenario.stages, "stages", ""))
    for track in scenario.tracks:
        found += _of_stages(track.stages, f"tracks.{track.track}.stages", f"{track.track}/")
    for name, work in scenario.touchpoints.items():
        found += _effort(work, f"touchpoints.{name}", name)
    for agreeing in scenario.approvals:
        place = f"approvals.{agreeing.role}"
        if agreeing.wait is not None and _takes_time(agreeing.wait):
            does = f"wait a fifth less for '{agreeing.role}' to approve"
            found.append(Lever(agreeing.role, does, f"{place}.wait*={1 - BY}"))
        if agreeing.work is not None:
            found += _effort(agreeing.work, place, agreeing.role)
    found += _people(scenario)
    return tuple(found)


def _of_stages(stages: Sequence[Standing], place: str, before: str) -> Iterator[Lever]:
    for standing in stages:
        where = f"{before}{standing.stage}"
        times = (standing.dwell, *(branch.dwell for branch in standing.branches))
        if any(each is not None and _takes_time(each) for each in times):
            setting = f"{place}.{standing.stage}.dwell*={1 - BY}"
            yield Lever(where, f"pass '{where}' in a fifth less time", setting)
        if standing.work is not None:
            yield from _effort(standing.work, f"{place}.{standing.stage}.work", where)


def _effort(work: Work, place: str, where: str) -> Iterator[Lever]:
    if _takes_time(work.effort):
        does = f"do the work of '{where}' in a fifth less time"
        yield Lever(where, does, f"{place}.effort*={1 - BY}")


def _people(scenario: Scenario) -> Iterator[Lever]:
    for pool in scenario.pools:
        more = max(1, round(BY * len(pool.people)))
        does = f"have {more} more in '{pool.id}'"
        yield Lever(pool.id, does, f"pools.{pool.id}.people+={more}")


def _takes_time(spread: Spread) -> bool:
    return spread.p50 > 0 or any(value > 0 for _, value in spread.quantiles)


__all__ = ["Accelerated", "Lever", "Tried", "accelerate", "levers", "quickest"]
