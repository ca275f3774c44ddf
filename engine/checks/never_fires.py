"""Automatic actions that never happen, whatever is known of a deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from engine.checks.standing import all_standing
from engine.checks.tables import sound_facts
from engine.checks.truth import never_true
from engine.checks.unattended import (
    NOTE,
    Always,
    Unattended,
    met,
    needs,
    requirements,
    unattended,
    waits_for_nobody,
    when,
)
from engine.conditions.compare import satisfiable
from engine.model.finding import Finding
from engine.model.place import Place
from engine.model.process import Action, Process
from engine.model.rule import Fact
from engine.model.syntax import Tree

Moves = Sequence[Unattended]


def never_fires(process: Process) -> Iterator[Finding]:
    """P145: an automatic action whose conditions cannot be met where it stands, or before which another is taken."""
    automatic = by_action(process)
    facts = sound_facts(process.facts) if automatic else process.facts
    always = Always(process, facts)
    for moves in automatic:
        action = moves[0].action
        # What never holds anywhere is told of alone.
        if action.when is None or never_true(action.when, facts):
            continue
        before = taken_first(moves, automatic, always)
        if action.reasons and not action.reason:
            # P154 tells which reason it lacks.
            continue
        if before:
            cause = f"wherever it is due {before} is due too, and is taken first"
            hint = "put the narrower one first, or make their 'when' exclude each other"
            yield _finding(action, cause, hint, in_when=True)
        else:
            yield from _never(process, moves, facts)


def by_action(process: Process) -> list[Moves]:
    """The automatic actions, each with all its moves; not those that somebody would have to choose a stage for."""
    found: dict[tuple[str, int], list[Unattended]] = {}
    if any(action.auto for track in process.all_tracks() for action in track.actions):
        for move in unattended(process):
            if move.clock is None:
                found.setdefault((move.action.id, move.action.variant), []).append(move)
    return [moves for moves in found.values() if len(moves) == len(moves[0].action.sources)]


def _never(process: Process, moves: Moves, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    action = moves[0].action
    if any(ask.fact == NOTE and ask.when is None for ask in action.asks):
        yield _finding(action, "it asks for a note, and nobody is there to write one", "take 'note' out of 'asks'")
    elif all(satisfiable(*all_standing(when(move), move.here), facts=facts) is False for move in moves):
        where = " or ".join(f"'{move.source}'" for move in moves)
        cause = f"its 'when' is never true in {where}"
        if any(satisfiable(*_by_somebody(move), facts=facts) for move in moves):
            cause = "its 'when' looks at what a mover gives, and nobody is there to give it"
        yield _finding(action, cause, "mend its 'when' or its 'from'", in_when=True)
    elif all(satisfiable(*needs(process, move), facts=facts) is False for move in moves) and not any(
        _told_as_such(move, facts) for move in moves
    ):
        cause = f"what it must meet is at odds with its 'when'{_named(moves[0], facts)}"
        yield _finding(action, cause, "mend its 'when', or what it must meet", in_when=True)


def _by_somebody(move: Unattended) -> tuple[Tree, ...]:
    """When it would be due if somebody gave a reason, a note and a role."""
    return all_standing(when(move), replace(move.here, unknown=frozenset()))


def _finding(action: Action, cause: str, hint: str, *, in_when: bool = False) -> Finding:
    at: Place = action.when.at if in_when and action.when else action.at
    return Finding("P145", at, f"the automatic action '{action.id}' never happens: {cause}", hint)


def _told_as_such(move: Unattended, facts: Mapping[str, Fact]) -> bool:
    """Whether its requirements exclude each other or its ``when`` wherever it stands, which P131 and P133 tell."""
    trees = (*when(move), *(met(one) for one in requirements(move)))
    return satisfiable(*trees, facts=facts) is False


def _named(move: Unattended, facts: Mapping[str, Fact]) -> str:
    """The one requirement that is at odds with it, where there is one."""
    for requirement in requirements(move):
        trees = all_standing((*when(move), met(requirement)), move.here)
        if satisfiable(*trees, facts=facts) is False:
            return f", in '{move.source}' for example '{requirement.id}'"
    return ""


def taken_first(moves: Moves, automatic: Sequence[Moves], always: Always) -> str:
    """Which automatic actions are always taken instead of this one; empty where it may have its turn."""
    before = list(takewhile(lambda others: others[0].action.id != moves[0].action.id, automatic))
    earlier = [other for others in before for other in others if _is_free(other)]
    names: list[str] = []
    for move in moves:
        due = always.needs(move)
        here = [other for other in earlier if other.source == move.source and other.track is move.track]
        first = next((other for other in here if always.can_be(due) and always.follows(due, other)), None)
        if first is None:
            return ""
        names.append(f"'{first.action.id}'")
    return " or ".join(dict.fromkeys(names))


def _is_free(move: Unattended) -> bool:
    """Whether nothing but its conditions keeps it from being done, and no other variant of it comes first."""
    return waits_for_nobody(move) and len(move.track.variants(move.action.id)) == 1
