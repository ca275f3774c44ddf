"""Conditions on the group of a reason, where a reason has none."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.expressions import Use, of_requirements, when
from engine.model.finding import Finding, Severity
from engine.model.process import Action, Process
from engine.model.syntax import ContextRef, walk


def group_of_none(process: Process) -> Iterator[Finding]:
    """P167: a requirement or an approval of an action asks for the group of a reason that may have none."""
    for action in (action for track in process.all_tracks() for action in track.actions):
        bare = [reason.code for reason in action.reasons if not reason.group]
        asking = next((use for use in _deciding(action) if _asks_for_group(use)), None)
        if bare and asking:
            listed = ", ".join(f"'{code}'" for code in bare)
            message = f"{asking.of} asks for the group of the reason, which is unknown for {listed}: they have none"
            hint = "give each reason of the list a group"
            yield Finding("P167", asking.expression.origin.at(0), message, hint, severity=Severity.WARNING)


def _deciding(action: Action) -> Iterator[Use]:
    """What stands in the way where it is unknown. What ``asks`` asks for is not asked then."""
    yield from of_requirements(action.requires)
    for approval in action.approvals:
        yield from when(approval.when, f"'{approval.id}'")


def _asks_for_group(use: Use) -> bool:
    return any(isinstance(node, ContextRef) and node.name == "reason.group" for node in walk(use.expression.tree))
