"""Optimal alignments of sequences of labels with an automaton: what must be left out or put in, at the least cost.

A label that meets an edge costs nothing; a move of the log alone (a label that was not expected) and one of the model
alone (an edge that the sequence lacks) cost what they weigh. After each label the *row* of an automaton is, by state,
the least cost of standing there; the next row follows from it and the next label alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import chain
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.numerics.alignment_loop import NEVER, walk
from engine.numerics.automaton import Automaton, reverse
from engine.numerics.compiled import compiled, has_compiler

Integers = NDArray[np.int64]
Sequences = Sequence[Sequence[int]]
Row = tuple[float, ...]

WORTH_COMPILING = 20_000_000
"""So many labels times states cost more in plain Python than to load the compiler."""

_NO_END = "no end of the automaton can be reached"
_KEPT = 5_000_000
"""How many costs the rows that are remembered may hold together: 40 MB."""


class Kind(Enum):
    """How a step moves: in both, in the sequence (the log) alone, or in the automaton (the model) alone."""

    BOTH = "both"
    LOG = "log"
    MODEL = "model"


class Step(NamedTuple):
    """A step of an alignment: ``place`` is the label's place in the sequence, ``edge`` the number of the edge.

    Whichever does not move has -1.
    """

    kind: Kind
    place: int
    edge: int


def costs(of: Automaton, sequences: Sequences) -> Integers:
    """The least cost of each sequence. Raises ``ValueError`` where no end of the automaton can be reached."""
    if has_compiler() and of.states * sum(map(len, sequences)) >= WORTH_COMPILING:
        return compiled_costs(of, sequences)
    return plain_costs(of, sequences)


def alignment(of: Automaton, sequence: Sequence[int]) -> tuple[Step, ...]:
    """One optimal alignment, always the same one. Raises ``ValueError`` where no end can be reached.

    Of several that cost the same it is the one that, read from its start, prefers a step in both to one of the log,
    that to one of the model, and of edges the first. Weights can prefer further.
    """
    return alignments(of, [sequence])[0]


def alignments(of: Automaton, sequences: Sequences) -> list[tuple[Step, ...]]:
    """One optimal alignment of each sequence, as ``alignment`` chooses it."""
    backwards = reverse(of)
    return [_walked(of, _costs_left(backwards, sequence, of.finals), sequence) for sequence in sequences]


def can_end(of: Automaton) -> bool:
    """Whether an end can be reached at all; where none can, nothing has an alignment."""
    row = first_row(of)
    return any(row[state] < inf for state in of.finals)


def shortest(of: Automaton) -> int:
    """What the cheapest way through the automaton weighs. Raises ``ValueError`` where there is none."""
    row = first_row(of)
    return int(row[_cheapest_end(of, row)])


def first_row(of: Automaton) -> Row:
    """The row before the first label."""
    row = [inf] * of.states
    row[of.initial] = 0
    return _closed(of, row, (of.initial,))


def plain_costs(of: Automaton, sequences: Sequences) -> Integers:
    """As ``costs``, without a compiler.

    A row less its least cost is a state of a deterministic automaton that is made as far as it is needed: what follows
    from a row and a label is reckoned once. Of sorted sequences each is walked from where it parts from the one before.
    """
    known = _KnownRows(of)
    found = np.zeros(len(sequences), np.int64)
    before: Sequence[int] = ()
    walked = [(known.first, 0)]
    for number in _sorted(sequences):
        sequence = sequences[number]
        shared = _shared(before, sequence)
        del walked[shared + 1 :]
        row, cost = walked[-1]
        for label in sequence[shared:]:
            row, rise = row.following.get(label) or known.after(row, label)
            cost += rise
            walked.append((row, cost))
        found[number] = cost + row.end
        before = sequence
    return found


def compiled_costs(of: Automaton, sequences: Sequences) -> Integers:
    """As ``costs``, by the compiler, which must be installed."""
    first = first_row(of)
    _cheapest_end(of, first)
    order = _sorted(sequences)
    lengths = np.fromiter((len(sequences[number]) for number in order), np.int64, len(order))
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    labels = np.fromiter(chain.from_iterable(sequences[number] for number in order), np.int64, int(starts[-1]))
    rows = np.empty((int(lengths.max(initial=0)) + 1, of.states), np.int64)
    rows[0] = [NEVER if cost == inf else int(cost) for cost in first]
    least = np.empty(len(order), np.int64)
    compiled(walk)(
        labels, starts, *_arrays(of), rows, np.empty(of.states, np.int64), np.zeros(of.states, np.bool_), least
    )
    found = np.empty_like(least)
    found[order] = least
    return found


class _KnownRow:
    """A row less its least cost; ``end`` is the least cost of its ends, ``following`` what each label leads to."""

    __slots__ = ("costs", "end", "following")

    def __init__(self, costs: Row, end: int) -> None:
        self.costs = costs
        self.end = end
        self.following: dict[int, tuple[_KnownRow, int]] = {}


class _KnownRows:
    """The rows met so far; they are forgotten when they become too many."""

    def __init__(self, of: Automaton) -> None:
        self._of = of
        self._rows: dict[Row, _KnownRow] = {}
        # The first row has its start at no cost, and so is less its least already.
        self.first = self._known(first_row(of))

    def after(self, row: _KnownRow, label: int) -> tuple[_KnownRow, int]:
        """The row after a label, and by how much the least cost rises."""
        costs = _row_after(self._of, row.costs, label)
        rise = int(min(costs))
        if len(self._rows) * self._of.states >= _KEPT:
            self._forget()
        found = row.following[label] = (self._known(tuple(cost - rise for cost in costs)), rise)
        return found

    def _known(self, costs: Row) -> _KnownRow:
        found = self._rows.get(costs)
        if found is None:
            end = int(costs[_cheapest_end(self._of, costs)])
            found = self._rows[costs] = _KnownRow(costs, end)
        return found

    def _forget(self) -> None:
        for row in self._rows.values():
            row.following.clear()
        self._rows.clear()


def _row_after(of: Automaton, row: Row, label: int) -> Row:
    weight = of.log_weights[label]
    after = [cost + weight for cost in row]
    better = []
    for number in of.labelled[label]:
        source, _, target = of.edges[number]
        if row[source] < after[target]:
            after[target] = row[source]
            better.append(target)
    # The row was closed under moves of the model: only what got better can make others better.
    return _closed(of, after, better)


def _closed(of: Automaton, row: list[float], better: Iterable[int]) -> Row:
    """The row once moves of the model are made from the states that got better."""
    waiting = list(dict.fromkeys(better))
    for state in waiting:
        for number in of.leaving[state]:
            target = of.edges[number].target
            cost = row[state] + of.weights[number]
            if cost < row[target]:
                row[target] = cost
                waiting.append(target)
    return tuple(row)


def _cheapest_end(of: Automaton, row: Row) -> int:
    state = min(of.finals, key=lambda final: row[final], default=None)
    if state is None or row[state] == inf:
        raise ValueError(_NO_END)
    return state


def _costs_left(backwards: Automaton, sequence: Sequence[int], finals: Sequence[int]) -> list[Row]:
    """By place and state, the least cost of what is left: the rows of the automaton read from its ends."""
    row = [inf] * backwards.states
    for final in finals:
        row[final] = 0
    rows = [_closed(backwards, row, finals)]
    for label in reversed(sequence):
        rows.append(_row_after(backwards, rows[-1], label))
    rows.reverse()
    return rows


def _walked(of: Automaton, left: Sequence[Row], sequence: Sequence[int]) -> tuple[Step, ...]:
    if left[0][of.initial] == inf:
        raise ValueError(_NO_END)
    place, state = 0, of.initial
    steps = []
    while place < len(sequence) or left[place][state]:
        step = _next_step(of, left, sequence, place=place, state=state)
        steps.append(step)
        place += step.kind is not Kind.MODEL
        state = of.edges[step.edge].target if step.edge >= 0 else state
    return tuple(steps)


def _next_step(of: Automaton, left: Sequence[Row], sequence: Sequence[int], *, place: int, state: int) -> Step:
    """The step by which an optimal alignment goes on from a state, after so many labels."""
    cost = left[place][state]
    if place < len(sequence):
        for number in of.leaving[state]:
            _, label, target = of.edges[number]
            if label == sequence[place] and left[place + 1][target] == cost:
                return Step(Kind.BOTH, place, number)
        if left[place + 1][state] + of.log_weights[sequence[place]] == cost:
            return Step(Kind.LOG, place, -1)
    for number in of.leaving[state]:
        if left[place][of.edges[number].target] + of.weights[number] == cost:
            return Step(Kind.MODEL, -1, number)
    raise AssertionError("each cost comes from somewhere")


def _sorted(sequences: Sequences) -> list[int]:
    return sorted(range(len(sequences)), key=lambda number: tuple(sequences[number]))


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many labels two sequences begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _arrays(of: Automaton) -> tuple[Integers, ...]:
    """The automaton as the loop reads it: edges by label, edges by state, ends, and what the labels weigh."""
    by_label, by_state = list(chain.from_iterable(of.labelled)), list(chain.from_iterable(of.leaving))
    columns: tuple[Iterable[int], ...] = (
        of.log_weights,
        _bounds(of.labelled),
        (of.edges[number].source for number in by_label),
        (of.edges[number].target for number in by_label),
        _bounds(of.leaving),
        (of.edges[number].target for number in by_state),
        (of.weights[number] for number in by_state),
        of.finals,
    )
    return tuple(np.array(tuple(column), np.int64) for column in columns)


def _bounds(groups: Sequence[Sequence[int]]) -> list[int]:
    """Where each group begins when they stand in a row, and where the last one ends."""
    return [0, *np.cumsum([len(group) for group in groups]).tolist()]
