"""Automatic actions: the moves that the engine makes by itself once an entry has made their conditions true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.machine.choose import Case, choose
from engine.machine.compile import Machine
from engine.machine.decide import decision_of, judge_all
from engine.machine.tracks import stage_of
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move

MOST = 16
"""How many automatic moves may follow one entry."""

_By = Callable[[Deal, Decision], Deal]
Whole = Callable[[Deal, Decision], Decision]


def as_it_is(_: Deal, decision: Decision) -> Decision:
    """Where no other process has a say."""
    return decision


def next_move(
    machine: Machine, deal: Deal, *, now: datetime, actor: str = "", whole: Whole = as_it_is
) -> Decision | None:
    """The first automatic action, in the order declared, that may be done now; ``None`` where none may.

    ``whole`` adds to a decision what another process says, to which it hands the deal over. It is asked of no role. Its
    ``when`` fires on true only; all else that a move must meet, it must meet too.
    """
    for action, routes in machine.actions.items():
        if not any(variant.auto for variant in routes.variants):
            continue
        if stage_of(deal, routes.track) not in routes.routes:
            # Nothing is done from there, and to find out what it would need takes long.
            continue
        case = _case(machine, deal, Move(action, actor=actor), now)
        if case is None:
            continue
        checks = tuple(each for each in case.way.checks if each[0].about is not About.ROLE)
        decision = decision_of(machine, case, judge_all(checks, case.facts, case.situation))
        if decision.allowed:
            decision = whole(deal, decision)
        if decision.allowed:
            return decision
    return None


def _case(machine: Machine, deal: Deal, move: Move, now: datetime) -> Case | None:
    """The move with the reason that the variant meant declares; ``None`` where nothing is done by itself from here."""
    case = choose(machine, deal, move, now)
    if case.misplaced or case.way.action is None or not case.way.action.auto:
        return None
    reason = case.way.action.reason
    if not reason or move.reason:
        return case
    return _case(machine, deal, replace(move, reason=reason), now)


def following(
    machine: Machine,
    deal: Deal,
    *,
    now: datetime,
    after: _By,
    actor: str = "",
    most: int = MOST,
    whole: Whole = as_it_is,
) -> tuple[Decision, ...]:
    """The automatic moves that follow, one after the other: at most 16, none that leads back to where it was before.

    ``after`` gives the deal once a decision is recorded. Where (stages, facts) repeat, the moves would go round for
    ever: the one that would close the circle is not made. A move that hands the deal over to another process is the
    last: what follows there its machine tells.
    """
    found: list[Decision] = []
    stood = [_standing(machine, deal)]
    while len(found) < most:
        decision = next_move(machine, deal, now=now, actor=actor, whole=whole)
        if decision is None:
            break
        if is_transfer(decision):
            found.append(decision)
            break
        deal = after(deal, decision)
        if _standing(machine, deal) in stood:
            break
        stood.append(_standing(machine, deal))
        found.append(decision)
    return tuple(found)


def is_transfer(decision: Decision) -> bool:
    """Whether the move hands the deal over to another process."""
    return "/" in decision.to_stage


def _standing(machine: Machine, deal: Deal) -> tuple[tuple[str, ...], dict[str, object]]:
    stages = tuple(stage_of(deal, track) for track in machine.process.all_tracks())
    return stages, dict(deal.facts)
