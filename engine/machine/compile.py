"""A process compiled: what each action needs from each stage to each target, worked out once for all deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.machine.keys import Key, key_of
from engine.machine.patterns import Quick
from engine.machine.requirements import Check, Passage, Test, checks_of, override_check, ready, requirement_ids
from engine.machine.routes import Route, TrackMachine, frozen, machine_of
from engine.machine.situation import Frame, frame_of
from engine.machine.tracks import stamping
from engine.model.errors import UnknownName
from engine.model.expression import Assignment, Expression
from engine.model.names import did_you_mean
from engine.model.process import Action, Clock, Process, Track
from engine.model.syntax import facts_read

Keyed = tuple[tuple[Check, Key | None], ...]
"""Checks, each with what makes the key of its memory (``None``: it is not remembered)."""
Setting = tuple[str, Test]
"""A fact, and what reckons its value."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A move worked out: all that it must meet, what it sets and stamps, and how it ends.

    ``past_checks`` are those that can be judged of what already happened. ``derives``: something in it reads a fact
    that a table reckons.
    """

    checks: Keyed
    past_checks: Keyed
    sets: tuple[Setting, ...]
    stamps: tuple[Setting, ...]
    derives: bool
    track: str
    action: Action | None
    source: str
    target: str
    outcome: str
    touchpoint: str
    variant: int


@dataclass(frozen=True, slots=True, eq=False)
class ActionRoutes:
    """An action of a track: where its variants lead from each stage, and from where it is possible."""

    track: Track
    variants: tuple[Action, ...]
    routes: Mapping[str, tuple[Route, ...]]

    @property
    def sources(self) -> tuple[str, ...]:
        """The stages from which it is possible, in pipeline order."""
        return tuple(stage.id for stage in self.track.stages if stage.id in self.routes)


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """A version of a process, ready to judge moves. Ways are worked out when first needed, then kept.

    ``requirements`` are the ids of all requirements in a fixed order; a compact verdict holds positions in it.
    ``clocks`` are those that run, by track and stage. ``simple`` are ways of the main track by action and stage, where
    nothing is left to choose.
    """

    process: Process
    frame: Frame
    tracks: Mapping[str, TrackMachine]
    actions: Mapping[str, ActionRoutes]
    requirements: tuple[str, ...]
    numbers: Mapping[str, int]
    overrides: Mapping[str, Check]
    clocks: Mapping[str, Mapping[str, tuple[Clock, ...]]]
    simple: dict[tuple[str, str], Way] = field(default_factory=dict)
    ways: dict[tuple[object, ...], Way] = field(default_factory=dict)
    quick: dict[str, dict[str, Quick]] = field(default_factory=dict)

    def routes(self, action_id: str) -> ActionRoutes:
        """The action's routes. Raises ``UnknownName`` for one that the process does not have."""
        found = self.actions.get(action_id)
        if found is None:
            hint = did_you_mean(action_id, self.actions)
            raise UnknownName(f"{self.process.name} has no action '{action_id}'", hint=hint)
        return found

    def way(self, track: Track, action: Action | None, source: str, target: str, *, counted: str = "") -> Way:
        """The way of an action (``None``: of a start or of a past move that none explains) from a stage to a stage.

        ``target`` is empty where it cannot be told. ``counted`` is the open stage from which the move is counted,
        where ``source`` is an end.
        """
        counted = counted or source
        key = (track.id, action.id if action else "", action.variant if action else 0, source, target, counted)
        found = self.ways.get(key)
        if found is None:
            found = self.ways[key] = _way(self, track, action, source=source, target=target, counted=counted)
        return found


def compile_process(process: Process) -> Machine:
    """The machine of a process. Raises ``BadValue`` where its time zone is not known."""
    tracks = {track.id: machine_of(track) for track in process.all_tracks()}
    actions = {
        action.id: ActionRoutes(track, track.variants(action.id), frozen(tracks[track.id], action.id))
        for track in process.all_tracks()
        for action in track.actions
    }
    requirements = requirement_ids(process)
    return Machine(
        process=process,
        frame=frame_of(process),
        tracks=MappingProxyType(tracks),
        actions=MappingProxyType(actions),
        requirements=requirements,
        numbers=MappingProxyType({name: number for number, name in enumerate(requirements)}),
        overrides=MappingProxyType({action: override_check(process, action) for action in actions}),
        clocks=_clocks(process),
    )


def _clocks(process: Process) -> Mapping[str, Mapping[str, tuple[Clock, ...]]]:
    """By track and stage, the clocks that run there, in the order declared."""
    found: dict[str, dict[str, tuple[Clock, ...]]] = {}
    for clock in process.clocks:
        here = found.setdefault(clock.track, {})
        for stage in clock.stages:
            here[stage] = (*here.get(stage, ()), clock)
    return MappingProxyType(found)


def _way(machine: Machine, track: Track, action: Action | None, *, source: str, target: str, counted: str) -> Way:
    process = machine.process
    goal = track.stage(target)
    checks = checks_of(process, Passage(track, action, counted, goal, _whens(machine, action, source)))
    sets = action.sets if action else ()
    stamps = tuple(each for stage in stamping(track, counted, target) for each in stage.stamps)
    trees = [tree for check in checks for tree in check.trees] + [each.value.tree for each in (*sets, *stamps)]
    keyed = tuple((check, key_of(check)) for check in checks)
    return Way(
        checks=keyed,
        past_checks=tuple(each for each in keyed if not each[0].of_mover),
        sets=_settings(sets),
        stamps=_settings(stamps),
        derives=any(_is_reckoned(process, name) for tree in trees for name in facts_read(tree)),
        track=track.id,
        action=action,
        source=source,
        target=target,
        outcome=goal.ends if goal else "",
        touchpoint=action.touchpoint if action else "",
        variant=action.variant if action else 0,
    )


def _settings(assignments: Iterable[Assignment]) -> tuple[Setting, ...]:
    return tuple((each.fact, ready(each.value).test) for each in assignments)


def _is_reckoned(process: Process, name: str) -> bool:
    fact = process.facts.get(name)
    return fact is not None and fact.table is not None


def _whens(machine: Machine, action: Action | None, source: str) -> tuple[Expression, ...]:
    """The conditions of the variants possible from a stage; none where a variant has no condition to meet."""
    if action is None:
        return ()
    routes = machine.actions[action.id]
    here = tuple(route.action for route in routes.routes.get(source, ())) or routes.variants
    if any(variant.when is None for variant in here):
        return ()
    return tuple(variant.when for variant in here if variant.when)
