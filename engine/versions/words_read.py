"""Which words of the situation the conditions of two versions read: what they stand for may change by itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Level
from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.rule import Requirement
from engine.model.syntax import ContextRef, walk
from engine.versions.pair import Pair


def effects(pair: Pair, word: str) -> tuple[tuple[Level, str], ...]:
    """What it does that a word stands for something else, with the end of a sentence: nothing, or perhaps either."""
    if not (_is_read(pair.old, word) and _is_read(pair.new, word)):
        return ((Level.NOTE, ""),)
    return (
        (Level.TIGHTER, f"; conditions read `{word}`, and may refuse deals that they let through"),
        (Level.LOOSER, f"; conditions read `{word}`, and may let through deals that they refused"),
    )


def _is_read(process: Process, word: str) -> bool:
    return any(
        isinstance(node, ContextRef) and node.name == word
        for expression in _conditions(process)
        if expression is not None
        for node in walk(expression.tree)
    )


def _conditions(process: Process) -> Iterator[Expression | None]:
    for track in process.all_tracks():
        yield from _of(track.always)
        for stage in track.stages:
            yield from _of((*stage.to_enter, *stage.to_pass))
            yield from (ask.when for ask in stage.asks)
        for action in track.actions:
            yield action.when
            yield from _of(action.requires)
            yield from (ask.when for ask in action.asks)
            yield from (approval.when for approval in action.approvals)
    for fact in process.facts.values():
        yield from (row.when for row in (fact.table.rows if fact.table else ()))


def _of(requirements: tuple[Requirement, ...]) -> Iterator[Expression | None]:
    for one in requirements:
        yield one.condition
        yield one.when
