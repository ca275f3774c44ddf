"""What can be foreseen of attempts: which of them look at nothing that may change before they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.machine.clocks import EXEMPT
from engine.machine.compile import Machine, Way
from engine.machine.requirements import NOTE, Check, reckoned_from
from engine.machine.routes import Route
from engine.model.decision import About
from engine.model.names import MAIN
from engine.model.rule import Force
from engine.model.syntax import Call, ContextRef, FactRef, Literal, Tree, walk
from engine.simulation.compiling.attempts import Attempt, Tried

_ASKED_OF_NOBODY = frozenset({About.ROLE, About.REASON, About.APPROVAL})
_OF_TIME = frozenset({"today", "days_in_stage"})
_OF_MAIN = frozenset({"stage", "probability"})


def way_of(machine: Machine, attempt: Attempt, route: Route) -> Way:
    """The way of an attempt by one variant of its action."""
    return machine.way(attempt.track, route.action, attempt.source, attempt.to)


def asked(machine: Machine, attempt: Attempt, route: Route) -> tuple[Check, ...]:
    """What such an attempt must meet, in the order in which it is told: role, reason and a note are always given.

    A clock is not asked what only a person could meet.
    """
    exempt = EXEMPT | _ASKED_OF_NOBODY if attempt.clock else _ASKED_OF_NOBODY
    return tuple(
        check
        for check, _ in way_of(machine, attempt, route).checks
        if check.force is Force.MUST and check.about not in exempt and check.asks != NOTE
    )


@dataclass(frozen=True, slots=True)
class Changing:
    """What may change between the start of a deal and an attempt: facts, and the stages of side tracks."""

    facts: frozenset[str]
    tracks: frozenset[str]


def changing(machine: Machine, found: Tried) -> Changing:
    """Facts set or stamped by what leads to a stage in which a deal goes on, and tracks in which something is tried."""
    facts = {stamp.fact for stamp in machine.process.main.first.stamps}
    for attempt in found.ways:
        if attempt.track.is_end(attempt.to):
            continue
        for route in attempt.meant:
            way = way_of(machine, attempt, route)
            facts.update(fact for fact, _ in (*way.sets, *way.stamps))
    tracks = {track for track, _ in found.stages}
    for track in machine.process.all_tracks():
        automatic = [action for action in track.actions if action.auto]
        if automatic:
            # Done by the engine, whatever the scenario says.
            tracks.add(track.id)
            facts.update(each.fact for action in automatic for each in action.sets)
            facts.update(stamp.fact for stage in track.stages for stamp in stage.stamps)
    return Changing(frozenset(facts), frozenset(tracks))


def is_living(machine: Machine, attempt: Attempt, *, changing: Changing) -> bool:
    """Whether an attempt looks at more than the facts a prospect came with, the words of the move, and its stage."""
    if any(route.previous for route in attempt.meant):
        # Where it leads depends on where the deal stood before.
        return True
    return any(
        _moves(node, machine, attempt, changing=changing)
        for tree in _trees(machine, attempt)
        for each in reckoned_from(machine.process, tree)
        for node in walk(each)
    )


def _trees(machine: Machine, attempt: Attempt) -> Iterator[Tree]:
    if attempt.clock and attempt.clock.when:
        yield attempt.clock.when.tree
    for route in attempt.routes:
        if route.action.when:
            yield route.action.when.tree
    for route in attempt.meant:
        for check in asked(machine, attempt, route):
            yield from check.trees


def _moves(node: Tree, machine: Machine, attempt: Attempt, *, changing: Changing) -> bool:
    """Whether what a node stands for may be another thing tomorrow."""
    is_main = attempt.track.id == MAIN
    match node:
        case FactRef(name=name):
            return name in changing.facts
        case ContextRef(name=name):
            if name.startswith("track."):
                return name.removeprefix("track.") in changing.tracks
            return name in _OF_TIME or (name in _OF_MAIN and not is_main)
        case Call(function="done" | "count" | "since"):
            return True
        case Call(function="reached", arguments=(Literal(value=str(stage)), *_)):
            # Standing in a stage it has reached that one, and all before it.
            return not is_main or attempt.source not in machine.frame.reaching.get(stage, frozenset())
    return False
