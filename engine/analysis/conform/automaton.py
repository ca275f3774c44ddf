"""A process as one automaton a track: what a deal may enter after what and by which actions, as the machine has it.

A label is a stage entered. Tracks do not wait for each other here and no label belongs to two of them, so what a deal
costs as a whole is the sum of what it costs in each track: the product of the automata is never needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from engine.machine.compile import Machine
from engine.machine.routes import Route
from engine.model.names import MAIN
from engine.model.process import Track
from engine.numerics.automaton import Automaton, automaton, ending_anywhere


class Standing(NamedTuple):
    """A state: the stage, and the open stage before it where that decides what may follow (else empty).

    Before the start the stage is empty.
    """

    stage: str
    previous: str = ""


BEFORE = Standing("")

_MOVE = 100_000
"""What a move weighs where alignments are told: so much that no number of preferences outweighs one."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackModel:
    """A track as an automaton: ``stages`` are its labels by number, ``standings`` its states.

    ``actions`` are the ids of the actions that explain each edge, in the order declared: none explains a start.
    ``whole`` asks that a deal stands in an end, ``begun`` lets it stand anywhere: moves cost 1. ``telling`` has the
    same for alignments that are told, where of those that cost the same one is the best to read.
    """

    track: str
    stages: tuple[str, ...]
    standings: tuple[Standing, ...]
    actions: tuple[tuple[str, ...], ...]
    whole: Automaton
    begun: Automaton
    telling: Mapping[bool, Automaton]
    numbers: Mapping[str, int]

    def sequence(self, stages: tuple[str, ...]) -> tuple[int, ...]:
        """The stages as labels; one that the track does not have is the label that the automaton has not."""
        unknown = len(self.stages)
        return tuple([self.numbers.get(stage, unknown) for stage in stages])


def track_models(machine: Machine) -> tuple[TrackModel, ...]:
    """An automaton a track, the main one first."""
    return tuple(_model(machine, track, starts=(track.first.id,)) for track in machine.process.all_tracks())


def arriving_model(machine: Machine) -> TrackModel:
    """The main track for deals that another process handed over: it is that one which says where they start."""
    main = machine.process.main
    return _model(machine, main, starts=tuple(stage.id for stage in main.stages))


def _model(machine: Machine, track: Track, *, starts: tuple[str, ...]) -> TrackModel:
    routes = _routes(machine, track)
    edges: dict[tuple[Standing, Standing], list[str]] = {}
    states = {BEFORE: 0}
    waiting = [BEFORE]
    for state in waiting:
        for action, target in _leaving(track, routes, state, starts):
            onward = _standing(track, routes, state, target)
            explained = edges.setdefault((state, onward), [])
            explained += [action] if action and action not in explained else []
            if onward not in states:
                states[onward] = len(states)
                waiting.append(onward)
    stages = tuple(
        dict.fromkeys((*(stage.id for stage in track.stages), *(state.stage for state in states if state.stage)))
    )
    numbers = {stage: number for number, stage in enumerate(stages)}
    whole = automaton(
        ((states[one], numbers[other.stage], states[other]) for one, other in edges),
        states=len(states),
        labels=len(stages),
        initial=0,
        finals=(number for state, number in states.items() if _may_end(track, state)),
    )
    actions = tuple(map(tuple, edges.values()))
    order = {stage.id: place for place, stage in enumerate(track.stages) if not stage.ends}
    telling = _telling(whole, [_is_onward(order, one.stage, other.stage) for one, other in edges])
    both = {True: telling, False: ending_anywhere(telling)}
    return TrackModel(track.id, stages, tuple(states), actions, whole, ending_anywhere(whole), both, numbers)


def _telling(whole: Automaton, onward: Sequence[bool]) -> Automaton:
    """The automaton whose cheapest alignments are the cheapest by count and, of these, the best to read.

    That a stage was skipped on the way says more than that a later one was unasked. But that an end, a return or a
    re-opening was skipped says nothing that anybody missed.
    """
    return replace(
        whole,
        weights=tuple(_MOVE + (1 if each else 3) for each in onward),
        log_weights=(_MOVE + 2,) * len(whole.log_weights),
    )


def _is_onward(order: Mapping[str, int], source: str, target: str) -> bool:
    """Whether a move leads to an open stage further on in the pipeline; ``order`` are the places of the open ones."""
    return target in order and (not source or order.get(source, order[target]) < order[target])


def _routes(machine: Machine, track: Track) -> Mapping[str, tuple[tuple[str, Route], ...]]:
    """By stage, the actions that are possible there and where each variant leads, in the order declared."""
    found: dict[str, list[tuple[str, Route]]] = {}
    for action, its in machine.actions.items():
        if its.track is track:
            for source, routes in its.routes.items():
                found.setdefault(source, []).extend((action, route) for route in routes)
    return {source: tuple(each) for source, each in found.items()}


def _leaving(
    track: Track, routes: Mapping[str, tuple[tuple[str, Route], ...]], state: Standing, starts: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """The actions possible in a state and where they lead; before the start there is none, and its stage is entered."""
    stage = state.stage
    if state == BEFORE:
        yield from (("", start) for start in starts)
        if track.id == MAIN:
            return
        # Nobody starts a side track: a deal stands in its first stage until it moves there.
        stage = track.first.id
    previous = state.previous if track.id == MAIN else ""
    for action, route in routes.get(stage, ()):
        yield from ((action, target) for target in route.leads_to(track, stage, previous=previous))


def _standing(
    track: Track, routes: Mapping[str, tuple[tuple[str, Route], ...]], state: Standing, target: str
) -> Standing:
    """The state that a move leads to; what came before is kept only where something yet asks for it."""
    here = routes.get(target, ())
    # From an end the deal takes along what it stood in before; a stage that is left replaces it.
    matters = track.id == MAIN and (any(route.previous for _, route in here) or (track.is_end(target) and bool(here)))
    if not matters:
        return Standing(target)
    return Standing(target, state.previous if track.is_end(state.stage) else state.stage)


def _may_end(track: Track, state: Standing) -> bool:
    """Whether a deal that has ended may stand there: in an end or in another process; a side track waits for nobody."""
    if track.id != MAIN:
        return True
    return state != BEFORE and (track.is_end(state.stage) or track.stage(state.stage) is None)
