"""A chain of states that spans pass until they reach a goal: how many get there, in what time, and were one hurried.

Semi-Markov: where a span goes on from a state, and when, depends on nothing but the state and the time in it. Times are
those of who reaches the goal: each step is weighed by the chance of the goal from where it leads (Doob's h-transform;
Kemeny and Snell 1976, 3.5). Intervals come from influence functions summed up by whoever passes the states, so that
several spans of one may depend on each other (Efron 1982, 6.3: the infinitesimal jackknife).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.numerics.hurrying import Course, State, course, pulls
from engine.numerics.intervals import Band
from engine.numerics.student import two_sided_t
from engine.numerics.watching import LEVEL, Floats, Ints, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The spans of one state. ``to``: where each way leads (a state's number; the count of states: the goal).

    ``who`` are those that ever were in it, by number, and ``place`` says for each span whose of these it was.
    """

    of: State
    to: Ints
    who: Ints
    place: Ints


def stretch(of: State, to: Ints, owner: Ints) -> Stretch:
    """The spans of one state; ``owner`` is who made each, by number."""
    who, place = np.unique(owner, return_inverse=True)
    return Stretch(of, to, who, place.reshape(-1))


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """All states, and in which each of ``count`` begins (-1: it is not known, and it counts for no start)."""

    stretches: tuple[Stretch, ...]
    starts: Ints

    @property
    def count(self) -> int:
        """How many pass through the states."""
        return len(self.starts)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure, and how much each of those that pass the states pulls at it."""

    value: float
    pulls: Floats

    def less(self, other: Figure) -> Figure:
        """What it is more than the other."""
        return Figure(self.value - other.value, self.pulls - other.pulls)

    def times(self, factor: float, other: Figure | None = None) -> Figure:
        """So many times as much; or as many as ``other`` says."""
        if other is None:
            return Figure(self.value * factor, self.pulls * factor)
        factor *= other.value
        return Figure(self.value * factor, self.pulls * factor + other.pulls * (self.value * factor / other.value))

    @property
    def error(self) -> float:
        """Its standard error."""
        count = len(self.pulls)
        return math.sqrt(float(self.pulls @ self.pulls) * count / (count - 1)) if count > 1 else math.nan

    @property
    def band(self) -> Band:
        """The figure with its 90 % interval, by Student's t: where few pull at it, they tell its error badly too."""
        wide = two_sided_t(LEVEL, self._freedom) * self.error
        return Band(self.value, self.value - wide, self.value + wide)

    @property
    def _freedom(self) -> int:
        """The degrees of freedom of the error (Satterthwaite 1946): as few as the largest pulls make them."""
        count, squares = len(self.pulls), self.pulls**2
        whole = float(squares.sum())
        if count < 2 or not whole:
            return 1
        # The error squared is a mean of squares: the less alike these are, the less it is known.
        spread = count * float((squares**2).sum()) / whole**2 - 1
        return max(int(min(2 * count / spread, count - 1)), 1) if spread > 0 else count - 1


