"""How far journeys of deals keep to a process: optimal alignments with the automaton of each track, added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.analysis.conform.automaton import TrackModel, arriving_model, track_models
from engine.machine.compile import Machine
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.numerics import alignment as numbers
from engine.numerics.alignment import Kind, alignments, can_end, costs, shortest
from engine.numerics.automaton import Automaton


class Journey(NamedTuple):
    """The stages that a deal entered, by track in the order of the process (the main one first), each in its order.

    ``closed``: it came to an end, and so must stand in one. ``arrived``: another process handed it over.
    """

    tracks: tuple[tuple[str, ...], ...]
    closed: bool = True
    arrived: bool = False


class Fit(NamedTuple):
    """What an optimal alignment costs, and the ``worst``: that every move is unasked and a whole way is skipped."""

    cost: int
    worst: int

    @property
    def fitness(self) -> float:
        """1 where the deal keeps to the process, 0 where nothing of it does."""
        return 1 - self.cost / self.worst if self.worst else 1.0


class Step(NamedTuple):
    """A step of an alignment. ``BOTH``: entered as the process has it, by one of the actions (none: the start).

    ``MODEL``: skipped; one of the actions would have led there. ``LOG``: entered though no action led there, or nothing
    was asked for. ``place`` is the place of the stage among those entered in the track, -1 where it was skipped.
    """

    track: str
    kind: Kind
    stage: str
    actions: tuple[str, ...]
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """A process ready to align with: an automaton a track, and that of the main one for deals handed over to it."""

    process: str
    tracks: tuple[TrackModel, ...]
    arriving: TrackModel

    def of(self, journey: Journey) -> Iterable[tuple[TrackModel, tuple[str, ...]]]:
        """By track what the journey is aligned with, and the stages entered there."""
        for model, stages in zip(self.tracks, journey.tracks, strict=True):
            yield self.arriving if journey.arrived and model.track == MAIN else model, stages


def models_of(machine: Machine) -> Models:
    """The automata of a process. Raises ``BadValue`` where no end of it can be reached."""
    found = Models(machine.process.name, track_models(machine), arriving_model(machine))
    if not can_end(found.tracks[0].whole):
        raise BadValue(
            f"no chain of actions of {machine.process.name} leads to an end, so no deal that ended can be held to it",
            hint="declare an action that leads to a won or a lost stage; 'check' tells which stages nothing leads to",
        )
    return found


def fits(models: Models, journeys: Sequence[Journey]) -> tuple[Fit, ...]:
    """What each journey costs. Equal journeys are reckoned each: count them first."""
    cost, worst = [0] * len(journeys), [0] * len(journeys)
    asked: dict[Automaton, list[tuple[int, tuple[int, ...]]]] = {}
    for number, journey in enumerate(journeys):
        for model, stages in models.of(journey):
            automaton = model.whole if journey.closed else model.begun
            asked.setdefault(automaton, []).append((number, model.sequence(stages)))
            worst[number] += len(stages)
    for automaton, its in asked.items():
        least = shortest(automaton)
        for (number, _), found in zip(its, costs(automaton, [each for _, each in its]).tolist(), strict=True):
            cost[number] += found
            worst[number] += least
    return tuple(map(Fit, cost, worst))


def steps_of(models: Models, journeys: Sequence[Journey]) -> tuple[tuple[Step, ...], ...]:
    """One optimal alignment of each journey, track by track; always the same one."""
    found: list[list[Step]] = [[] for _ in journeys]
    asked: dict[tuple[TrackModel, bool], list[tuple[int, tuple[str, ...]]]] = {}
    for number, journey in enumerate(journeys):
        for model, stages in models.of(journey):
            asked.setdefault((model, journey.closed), []).append((number, stages))
    # Models come in the order of the tracks, and so do the steps of each journey.
    order = [*models.tracks[:1], models.arriving, *models.tracks[1:]]
    for (model, closed), its in sorted(asked.items(), key=lambda item: order.index(item[0][0])):
        automaton = model.telling[closed]
        told = alignments(automaton, [model.sequence(stages) for _, stages in its])
        for (number, stages), steps in zip(its, told, strict=True):
            found[number] += [_step(model, automaton, stages, step) for step in steps]
    return tuple(map(tuple, found))


def _step(model: TrackModel, automaton: Automaton, stages: tuple[str, ...], step: numbers.Step) -> Step:
    kind, place, edge = step
    stage = stages[place] if place >= 0 else model.stages[automaton.edges[edge].label]
    return Step(model.track, kind, stage, model.actions[edge] if edge >= 0 else (), place)


def overall(fits_and_deals: Iterable[tuple[Fit, int]]) -> float:
    """The fitness of many deals: 1 less all that they cost over all that they could have cost at the most."""
    both = [(fit.cost * deals, fit.worst * deals) for fit, deals in fits_and_deals]
    return Fit(sum(cost for cost, _ in both), sum(worst for _, worst in both)).fitness
