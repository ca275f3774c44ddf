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
from engine.machine.patterns import Compact, Quick, Terms, learn, quick_of
from engine.machine.requirements import ORDER
from engine.machine.situation import DealSituation
from engine.machine.verdicts import fails
from engine.model.deal import Deal
from engine.model.decision import WAIVABLE, About, Decision, Move
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.situation import Situation

_UNSEEN = cast("Situation", None)
"""Handed to functions that look at facts alone: making a situation would take longer than judging."""


def decide_compact(machine: Machine, deal: Deal, move: Move, *, now: datetime) -> Compact:
    """What ``decide`` comes to, as numbers. Raises as ``decide`` does."""
    try:
        answers, known, bare, _ = machine.quick[move.action][deal.stage]
        if bare and not (move.facts or move.to or move.override):
            return known[answers(deal.facts, _UNSEEN)] or _whole(machine, deal, move, now)
    except KeyError:
        # Nothing of the kind was judged before.
        pass
    return _prepared(machine, deal, move, now)


def _prepared(machine: Machine, deal: Deal, move: Move, now: datetime) -> Compact:
    """The same for what looks at more than facts as recorded, and for what is judged for the first time."""
    quick = _quick(machine, move.action, deal.stage)
    if quick is None or move.facts or move.override or not _agrees(quick.terms, move):
        return _whole(machine, deal, move, now)
    terms = quick.terms
    facts = {**terms.defaults, **deal.facts} if terms.defaults else deal.facts
    situation = DealSituation(machine.frame, deal, move, now, terms.target) if terms.situated else _UNSEEN
    answer = quick.answers(facts, situation)
    found = quick.known[answer] if answer in quick.known else learn(quick, answer)
    return found or _whole(machine, deal, move, now)


def _agrees(terms: Terms, move: Move) -> bool:
    return (
        (terms.roles is None or move.role in terms.roles)
        and (terms.reasons is None or move.reason in terms.reasons)
        and move.to in ("", terms.target)
    )


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


def _quick(machine: Machine, action: str, stage: str) -> Quick | None:
    """What judges an action of the main track from a stage; ``None`` where something is to be chosen or reckoned."""
    found = machine.quick.get(action, {}).get(stage)
    if found is not None:
        return found
    routes = machine.routes(action)
    way = simple_way(machine, routes, stage) if routes.track.id == MAIN else None
    if way is None or way.derives:
        return None
    checks = (check for check, _ in way.checks)
    quick = quick_of(checks, numbers=machine.numbers, frame=machine.frame, target=way.target)
    machine.quick.setdefault(action, {})[stage] = quick
    return quick


def _whole(machine: Machine, deal: Deal, move: Move, now: datetime) -> Compact:
    case = choose(machine, deal, move, now)
    waives = move.override and may_override(machine, move)
    found = [(verdict.about, machine.numbers[verdict.requirement]) for verdict in case.misplaced]
    warned = []
    for check, _ in case.way.checks:
        if not fails(check, case.facts, case.situation):
            continue
        if check.force is Force.SHOULD:
            warned.append(machine.numbers[check.id])
        elif not (waives and check.about in WAIVABLE):
            found.append((check.about, machine.numbers[check.id]))
    if move.override and not waives:
        found.append((About.ROLE, machine.numbers[f"{move.action}/override"]))
    found.sort(key=_order)
    return Compact(not found, tuple(number for _, number in found), tuple(warned))


def _order(found: tuple[About, int]) -> int:
    return ORDER[found[0]]
