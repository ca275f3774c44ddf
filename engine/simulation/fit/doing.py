"""Which people do the same work, and whether they do one thing at a time: what a pool can be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.names import ENGINE
from engine.simulation.fit.seen import NONE, Seen, Visits
from engine.tables.coded import NEVER, Floats, Ints, Mask

FEWEST = 5
"""Somebody who did fewer works than these does not say what people do."""
ALIKE = 0.7
EVIDENCE = 8.0
"""So many pairs out of order must be expected before their absence says anything: by chance it comes once in 3,000."""
OUT_OF_ORDER = 0.2

_MOST_PAIRS = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class Doing:
    """Visits that somebody ended, of all tracks: ``track`` and ``row`` say which, ``kind`` the number in ``kinds``.

    ``kinds`` are (track, stage). ``who`` is a number in ``Seen.people``.
    """

    kinds: tuple[tuple[str, str], ...]
    track: Ints
    row: Ints
    kind: Ints
    who: Ints
    entered: Ints
    left: Ints

    def taken(self, rows: Mask | Ints) -> Doing:
        """Some of them."""
        parts = (getattr(self, name)[rows] for name in ("track", "row", "kind", "who", "entered", "left"))
        return Doing(self.kinds, *parts)


@dataclass(frozen=True, slots=True)
class Crowd:
    """People who do the same: numbers in ``Seen.people`` and in ``Doing.kinds``."""

    people: tuple[int, ...]
    kinds: tuple[int, ...]


def doing(seen: Seen) -> Doing:
    """All visits of open stages that a person ended, and of which both times are known."""
    kinds: list[tuple[str, str]] = []
    parts: list[tuple[Ints, ...]] = []
    people = np.array([bool(each) and each != ENGINE for each in seen.people] + [False], np.bool_)
    for number, visits in enumerate(seen.tracks):
        rows = np.flatnonzero(_ended(visits) & people[visits.left_by])
        parts.append(
            (
                np.full(len(rows), number),
                rows,
                visits.stage[rows] + len(kinds),
                visits.left_by[rows],
                visits.entered[rows],
                visits.left[rows],
            )
        )
        kinds.extend((visits.track, stage) for stage in visits.stages)
    columns = [np.concatenate(each).astype(np.int64) for each in zip(*parts, strict=True)]
    return Doing(tuple(kinds), *columns)


def crowds(done: Doing, people: int) -> tuple[Crowd, ...]:
    """People whose profiles of work are alike (a cosine above 0.7; Song and van der Aalst 2008), and what they do.

    A kind of work belongs to those who do most of it. Whoever does too little to tell joins those who do it.
    """
    counts = np.zeros((people, len(done.kinds)))
    np.add.at(counts, (done.who, done.kind), 1)
    telling = np.flatnonzero(counts.sum(axis=1) >= FEWEST)
    if not len(telling):
        return ()
    profiles = counts[telling] / np.linalg.norm(counts[telling], axis=1, keepdims=True)
    group = _joined(profiles @ profiles.T > ALIKE)
    total = np.array([counts[telling[group == each]].sum(axis=0) for each in range(group.max() + 1)])
    owner = np.where(total.sum(axis=0) > 0, total.argmax(axis=0), NONE)
    found = []
    for each in range(len(total)):
        kinds = tuple(np.flatnonzero(owner == each).tolist())
        if kinds:
            found.append(Crowd(tuple(telling[group == each].tolist()), kinds))
    return tuple(found)


def one_at_a_time(done: Doing, crowd: Crowd) -> tuple[int, ...]:
    """The kinds of work that these people do one after the other, first come first served; empty: nothing tells so.

    Of two deals that wait for the same person at once, one that came later and is done earlier was overtaken. People
    who do one thing at a time, in the order asked, overtake nobody; of people who have several deals in hand while
    customers think, some always are: as many as if each of the pairs open at once lasted as others of its kind do.
    Kinds with more than a fifth of that are left out, the worst first, as long as what is left tells enough.
    """
    kinds = list(crowd.kinds)
    while kinds:
        counted = _overtaken(done.taken(np.isin(done.kind, kinds) & np.isin(done.who, crowd.people)), kinds)
        if counted is None:
            return ()
        seen, expected = counted
        if seen.sum() <= OUT_OF_ORDER * expected.sum() and np.all(seen <= np.maximum(2 * OUT_OF_ORDER * expected, 2)):
            return tuple(kinds) if expected.sum() / 2 >= EVIDENCE else ()
        kinds.pop(int(np.argmax((seen + 0.5) / (expected + 1))))
    return ()


def _ended(visits: Visits) -> Mask:
    found: Mask = visits.dated & (visits.left != NEVER) & (visits.way != NONE)
    return found


def _joined(alike: Mask) -> Ints:
    """Groups of those who are alike, directly or by others between them."""
    group = np.arange(len(alike))
    while True:
        least = np.where(alike, group[None, :], len(alike)).min(axis=1)
        if np.array_equal(least, group):
            return np.unique(group, return_inverse=True)[1]
        group = least


def _overtaken(works: Doing, kinds: Sequence[int]) -> tuple[Floats, Floats] | None:
    """By kind, the pairs in which one person was seen to be out of order, and how many would be by chance."""
    order = np.lexsort((works.left, works.entered))
    works = works.taken(order)
    one, other = _pairs(works)
    if not len(one):
        return None
    place = np.searchsorted(np.sort(kinds), works.kind)
    size = len(kinds)
    shares = _shares(place, works.who, size)
    gap = works.entered[other] - works.entered[one]
    shorter = np.zeros(len(one))
    lasted = works.left - works.entered
    for each in range(size):
        its = np.sort(lasted[place == each])
        rows = place[other] == each
        rest = (lasted[one] - gap)[rows]
        shorter[rows] = np.searchsorted(its, rest, side="left") / max(len(its), 1)
    chance = shorter * (shares @ shares.T)[place[one], place[other]]
    overtaken = (works.left[other] < works.left[one]) & (works.who[one] == works.who[other])
    return _by_kind(overtaken, place[one], place[other], size), _by_kind(chance, place[one], place[other], size)


def _pairs(works: Doing) -> tuple[Ints, Ints]:
    """Pairs of visits open at once, the one entered first before the other; of very many, evenly chosen ones."""
    until = np.searchsorted(works.entered, works.left, side="left")
    first = np.searchsorted(works.entered, works.entered, side="right")
    many = np.maximum(until - first, 0)
    every = max(int(many.sum() // _MOST_PAIRS) + 1, 1)
    many = np.where(np.arange(len(many)) % every == 0, many, 0)
    one = np.repeat(np.arange(len(many)), many)
    offset = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    return one, first[one] + offset


def _shares(place: Ints, who: Ints, size: int) -> Floats:
    counts = np.zeros((size, int(who.max(initial=0)) + 1))
    np.add.at(counts, (place, who), 1)
    found: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return found


def _by_kind(weights: Floats | Mask, one: Ints, other: Ints, size: int) -> Floats:
    weights = weights.astype(np.float64)
    found = np.bincount(one, weights, minlength=size) + np.bincount(other, weights, minlength=size)
    return found.astype(np.float64)
