"""A model for a log: which name may directly follow which, where enough traces say so."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from engine.numerics.automaton import Automaton, automaton
from tests.numerics.logs import Variants

START = "start"


class Model(NamedTuple):
    """An automaton whose states are the names last seen, and how names are numbered."""

    automaton: Automaton
    names: tuple[str, ...]

    def sequence(self, trace: tuple[str, ...]) -> tuple[int, ...]:
        """The trace as numbers."""
        numbers = {name: number for number, name in enumerate(self.names)}
        return tuple(numbers.get(name, len(self.names)) for name in trace)


def frequent(variants: Variants, *, share: float) -> Model:
    """The edges that at least a share of the traces has, from names that can be reached."""
    traces = sum(variants.values())
    counted: Counter[tuple[str, str]] = Counter()
    for trace, times in variants.items():
        counted.update(dict.fromkeys(set(pairwise((START, *trace, ""))), times))
    kept = sorted(pair for pair, times in counted.items() if times >= share * traces)
    names = tuple(sorted({name for pair in kept for name in pair if name not in ("", START)}))
    states = {START: 0, **{name: number for number, name in enumerate(names, 1)}}
    edges = [(states[one], states[other] - 1, states[other]) for one, other in kept if other]
    finals = [states[one] for one, other in kept if not other]
    return Model(automaton(edges, states=len(states), labels=len(names), initial=0, finals=finals), names)


def petri_net(of: Automaton, names: tuple[str, ...]) -> dict[str, object]:
    """The automaton as a net of places and transitions: a token stands in the state; ends lead silently to a sink."""
    places = [str(UUID(int=number + 1)) for number in range(of.states + 1)]
    moves = [(edge.source, names[edge.label], edge.target) for edge in of.edges]
    moves += [(final, None, of.states) for final in of.finals]  # type: ignore[misc]
    transitions = [str(UUID(int=1_000_000 + number)) for number in range(len(moves))]
    arcs = []
    for transition, (source, _, target) in zip(transitions, moves, strict=True):
        into = {"type": "PlaceTransition", "nodes": [places[source], transition]}
        out = {"type": "TransitionPlace", "nodes": [transition, places[target]]}
        arcs += [{"from_to": into, "weight": 1}, {"from_to": out, "weight": 1}]
    return {
        "places": {place: {"id": place} for place in places},
        "transitions": {
            name: {"id": name, "label": label} for name, (_, label, _) in zip(transitions, moves, strict=True)
        },
        "arcs": arcs,
        "initial_marking": {places[of.initial]: 1},
        "final_markings": [{places[of.states]: 1}],
    }