@dataclass(frozen=True, slots=True, eq=False)
class Passing:
    """How a chain is passed.

    ``reached``: the share of those who start that reach the goal; ``time``: how long that takes those; ``spent``: how
    much of it each state takes; ``ahead``: how much of that in spans that ended by a way that may be hurried;
    ``chance``: of the goal, from each state.
    """

    reached: Figure
    time: Figure
    spent: tuple[Figure, ...]
    ahead: tuple[Figure, ...]
    chance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What is kept of each state: its course, and the pulls of its figures by who was in it (rows as ``pulls`` has)."""

    course: Course
    pulls: Floats


def sums(chain: Chain, number: int, share: float = 0.0) -> Sums:
    """One state, with its ways hurried by a share."""
    its = chain.stretches[number]
    found = [np.bincount(its.place, row, minlength=len(its.who)) for row in pulls(its.of, share)]
    return Sums(course(its.of, share), np.array(found, np.float64).reshape(2 * len(its.to), len(its.who)))


def passing(chain: Chain, of: tuple[Sums, ...], *, states: tuple[int, ...] = ()) -> Passing:
    """How it is passed, of the ``sums`` of each state. ``states``: those whose part of the time is asked for."""
    found = _solved(chain, of)
    each_way = [np.ones(len(stretch.to)) for stretch in chain.stretches]
    hurried = [stretch.of.hurried.astype(np.float64) for stretch in chain.stretches]
    parts = [found.spent(each, ways[each]) for ways in (each_way, hurried) for each in states]
    reached, *times = _figures(chain, of, (found.wins, found.total, *parts))
    time, *spent = (_by(each, reached) for each in times)
    return Passing(reached, time, tuple(spent[: len(states)]), tuple(spent[len(states) :]), found.chance[:-1])


def _by(figure: Figure, by: Figure) -> Figure:
    if by.value <= 0:
        return Figure(math.nan, np.zeros(len(by.pulls)))
    value = figure.value / by.value
    return Figure(value, (figure.pulls - value * by.pulls) / by.value)


@dataclass(frozen=True, slots=True, eq=False)
class _Pull:
    """A figure as a sum over where spans start (``start``), and how it changes with each share and days of a state."""

    start: Floats
    of_shares: tuple[Floats, ...]
    of_days: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """The chain solved: ``chance`` and ``long`` have an item more for the goal, ``paths`` a row and column more."""

    to: tuple[Ints, ...]
    days: tuple[Floats, ...]
    visits: Floats
    chance: Floats
    long: Floats
    paths: Floats

    @property
    def wins(self) -> _Pull:
        parts = tuple(count * self.chance[to] for count, to in zip(self.visits, self.to, strict=True))
        return _Pull(self.chance[:-1], parts, tuple(np.zeros(len(to)) for to in self.to))

    @property
    def total(self) -> _Pull:
        return self._time(self.long, tuple(np.ones(len(to)) for to in self.to))

    def spent(self, state: int, ways: Floats) -> _Pull:
        """The days in one state, of spans that ended by some of its ways."""
        chosen = tuple(ways if each == state else np.zeros(len(to)) for each, to in enumerate(self.to))
        per_visit = float((ways * self.days[state]) @ self.chance[self.to[state]])
        return self._time(self.paths[:, state] * per_visit, chosen)

    def _time(self, ahead: Floats, chosen: tuple[Floats, ...]) -> _Pull:
        """Days of the ways chosen; ``ahead`` are those still to come from each state."""
        weight = np.zeros(len(self.paths))
        for ways, count, to, days in zip(chosen, self.visits, self.to, self.days, strict=True):
            np.add.at(weight, to, ways * count * days)
        # How much the chance of the goal from each state weighs, by the days spent before.
        before = weight[:-1] @ self.paths[:-1, :-1]
        return _Pull(
            ahead[:-1],
            tuple(
                count * ahead[to] + more * self.chance[to]
                for count, more, to in zip(self.visits, before, self.to, strict=True)
            ),
            tuple(ways * count * self.chance[to] for ways, count, to in zip(chosen, self.visits, self.to, strict=True)),
        )


def _solved(chain: Chain, of: tuple[Sums, ...]) -> _Solved:
    count = len(of)
    shares, days = np.zeros((count, count + 1)), np.zeros((count, count + 1))
    for row, (its, stretch) in enumerate(zip(of, chain.stretches, strict=True)):
        np.add.at(shares[row], stretch.to, its.course.shares)
        np.add.at(days[row], stretch.to, its.course.days)
    leads = _leads(shares)
    # A state from which the goal is never reached is passed by nobody who reaches it.
    inner = np.where(leads[:, None] & leads[None, :], shares[:, :-1], 0.0)
    paths = np.zeros((count + 1, count + 1))
    paths[:-1, :-1] = np.linalg.inv(np.eye(count) - inner)
    chance = np.append(paths[:-1, :-1] @ np.where(leads, shares[:, -1], 0.0), 1.0)
    long = np.append(paths[:-1, :-1] @ (days @ chance), 0.0)
    return _Solved(
        tuple(each.to for each in chain.stretches),
        tuple(each.course.days for each in of),
        _starting(chain, count) @ paths[:-1, :-1],
        chance,
        long,
        paths,
    )


def _leads(shares: Floats) -> Mask:
    """From which states the goal can be reached."""
    found: Mask = shares[:, -1] > 0
    for _ in range(len(shares)):
        found = found | ((shares[:, :-1] > 0) & found[None, :]).any(axis=1)
    return found


def _starting(chain: Chain, count: int) -> Floats:
    known = chain.starts[chain.starts >= 0]
    return np.bincount(known, minlength=count) / max(len(known), 1)


def _figures(chain: Chain, of: tuple[Sums, ...], asked: tuple[_Pull, ...]) -> tuple[Figure, ...]:
    known = chain.starts >= 0
    count = max(int(known.sum()), 1)
    began = [np.append(each.start, 0.0)[chain.starts] for each in asked]
    values = [float(each[known].sum()) / count for each in began]
    found = np.stack([np.where(known, each - value, 0.0) / count for each, value in zip(began, values, strict=True)])
    # All figures at once: what takes time is to go through the pulls of all that pass.
    for place, its in enumerate(of):
        weights = [np.concatenate([each.of_shares[place], each.of_days[place]]) for each in asked]
        found[:, chain.stretches[place].who] += np.stack(weights) @ its.pulls
    return tuple(Figure(value, row) for value, row in zip(values, found, strict=True))
