"""What conditions asked of many deals at once all look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.machine.columns import Columns, Past, Rows
from engine.machine.compile import Machine
from engine.machine.facts import Facts, view, with_tables
from engine.machine.requirements import reckoned_from
from engine.machine.situation import DealSituation
from engine.machine.vectors import Bools, Ints, Texts, Truth, Vector
from engine.model.decision import Move
from engine.model.syntax import ContextRef, Tree, walk

_OF_MOVE = frozenset({"to", "action"})


class Gathered(Protocol):
    """Deals as columns, as conditions read them; what no column can hold raises ``Inexact``."""

    @property
    def machine(self) -> Machine:
        """The version by which they are judged."""

    def fact(self, name: str) -> Vector | None:
        """A fact, or its default; ``None`` where no deal has it."""

    def track(self, name: str) -> Texts:
        """The stage of each deal in a track."""

    def entered(self) -> Ints:
        """When each deal entered its main stage, in microseconds since 1970 (or ``UNDATED``)."""

    def past(self, name: str) -> Past:
        """What was done to each deal: a touchpoint or, where none has that name, an action."""

    def reached(self, stage: str) -> Truth:
        """Whether each deal has reached a main stage."""


class Asked(Protocol):
    """Deals of whom a condition is asked at once, each before a move from ``stage`` (empty: they differ).

    ``now`` is the same moment for all or, in microseconds since 1970, one for each of the ``rows``. A word is the same
    for all or one for each; absent it is unknown.
    """

    @property
    def columns(self) -> Gathered:
        """Where the deals stand among others."""

    @property
    def rows(self) -> Rows:
        """Which of them are asked about."""

    @property
    def stage(self) -> str:
        """Their main stage."""

    @property
    def words(self) -> Mapping[str, str | Texts]:
        """What is told of the move: ``to``, ``action``, ``reason`` and the like."""

    @property
    def now(self) -> datetime | Ints:
        """When."""


class Standing(Asked, Protocol):
    """Deals of whom requirements are asked: what no column can tell is asked of one at a time.

    ``answers`` keeps what conditions came to that do not look at where the move leads; crowds of the same rows share
    it.
    """

    @property
    def size(self) -> int:
        """How many they are."""

    @property
    def answers(self) -> dict[int, Truth]:
        """What conditions came to, by the ``id`` of their trees."""

    def keeps(self, tree: Tree) -> bool:
        """Whether what a condition comes to is to be kept among the answers."""

    def granted(self) -> Bools:
        """Which of them have any approval."""

    def one(self, place: int) -> tuple[Facts, DealSituation]:
        """What a condition looks at for the deal at a place among the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Deals in one stage of a track, before one move.

    ``stage`` is their main stage, empty where they differ. ``words`` are ``to``, ``action``, ``reason``, its
    ``reason.group``, ``note`` and ``actor.role``, the same for all (absent: unknown). ``answers`` keeps what conditions
    came to that do not look at where the move leads; crowds of the same rows share it.
    """

    columns: Columns
    rows: Rows
    size: int
    stage: str
    words: dict[str, str]
    now: datetime
    actor: str = ""
    answers: dict[int, Truth] = field(default_factory=dict)

    def keeps(self, tree: Tree) -> bool:
        """Whether a condition comes to the same wherever a move leads. What a table reckons may look at that, too."""
        return not any(
            isinstance(node, ContextRef) and node.name in _OF_MOVE
            for each in reckoned_from(self.columns.machine.process, tree)
            for node in walk(each)
        )

    def granted(self) -> Bools:
        """Which of them have any approval."""
        return self.columns.granted()[self.rows]

    def one(self, place: int) -> tuple[Facts, DealSituation]:
        """What a condition looks at for the deal at a place among the rows."""
        columns, rows = self.columns, self.rows
        deal = columns.deals[rows.start + place if isinstance(rows, slice) else int(rows[place])]
        move = Move(self.words["action"], actor=self.actor, role=self.words.get("actor.role", ""))
        frame = columns.machine.frame
        situation = DealSituation(frame, deal, move, self.now, self.words["to"])
        return with_tables(view(deal.facts, move.facts, frame.defaults), situation), situation
