"""What the conditions of two versions read: words, facts and contacts, which change though the conditions do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.model.change import Level
from engine.model.expression import Expression
from engine.model.process import Process
from engine.model.rule import Requirement
from engine.model.syntax import Call, ContextRef, FactRef, Literal, Tree, walk
from engine.versions.pair import Pair

_CONTACTS = frozenset({"count", "done", "since"})

Effects = tuple[tuple[Level, str], ...]
"""Levels, each with the end of a sentence."""


def effects(pair: Pair, word: str) -> Effects:
    """What it does that a word stands for something else: nothing, or perhaps either."""
    read = all(_are_read(version, lambda node: _is_word(node, word)) for version in (pair.old, pair.new))
    return _either([word] if read else [])


def effects_of_facts(pair: Pair, facts: Iterable[tuple[str, str]]) -> Effects:
    """What it does that facts, by old id and new id, are recorded otherwise."""
    return _either(new for old, new in facts if _reads_fact(pair.old, old) and _reads_fact(pair.new, new))


def effects_of_contacts(pair: Pair, kinds: Iterable[str]) -> Effects:
    """What it does that contacts of these kinds are counted otherwise."""
    return _either(one for one in kinds if _reads_contact(pair.old, one) and _reads_contact(pair.new, one))


def _either(read: Iterable[str]) -> Effects:
    """Where only one version reads it that is told with the condition."""
    names = " and ".join(f"`{one}`" for one in dict.fromkeys(read))
    if not names:
        return ((Level.NOTE, ""),)
    return (
        (Level.TIGHTER, f"; conditions read {names}, and may refuse deals that they let through"),
        (Level.LOOSER, f"; conditions read {names}, and may let through deals that they refused"),
    )


def _are_read(process: Process, is_it: Callable[[Tree], bool]) -> bool:
    return any(is_it(node) for one in _conditions(process) if one is not None for node in walk(one.tree))


def _is_word(node: Tree, word: str) -> bool:
    return isinstance(node, ContextRef) and node.name == word


def _reads_fact(process: Process, fact: str) -> bool:
    return _are_read(process, lambda node: isinstance(node, FactRef) and node.name == fact)


def _reads_contact(process: Process, kind: str) -> bool:
    return _are_read(process, lambda node: isinstance(node, Call) and node.function in _CONTACTS and _names(node, kind))


def _names(call: Call, kind: str) -> bool:
    return any(isinstance(one, Literal) and one.value == kind for one in call.arguments)


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
