"""The verdict on a move as numbers alone, many times as fast; its evidence is found again on demand.

The conditions of a way are one generated function. What it answers is looked up: each pattern of answers is
worked out once, by the same rules as the whole decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from engine.machine.choose import choose, simple_way
from engine.machine.compile import Machine
from engine.machine.decide import decide, may_override
from engine.machine.patterns import Compact, Quick, learn, quick_of
from engine.machine.requirements import ORDER, WAIVABLE
from engine.machine.situation import DealSituation
from engine.machine.verdicts import fails
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.situation import Situation

_UNSEEN = cast("Situation", None)
"""Handed to functions that look at facts alone: making a situation would take longer than judging."""


def decide_compact(machine: Machine, deal: Deal, move: Move, *, now: datetime) -> Compact:
    """What ``decide`` comes to, as numbers. Raises as ``decide`` does."""
    try:
        quick = machine.quick[move.action, deal.stage]
    except KeyError:
        quick = _prepare(machine, move.action, deal.stage)
    if quick is None:
        return _whole(machine, deal, move, now)
    answers, known, roles, reasons, defaults, situated, target, _ = quick
    if (
        (roles is not None and move.role not in roles)
        or (reasons is not None and move.reason not in reasons)
        or move.facts
        or move.override
        or (move.to and move.to != target)
    ):
        return _whole(machine, deal, move, now)
    facts = {**defaults, **deal.facts} if defaults else deal.facts
    situation = DealSituation(machine.frame, deal, move, now, target) if situated else _UNSEEN
    answer = answers(facts, situation)
    try:
        found = known[answer]
    except KeyError:
        found = learn(quick, answer)
    return found or _whole(machine, deal, move, now)


def expand(machine: Machine, compact: Compact, deal: Deal, move: Move, now: datetime) -> Decision:
    """The whole decision that a compact one stands for, equal to what ``decide`` gave at the time.

    Raises ``BadValue`` where the compact one is of another deal, move or time.
    """
    decision = decide(machine, deal, move, now=now)
    if compact_of(machine, decision) != compact:
        raise BadValue("the compact verdict is of another deal, move or time")
    return decision


def compact_of(machine: Machine, decision: Decision) -> Compact:
    """A decision without its evidence."""
    return Compact(
        decision.allowed,
        tuple(machine.numbers[verdict.requirement] for verdict in decision.refusals),
        tuple(machine.numbers[verdict.requirement] for verdict in decision.warnings),
    )


def names(machine: Machine, numbers: Iterable[int]) -> tuple[str, ...]:
    """The requirements that the numbers of a compact verdict stand for."""
    return tuple(machine.requirements[number] for number in numbers)


def _prepare(machine: Machine, action: str, stage: str) -> Quick | None:
    routes = machine.routes(action)
    way = simple_way(machine, routes, stage) if routes.track.id == MAIN else None
    quick = None
    if way is not None and not way.derives:
        checks = (check for check, _ in way.checks)
        quick = quick_of(checks, numbers=machine.numbers, frame=machine.frame, target=way.target)
    machine.quick[action, stage] = quick
    return quick


def _whole(machine: Machine, deal: Deal, move: Move, now: datetime) -> Compact:
    case = choose(machine, deal, move, now)
    waives = move.override and may_override(machine, move)
    found = [(verdict.about, machine.numbers[verdict.requirement]) for verdict in case.misplaced]
    if move.override and not waives:
        found.append((About.ROLE, machine.numbers[f"{move.action}/override"]))
    warned = []
    for check, _ in case.way.checks:
        if not fails(check, case.facts, case.situation):
            continue
        if check.force is Force.SHOULD:
            warned.append(machine.numbers[check.id])
        elif not (waives and check.about in WAIVABLE):
            found.append((check.about, machine.numbers[check.id]))
    found.sort(key=_order)
    return Compact(not found, tuple(number for _, number in found), tuple(warned))


def _order(found: tuple[About, int]) -> int:
    return ORDER[found[0]]
