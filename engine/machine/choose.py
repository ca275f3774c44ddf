"""Which way a move means: the variant of its action that applies, and the stage it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.machine.compile import ActionRoutes, Machine, Way
from engine.machine.facts import Facts, check_facts, view, with_tables
from engine.machine.roles import roles_that_mend
from engine.machine.routes import Route, route_of
from engine.machine.situation import DealSituation
from engine.machine.tracks import counted_from, stage_of
from engine.machine.verdicts import stage_verdict, target_verdict
from engine.model.deal import Deal
from engine.model.decision import Move, Verdict
from engine.model.names import MAIN
from engine.model.process import Track


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A move about to be judged: its way, the facts it sees, and what already stands in the way of it."""

    way: Way
    facts: Facts
    situation: DealSituation
    misplaced: tuple[Verdict, ...] = ()


def choose(machine: Machine, deal: Deal, move: Move, now: datetime) -> Case:
    """The case of a move. Raises ``UnknownName`` and ``BadValue`` for what the process does not have."""
    if move.facts:
        check_facts(machine.process, move.facts)
    routes = machine.routes(move.action)
    source = stage_of(deal, routes.track)
    way = simple_way(machine, routes, source)
    facts = view(deal.facts, move.facts, machine.frame.defaults)
    if way is not None and move.to in ("", way.target):
        situation = DealSituation(machine.frame, deal, move, now, way.target)
        return Case(way, with_tables(facts, situation) if way.derives else facts, situation)
    return _choose(machine, routes, facts, DealSituation(machine.frame, deal, move, now, move.to or None))


def simple_way(machine: Machine, routes: ActionRoutes, source: str) -> Way | None:
    """The only way of an action from a stage, where it has one variant with one target.

    None from an end: what is passed from there depends on where the deal stood before.
    """
    found = routes.routes.get(source, ())
    if len(found) != 1 or len(found[0].targets) != 1 or found[0].previous:
        return None
    if routes.track.is_end(source):
        return None
    way = machine.way(routes.track, found[0].action, source, found[0].targets[0])
    if routes.track.id == MAIN:
        machine.simple[routes.variants[0].id, source] = way
    return way


def _choose(machine: Machine, routes: ActionRoutes, plain: Facts, situation: DealSituation) -> Case:
    move = situation.move
    source = stage_of(situation.deal, routes.track)
    here = routes.routes.get(source, ())
    # From a stage where the action is not possible, all its variants tell what it would need.
    candidates = here or tuple(route_of(routes.track, action, source) for action in routes.variants)
    route, targets = _meant(routes.track, candidates, with_tables(plain, situation), situation, source=source)
    target = move.to if move.to in targets else targets[0] if len(targets) == 1 and not move.to else ""
    way = machine.way(routes.track, route.action, source, target, counted=counted_from(situation.deal, routes.track))
    who = roles_that_mend(machine.process, route.action.by)
    misplaced: list[Verdict] = []
    if not here:
        misplaced.append(stage_verdict(route.action, stands=source, sources=routes.sources, who=who))
    if not target and (here or move.to):
        misplaced.append(target_verdict(move.action, to=move.to, targets=targets, who=who))
    situation.to = target or move.to or None
    return Case(way, with_tables(plain, situation) if way.derives else plain, situation, tuple(misplaced))


def _meant(
    track: Track, candidates: tuple[Route, ...], facts: Facts, situation: DealSituation, *, source: str
) -> tuple[Route, tuple[str, ...]]:
    """The first variant that applies and leads where the mover wants; else the first that applies; else the first."""
    previous = situation.deal.previous if track.id == MAIN else ""
    led = [(route, route.leads_to(track, source, previous=previous)) for route in candidates]
    applying = [each for each in led if each[0].applies is None or each[0].applies(facts, situation) is True]
    wanted = [each for each in applying if situation.move.to in each[1]]
    return (wanted or applying or led)[0]
