"""A drafted process with what it rests on: beside each place its evidence, and how well it tells later deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from engine.model.process import Process

Path = tuple[str, ...]
"""A place in a process by its keys: ``("stages", "demo", "target")``; the process as a whole is empty."""


class Order(Enum):
    """Where the order of the stages comes from: somebody told it, or it is to be seen in the deals."""

    TOLD = "told"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Drafting:
    """What is asked of a draft. ``keep``: what is rarer than this share stays out of it.

    ``since`` (UTC): only what happened from then on is counted. ``as_of`` (UTC) is where the follow-up ends; ``None``:
    with the last time that the deals tell. ``source`` is what people call the deals' origin.
    """

    keep: float = 0.03
    order: Order = Order.SEEN
    since: datetime | None = None
    as_of: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a place of the draft rests on: ``n`` of ``of`` (0: a count alone), and the sentence that people read."""

    says: str
    n: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        """``n`` of ``of``; ``None`` where it is a count alone."""
        return self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Remark:
    """What the draft says besides, at a place. ``topic`` is one word, by which the next draft finds it again."""

    topic: str
    says: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well a set of moves tells deals that it was not made from.

    ``fitness``: 1 minus the cost of the cheapest alignments over the most they could cost. ``precision``: of what is
    allowed at each point that deals reached, the share that deals did. ``perfect``: share of deals that fit as they
    are. ``None``: nothing to judge by.
    """

    name: str
    stages: int
    actions: int
    moves: int
    fitness: float | None
    precision: float | None
    perfect: float | None


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The draft beside two yardsticks. ``apart``: made anew from earlier deals alone, to be judged on later ones.

    ``notes``: what to know before the figures are trusted.
    """

    learnt: int
    judged: int
    apart: bool
    scores: tuple[Score, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted process, the evidence and the remarks by place in it, and its score card."""

    process: Process
    evidence: Mapping[Path, Evidence]
    remarks: Mapping[Path, tuple[Remark, ...]]
    card: ScoreCard
    deals: int
    closed: int
    source: str = ""
    as_of: datetime | None = field(default=None)
