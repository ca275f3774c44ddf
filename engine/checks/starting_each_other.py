"""Processes that start deals in each other without end, and without anybody doing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.checks.graph import AWAY
from engine.checks.standing import Standing, all_standing
from engine.checks.unattended import Unattended, entered, facts_of, met, needs, unattended, waits_for_nobody
from engine.conditions.compare import satisfiable
from engine.model.expression import Assignment
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Process, Start
from engine.model.rule import Force
from engine.model.syntax import YES_NO, Call, FactRef, Literal, Not, Tree, facts_read

Known = Mapping[str, Literal | None]
"""What a new deal is given: facts with their values, ``None`` for a value that is not written out."""
_MOST_MOVES = 16
_MOST_STARTS = 200


@dataclass(frozen=True, slots=True)
class _Chain:
    """Starts that follow from each other: the first of them, where they have led, and what was given there."""

    first: Start
    names: tuple[str, ...]
    last: Start


def start_without_end(process: Process, latest: Callable[[str], Process | None]) -> Iterator[Finding]:
    """P194: a deal that, by itself, starts a deal elsewhere that by itself starts one here again."""
    if not any(action.starts for track in process.all_tracks() for action in track.actions):
        return
    waiting = [_Chain(start, (process.id, start.process), start) for start in _by_itself(process, None)]
    for chain in waiting:
        if chain.names[-1] == process.id:
            if any(start is chain.first for start in _by_itself(process, _given(chain.last.sets))):
                yield _finding(chain)
            continue
        other = latest(chain.names[-1])
        for start in _by_itself(other, _given(chain.last.sets)) if other is not None else ():
            seen_before = start.process in chain.names[1:]
            if not seen_before and len(waiting) < _MOST_STARTS:
                waiting.append(_Chain(chain.first, (*chain.names, start.process), start))


def _finding(chain: _Chain) -> Finding:
    way = ", ".join(f"'{name}'" for name in chain.names[1:])
    message = f"deals start deals without end, and without anybody doing anything: in {way}, and so on"
    hint = "start one of them by an action that somebody does"
    return Finding("P194", chain.first.at, message, hint, Severity.WARNING)


def _given(sets: tuple[Assignment, ...]) -> Known:
    return {one.fact: one.value.tree if isinstance(one.value.tree, Literal) else None for one in sets}


def _by_itself(process: Process, given: Known | None) -> Iterator[Start]:
    """The starts that a new deal comes to though nobody does anything; ``given``: what it knows, if that is told."""
    moves = [move for move in unattended(process) if move.track.id == MAIN and waits_for_nobody(move)]
    waiting: list[tuple[str, tuple[Unattended, ...]]] = [(process.main.first.id, ())]
    for stage, way in waiting:
        for move in (move for move in moves if move.source == stage):
            whole = (*way, move)
            if move.target in (stage, *(one.source for one in way)) or not _possible(process, whole, given):
                continue
            for start in move.action.starts:
                if _possible(process, whole, given, start=start):
                    yield start
            if len(whole) < _MOST_MOVES and len(waiting) < _MOST_STARTS:
                waiting.append((move.target, whole))


def _possible(
    process: Process, way: tuple[Unattended, ...], given: Known | None, *, start: Start | None = None
) -> bool:
    """Whether some deal surely meets all the conditions on the way. In doubt it does not."""
    known = dict(given or {})
    steps: list[tuple[tuple[Tree, ...], Standing]] = [] if given is None else [_at_start(process)]
    trees: list[Tree] = []
    for move in way:
        steps.append((needs(process, move), move.here))
        trees += _standing_so(process, steps, known, only_known=given is not None)
        steps = []
        known.update(_given(move.action.sets))
        known.update((stamp.fact, None) for stage in entered(move) for stamp in stage.stamps)
    if start is not None and start.when is not None:
        last = way[-1]
        stage = last.source if last.target == AWAY else last.target
        after = [((start.when.tree,), replace(last.here, words={**last.here.words, "stage": stage}))]
        trees += _standing_so(process, after, known, only_known=given is not None)
    return satisfiable(*trees, facts=process.facts) is True


def _at_start(process: Process) -> tuple[tuple[Tree, ...], Standing]:
    """What a deal must meet to be started at all."""
    first = process.main.first
    needed = [one for one in (*first.to_enter, *process.main.always) if one.force is Force.MUST]
    asked = [
        FactRef(ask.fact, process.facts[ask.fact].type)
        for ask in first.asks
        if ask.fact in process.facts and not ask.when
    ]
    known = tuple(Call("given", (fact,), YES_NO) for fact in asked)
    words = {"stage": first.id, "to": first.id}
    unknown = frozenset({"reason", "reason.group", "note", "action"})
    return (*(met(one) for one in needed), *known), Standing(words, unknown)


def _standing_so(
    process: Process, steps: Sequence[tuple[Sequence[Tree], Standing]], known: Known, *, only_known: bool
) -> Iterator[Tree]:
    """The conditions where a deal then stands; ``only_known``: it knows nothing else."""
    certain = {name: value for name, value in known.items() if value is not None}
    for trees, here in steps:
        yield from all_standing(trees, replace(here, facts=certain))
        if only_known:
            yield from _not_known(process, trees, known)


def _not_known(process: Process, trees: Sequence[Tree], known: Known) -> Iterator[Tree]:
    """That a new deal knows nothing but what it was given, and defaults."""
    for name in sorted(facts_of(process, (name for tree in trees for name in facts_read(tree)))):
        fact = process.facts.get(name)
        if fact is not None and name not in known and fact.default is None and fact.table is None:
            yield Not(Call("given", (FactRef(name, fact.type),), YES_NO))
