"""A version says why it was made: years later nobody remembers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.finding import Finding, Severity
from engine.model.process import Process


def no_because(process: Process) -> Iterator[Finding]:
    """P181: a version that follows another does not say why."""
    if process.follows is not None and not process.because.strip():
        message = f"version {process.version} does not say why it was made"
        hint = f"say in 'because' what did not do in version {process.follows.version}"
        yield Finding("P181", process.follows.at, message, hint, Severity.WARNING)
