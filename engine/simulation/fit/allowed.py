"""Which branches the rules in force bar for whom, judged by facts alone, as far as facts tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from engine.machine.columns import Columns, gather
from engine.machine.compile import Machine
from engine.machine.crowd import Crowd
from engine.machine.refusing import refusing
from engine.machine.requirements import NOTE, Check
from engine.model.deal import Deal
from engine.model.decision import About
from engine.model.process import Action, Track, targets_from
from engine.model.rule import Force
from engine.model.syntax import Call, ContextRef, FactRef, Value, walk
from engine.numerics.watching import Mask

Facts = Mapping[str, Value]

_JUDGED = frozenset({About.APPLIES, About.ASKS, About.TO_PASS, About.REQUIRES, About.TO_ENTER, About.ALWAYS})
_PAST = frozenset({"done", "count", "since", "reached"})


def gathered(machine: Machine, facts: Sequence[Facts], *, now: datetime) -> Columns:
    """Deals that have these facts, in their order, and of which nothing else is known."""
    of = machine.process
    # All in one stage: they keep their order, and what a rule asks of the stage is told with the way.
    stage = of.main.first.id
    return gather(machine, [Deal("", of.id, of.version, "", stage, now, now, now, facts=each) for each in facts])


def barred(deals: Columns, way: tuple[str, str, str], *, now: datetime) -> Mask:
    """For each deal, by its facts: whether the rules refuse the way (stage, action, to) of the main track.

    Rules that look at more than facts (what was done, days, other tracks) are not held against anybody here.
    """
    stage, action_id, to = way
    machine, size = deals.machine, len(deals.deals)
    track = machine.process.main
    action = _meant(track, action_id, stage, to)
    found = np.zeros(size, np.bool_)
    if action is None or not size:
        return found
    checks = [check for check, _ in machine.way(track, action, stage, to).checks if _is_judged(check)]
    if not checks:
        return found
    crowd = Crowd(deals, slice(0, size), size, stage, {"to": to, "action": action_id}, now)
    for check in checks:
        refused = refusing(check, crowd)
        if refused is not None:
            found |= refused
    return found


def facts_asked(machine: Machine) -> frozenset[str]:
    """The facts that must be known before something is done, whatever else holds."""
    process = machine.process
    asks = [each.asks for track in process.all_tracks() for each in track.actions]
    asks += [each.asks for track in process.all_tracks() for each in track.stages]
    rules = [
        *(each for track in process.all_tracks() for each in track.always),
        *(each for track in process.all_tracks() for action in track.actions for each in action.requires),
        *(each for stage in process.main.stages for each in (*stage.to_enter, *stage.to_pass)),
    ]
    trees = [rule.condition.tree for rule in rules if rule.force is Force.MUST and rule.when is None]
    read = {node.name for tree in trees for node in walk(tree) if isinstance(node, FactRef)}
    asked = {ask.fact for each in asks for ask in each if ask.when is None}
    return frozenset(name for name in read | asked if name in process.facts and process.facts[name].default is None)


def facts_read(machine: Machine) -> frozenset[str]:
    """The facts that anything in the process looks at or asks for."""
    process = machine.process
    asks = [ask for track in process.all_tracks() for each in track.actions for ask in each.asks]
    asks += [ask for track in process.all_tracks() for each in track.stages for ask in each.asks]
    found = {ask.fact for ask in asks}
    whens = [ask.when for ask in asks] + [clock.when for clock in process.clocks]
    for track in process.all_tracks():
        rules = [*track.always, *(each for stage in track.stages for each in (*stage.to_enter, *stage.to_pass))]
        for action in track.actions:
            rules += action.requires
            whens += [action.when, *(approval.when for approval in action.approvals)]
        whens += [each for rule in rules for each in (rule.condition, rule.when)]
    trees = [when.tree for when in whens if when is not None]
    return frozenset(found | {node.name for tree in trees for node in walk(tree) if isinstance(node, FactRef)})


def _meant(track: Track, action_id: str, stage: str, to: str) -> Action | None:
    for action in track.variants(action_id):
        if stage in action.sources and to in targets_from(track, action, stage):
            return action
    return None


def _is_judged(check: Check) -> bool:
    if check.force is not Force.MUST or check.about not in _JUDGED or check.asks == NOTE:
        return False
    nodes = [node for tree in check.trees for node in walk(tree)]
    words = {"to", "action", "stage"}
    return not any(
        (isinstance(node, ContextRef) and node.name not in words) or (isinstance(node, Call) and node.function in _PAST)
        for node in nodes
    )
