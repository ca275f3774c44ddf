"""How a requirement is judged, and how its verdict is told: what it saw, what it needs, who can mend it."""

from __future__ import annotations

from engine.conditions.decision_table import to_record
from engine.conditions.explain import missing, needs
from engine.conditions.words import GIVEN_WITH_MOVE
from engine.machine.approvals import find_grant, void_grants
from engine.machine.facts import Facts
from engine.machine.making import make_verdict
from engine.machine.requirements import Check, Condition
from engine.machine.roles import either
from engine.machine.situation import DealSituation
from engine.model.deal import Grant
from engine.model.decision import About, Clause, Move, Result, Verdict
from engine.model.names import did_you_mean
from engine.model.process import Action
from engine.model.syntax import Tree, Value


def judge(check: Check, facts: Facts, situation: DealSituation) -> Verdict | None:
    """The verdict on one requirement; ``None`` where it does not apply."""
    if check.condition is not None:
        return _condition(check, check.condition, facts, situation)
    if check.about is About.APPROVAL:
        return _approval(check, facts, situation)
    return _role(check, situation) if check.about is About.ROLE else _reason(check, situation)


def fails(check: Check, facts: Facts, situation: DealSituation) -> bool:
    """Whether ``judge`` gives a verdict that is not passed, without telling anything."""
    if check.about is About.ROLE:
        return situation.role not in check.allowed
    if check.about is About.REASON:
        return situation.reason not in check.allowed
    applies = check.when.test(facts, situation) if check.when else True
    if check.about is About.APPROVAL:
        return applies is not False and find_grant(check, facts, situation) is None
    return refuses(check, applies, check.condition.test(facts, situation) if check.condition else True)


def refuses(check: Check, applies: Value | None, holds: Value | None) -> bool:
    """What the answers to a requirement's ``when`` and condition come to; ``None`` is unknown."""
    if applies is False:
        return False
    # What is known needs no asking, whether or not it had to be asked for; a requirement must first be known to apply.
    return holds is not True or (applies is None and check.about is not About.ASKS)


def _condition(check: Check, condition: Condition, facts: Facts, situation: DealSituation) -> Verdict | None:
    applies = check.when.test(facts, situation) if check.when else True
    if applies is False:
        return None
    if applies is None and check.about is not About.ASKS:
        return _unclear(check, facts, situation)
    seen = condition.clauses(facts, situation)
    # The first clause is the whole condition.
    holds = seen[0].holds
    if holds:
        return _passed(check, seen)
    if applies is None:
        return _unclear(check, facts, situation)
    if check.asks:
        return _refusal(check, Result.FAILED, needs=make_known((check.asks,)), missing=(check.asks,), seen=seen)
    lacking = missing(condition.tree, facts, situation) if holds is None else ()
    return _refusal(
        check,
        Result.FAILED if holds is False else Result.UNKNOWN,
        needs=_needs(condition.tree, lacking, facts, situation),
        missing=_recordable(lacking, facts, situation),
        seen=seen,
    )


def _needs(tree: Tree, lacking: tuple[str, ...], facts: Facts, situation: DealSituation) -> str:
    known = _recordable(lacking, facts, situation)
    # A fact that a table reckons cannot be recorded: those that the table lacks can.
    return needs(tree, facts, situation) if known == lacking else make_known(known)


def make_known(names: tuple[str, ...]) -> str:
    """``record amount and discount``, ``give a reason``; empty where there is nothing to make known."""
    recorded = [name for name in names if name not in GIVEN_WITH_MOVE]
    told = [f"record {' and '.join(recorded)}"] if recorded else []
    told += [
        "name the stage to move to" if name == "to" else f"give a {name}" for name in names if name not in recorded
    ]
    return " and ".join(told)


def _recordable(names: tuple[str, ...], facts: Facts, situation: DealSituation) -> tuple[str, ...]:
    frame = situation.frame
    return to_record(frame.facts, names, facts, situation) if frame.reckons and names else names


def _unclear(check: Check, facts: Facts, situation: DealSituation) -> Verdict | None:
    """Nobody can say whether the requirement applies, so it does not let the move through."""
    if check.when is None:
        return None
    tree = check.when.tree
    lacking = _recordable(missing(tree, facts, situation), facts, situation)
    wanted = make_known(lacking) or needs(tree, facts, situation)
    seen = check.when.clauses(facts, situation)
    return _refusal(check, Result.UNKNOWN, needs=wanted, missing=lacking, seen=seen)


