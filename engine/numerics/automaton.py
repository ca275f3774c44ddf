"""A finite automaton with labelled edges, as arithmetic knows it: states, labels and edges are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

HEAVIEST = 1_000_000
"""No single move weighs more, so that no sum of them grows too large."""


class Edge(NamedTuple):
    """A labelled edge from a state to a state."""

    source: int
    label: int
    target: int


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """States and labels are numbers from 0; the label ``labels`` itself stands for any that the automaton has not.

    ``weights`` are the costs of the edges as moves of the model alone, ``log_weights`` those of the labels as moves
    of the log alone, the last of them for what it has not. ``labelled`` are the numbers of the edges by label,
    ``leaving`` and ``entering`` those by the state they leave and enter.
    """

    states: int
    labels: int
    edges: tuple[Edge, ...]
    initial: int
    finals: tuple[int, ...]
    weights: tuple[int, ...]
    log_weights: tuple[int, ...]
    labelled: tuple[tuple[int, ...], ...]
    leaving: tuple[tuple[int, ...], ...]
    entering: tuple[tuple[int, ...], ...]


def automaton(
    edges: Iterable[tuple[int, int, int]],
    *,
    states: int,
    labels: int,
    initial: int,
    finals: Iterable[int],
    weights: Sequence[int] = (),
    log_weights: Sequence[int] = (),
) -> Automaton:
    """The automaton with these edges; each weight is 1 unless told. Raises ``ValueError`` for what cannot be."""
    found = tuple(Edge(*edge) for edge in edges)
    if not all(0 <= label < labels for _, label, _ in found):
        raise ValueError("an edge has a label that the automaton has not")
    ends = tuple(sorted(set(finals)))
    if not all(0 <= state < states for edge in found for state in (edge.source, edge.target, initial, *ends)):
        raise ValueError("an edge or an end lies outside the automaton")
    made = Automaton(
        states,
        labels,
        found,
        initial,
        ends,
        tuple(weights) or (1,) * len(found),
        tuple(log_weights) or (1,) * (labels + 1),
        _grouped((edge.label for edge in found), labels + 1),
        _grouped((edge.source for edge in found), states),
        _grouped((edge.target for edge in found), states),
    )
    _check_weights(made)
    return made


def ending_anywhere(of: Automaton) -> Automaton:
    """The automaton in which every state is final: for sequences that still go on."""
    return replace(of, finals=tuple(range(of.states)))


def reverse(of: Automaton) -> Automaton:
    """The edges the other way round. Where it starts and ends is left as it is: the caller knows better."""
    edges = tuple(Edge(edge.target, edge.label, edge.source) for edge in of.edges)
    return replace(of, edges=edges, leaving=of.entering, entering=of.leaving)


def _grouped(keys: Iterable[int], groups: int) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in range(groups)]
    for number, key in enumerate(keys):
        found[key].append(number)
    return tuple(map(tuple, found))


def _check_weights(made: Automaton) -> None:
    if len(made.weights) != len(made.edges) or len(made.log_weights) != made.labels + 1:
        raise ValueError("there is a weight for each edge, and for each label and one more")
    # A move of the model that cost nothing could be repeated without end.
    if not all(1 <= weight <= HEAVIEST for weight in made.weights):
        raise ValueError(f"a move of the model weighs 1 to {HEAVIEST}")
    if not all(0 <= weight <= HEAVIEST for weight in made.log_weights):
        raise ValueError(f"a move of the log weighs 0 to {HEAVIEST}")
