"""How long deals stand in each stage, what is tried there and what is refused, and which clocks act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model.names import MAIN
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.simulation.compiling.attempts import acting
from engine.simulation.results.outcome import Outcome
from engine.simulation.results.over_runs import mean, spread
from engine.simulation.results.refusals import OR, told
from engine.simulation.results.tally import Times

_DAY = 86_400.0
BY_ITSELF = "(by itself)"
"""From where an automatic action is taken: as soon as what it waits for is true."""


def dwell(outcome: Outcome) -> Section:
    """How long deals stand in each stage, and how long they take from start to won."""
    left = np.array([each.left for each in outcome.summaries])
    standing = np.array([each.standing for each in outcome.summaries])
    seconds = np.sum([each.dwell for each in outcome.summaries], axis=0)
    rows: list[tuple[Figure, ...]] = []
    for at, stage in enumerate(outcome.plan.stages):
        if left[:, at].any() or standing[:, at].any():
            total = int(left[:, at].sum())
            average = float(seconds[at]) / total / _DAY if total else None
            rows.append(
                (stage_name(stage), *_means(left[:, at], standing[:, at]), average, *_within(outcome.tally.dwell, at))
            )
    return Section(
        "dwell",
        "Time in each stage",
        (
            Heading("stage", "Stage"),
            Heading("left", "Visits left, mean", Unit.NUMBER),
            Heading("standing", "Still there at the end, mean", Unit.NUMBER),
            Heading("mean_days", "Mean of those left", Unit.DAYS),
            Heading("p50_days", "P50", Unit.DAYS),
            Heading("p90_days", "P90", Unit.DAYS),
        ),
        tuple(rows),
        notes=(
            "P50 and P90 are of visits that began in the simulated time; those still there at its end count as open "
            "(Kaplan-Meier). The mean is of those left, so long stays are missing from it.",
        ),
    )


def cycle(outcome: Outcome) -> Section:
    """From start to won, of the deals won."""
    won = sum(each.total("won") for each in outcome.summaries)
    rows: tuple[tuple[Figure, ...], ...] = ()
    if won:
        average = sum(each.cycle for each in outcome.summaries) / won / _DAY
        rows = (("from start to won", won / outcome.done, average, *_within(outcome.tally.cycle, 0)),)
    return Section(
        "cycle",
        "Cycle time",
        (
            Heading("what", "Time"),
            Heading("won", "Won, mean", Unit.NUMBER),
            Heading("mean_days", "Mean", Unit.DAYS),
            Heading("p50_days", "P50", Unit.DAYS),
            Heading("p90_days", "P90", Unit.DAYS),
        ),
        rows,
        empty="no deal was won",
        notes=("Of deals won within the horizon: those that would take longer are not among them.",),
    )


def attempts(outcome: Outcome) -> Section:
    """What was tried from each stage, and what came of it."""
    plan = outcome.plan
    rows: list[tuple[Figure, ...]] = []
    for way, (source, action, target) in enumerate(_ways(outcome)):
        moved, refused, denied = (
            np.array([getattr(each, name)[way] for each in outcome.summaries])
            for name in ("moved", "refused", "denied")
        )
        tried = moved + refused + denied
        if tried.any() and not plan.branches <= way < plan.branches + plan.alarms.to.size:
            shares = (float(each.sum()) / float(tried.sum()) for each in (refused, denied))
            rows.append((source, action, target, *_means(tried, moved, refused, denied), *shares))
    return Section(
        "attempts",
        "What was tried",
        (
            Heading("stage", "Stage"),
            Heading("action", "Action"),
            Heading("to", "To"),
            Heading("tried", "Tried, mean", Unit.NUMBER),
            Heading("moved", "Moved", Unit.NUMBER),
            Heading("refused", "Refused by rules", Unit.NUMBER),
            Heading("denied", "Not approved", Unit.NUMBER),
            Heading("refused_share", "Refused", Unit.SHARE),
            Heading("denied_share", "Denied", Unit.SHARE),
        ),
        tuple(rows),
        empty="nothing was tried",
    )


def refusals(outcome: Outcome) -> Section:
    """Which requirements refused attempts."""
    found: dict[str, list[int]] = {}
    for at, each in enumerate(outcome.summaries):
        for name, times in each.broken.items():
            found.setdefault(name, [0] * outcome.done)[at] = times
    tried = sum(int(each.moved.sum() + each.refused.sum() + each.denied.sum()) for each in outcome.summaries)
    names = told(outcome.setup.machine)
    rows: list[tuple[Figure, ...]] = [
        (_sentence(name, names), name, mean(times).value, *spread(times), sum(times) / tried)
        for name, times in sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    ]
    return Section(
        "refusals",
        "What held deals back",
        (
            Heading("says", "Requirement"),
            Heading("requirement", "Id"),
            Heading("mean", "Refusals, mean", Unit.NUMBER),
            Heading("p10", "P10", Unit.COUNT),
            Heading("p50", "P50", Unit.COUNT),
            Heading("p90", "P90", Unit.COUNT),
            Heading("share", "Of all attempts", Unit.SHARE),
        ),
        tuple(rows),
        empty="no rule refused anything",
        notes=("One attempt may be refused by several requirements; it counts for each.",) if rows else (),
    )


def _sentence(name: str, names: Mapping[str, str]) -> str:
    return OR.join(names.get(each, each) for each in name.split(OR))


def clocks(outcome: Outcome) -> Section:
    """How often clocks acted."""
    plan, ids = outcome.plan, _clock_ids(outcome)
    rows: list[tuple[Figure, ...]] = []
    for way, (source, action, target) in enumerate(_ways(outcome)):
        if plan.branches <= way < plan.branches + plan.alarms.to.size:
            times = np.array([each.moved[way] for each in outcome.summaries])
            rows.append((ids[way - plan.branches], source, action, target, mean(times).value, *spread(times)))
    return Section(
        "clocks",
        "What clocks did",
        (
            Heading("clock", "Clock"),
            Heading("stage", "Stage"),
            Heading("action", "Action"),
            Heading("to", "To"),
            Heading("mean", "Acted, mean", Unit.NUMBER),
            Heading("p10", "P10", Unit.COUNT),
            Heading("p50", "P50", Unit.COUNT),
            Heading("p90", "P90", Unit.COUNT),
        ),
        tuple(rows),
        empty="no clock acts",
    )


def _clock_ids(outcome: Outcome) -> list[str]:
    """The id of each clock that acts, as ``Plan`` numbers them."""
    machine = outcome.setup.machine
    found: list[str] = []
    for track_id, stage in outcome.plan.stages:
        track = machine.process.track(track_id)
        if track is not None:
            found += (each.clock.id for each in acting(machine, track, track.stage(stage)) if each.clock)
    return found


def stage_name(stage: tuple[str, str]) -> str:
    """``legal/in-review``; of the main track the stage alone."""
    track, name = stage
    return name if track == MAIN else f"{track}/{name}"


def _ways(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Of each way the stage, the action, and the stage it leads to."""
    plan = outcome.plan
    for of in (plan.ways, plan.alarms):
        sources = np.repeat(np.arange(len(plan.stages)), np.diff(of.first))
        for source, action, target in zip(sources.tolist(), of.action.tolist(), of.to.tolist(), strict=True):
            yield stage_name(plan.stages[source]), plan.actions[action], stage_name(plan.stages[target])
    if plan.acts:
        yield from ((BY_ITSELF, action, stage_name(stage)) for action in plan.actions for stage in plan.stages)


def _means(*figures: npt.NDArray[np.integer[Any]]) -> Iterator[float]:
    return (float(each.mean()) for each in figures)


def _within(times: Times, group: int) -> Iterator[Estimate | None]:
    if not any(times.count(group)):
        yield from (None, None)
        return
    for share in (0.5, 0.9):
        found = times.quantile(group, share)
        yield Estimate(found / _DAY) if found is not None else Estimate(None, beyond=times.longest(group) / _DAY)
