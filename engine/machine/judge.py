"""Moves that already happened: which action each was, and what the process would have said of it.

Nobody can refuse them now. An export tells no roles, no approvals and not what the mover was asked for, so none of
these is judged; and what nobody wrote down is unknown, not wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from engine.machine.choose import Case
from engine.machine.compile import Machine, Way
from engine.machine.decide import assembled, judge_all, sets_of, start_case
from engine.machine.facts import Facts, check_facts, view, with_tables
from engine.machine.routes import Route
from engine.machine.situation import DealSituation
from engine.machine.tracks import counted_from
from engine.model.deal import Deal
from engine.model.decision import About, Decision, Move, Result, Verdict
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean
from engine.model.past import PastMove
from engine.model.rule import Force
from engine.model.syntax import Value


def judge_past(machine: Machine, deal: Deal, past: PastMove, *, now: datetime) -> Decision:
    """What the process would have said of a move into ``past.to_stage``, by the facts known then.

    ``now`` is when it happened, or the nearest time known. The action is the one that broke least among those that
    lead there, the first declared where several broke nothing, and of its variants the first that applied; with none,
    ``move.action`` is empty and the verdict on the stage says so. ``allowed`` is false where a requirement was broken:
    the move is deviating. Verdicts that are ``unknown`` break nothing.

    Raises ``UnknownName`` for a stage or a fact that the process does not have, ``BadValue`` for a misfit.
    """
    if past.facts:
        check_facts(machine.process, past.facts)
    best: Decision | None = None
    for way, unclear in _candidates(machine, deal, past, now):
        decision = _judged(machine, way, deal, past, now, unclear=unclear)
        if decision.allowed:
            return decision
        if best is None or len(broken(decision)) < len(broken(best)):
            best = decision
    return best or _unexplained(machine, deal, past, now)


def judge_past_start(machine: Machine, facts: Mapping[str, Value], *, now: datetime) -> Decision:
    """What the process would have said of a start with these facts; raises as ``judge_past`` does."""
    case = start_case(machine, Move("", facts=facts), now)
    return _as_past(case, judge_all(case.way.past_checks, case.facts, case.situation))


def broken(decision: Decision) -> tuple[Verdict, ...]:
    """The requirements that a past move broke; what is unknown is not among them."""
    return tuple(each for each in decision.verdicts if _is_broken(each))


def _is_broken(verdict: Verdict) -> bool:
    return verdict.result is Result.FAILED and verdict.force is Force.MUST


def unknown(decision: Decision) -> tuple[Verdict, ...]:
    """The requirements of which nobody can say whether a past move met them."""
    return tuple(each for each in decision.verdicts if each.force is Force.MUST and each.result is Result.UNKNOWN)


def _candidates(machine: Machine, deal: Deal, past: PastMove, now: datetime) -> Iterator[tuple[Way, bool]]:
    """The ways that lead there, and whether nobody can say that their variant was the one meant."""
    main = machine.process.main
    counted = counted_from(deal, main)
    for routes in machine.actions.values():
        here = routes.routes.get(deal.stage, ()) if routes.track is main else ()
        leading = [route for route in here if past.to_stage in route.leads_to(main, deal.stage, previous=deal.previous)]
        if not leading:
            continue
        situation = _situation(machine, deal, past, now, action=routes.variants[0].id)
        for route, unclear in _meant(here, leading, _seen(machine, deal, past, situation), situation):
            yield machine.way(main, route.action, deal.stage, past.to_stage, counted=counted), unclear


def _meant(
    here: tuple[Route, ...], leading: list[Route], facts: Facts, situation: DealSituation
) -> Iterator[tuple[Route, bool]]:
    """The variants of an action that the move may have been, up to the first that surely applies and leads there.

    Where none of them applies, the first tells so, unless another variant does apply: the action then led elsewhere.
    """
    applying = {id(route): route.applies is None or route.applies(facts, situation) for route in here}
    if all(applies is False for applies in applying.values()):
        yield leading[0], False
        return
    for route in leading:
        applies = applying[id(route)]
        if applies is not False:
            yield route, applies is not True
        if applies is True:
            return


def _judged(machine: Machine, way: Way, deal: Deal, past: PastMove, now: datetime, *, unclear: bool) -> Decision:
    case = _case(machine, way, deal, past, now)
    verdicts = judge_all(way.past_checks, case.facts, case.situation)
    return _as_past(case, _with_doubt(way, verdicts) if unclear else verdicts)


def _with_doubt(way: Way, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts, where it is not known whether the variant applied, though another one surely did."""
    if way.action is None or any(each.about is About.APPLIES and each.result is Result.UNKNOWN for each in verdicts):
        return verdicts
    says = f"'{way.action.id}' applies to this deal"
    doubt = Verdict(f"{way.action.id}/when", About.APPLIES, Result.UNKNOWN, says)
    return (doubt, *(each for each in verdicts if each.about is not About.APPLIES))


def _unexplained(machine: Machine, deal: Deal, past: PastMove, now: datetime) -> Decision:
    """The move of no action: that it was none is what it broke, beside what else the stage would have asked."""
    main = machine.process.main
    if main.stage(past.to_stage) is None:
        hint = did_you_mean(past.to_stage, (stage.id for stage in main.stages))
        raise UnknownName(f"{machine.process.name} has no stage '{past.to_stage}'", hint=hint)
    way = machine.way(main, None, deal.stage, past.to_stage, counted=counted_from(deal, main))
    case = _case(machine, way, deal, past, now)
    none = Verdict(
        f"{past.to_stage}/stage",
        About.STAGE,
        Result.FAILED,
        f"an action leads from '{deal.stage}' to '{past.to_stage}'",
        needs=f"an action from '{deal.stage}' to '{past.to_stage}'",
    )
    return _as_past(case, (none, *judge_all(way.past_checks, case.facts, case.situation)))


def _case(machine: Machine, way: Way, deal: Deal, past: PastMove, now: datetime) -> Case:
    situation = _situation(machine, deal, past, now, action=way.action.id if way.action else "")
    facts = view(deal.facts, past.facts, machine.frame.defaults)
    return Case(way, with_tables(facts, situation) if way.derives else facts, situation)


def _situation(machine: Machine, deal: Deal, past: PastMove, now: datetime, *, action: str) -> DealSituation:
    move = Move(action, to=past.to_stage, reason=past.reason, note=past.note, actor=past.actor, facts=past.facts)
    return DealSituation(machine.frame, deal, move, now, past.to_stage)


def _seen(machine: Machine, deal: Deal, past: PastMove, situation: DealSituation) -> Facts:
    return with_tables(view(deal.facts, past.facts, machine.frame.defaults), situation)


def _as_past(case: Case, verdicts: tuple[Verdict, ...]) -> Decision:
    """The decision on what happened. What an export does not tell is unknown, and its facts are known either way."""
    allowed = True
    for verdict in verdicts:
        if verdict.result is not Result.PASSED:
            verdicts = tuple(each if each.result is Result.PASSED else _forgiven(each, case) for each in verdicts)
            allowed = not any(_is_broken(each) for each in verdicts)
            break
    return assembled(case.way, case.situation, verdicts, sets_of(case.way, case.facts, case.situation), allowed=allowed)


def _forgiven(verdict: Verdict, case: Case) -> Verdict:
    untold = verdict.about is About.ASKS or (verdict.about is About.REASON and case.situation.reason is None)
    return replace(verdict, result=Result.UNKNOWN) if untold else verdict
