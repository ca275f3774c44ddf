"""The state machine of a track, made with ``transitions``: which action leads from where to where, frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from transitions import Event, Machine, Transition

from engine.conditions.generate import function
from engine.machine.requirements import Test
from engine.model.names import PREVIOUS
from engine.model.process import Action, Track, targets_from

_NO_ATTRIBUTE = "the stage is kept by the deal"
"""No id can be this, so that no action collides with the attribute in which a bound model would keep its state."""


@dataclass(frozen=True, slots=True)
class Route:
    """One variant of an action from one stage: where it leads, in the order declared.

    ``previous``: it also leads back to the open stage the deal stood in before; ``targets`` then holds every stage
    that could be, and the deal tells which is meant. ``applies`` is the test of the variant's ``when``, if it has one.
    """

    action: Action
    targets: tuple[str, ...]
    previous: bool = False
    applies: Test | None = None

    def leads_to(self, track: Track, source: str, *, previous: str) -> tuple[str, ...]:
        """The stages it leads to for a deal that stood in ``previous`` before (empty: in none)."""
        if not self.previous:
            return self.targets
        return targets_from(track, self.action, source, previous=previous or None)


class Passing(Transition):
    """A transition that knows which variant of its action it belongs to."""

    def __init__(self, source: str, dest: str, *args: Any, action: Action, **rest: Any) -> None:
        super().__init__(source, dest, *args, **rest)
        self.action = action


class FrozenEvent(Event):
    """An event whose transitions are read once into tuples.

    The library's own ``transitions`` is a defaultdict: to look is to change it. Judging requirements is none of
    its business here; stock ``trigger`` still works, and property tests hold both equal.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name, machine)
        self.frozen: Mapping[str, tuple[Route, ...]] = MappingProxyType({})

    def freeze(self) -> None:
        """Read the transitions that were added, variants in the order declared."""
        self.frozen = MappingProxyType({source: tuple(_routes(found)) for source, found in self.transitions.items()})


class TrackMachine(Machine):
    """A machine for all deals of a track: no model is ever bound to it."""

    event_cls = FrozenEvent
    transition_cls = Passing


def machine_of(track: Track) -> TrackMachine:
    """The machine of a track, its events frozen."""
    machine = TrackMachine(
        model=None,
        states=[stage.id for stage in track.stages] + _elsewhere(track),
        initial=track.first.id,
        auto_transitions=False,
        model_attribute=_NO_ATTRIBUTE,
    )
    for action in track.actions:
        for source in action.sources:
            for target in _targets(track, action, source):
                machine.add_transition(action.id, source, target, action=action)
    for event in machine.events.values():
        if isinstance(event, FrozenEvent):
            event.freeze()
    return machine


def _elsewhere(track: Track) -> list[str]:
    """The stages of other processes to which deals are handed over."""
    return list(dict.fromkeys(action.transfer.name for action in track.actions if action.transfer))


def frozen(machine: Machine, action: str) -> Mapping[str, tuple[Route, ...]]:
    """The routes of an action by stage; none for one that leads nowhere."""
    event = machine.events.get(action)
    return event.frozen if isinstance(event, FrozenEvent) else {}


def _targets(track: Track, action: Action, source: str) -> tuple[str, ...]:
    targets = targets_from(track, action, source)
    known = targets if action.transfer else tuple(target for target in targets if track.stage(target))
    if PREVIOUS not in action.targets:
        return known
    # Whichever stage the deal came from: the deal tells.
    return tuple(
        dict.fromkeys((*known, *(stage.id for stage in track.stages if not stage.ends and stage.id != source)))
    )


def route_of(track: Track, action: Action, source: str) -> Route:
    """Where a variant would lead from a stage, whether or not it is possible from there."""
    return _route(action, targets_from(track, action, source))


def _route(action: Action, targets: tuple[str, ...]) -> Route:
    applies = function(action.when.tree) if action.when else None
    return Route(action, targets, PREVIOUS in action.targets, applies)


def _routes(transitions: Iterable[Transition]) -> Iterator[Route]:
    ours = (transition for transition in transitions if isinstance(transition, Passing))
    for _, group in groupby(ours, key=lambda transition: id(transition.action)):
        found = tuple(group)
        yield _route(found[0].action, tuple(str(each.dest) for each in found))
