"""The verdict on one move: every requirement judged, none after the first refusal left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from engine.machine.choose import Case, choose
from engine.machine.compile import Keyed, Machine, Way
from engine.machine.facts import NO_FACTS, Facts, check_facts, view, with_tables
from engine.machine.making import make_decision
from engine.machine.requirements import NOTE, ORDER, Check
from engine.machine.situation import DealSituation
from engine.machine.tracks import stage_of
from engine.machine.verdicts import judge, override_verdict
from engine.model.deal import Deal
from engine.model.decision import WAIVABLE, About, Decision, Move, Result, Verdict
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.syntax import Value

REMEMBERED = 128
"""How many verdicts of one requirement are kept."""


def decide(machine: Machine, deal: Deal, move: Move, *, now: datetime) -> Decision:
    """The verdict on a move of a deal, at a time (UTC). Nothing is recorded, and nothing asked of the world.

    Raises ``UnknownName`` for an action or a fact that the process does not have, ``BadValue`` for a fact given
    with the move that does not fit its type.
    """
    way = machine.simple.get((move.action, deal.stage))
    if way is None or move.facts or move.override or move.to or way.derives:
        case = choose(machine, deal, move, now)
        verdicts = judge_all(case.way.checks, case.facts, case.situation)
        return decision_of(machine, case, (*case.misplaced, *verdicts) if case.misplaced else verdicts)
    # Nothing to choose and nothing given: the same as above, without the detours.
    defaults = machine.frame.defaults
    facts = {**defaults, **deal.facts} if defaults else deal.facts
    situation = DealSituation(machine.frame, deal, move, now, way.target)
    return _decision(way, facts, situation, judge_all(way.checks, facts, situation))


def start(machine: Machine, facts: Mapping[str, Value], *, actor: str = "", role: str = "", now: datetime) -> Decision:
    """Whether a deal may start with these facts: what the first stage asks and needs, and what always holds.

    Raises as ``decide`` does. Defaults are looked up, not recorded; stamps of the first stage are.
    """
    case = start_case(machine, Move("", actor=actor, role=role, facts=facts), now)
    return decision_of(machine, case, judge_all(case.way.checks, case.facts, case.situation))


def start_case(machine: Machine, move: Move, now: datetime) -> Case:
    """The case of a start: a move of no action, from nowhere into the first stage."""
    check_facts(machine.process, move.facts)
    main = machine.process.main
    way = machine.way(main, None, "", main.first.id)
    situation = DealSituation(machine.frame, _not_yet(machine, now), move, now, main.first.id)
    seen = view(NO_FACTS, move.facts, machine.frame.defaults)
    return Case(way, with_tables(seen, situation) if way.derives else seen, situation)


def options(machine: Machine, deal: Deal, *, role: str, now: datetime, actor: str = "") -> tuple[Decision, ...]:
    """What may be done to a deal, and what stands in the way of the rest: a decision for each action, and for each
    target of an action with several, in the order declared.

    Reason and note are given with a move, so that they are not given yet stands in no way: it is a warning here.
    """
    return tuple(
        decision
        for action in machine.actions
        for decision in options_of(machine, deal, action, role=role, now=now, actor=actor)
    )


def options_of(
    machine: Machine, deal: Deal, action: str, *, role: str, now: datetime, actor: str = ""
) -> tuple[Decision, ...]:
    """The options of one action: as many as it has targets from where the deal stands, at least one."""
    found = []
    for to in _targets(machine, deal, action):
        case = choose(machine, deal, Move(action, to=to, actor=actor, role=role), now)
        asking = {check.id: check for check, _ in case.way.checks if check.asking}
        verdicts = judge_all(case.way.checks, case.facts, case.situation)
        softened = tuple(_softened(verdict, asking.get(verdict.requirement)) for verdict in verdicts)
        found.append(decision_of(machine, case, (*case.misplaced, *softened)))
    return tuple(found)


def judge_all(checks: Keyed, facts: Facts, situation: DealSituation) -> tuple[Verdict, ...]:
    """The verdicts on all requirements that apply, in the order in which they are told."""
    found = []
    for check, key_of in checks:
        if key_of is None:
            verdict = judge(check, facts, situation)
        else:
            key = key_of(facts, situation)
            try:
                verdict = check.memo[key]
            except KeyError:
                verdict = _remembered(check, key, facts, situation)
        if verdict is not None:
            found.append(verdict)
    return tuple(found)


def _remembered(check: Check, key: object, facts: Facts, situation: DealSituation) -> Verdict | None:
    if len(check.memo) >= REMEMBERED:
        check.memo.clear()
    verdict = check.memo[key] = judge(check, facts, situation)
    return verdict


def decision_of(machine: Machine, case: Case, verdicts: tuple[Verdict, ...]) -> Decision:
    """The decision that the verdicts add up to. Only what is allowed has facts to record."""
    move = case.situation.move
    if move.override:
        verdicts = _overridden(machine, move, verdicts)
    return _decision(case.way, case.facts, case.situation, verdicts)


def _decision(way: Way, facts: Facts, situation: DealSituation, verdicts: tuple[Verdict, ...]) -> Decision:
    allowed = True
    for verdict in verdicts:
        if verdict.result is not Result.PASSED and not verdict.stands:
            allowed = False
            break
    sets = sets_of(way, facts, situation) if allowed else NO_FACTS
    return assembled(way, situation, verdicts, sets, allowed=allowed)


def assembled(
    way: Way, situation: DealSituation, verdicts: tuple[Verdict, ...], sets: Facts, *, allowed: bool
) -> Decision:
    """A decision put together from its parts."""
    move = situation.move
    return make_decision(
        allowed,
        move,
        way.track,
        way.source,
        way.target or move.to,
        verdicts,
        sets,
        way.touchpoint,
        way.outcome,
        way.variant,
    )


def sets_of(way: Way, facts: Facts, situation: DealSituation) -> Facts:
    """The facts to record: given with the move, then set, then stamped unless known already."""
    if not (situation.move.facts or way.sets or way.stamps):
        return NO_FACTS
    found = dict(situation.move.facts)
    for fact, test in way.sets:
        value = test(facts, situation)
        if value is not None:
            found[fact] = value
    for fact, test in way.stamps:
        if fact in found or fact in situation.deal.facts:
            continue
        value = test(facts, situation)
        if value is not None:
            found[fact] = value
    return MappingProxyType(found)


def _overridden(machine: Machine, move: Move, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts under an override: waived by who may, told as they are with a refusal by who may not."""
    may = may_override(machine, move)
    told = override_verdict(machine.overrides[move.action], move, may=may)
    if may:
        verdicts = tuple(replace(each, result=Result.WAIVED) if _is_waived(each) else each for each in verdicts)
    before = tuple(each for each in verdicts if ORDER[each.about] <= ORDER[About.ROLE])
    return (*before, told, *verdicts[len(before) :])


