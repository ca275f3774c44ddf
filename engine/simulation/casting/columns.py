"""Those who take part as columns: what they came with, and nothing that happened to them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.machine.columns import Past, Rows
from engine.machine.compile import Machine
from engine.machine.crowd import Gathered
from engine.machine.facts import Facts, view, with_tables
from engine.machine.situation import DealSituation
from engine.machine.tracks import stage_of
from engine.machine.vectors import (
    Bools,
    Inexact,
    Ints,
    Numbers,
    Texts,
    Truth,
    Vector,
    aligned,
    constant,
    known,
    sure,
    translated,
    vector_of,
)
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.names import MAIN
from engine.model.syntax import Tree, Value
from engine.simulation.casting.facts import value_at

NOTE_GIVEN = "simulated"
"""The note that goes with every simulated move."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Those who are judged, as columns: what they came with, and nothing that has happened to them.

    ``deals`` are the deals themselves where they are open ones, which may lack what ``facts`` drew for them;
    ``inexact`` the facts of theirs that no column holds.
    """

    machine: Machine
    size: int
    facts: Mapping[str, Vector]
    comes: Ints
    deals: tuple[Deal, ...] = ()
    inexact: frozenset[str] = frozenset()
    made: dict[str, Vector | None] = field(default_factory=dict)

    def fact(self, name: str) -> Vector | None:
        """A fact, or its default."""
        if name in self.inexact:
            raise Inexact(name)
        if name not in self.made:
            default = self.machine.frame.defaults.get(name)
            found = self.facts.get(name)
            self.made[name] = found if default is None else with_default(found, default, size=self.size)
        return self.made[name]

    def track(self, name: str) -> Texts:
        """Where they stand in a side track when they are taken up."""
        track = self.machine.process.track(name)
        if track is None or name == MAIN:
            raise Inexact(name)
        if not self.deals:
            return Texts(np.zeros(self.size, np.int32), (track.first.id,))
        found = vector_of([stage_of(deal, track) for deal in self.deals])
        return found if isinstance(found, Texts) else Texts(np.empty(0, np.int32), ())

    def one(self, place: int, at: Attempting) -> tuple[Facts, DealSituation]:
        """What a condition looks at for one of them."""
        now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(self.comes[place]))
        words, frame = at.words, self.machine.frame
        role, reason = words.get("actor.role", ""), words.get("reason", "")
        move = Move(words["action"], to=words["to"], reason=reason, note=NOTE_GIVEN, role=role)
        recorded = {name: value_at(vector, place) for name, vector in self.facts.items()}
        facts = {name: value for name, value in recorded.items() if value is not None}
        if self.deals:
            deal = self.deals[place]
            stage = at.stage or deal.stage
            deal = replace(deal, stage=stage, visited=deal.visited | {stage}, facts={**facts, **deal.facts})
        else:
            of = self.machine.process
            deal = Deal("", of.id, of.version, "", at.stage, now, now, now, facts=facts, visited=frozenset({at.stage}))
        situation = DealSituation(frame, deal, move, now, words["to"])
        return with_tables(view(deal.facts, {}, frame.defaults), situation), situation


@dataclass(frozen=True, slots=True, eq=False)
class Attempting:
    """All of them before one attempt. Fits ``machine.crowd.Standing``, and is its own ``Gathered``.

    ``answers`` to the conditions in ``kept`` (their ``id``) are the same for all attempts, which share them.
    """

    people: People
    stage: str
    words: dict[str, str]
    answers: dict[int, Truth]
    kept: frozenset[int] = frozenset()

    @property
    def columns(self) -> Gathered:
        """Where the deals stand among others: nowhere else."""
        return self

    @property
    def machine(self) -> Machine:
        """The version by which they are judged."""
        return self.people.machine

    @property
    def size(self) -> int:
        """How many they are."""
        return self.people.size

    @property
    def rows(self) -> Rows:
        """All of them."""
        return slice(0, self.people.size)

    @property
    def now(self) -> Ints:
        """When they come, in microseconds since 1970."""
        return self.people.comes * 1_000_000

    def fact(self, name: str) -> Vector | None:
        """A fact, or its default."""
        return self.people.fact(name)

    def track(self, name: str) -> Texts:
        """Where they stand in a side track, in which nothing happens to them."""
        return self.people.track(name)

    def entered(self) -> Ints:
        """When they came."""
        return self.now

    def past(self, name: str) -> Past:
        """Nobody knows what will have been done to them."""
        raise Inexact(name)

    def reached(self, stage: str) -> Truth:
        """Standing in a stage they have reached that one, and all before it."""
        if self.stage not in self.machine.frame.reaching.get(stage, frozenset()):
            raise Inexact
        return sure(np.ones(self.size, np.bool_))

    def keeps(self, tree: Tree) -> bool:
        """Whether what a condition comes to is the same for all attempts."""
        return id(tree) in self.kept

    def granted(self) -> Bools:
        """Nobody has approved anything."""
        return np.zeros(self.size, np.bool_)

    def one(self, place: int) -> tuple[Facts, DealSituation]:
        """What a condition looks at for one of them."""
        return self.people.one(place, self)


def people_of(machine: Machine, deals: tuple[Deal, ...], *, begin: int) -> People:
    """Open deals as columns."""
    facts: dict[str, Vector] = {}
    inexact: set[str] = set()
    for name, fact in machine.process.facts.items():
        if fact.table is None:
            try:
                column = vector_of([deal.facts.get(name) for deal in deals])
            except Inexact:
                inexact.add(name)
                continue
            if column is not None:
                facts[name] = column
    comes = np.full(len(deals), begin, np.int64)
    return People(machine, len(deals), facts, comes, deals, frozenset(inexact))


def stacked(vectors: Sequence[Vector | None], *, sizes: Sequence[int]) -> Vector | None:
    """Columns of one fact one under another; ``None``: all unknown. Raises ``Inexact`` where none can hold them."""
    like = next((vector for vector in reversed(vectors) if vector is not None), None)
    if like is None or len(vectors) == 1:
        return like
    parts = [_unknown(like, size) if vector is None else vector for vector, size in zip(vectors, sizes, strict=True)]
    truths = [part for part in parts if isinstance(part, Truth)]
    if len(truths) == len(parts):
        return Truth(np.concatenate([part.yes for part in truths]), np.concatenate([part.no for part in truths]))
    texts = [part for part in parts if isinstance(part, Texts)]
    if len(texts) == len(parts):
        labels = tuple(dict.fromkeys(label for part in reversed(texts) for label in part.labels))
        codes = [part.codes if part.labels == labels else translated(part, labels) for part in texts]
        return Texts(np.concatenate(codes), labels)
    return _numbers([part for part in parts if isinstance(part, Numbers)])


def _numbers(parts: list[Numbers]) -> Numbers:
    finest = max(parts, key=lambda part: part.scale)
    parts = [aligned(part, finest)[0] for part in parts]
    values, there = np.concatenate([part.values for part in parts]), np.concatenate([part.known for part in parts])
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    return Numbers(values, there, finest.measure, low, high, finest.scale)


def _unknown(like: Vector, size: int) -> Vector:
    nowhere = np.zeros(size, np.bool_)
    if isinstance(like, Texts):
        return Texts(np.full(size, -1, np.int32), like.labels)
    if isinstance(like, Numbers):
        return Numbers(np.zeros(size, np.int64), nowhere, like.measure, 0, 0, like.scale)
    return Truth(nowhere, nowhere)


def unknown_but(mask: Bools, vector: Vector) -> Vector:
    """The vector where the mask says so, elsewhere unknown."""
    if isinstance(vector, Truth):
        return Truth(vector.yes & mask, vector.no & mask)
    if isinstance(vector, Texts):
        return Texts(np.where(mask, vector.codes, np.int32(-1)), vector.labels)
    return replace(vector, known=vector.known & mask)


def with_default(vector: Vector | None, default: Value, *, size: int) -> Vector:
    """The vector, with the default where nothing is known."""
    filler = constant(default)
    lacking = np.ones(size, np.bool_) if vector is None else ~known(vector)
    if isinstance(filler, Truth):
        yes, no = (vector.yes, vector.no) if isinstance(vector, Truth) else (~lacking, ~lacking)
        return Truth(yes | (lacking & filler.yes), no | (lacking & filler.no))
    if isinstance(filler, Texts):
        texts = vector if isinstance(vector, Texts) else Texts(np.full(size, -1, np.int32), ())
        labels = tuple(dict.fromkeys((*texts.labels, *filler.labels)))
        return Texts(np.where(lacking, np.int32(labels.index(filler.labels[0])), texts.codes), labels)
    numbers = (
        vector
        if isinstance(vector, Numbers)
        else Numbers(np.zeros(size, np.int64), ~lacking, filler.measure, filler.low, filler.high, filler.scale)
    )
    numbers, filler = aligned(numbers, filler)
    values = np.where(lacking, filler.values, numbers.values)
    low, high = min(numbers.low, filler.low), max(numbers.high, filler.high)
    return Numbers(values, np.ones(size, np.bool_), numbers.measure, low, high, numbers.scale)
