"""What the rules will be asked of everybody, worked out once for all runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.machine.compile import Machine
from engine.machine.requirements import Check, Condition, ready, reckoned_from
from engine.machine.routes import Route
from engine.model.names import MAIN
from engine.model.rule import Approval
from engine.model.scenario import Scenario
from engine.model.syntax import ContextRef, Tree, walk
from engine.simulation.casting.columns import NOTE_GIVEN
from engine.simulation.compiling.attempts import Attempt, Tried
from engine.simulation.compiling.foreseen import asked
from engine.simulation.compiling.ways import needed
from engine.simulation.plan import Plan

_OF_ATTEMPT = frozenset({"to", "action", "stage", "probability", "reason", "reason.group", "actor.role"})


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A variant of an action: when it applies (``None``: always), whether it is meant, and what it must meet."""

    applies: Condition | None
    is_meant: bool
    asking: tuple[Check, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Judging:
    """One way, ready to be judged for everybody. ``when`` is a clock's condition."""

    number: int
    attempt: Attempt
    words: dict[str, str]
    when: Condition | None
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Needing:
    """A bit of ``Cast.needs``: set where the ``when`` of any of these is not false (``None``: it always is)."""

    words: dict[str, str]
    stage: str
    whens: tuple[Condition | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Court:
    """All that is judged before it starts. ``kept`` are the ids of trees whose answers are the same for all ways."""

    machine: Machine
    judging: tuple[Judging, ...]
    needing: tuple[Needing, ...]
    ways: int
    kept: frozenset[int]


def court(scenario: Scenario, machine: Machine, plan: Plan, found: Tried) -> Court:
    """What will be judged of everybody, worked out for all runs."""
    ways = found.ways
    living = plan.living.tolist()
    judging = tuple(_judging(machine, ways[at], at) for at in range(len(ways)) if not living[at])
    needing = tuple(_needing(machine, ways[at], approvals) for at, approvals in needed(machine, found, scenario))
    trees = [tree for each in judging for tree in _trees(each)]
    trees += [when.tree for each in needing for when in each.whens if when]
    kept = frozenset(id(tree) for tree in trees if not _is_of_attempt(machine, tree))
    return Court(machine, judging, needing, len(ways), kept)


def words_of(machine: Machine, attempt: Attempt) -> dict[str, str]:
    """What is told of the move: a reason, a note, and the first role of those that may do it."""
    action = attempt.meant[0].action
    group = machine.frame.reason_groups.get((attempt.action, attempt.reason), "")
    role = next(iter(action.by or machine.process.by or tuple(machine.process.roles)), "")
    words = {"action": attempt.action, "to": attempt.to, "note": NOTE_GIVEN}
    words |= {"reason": attempt.reason, "reason.group": group, "actor.role": "" if attempt.clock else role}
    return {name: word for name, word in words.items() if word}


def _judging(machine: Machine, attempt: Attempt, number: int) -> Judging:
    when = ready(attempt.clock.when) if attempt.clock and attempt.clock.when else None
    variants = tuple(_variant(machine, attempt, route) for route in attempt.routes)
    return Judging(number, attempt, words_of(machine, attempt), when, variants)


def _variant(machine: Machine, attempt: Attempt, route: Route) -> Variant:
    applies = ready(route.action.when) if route.action.when else None
    if route not in attempt.meant:
        return Variant(applies, is_meant=False, asking=())
    checks = tuple(replace(check, asking=False) for check in asked(machine, attempt, route))
    return Variant(applies, is_meant=True, asking=checks)


def _needing(machine: Machine, attempt: Attempt, approvals: tuple[Approval, ...]) -> Needing:
    whens = tuple(ready(each.when) if each.when else None for each in approvals)
    return Needing(words_of(machine, attempt), stage_of(attempt), whens)


def stage_of(attempt: Attempt) -> str:
    """The main stage of those who are judged; empty where they differ."""
    return attempt.source if attempt.track.id == MAIN else ""


def _trees(each: Judging) -> Iterator[Tree]:
    if each.when:
        yield each.when.tree
    for variant in each.variants:
        if variant.applies:
            yield variant.applies.tree
        for check in variant.asking:
            yield from check.trees


def _is_of_attempt(machine: Machine, tree: Tree) -> bool:
    return any(
        isinstance(node, ContextRef) and node.name in _OF_ATTEMPT
        for each in reckoned_from(machine.process, tree)
        for node in walk(each)
    )
