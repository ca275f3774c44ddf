"""Approvals: which ones a move needs are given, and why others no longer count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.machine.requirements import Check
from engine.machine.situation import DealSituation
from engine.model.deal import Grant
from engine.model.names import same_name
from engine.model.syntax import Value
from engine.model.values import duration_text, show_value


def find_grant(check: Check, facts: Mapping[str, Value], situation: DealSituation) -> Grant | None:
    """The approval that lets the move through: the last one given that still counts."""
    return next((grant for grant in _given(check, situation) if not _void(check, grant, facts, situation)), None)


def void_grants(check: Check, facts: Mapping[str, Value], situation: DealSituation) -> Iterator[str]:
    """Why the approvals that were given do not count, in words."""
    for grant in _given(check, situation):
        cause = _void(check, grant, facts, situation)
        if cause:
            yield f"that of '{grant.actor}' does not count: {cause}"


def _given(check: Check, situation: DealSituation) -> Iterator[Grant]:
    for grant in reversed(situation.deal.grants):
        if grant.action == situation.action and grant.approval == check.id:
            yield grant


def _void(check: Check, grant: Grant, facts: Mapping[str, Value], situation: DealSituation) -> str:
    if grant.is_void or (grant.digest and grant.digest != situation.deal.digest):
        return "it was given under another version"
    mover = same_name(situation.move.actor)
    if not mover:
        # Whoever moves may be the one who approved.
        return "say who moves with --as"
    if same_name(grant.actor) == mover:
        return "someone other than the mover must approve"
    if check.allowed and grant.role not in check.allowed:
        return f"it was given as '{grant.role}'" if grant.role else "it was given without a role"
    lasts = check.approval.lasts if check.approval else None
    if lasts is not None and situation.now - grant.given_at > lasts:
        return f"it lasted {duration_text(lasts)}"
    return _changed(check, grant, facts, situation)


def _changed(check: Check, grant: Grant, facts: Mapping[str, Value], situation: DealSituation) -> str:
    frame = situation.frame
    for name in sorted(check.reads):
        before, now = grant.facts.get(name, frame.defaults.get(name)), facts.get(name)
        if before != now:
            of = frame.facts[name].type if name in frame.facts else None
            return f"{name} was {show_value(before, of)}, is {show_value(now, of)}"
        if name in grant.changed:
            return f"{name} has changed since, and changed back"
    return ""
