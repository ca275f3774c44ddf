"""Clocks that never act, whatever is known of a deal and however long it waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.checks.standing import Standing, all_standing
from engine.checks.tables import sound_facts
from engine.checks.truth import never_true
from engine.checks.unattended import Always, Unattended, met, requirements, unattended, waits_for_nobody, when
from engine.conditions.compare import satisfiable
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Clock, Process
from engine.model.rule import Fact
from engine.model.syntax import Tree
from engine.model.values import duration_text

_NOT_YET = frozenset({"to", "reason", "reason.group", "note", "actor.role"})
"""What nobody has said when it is looked whether a clock is due."""


def never_acts(process: Process) -> Iterator[Finding]:
    """P157: a clock whose conditions cannot be met where it runs, or before which something else always acts."""
    if not process.clocks:
        return
    facts = sound_facts(process.facts)
    every, always = tuple(unattended(process)), Always(process, facts)
    for clock in process.clocks:
        if never_true(clock.when, facts):
            continue
        finding = _at_odds_with_stages(clock, facts)
        moves = tuple(move for move in every if move.clock is clock)
        # From a stage from which its action does not lead, or to more than one, P153 and P155 tell.
        if finding is None and len(moves) == len(clock.stages) and clock.then:
            finding = _refused(moves, always, facts) or _always_before(process, moves, every, always=always)
        elif finding is None and not clock.then:
            finding = _gone_before(process, clock, every, always=always)
        if finding is not None:
            yield finding


def _at_odds_with_stages(clock: Clock, facts: Mapping[str, Fact]) -> Finding | None:
    if clock.when is None:
        return None
    word = "stage" if clock.track == MAIN else f"track.{clock.track}"
    for stage in clock.stages:
        trees = all_standing((clock.when.tree,), Standing({word: stage}, _NOT_YET))
        if satisfiable(*trees, facts=facts) is not False:
            return None
    where = " or ".join(f"'{stage}'" for stage in clock.stages)
    message = f"clock '{clock.id}' never acts: its 'when' is never true in {where}"
    return Finding("P157", clock.when.at, message, "mend its 'when' or its 'in'")


def _refused(moves: Sequence[Unattended], always: Always, facts: Mapping[str, Fact]) -> Finding | None:
    """A clock is asked for no role, no facts and no approval, but for all else that its action must meet."""
    if not all(satisfiable(*always.needs(move), facts=facts) is False for move in moves):
        return None
    for move in moves:
        # What excludes each other wherever a deal stands is told of alone.
        trees = (*((move.action.when.tree,) if move.action.when else ()), *(met(one) for one in requirements(move)))
        if satisfiable(*trees, facts=facts) is False:
            return None
    first, clock = moves[0], moves[0].clock
    blamed = next((one.id for one in requirements(first) if _excludes(first, met(one), facts)), "")
    message = f"{first.name} never acts: '{first.action.id}' is always refused when it is due"
    message += f", in '{first.source}' for example by '{blamed}'" if blamed else ""
    hint = "mend its 'when', what the action must meet, or let the clock do another action"
    return Finding("P157", clock.at if clock else first.action.at, message, hint)


def _excludes(move: Unattended, need: Tree, facts: Mapping[str, Fact]) -> bool:
    return satisfiable(*all_standing((*when(move), need), move.here), facts=facts) is False


def _always_before(
    process: Process, moves: Sequence[Unattended], every: Sequence[Unattended], *, always: Always
) -> Finding | None:
    clock = moves[0].clock
    if clock is None:
        return None
    others = [
        other
        for other in every
        if other.track is moves[0].track
        and _is_free(other)
        and (other.clock is None or _sooner(process, other.clock, clock))
    ]
    found = _first_of_each([(move.source, always.needs(move)) for move in moves], others, always)
    by_clocks = all(other.clock is not None for other in found)
    hint = "make the two exclude each other with 'when'"
    return _never_its_turn(clock, found, "acts", f"give it a shorter limit, or {hint}" if by_clocks else hint)


def _gone_before(process: Process, clock: Clock, every: Sequence[Unattended], *, always: Always) -> Finding | None:
    """A clock that only warns, and from whose stages another one has taken the deal before the first warning."""
    warning = clock.limit if clock.warn is None else min(clock.warn, clock.limit)
    others = [
        other
        for other in every
        if other.clock is not None
        and other.track.id == clock.track
        and other.clock.limit < warning
        and _is_free(other)
        and _sooner(process, other.clock, clock)
    ]
    word = "stage" if clock.track == MAIN else f"track.{clock.track}"
    due = (clock.when.tree,) if clock.when else ()
    places = [(stage, all_standing(due, Standing({word: stage}))) for stage in clock.stages]
    found = _first_of_each(places, others, always)
    return _never_its_turn(clock, found, "warns", f"warn earlier than after {duration_text(warning)}")


def _never_its_turn(clock: Clock, found: Sequence[Unattended], verb: str, hint: str) -> Finding | None:
    if not found:
        return None
    names = " or ".join(dict.fromkeys(other.name for other in found))
    message = f"clock '{clock.id}' never {verb}: {names} always takes the deal away first"
    return Finding("P157", clock.at, message, hint, Severity.WARNING)


def _first_of_each(
    places: Sequence[tuple[str, tuple[Tree, ...]]], others: Sequence[Unattended], always: Always
) -> tuple[Unattended, ...]:
    """What is always done from each stage where the conditions hold; nothing where one of the stages has none."""
    found = []
    for stage, due in places:
        here = (other for other in others if other.source == stage) if always.can_be(due) else ()
        first = next((other for other in here if always.follows(due, other)), None)
        if first is None:
            return ()
        found.append(first)
    return tuple(found)


def _is_free(move: Unattended) -> bool:
    """Whether nothing but its conditions can keep it from being done, and it leaves the stage."""
    if move.source == move.target or len(move.track.variants(move.action.id)) > 1:
        return False
    return waits_for_nobody(move)


def _sooner(process: Process, other: Clock, clock: Clock) -> bool:
    """Whether the other clock is due first whatever happens: from the moment of entry, or as long without activity."""
    if other is clock:
        return False
    if other.basis == "idle" and (clock.basis != "idle" or not set(other.activity) <= set(clock.activity)):
        return False
    if other.limit != clock.limit:
        return other.limit < clock.limit
    return process.clocks.index(other) < process.clocks.index(clock)
