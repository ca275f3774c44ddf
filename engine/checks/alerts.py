"""Alerts of stages: a reason to stand there for longer that no deal can ever state."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.standing import Standing, all_standing
from engine.checks.tables import sound_facts
from engine.checks.truth import never_true
from engine.conditions.compare import satisfiable
from engine.model.finding import Finding
from engine.model.names import MAIN
from engine.model.process import Process

_NO_MOVE = frozenset({"to", "action", "reason", "reason.group", "note", "actor.role"})
"""What is known of a move alone, and a deal that merely stands there has none."""


def alert_without_reason(process: Process) -> Iterator[Finding]:
    """P159: an ``unless`` that is never true of a deal in the stage of its alert. Where it never is at all, P133."""
    facts = sound_facts(process.facts)
    for track in process.all_tracks():
        word = "stage" if track.id == MAIN else f"track.{track.id}"
        for stage in track.stages:
            unless = stage.unless
            if unless is None or stage.ends or never_true(unless, facts):
                continue
            trees = all_standing((unless.tree,), Standing({word: stage.id}, _NO_MOVE))
            if satisfiable(*trees, facts=facts) is False:
                message = f"the alert of stage '{stage.id}' has an 'unless' that no deal that stands there meets"
                hint = "ask for a fact that states the reason, such as given(waiting_for); no move is under way then"
                yield Finding("P159", unless.at, message, hint)
