"""A process and the people who work by it: approvals that none of them can give."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.finding import Finding, Severity
from engine.model.people import People
from engine.model.process import Action, Process, role_may
from engine.model.rule import Approval


def check_people(process: Process, people: People) -> Iterator[Finding]:
    """P166: an approval that nobody can give, or only whoever alone may make the move."""
    for track in process.all_tracks():
        for action in track.actions:
            movers = _who_may(process, people, action.by)
            for approval in action.approvals:
                approvers = _who_may(process, people, approval.by)
                message = _in_vain(action, approvers, movers)
                if message:
                    yield Finding("P166", approval.at, message, _hint(approval, approvers), Severity.WARNING)


def _who_may(process: Process, people: People, by: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        person.id
        for person in people.persons.values()
        if not by or any(role_may(process, role, by) for role in person.roles)
    )


def _in_vain(action: Action, approvers: frozenset[str], movers: frozenset[str]) -> str:
    if not approvers:
        return f"nobody in people.yaml can give this approval of '{action.id}'"
    # What the engine does itself, anybody may have approved.
    if not action.auto and len(approvers) == 1 and movers == approvers:
        (alone,) = approvers
        return f"'{alone}' alone may do '{action.id}' and alone may approve it: nobody approves a move of their own"
    return ""


def _hint(approval: Approval, approvers: frozenset[str]) -> str:
    role = " or ".join(f"'{role}'" for role in approval.by)
    who = "someone else" if approvers else "someone"
    return f"give {who} the role {role} in people.yaml, or name another role in 'by'"
