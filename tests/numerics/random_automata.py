"""Automata and sequences that hypothesis draws, and the slow way to a cost: Dijkstra from square to square."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from engine.numerics.alignment import Kind, Step
from engine.numerics.automaton import Automaton, automaton


class Task(NamedTuple):
    """An automaton, and sequences to align with it."""

    automaton: Automaton
    sequences: list[list[int]]


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Some with weights; ends that nothing leads to are left to another test, so one leads from the first state."""
    states = draw(st.integers(1, 6))
    labels = draw(st.integers(1, 4))
    state, label = st.integers(0, states - 1), st.integers(0, labels - 1)
    path = [(number, draw(label), number + 1) for number in range(states - 1)]
    edges = path + draw(st.lists(st.tuples(state, label, state), max_size=10))
    weighted = draw(st.booleans())
    weights = [draw(st.integers(1, 3)) for _ in edges] if weighted else []
    log_weights = [draw(st.integers(0, 3)) for _ in range(labels + 1)] if weighted else []
    made = automaton(
        edges,
        states=states,
        labels=labels,
        initial=0,
        finals=draw(st.sets(state, min_size=1)),
        weights=weights,
        log_weights=log_weights,
    )
    return Task(made, draw(st.lists(st.lists(st.integers(0, labels), max_size=8), max_size=6)))


def dijkstra(of: Automaton, sequence: Sequence[int]) -> int:
    """The least cost from the start to an end, over squares of (place, state)."""
    waiting = [(0, 0, of.initial)]
    settled: set[tuple[int, int]] = set()
    while waiting:
        cost, place, state = heapq.heappop(waiting)
        if place == len(sequence) and state in of.finals:
            return cost
        if (place, state) not in settled:
            settled.add((place, state))
            for costs, onward, target in _moves(of, sequence, place, state):
                heapq.heappush(waiting, (cost + costs, onward, target))
    raise AssertionError("an end can always be reached here")


def _moves(of: Automaton, sequence: Sequence[int], place: int, state: int) -> list[tuple[int, int, int]]:
    found = []
    if place < len(sequence):
        found.append((of.log_weights[sequence[place]], place + 1, state))
    for edge, weight in zip(of.edges, of.weights, strict=True):
        if edge.source == state:
            found.append((weight, place, edge.target))
            if place < len(sequence) and edge.label == sequence[place]:
                found.append((0, place + 1, edge.target))
    return found


def cost_of(of: Automaton, sequence: Sequence[int], steps: Sequence[Step]) -> int:
    """What an alignment costs that was told step by step; fails where it is none."""
    state, place, cost = of.initial, 0, 0
    for kind, at, number in steps:
        if kind is not Kind.MODEL:
            assert at == place
            place += 1
        if kind is not Kind.LOG:
            assert of.edges[number].source == state
            assert kind is Kind.MODEL or of.edges[number].label == sequence[at]
            state = of.edges[number].target
        cost += of.log_weights[sequence[at]] if kind is Kind.LOG else 0
        cost += of.weights[number] if kind is Kind.MODEL else 0
    assert place == len(sequence)
    assert state in of.finals
    return cost