def may_override(machine: Machine, move: Move) -> bool:
    """Whether the mover's role may override requirements."""
    by = machine.process.override_by
    return by is not None and (not by or move.role in machine.overrides[move.action].allowed)


def _is_waived(verdict: Verdict) -> bool:
    return verdict.about in WAIVABLE and verdict.force is Force.MUST and verdict.result is not Result.PASSED


def _softened(verdict: Verdict, check: Check | None) -> Verdict:
    """The verdict while one merely asks: what only a reason or a note is missing for warns, and refuses nothing."""
    if check is None or verdict.result is Result.PASSED:
        return verdict
    if verdict.result is Result.UNKNOWN or check.about is About.REASON or check.asks == NOTE:
        return replace(verdict, result=Result.UNKNOWN, force=Force.SHOULD)
    return verdict


def _targets(machine: Machine, deal: Deal, action: str) -> tuple[str, ...]:
    """The targets to ask about one by one; an empty text where there is nothing to choose."""
    routes = machine.routes(action)
    source = stage_of(deal, routes.track)
    previous = deal.previous if routes.track.id == MAIN else ""
    here = routes.routes.get(source, ())
    found = [to for route in here for to in route.leads_to(routes.track, source, previous=previous)]
    targets = tuple(dict.fromkeys(found))
    return targets if len(targets) > 1 else ("",)


def _not_yet(machine: Machine, now: datetime) -> Deal:
    """A deal as it stands in the moment of its start."""
    process = machine.process
    first = process.main.first.id
    return Deal("", process.id, process.version, "", first, now, now, now, length=0, visited=frozenset({first}))