def _role(check: Check, situation: DealSituation) -> Verdict:
    if situation.role in check.allowed:
        return _passed(check, (_saw("actor.role", situation.role),))
    is_role = f" (is '{situation.role}')" if situation.role else ""
    wanted = f"a role that may: {either(check.who)}{is_role}" if check.who else ""
    return _refusal(check, Result.FAILED, needs=wanted)


def _reason(check: Check, situation: DealSituation) -> Verdict:
    if situation.reason in check.allowed:
        return _passed(check, (_saw("reason", situation.reason),))
    if situation.reason is None:
        return _refusal(check, Result.FAILED, needs=f"a reason: {either(check.choices)}", missing=("reason",))
    hint = did_you_mean(situation.reason, check.choices)
    wanted = f"a reason from the list: {either(check.choices)} (is '{situation.reason}'"
    return _refusal(check, Result.FAILED, needs=wanted + (f"; {hint})" if hint.startswith("did") else ")"))


def _approval(check: Check, facts: Facts, situation: DealSituation) -> Verdict | None:
    applies = check.when.test(facts, situation) if check.when else True
    if applies is False:
        return None
    seen = check.when.clauses(facts, situation) if check.when else ()
    grant = find_grant(check, facts, situation)
    if grant is not None:
        return _passed(check, (*seen, _granted(grant)))
    lacking = missing(check.when.tree, facts, situation) if check.when and applies is None else ()
    lacking = _recordable(lacking, facts, situation)
    wanted = f"approval by {either(check.choices)}" if check.choices else "approval by someone else"
    if lacking:
        wanted += f", or {make_known(lacking)}"
    void = "; ".join(void_grants(check, facts, situation))
    result = Result.UNKNOWN if applies is None else Result.FAILED
    return _refusal(check, result, needs=f"{wanted} ({void})" if void else wanted, missing=lacking, seen=seen)


def _granted(grant: Grant) -> Clause:
    seen = (("approved_by", grant.actor), ("approved_as", grant.role), ("approved_on", grant.given_at.date()))
    return Clause("approved", holds=True, seen=seen)


def override_verdict(check: Check, move: Move, *, may: bool) -> Verdict:
    """Whether the mover may override requirements."""
    if may:
        return _passed(check, (_saw("actor.role", move.role or None),))
    is_role = f" (is '{move.role}')" if move.role else ""
    wanted = f"a role that may: {either(check.who)}{is_role}" if check.who else "a process that allows overriding"
    return _refusal(check, Result.FAILED, needs=wanted)


def stage_verdict(action: Action, *, stands: str, sources: tuple[str, ...], who: tuple[str, ...]) -> Verdict:
    """The action is not possible from where the deal stands; ``sources`` are where it is."""
    places = either(tuple(f"'{source}'" for source in sources))
    return Verdict(
        f"{action.id}/stage",
        About.STAGE,
        Result.FAILED,
        f"'{action.id}' is possible from {places}" if places else f"'{action.id}' leads to no stage",
        needs=f"a deal in {places} (is in '{stands}')" if places else "",
        who=who,
        clauses=(Clause("stage", holds=False, seen=(("stage", stands),)),),
    )


def target_verdict(action: str, *, to: str, targets: tuple[str, ...], who: tuple[str, ...]) -> Verdict:
    """The stage to go to is not named, or the action does not lead to the one that is."""
    places = either(tuple(f"'{target}'" for target in targets))
    says = f"'{action}' leads to {places}" if targets else f"'{action}' leads to no stage from here"
    unnamed = bool(targets) and not to
    return Verdict(
        f"{action}/target",
        About.TARGET,
        Result.FAILED,
        f"{says}: one of them is named" if unnamed else says,
        needs=f"to {places}" + (f" (is '{to}')" if to else "") if targets else "",
        who=who,
        missing=("to",) if unnamed else (),
    )


def _saw(word: str, value: str | None) -> Clause:
    return Clause(word, holds=True, seen=((word, value),))


def _passed(check: Check, seen: tuple[Clause, ...]) -> Verdict:
    return make_verdict(check.id, check.about, Result.PASSED, check.says, check.force, rule=check.rule, clauses=seen)


def _refusal(
    check: Check,
    result: Result,
    *,
    needs: str,
    missing: tuple[str, ...] = (),
    seen: tuple[Clause, ...] = (),
) -> Verdict:
    return make_verdict(
        check.id,
        check.about,
        result,
        check.says,
        check.force,
        needs=needs,
        fix=check.fix,
        who=check.who,
        missing=missing,
        rule=check.rule,
        clauses=seen,
    )
