"""Metrics that never have a figure, whatever the deals do."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.finding import Finding, Severity
from engine.model.process import Metric, Process

_OUT = "name another stage or moment, or take the metric out"


def never_measured(process: Process) -> Iterator[Finding]:
    """P116: a conversion or a time between what cannot come one after the other."""
    for metric in process.metrics:
        why = _why(metric, process)
        if why:
            yield Finding("P116", metric.at, f"metric '{metric.id}' never has a figure: {why}", _OUT, Severity.WARNING)


def _why(metric: Metric, process: Process) -> str:
    start, goal = metric.parts.get("from"), metric.parts.get("to")
    if metric.kind not in ("conversion", "elapsed"):
        return ""
    if start == goal:
        return "it begins where it ends"
    if metric.kind == "conversion" and isinstance(start, str):
        return _from_an_end(start, process)
    return "nothing comes before a deal starts" if goal == "started" else ""


def _from_an_end(stage: str, process: Process) -> str:
    """Why nothing can come after a stage: it is an end, and no action leads out of it."""
    if not process.main.is_end(stage) or any(stage in action.sources for action in process.main.actions):
        return ""
    return f"no action leads out of '{stage}'"
