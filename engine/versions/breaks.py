"""Versions of which nobody told what became of them: the way to another version breaks off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.model.process import Process


def breaks(olds: Iterable[Process], new: Process, between: Iterable[Process]) -> Iterator[str]:
    """A sentence for each of ``olds`` from or to which ``new`` does not lead step by step through ``between``."""
    path = tuple(between)
    by_number = {old.version: old for old in olds}
    for version, old in sorted(by_number.items()):
        at = broken_at(old, new, path)
        if at:
            why = "does not follow it" if at in _known(old, new, path) else "cannot be read"
            yield (
                f"what became of version {version} is not told, for {new.id}@{at} {why}: "
                "stages are matched by id, and you say where deals go whose stage was called otherwise on the way"
            )


def broken_at(old: Process, new: Process, between: Iterable[Process]) -> int:
    """The version from which no step leads on to the lower one of ``old`` and ``new``; 0 where the way is whole."""
    low, at = sorted((old.version, new.version))
    known = _known(old, new, between)
    while at > low:
        follows = known[at].follows if at in known else None
        if follows is None or follows.version < low:
            return at
        at = follows.version
    return 0


def _known(old: Process, new: Process, between: Iterable[Process]) -> Mapping[int, Process]:
    return {process.version: process for process in (old, *between, new)}
