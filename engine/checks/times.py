"""Limits of time: of stages, of clocks, of approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.checks.graph import leads_to
from engine.model.finding import Finding
from engine.model.process import Action, Clock, Process, Track
from engine.model.values import duration_text

_LONGEST = timedelta(days=36_500)
"""A hundred years. What is due much later has no date any more: the calendar ends with the year 9999."""


def alert_before_target(process: Process) -> Iterator[Finding]:
    """P151: a stage that raises the alarm before its target is missed."""
    for stage in (stage for track in process.all_tracks() for stage in track.stages):
        if stage.target is not None and stage.alert is not None and stage.alert < stage.target:
            alert, target = duration_text(stage.alert), duration_text(stage.target)
            message = f"stage '{stage.id}' alerts after {alert}, before its target of {target}"
            yield Finding("P151", stage.at, message, f"give an alert of {target} or more, or a shorter target")


def warn_after_limit(process: Process) -> Iterator[Finding]:
    """P152: a clock that warns after it has acted."""
    for clock in process.clocks:
        if clock.warn is not None and clock.warn > clock.limit:
            warn, limit = duration_text(clock.warn), duration_text(clock.limit)
            message = f"clock '{clock.id}' warns after {warn}, when its limit of {limit} has passed"
            yield Finding("P152", clock.at, message, f"give 'warn' less than {limit}")


def limit_out_of_reach(process: Process) -> Iterator[Finding]:
    """P158: a clock whose limit no deal lives to see. A longer ``warn`` alone is told by P152."""
    for clock in process.clocks:
        if clock.limit > _LONGEST:
            limit, longest = duration_text(clock.limit), duration_text(_LONGEST)
            message = f"clock '{clock.id}' has a limit of {limit}, more than a hundred years: no deal lives to see it"
            yield Finding("P158", clock.at, message, f"give {longest} or less, or leave the clock out")


def clock_action_impossible(process: Process) -> Iterator[Finding]:
    """P153, P154, P155: a clock whose action cannot be done from its stages, or not without being told more."""
    for clock in process.clocks:
        track = process.track_of(clock.then) if clock.then else None
        if track is not None:
            yield from _clock_action(clock, track)


def _clock_action(clock: Clock, track: Track) -> Iterator[Finding]:
    variants = track.variants(clock.then)
    sources = dict.fromkeys(source for action in variants for source in action.sources)
    missing = [stage for stage in clock.stages if stage not in sources]
    if missing:
        listed = ", ".join(f"'{stage}'" for stage in missing)
        message = f"clock '{clock.id}' does '{clock.then}', which is not possible from {listed}"
        yield Finding("P153", clock.at, message, f"'{clock.then}' is possible from: {', '.join(sources)}")
        return
    if not clock.reason and any(action.reasons for action in variants):
        message = f"clock '{clock.id}' gives no reason, and '{clock.then}' asks for one"
        yield Finding("P154", clock.at, message, _add_reason(variants))
    for action in variants:
        yield from _undecided(track, action, f"clock '{clock.id}' does '{clock.then}'", clock=clock)


def _add_reason(variants: Sequence[Action]) -> str:
    codes = dict.fromkeys(reason.code for action in variants for reason in action.reasons)
    return f"add 'reason:', one of: {', '.join(codes)}"


def automatic_without_reason(process: Process) -> Iterator[Finding]:
    """P154: an automatic action that asks for a reason, which the engine is not told."""
    for track in process.all_tracks():
        for action in track.actions:
            if action.auto and action.reasons and not action.reason:
                message = f"'{action.id}' is automatic, and asks for a reason that nobody gives"
                yield Finding("P154", action.at, message, _add_reason((action,)))


def automatic_undecided(process: Process) -> Iterator[Finding]:
    """P155: an automatic action with several targets, of which nobody chooses one."""
    for track in process.all_tracks():
        for action in track.actions:
            if action.auto:
                yield from _undecided(track, action, f"'{action.id}' is automatic")


def _undecided(track: Track, action: Action, who: str, *, clock: Clock | None = None) -> Iterator[Finding]:
    sources = [s for s in action.sources if clock is None or s in clock.stages]
    for source in sources:
        targets = leads_to(track, action, source)
        if len(targets) > 1:
            message = f"{who}, and from '{source}' it may lead to {' or '.join(targets)}: nobody chooses"
            at = clock.at if clock else action.at
            yield Finding("P155", at, message, "give the action one target, or use another action")
            return


def approval_that_lapses(process: Process) -> Iterator[Finding]:
    """P163: an approval that has lapsed before the move can follow it."""
    for action in (action for track in process.all_tracks() for action in track.actions):
        for approval in action.approvals:
            if approval.lasts is not None and approval.lasts <= timedelta(0):
                message = f"the approval '{approval.id}' lapses as soon as it is given"
                yield Finding("P163", approval.at, message, "give 'lasts' a time, such as 14d")
