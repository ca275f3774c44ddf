"""A scenario as a whole: stages without a way out, stages that take no time, and assumptions that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.loading import codes
from engine.loading.loaded import Findings
from engine.model.names import MAIN
from engine.model.place import Place
from engine.model.process import Action, Process, role_may, targets_from
from engine.model.scenario import Branch, Scenario, Standing, Work


def check_ways(scenario: Scenario, process: Process, found: Findings) -> None:
    """Tells what only the whole shows; for a scenario without other errors."""
    by_itself = _by_itself(process)
    reached = _reached(scenario, process, by_itself)
    _without_way_out(scenario, process, {stage: by for stage, by in reached.items() if stage not in by_itself}, found)
    _endless(scenario, reached, by_itself, found)
    _without_time(scenario, process, found)
    for at, what, hint in _unused(scenario, process):
        found.warning(codes.NOT_USED, at, what, hint)


def _by_itself(process: Process) -> Mapping[str, frozenset[str]]:
    """Where deals go without anybody trying: by clocks that act, and by automatic actions."""
    main = process.main
    moves: dict[str, set[str]] = {}
    acting = [(clock.then, clock.stages) for clock in process.clocks if clock.then and clock.track == MAIN]
    acting += [(action.id, action.sources) for action in main.actions if action.auto]
    for action_id, stages in acting:
        for action in main.variants(action_id):
            for stage in stages:
                if stage in action.sources:
                    moves.setdefault(stage, set()).update(targets_from(main, action, stage))
    return {stage: frozenset(targets) for stage, targets in moves.items()}


def _next(standing: Standing | None, moves: Iterable[str] = ()) -> Iterator[tuple[str, Place | None]]:
    for branch in standing.branches if standing else ():
        if branch.share > 0:
            yield branch.to, branch.at
    yield from ((target, None) for target in moves)


def _reached(scenario: Scenario, process: Process, by_itself: Mapping[str, frozenset[str]]) -> dict[str, Place | None]:
    """The open stages that deals can come to, each with the branch that first leads there."""
    found: dict[str, Place | None] = {process.main.first.id: None}
    waiting = [process.main.first.id]
    while waiting:
        stage = waiting.pop()
        for target, at in _next(scenario.standing(stage), by_itself.get(stage, ())):
            known = process.main.stage(target)
            if known and not known.ends and target not in found:
                found[target] = at
                waiting.append(target)
    return found


def _without_way_out(
    scenario: Scenario, process: Process, reached: Mapping[str, Place | None], found: Findings
) -> None:
    for stage, by in reached.items():
        standing = scenario.standing(stage)
        if standing and standing.branches:
            continue
        at = standing.at if standing else by or scenario.at
        action = next((one.id for one in process.main.actions if stage in one.sources and not one.auto), "")
        message = f"deals come to '{stage}', and nothing says how they leave it"
        branches = f"branches: {{{action or 'ACTION'}: 100%}}"
        hint = f"add {branches}" if standing else f"add {stage}: {{dwell: …, {branches}}} to 'stages'"
        found.error(codes.NO_WAY_OUT, at, message, hint)


def _endless(
    scenario: Scenario,
    reached: Mapping[str, Place | None],
    by_itself: Mapping[str, frozenset[str]],
    found: Findings,
) -> None:
    """Tells stages from which no end comes, however long it goes."""
    ways = {stage: {to for to, _ in _next(scenario.standing(stage), by_itself.get(stage, ()))} for stage in reached}
    # What is no stage here is one of another process, where the deal goes on.
    leaving = {stage for stage, targets in ways.items() if any(target not in reached for target in targets)}
    while True:
        more = {stage for stage, targets in ways.items() if targets & leaving} - leaving
        if not more:
            break
        leaving |= more
    for stage, targets in ways.items():
        standing = scenario.standing(stage)
        if stage not in leaving and targets and standing:
            message = f"from '{stage}' no branch leads to an end, however often it is tried"
            found.error(codes.NO_WAY_OUT, standing.at, message, "give some share to an action that leads to an end")


def _without_time(scenario: Scenario, process: Process, found: Findings) -> None:
    for standing in scenario.stages:
        if standing.dwell or standing.work or not standing.branches:
            continue
        quick = [branch for branch in standing.branches if not branch.dwell and not _touched(branch, scenario, process)]
        if quick:
            message = f"nothing says how long deals stay in '{standing.stage}' before '{quick[0].action}'"
            found.warning(codes.NO_TIME, standing.at, message, "add a dwell; 0h where they do not stay")


def _touched(branch: Branch, scenario: Scenario, process: Process) -> bool:
    return any(one.touchpoint in scenario.touchpoints for one in process.main.variants(branch.action))


def _unused(scenario: Scenario, process: Process) -> Iterator[tuple[Place, str, str]]:
    asked = {work.pool for work in _works(scenario)}
    for pool in scenario.pools:
        if pool.id not in asked:
            yield pool.at, f"nobody asks anything of the pool '{pool.id}'", "give it work, or take it out"
    used = set(_hours_used(scenario))
    for hours in scenario.hours:
        if hours.id not in used:
            yield hours.at, f"nothing passes in the hours '{hours.id}'", "name them where they hold, or take them out"
    actions = tuple(_actions(scenario, process))
    touched = {action.touchpoint for action in actions}
    for touchpoint, work in scenario.touchpoints.items():
        if touchpoint not in touched:
            message = f"no branch is an action with the touchpoint '{touchpoint}'"
            yield work.at, message, "take it out, or give a share to such an action"
    for agreeing in scenario.approvals:
        if not any(role_may(process, agreeing.role, one.by) for action in actions for one in action.approvals):
            message = f"no branch is an action that '{agreeing.role}' approves"
            yield agreeing.at, message, "take it out, or give a share to such an action"


def _standings(scenario: Scenario) -> Iterator[Standing]:
    yield from scenario.stages
    yield from (standing for track in scenario.tracks for standing in track.stages)


def _works(scenario: Scenario) -> Iterator[Work]:
    yield from (standing.work for standing in _standings(scenario) if standing.work)
    yield from scenario.touchpoints.values()
    yield from (agreeing.work for agreeing in scenario.approvals if agreeing.work)


def _hours_used(scenario: Scenario) -> Iterator[str]:
    yield scenario.arrivals.hours
    yield from (standing.hours for standing in _standings(scenario))
    for pool in scenario.pools:
        yield pool.hours
        yield from (person.hours for person in pool.people)


def _actions(scenario: Scenario, process: Process) -> Iterator[Action]:
    tried = {branch.action for standing in _standings(scenario) for branch in standing.branches}
    yield from (action for track in process.all_tracks() for action in track.actions if action.id in tried)
