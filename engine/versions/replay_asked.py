"""A condition asked of past moves, each with what was known before it: by columns, else move by move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from engine.machine.facts import Facts
from engine.machine.requirements import of_tree, reckoned_from
from engine.machine.vectorised import truth
from engine.machine.vectors import DAY, MICROSECOND, Inexact, Texts, Truth
from engine.model.situation import Situation
from engine.model.syntax import Call, ContextRef, Tree, facts_read, walk
from engine.tables.coded import Ints
from engine.versions.replay_columns import PastColumns

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_ALL = frozenset({"given", "blank", "contains", "starts_with", "ends_with", "size", "lower"})
"""Functions that look at facts alone."""


@dataclass(frozen=True, slots=True, eq=False)
class PastCrowd:
    """Past moves of one kind: fits ``Asked``. ``rows`` are theirs among the columns, ``now`` is when each was made."""

    columns: PastColumns
    rows: Any
    stage: str
    words: Mapping[str, str | Texts]

    @property
    def now(self) -> Ints:
        """When each was made."""
        found: Ints = self.columns.moves.at[self.rows]
        return found


def asked(tree: Tree, crowd: PastCrowd) -> Truth:
    """Where the condition was true and where it was false; both have a place for each row of the crowd."""
    size = len(crowd.rows)
    try:
        found = truth(tree, crowd)
    except Inexact:
        found = _one_by_one(tree, crowd)
    return Truth(np.broadcast_to(found.yes, (size,)), np.broadcast_to(found.no, (size,)))


def _one_by_one(tree: Tree, crowd: PastCrowd) -> Truth:
    test = of_tree(tree).test
    columns, size = crowd.columns, len(crowd.rows)
    trees = reckoned_from(columns.machine.process, tree)
    reads = tuple(sorted({name for each in trees for name in facts_read(each)}))
    known = [(name, columns.known(name)) for name in reads]
    values = np.stack([each.codes[crowd.rows] for _, each in known]) if known else np.zeros((0, size), np.int64)
    if any(_looks_around(each) for each in trees):
        answers = [test(*_seen(columns, known, crowd, place)) for place in range(size)]
    else:
        # Moves with the same facts come to the same: each kind of them is asked once.
        _, firsts, which = np.unique(values, axis=1, return_index=True, return_inverse=True)
        kinds = [test(*_seen(columns, known, crowd, place)) for place in firsts.tolist()]
        answers = [kinds[at] for at in which.ravel().tolist()]
    yes = np.fromiter((answer is True for answer in answers), np.bool_, size)
    return Truth(yes, np.fromiter((answer is False for answer in answers), np.bool_, size))


def _looks_around(tree: Tree) -> bool:
    return any(
        isinstance(node, ContextRef) or (isinstance(node, Call) and node.function not in _OF_ALL) for node in walk(tree)
    )


def _seen(columns: PastColumns, known: Any, crowd: PastCrowd, place: int) -> tuple[Facts, Situation]:
    row = int(crowd.rows[place])
    frame = columns.machine.frame
    facts = {name: each.values[each.codes[row]] for name, each in known if each.codes[row] >= 0}
    told = {name: value for name, value in facts.items() if value is not None}
    situation = PastSituation(columns, row, crowd, place)
    whole: Facts = {**frame.defaults, **told}
    return (frame.derive(whole, situation) if frame.reckons else whole), situation


class PastSituation:
    """One past move: fits ``model.situation.Situation``; what is not told (role) is unknown."""

    __slots__ = ("_columns", "_crowd", "_place", "_row")

    def __init__(self, columns: PastColumns, row: int, crowd: PastCrowd, place: int) -> None:
        self._columns, self._row, self._crowd, self._place = columns, row, crowd, place

    @property
    def stage(self) -> str | None:
        """Where the deal stood on the main track."""
        return self._crowd.stage or self.track("main")

    @property
    def to(self) -> str | None:
        """Where the move led."""
        return self._word("to")

    @property
    def action(self) -> str | None:
        """What was done."""
        return self._word("action")

    @property
    def reason(self) -> str | None:
        """The reason given."""
        return self._word("reason")

    @property
    def reason_group(self) -> str | None:
        """The group of the reason given."""
        return self._word("reason.group")

    @property
    def note(self) -> str | None:
        """The note given with it; a file tells none."""
        return self._word("note")

    @property
    def role(self) -> str | None:
        """Nobody tells."""
        return None

    @property
    def today(self) -> date:
        """The day in the zone of the process."""
        moment: datetime = _EPOCH + int(self._columns.moves.at[self._row]) * MICROSECOND
        return moment.astimezone(self._columns.machine.frame.zone).date()

    @property
    def days_in_stage(self) -> Decimal:
        """Whole days since the main stage was entered."""
        spent = self._columns.moves.at[self._row] - self._columns.entered()[self._row]
        return Decimal(int(spent // DAY))

    @property
    def probability(self) -> Decimal | None:
        """What the main stage says of winning."""
        return self._columns.machine.frame.probability.get(self.stage or "")

    def track(self, name: str) -> str | None:
        """The stage the deal had in a track."""
        try:
            stages = self._columns.track(name)
        except Inexact:
            return None
        return stages.labels[int(stages.codes[self._row])]

    def done(self, name: str) -> bool:
        """Whether it had ever been done."""
        return bool(self._columns.past(name).count[self._row])

    def count(self, name: str) -> Decimal:
        """How often it had been done."""
        return Decimal(int(self._columns.past(name).count[self._row]))

    def since(self, name: str) -> timedelta | None:
        """Time since it was last done."""
        past = self._columns.past(name)
        if not past.count[self._row]:
            return None
        return int(self._columns.moves.at[self._row] - past.last[self._row]) * MICROSECOND

    def reached(self, stage: str) -> bool:
        """Whether the deal had reached a main stage."""
        return bool(self._columns.reached(stage).yes[self._row])

    def _word(self, name: str) -> str | None:
        value = self._crowd.words.get(name)
        if isinstance(value, Texts):
            code = int(value.codes[self._place])
            return value.labels[code] if code >= 0 else None
        return value
