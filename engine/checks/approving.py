"""Approvals that no move ever asks for, so that nobody is ever to give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.graph import AWAY, leads_to
from engine.checks.standing import Standing, all_standing
from engine.checks.tables import sound_facts
from engine.checks.truth import never_true
from engine.conditions.compare import satisfiable
from engine.machine.tracks import reaching
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Action, Process, Track, roles_that_may
from engine.model.rule import Approval, Fact
from engine.model.syntax import ContextRef, In, Kind, Literal, Tree, Type, walk


def approval_never_needed(process: Process) -> Iterator[Finding]:
    """P165: an approval that is needed only where its action is not possible."""
    for track in process.all_tracks():
        for action in track.actions:
            for approval in action.approvals:
                if approval.when is not None:
                    facts = sound_facts(process.facts)
                    # What never holds is told of alone.
                    if not never_true(approval.when, facts):
                        yield from _never_needed(process, track, action, approval, facts=facts)


def _never_needed(
    process: Process, track: Track, action: Action, approval: Approval, *, facts: Mapping[str, Fact]
) -> Iterator[Finding]:
    trees = tuple(one.tree for one in (approval.when, action.when) if one is not None)
    places = [(source, target) for source in action.sources for target in leads_to(track, action, source)]
    if not places or "previous" in action.targets or not approval.when:
        return
    if satisfiable(*trees, facts=facts) is False:
        yield _idle(approval, f"where '{action.id}' applies its 'when' is never true")
    elif all(_impossible(process, track, action, trees, place=place, facts=facts) for place in places):
        yield _idle(approval, f"where '{action.id}' is possible its 'when' is never true")


def _idle(approval: Approval, cause: str) -> Finding:
    at = approval.when.at if approval.when else approval.at
    message = f"the approval '{approval.id}' is never needed: {cause}"
    return Finding("P165", at, message, "mend its 'when', or remove the approval", Severity.WARNING)


def _impossible(
    process: Process,
    track: Track,
    action: Action,
    trees: tuple[Tree, ...],
    *,
    place: tuple[str, str],
    facts: Mapping[str, Fact],
) -> bool:
    source, target = place
    words = {"action": action.id, "stage" if track.id == MAIN else f"track.{track.id}": source}
    if target != AWAY:
        words["to"] = target
    over = reaching(track) if track.id == MAIN else {}
    here = Standing(words, reached=frozenset(stage for stage, by in over.items() if source in by))
    movers = _by_who_may(process, action, trees)
    return satisfiable(*all_standing((*trees, *movers), here), facts=facts) is False


def _by_who_may(process: Process, action: Action, trees: tuple[Tree, ...]) -> Iterator[Tree]:
    """That the mover has a role that may do the action, where a condition looks at it."""
    for node in dict.fromkeys(node for tree in trees for node in walk(tree)):
        if isinstance(node, ContextRef) and node.name == "actor.role" and action.by:
            roles = roles_that_may(process, action.by)
            yield In(node, Literal(roles, Type(Kind.LIST, item=node.type)))
