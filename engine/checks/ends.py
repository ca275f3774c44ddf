"""Ends of the process: what makes no sense on them, what is one by its name alone, and losses without a why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.checks.graph import leads_to, moves
from engine.model.finding import Finding, Severity
from engine.model.process import Process, Stage

_CALLED = re.compile(r"(?<![\w'’])(won|lost)(?![\w'’])", re.IGNORECASE)


def called(stage: Stage) -> str:
    """``won`` or ``lost`` where an open stage is called so; empty for all others."""
    found = None if stage.ends else _CALLED.search(f"{stage.id} {stage.title}")
    return found[1].lower() if found else ""


def ends_by_name_alone(process: Process) -> Iterator[Finding]:
    """P164: a stage called won or lost that is no end. An error where nothing else can be meant."""
    ways = moves(process.main).to
    has_won = any(stage.ends == "won" for stage in process.main.stages)
    for stage in process.main.stages:
        kind = called(stage)
        if kind:
            surely = not ways[stage.id] - {stage.id} or (kind == "won" and not has_won)
            message = f"stage '{stage.id}' is no end, so a deal in it is still open"
            severity = Severity.ERROR if surely else Severity.WARNING
            yield Finding("P164", stage.at, message, f"write {{ends: {kind}}}", severity)


def requirements_on_an_end(process: Process) -> Iterator[Finding]:
    """P161: what is asked of deals that stay in a stage or go on from it, on a stage where they end."""
    for stage in process.main.stages:
        if not stage.ends:
            continue
        if stage.to_pass:
            message = f"stage '{stage.id}' is an end: nothing passes it, so 'to_pass' has no effect"
            yield Finding("P161", stage.to_pass[0].at, message, "write it under 'to_enter', or on the stage before")
        pointless = [f"'{word}'" for word in _pointless(stage)]
        if pointless:
            has = "has" if len(pointless) == 1 else "have"
            message = f"stage '{stage.id}' is an end: {' and '.join(pointless)} {has} no effect on it"
            yield Finding("P161", stage.at, message, f"remove {' and '.join(pointless)}", Severity.WARNING)


def _pointless(stage: Stage) -> Iterator[str]:
    if stage.target is not None:
        yield "target"
    if stage.alert is not None:
        yield "alert"
    certain = {"won": 1, "lost": 0}.get(stage.ends)
    if stage.probability is not None and stage.probability != certain:
        yield "probability"


def lost_without_reasons(process: Process) -> Iterator[Finding]:
    """P162: an action that leads to a lost end and asks for no reason."""
    lost = {stage.id for stage in process.main.stages if stage.ends == "lost"}
    for action in process.main.actions:
        ends = [t for source in action.sources for t in leads_to(process.main, action, source) if t in lost]
        if ends and not action.reasons:
            message = f"'{action.id}' leads to the lost end '{ends[0]}' without a list of reasons"
            hint = "add 'reasons:', so that 'review' can tell why deals are lost"
            yield Finding("P162", action.at, message, hint, Severity.WARNING)
