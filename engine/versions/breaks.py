"""Versions of which nobody told what became of them: the way to another version breaks off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.model.process import Process


def breaks(versions: Iterable[int], new: Process, between: Iterable[Process]) -> Iterator[str]:
    """A sentence for each of ``versions`` from or to which ``new`` does not lead step by step through ``between``."""
    known = {process.version: process for process in (*between, new)}
    for version in sorted(set(versions)):
        at = _broken(min(version, new.version), max(version, new.version), known)
        if at:
            why = "does not follow it" if at in known else "cannot be read"
            yield f"what became of version {version} is not told, for {new.id}@{at} {why}: stages are matched by id"


def _broken(low: int, high: int, known: Mapping[int, Process]) -> int:
    """The version from which no way leads on to the lower one; 0 where one does."""
    at = high
    while at > low:
        follows = known[at].follows if at in known else None
        if follows is None or follows.version < low:
            return at
        at = follows.version
    return 0
