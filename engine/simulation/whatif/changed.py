"""What if: a scenario with some of its assumptions set otherwise, ``stages.negotiation.dwell*=0.8``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from engine.model.errors import StagewrightError
from engine.model.scenario import LONGEST_HORIZON, Agreeing, Arrivals, Scenario, TrackAssumed
from engine.simulation.whatif.facts import facts_set
from engine.simulation.whatif.people import pools_set
from engine.simulation.whatif.setting import (
    Setting,
    count_set,
    number_set,
    parsed,
    seconds_set,
    share_set,
    time_set,
)
from engine.simulation.whatif.stages import stages_set, work_set

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ARRIVALS_PARTS = ("weekly", "weekdays", "months", "hours", "seen")
APPROVAL_PARTS = ("granted", "wait", "effort", "pool")
DAY = 86_400


def changed(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """The scenario after the settings, one after the other.

    Raises ``BadValue`` for a value that does not fit or leaves something unsound (shares beyond 0 to 1, nobody in a
    pool, a time below zero) or sets at a stroke what was set before it, ``UnknownName`` for what the scenario does not
    have.
    """
    before: dict[tuple[str, ...], str] = {}
    for text in settings:
        setting = parsed(text)
        change = _PARTS.get(setting.path[0])
        if change is None:
            raise _no_part(setting)
        if setting.sign == "=" and setting.path in before:
            raise setting.bad(f"it leaves nothing of {before[setting.path]}", hint="keep one of them")
        before[setting.path] = setting.text
        scenario = change(scenario, setting)
    return scenario


def _no_part(setting: Setting) -> StagewrightError:
    first = setting.path[0]
    if first == "start":
        return setting.bad("when it begins is no assumption", hint=f"leave it out, and write --start {setting.value}")
    return setting.unknown("part of a scenario", first, _PARTS)


def _horizon(scenario: Scenario, setting: Setting) -> Scenario:
    setting.ends_at(1)
    seconds = round(seconds_set(scenario.horizon.total_seconds(), setting))
    if seconds < DAY:
        raise setting.bad("the horizon would be shorter than a day", hint="write so many weeks, such as horizon=13w")
    if seconds > LONGEST_HORIZON.total_seconds():
        raise setting.bad(f"the horizon would be longer than {LONGEST_HORIZON.days // 7:,} weeks")
    return replace(scenario, horizon=timedelta(seconds=seconds))


def _arrivals(scenario: Scenario, setting: Setting) -> Scenario:
    arrivals = scenario.arrivals
    match setting.part(1):
        case "weekly":
            setting.ends_at(2)
            now = _weekly(arrivals, setting)
        case "weekdays":
            now = replace(arrivals, weekdays=_weights(arrivals.weekdays, setting, WEEKDAYS, first=0))
        case "months":
            now = replace(arrivals, months=_weights(arrivals.months, setting, MONTHS, first=1))
        case "hours":
            setting.ends_at(2)
            now = replace(arrivals, hours=setting.word("set of hours", (hours.id for hours in scenario.hours)))
        case "seen":
            setting.ends_at(2)
            now = replace(arrivals, seen=count_set(arrivals.seen, setting))
        case part:
            raise setting.unknown("part of arrivals", part, ARRIVALS_PARTS)
    return replace(scenario, arrivals=now)


def _weekly(arrivals: Arrivals, setting: Setting) -> Arrivals:
    """How many come in a week; past weeks keep their ups and downs, and their mean is what is set."""
    if not arrivals.weeks:
        return replace(arrivals, weekly=number_set(arrivals.weekly, setting))
    mean = sum(arrivals.weeks) / len(arrivals.weeks)
    wanted = number_set(mean, setting)
    if mean == 0 and wanted > 0:
        raise setting.bad("nobody came in the weeks of this scenario, so there is nothing to scale")
    factor = wanted / mean if mean else 1.0
    # Each sum of weeks is rounded, not each week: the whole stays true.
    sums = [round(factor * sum(arrivals.weeks[: end + 1])) for end in range(len(arrivals.weeks))]
    return replace(arrivals, weeks=tuple(now - before for before, now in zip((0, *sums), sums, strict=False)))


def _weights(weights: Mapping[int, float], setting: Setting, names: Sequence[str], *, first: int) -> dict[int, float]:
    """Weights of weekdays or months, by their numbers from ``first`` on; one that is not told is 1."""
    name = setting.part(2)
    setting.ends_at(3)
    if name not in names:
        raise setting.unknown(setting.path[1].removesuffix("s"), name, names, of="arrivals")
    at = names.index(name) + first
    now = {**weights, at: number_set(weights.get(at, 1.0), setting)}
    if all(now.get(number + first, 1.0) == 0 for number in range(len(names))):
        raise setting.bad("nobody would ever come", hint=f"leave one of {setting.path[1]} above 0")
    return now


def _stages(scenario: Scenario, setting: Setting) -> Scenario:
    return replace(scenario, stages=stages_set(scenario.stages, setting, scenario, depth=1))


def _tracks(scenario: Scenario, setting: Setting) -> Scenario:
    name = setting.part(1)
    if all(track.track != name for track in scenario.tracks):
        raise setting.unknown("track", name, (track.track for track in scenario.tracks))
    if setting.part(2) != "stages":
        raise setting.unknown("part of a track", setting.part(2), ("stages",))

    def now(track: TrackAssumed) -> TrackAssumed:
        return replace(track, stages=stages_set(track.stages, setting, scenario, depth=3))

    return replace(scenario, tracks=tuple(now(track) if track.track == name else track for track in scenario.tracks))


def _touchpoints(scenario: Scenario, setting: Setting) -> Scenario:
    name = setting.part(1)
    if name not in scenario.touchpoints:
        raise setting.unknown("touchpoint with effort", name, scenario.touchpoints)
    work = work_set(scenario.touchpoints[name], setting, scenario, depth=2)
    return replace(scenario, touchpoints={**scenario.touchpoints, name: work})


def _approvals(scenario: Scenario, setting: Setting) -> Scenario:
    name = setting.part(1)
    if all(each.role != name for each in scenario.approvals):
        raise setting.unknown("role that approves", name, (each.role for each in scenario.approvals))
    now = tuple(_agreeing(each, scenario, setting) if each.role == name else each for each in scenario.approvals)
    return replace(scenario, approvals=now)


def _agreeing(agreeing: Agreeing, scenario: Scenario, setting: Setting) -> Agreeing:
    match setting.part(2):
        case "granted":
            setting.ends_at(3)
            return replace(agreeing, granted=share_set(agreeing.granted, setting))
        case "wait":
            setting.ends_at(4)
            return replace(agreeing, wait=time_set(agreeing.wait, setting, part=setting.part(3)))
        case "effort" | "pool" if agreeing.work is not None:
            return replace(agreeing, work=work_set(agreeing.work, setting, scenario, depth=2))
        case "effort" | "pool":
            raise setting.bad(f"approving costs '{agreeing.role}' no work in this scenario", hint="add a pool there")
        case part:
            raise setting.unknown("part of an approval", part, APPROVAL_PARTS)


_PARTS: Mapping[str, Callable[[Scenario, Setting], Scenario]] = {
    "horizon": _horizon,
    "arrivals": _arrivals,
    "stages": _stages,
    "pools": pools_set,
    "touchpoints": _touchpoints,
    "approvals": _approvals,
    "facts": facts_set,
    "tracks": _tracks,
}
