"""Many deals at once: which actions are open to each, and why the others are not.

Each way from a stage is judged for all deals that stand there, requirement by requirement, on columns of whole
numbers. What columns cannot tell exactly is asked deal by deal, so the answer is always that of ``options``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.machine.columns import Columns, Rows
from engine.machine.compile import Machine, Way
from engine.machine.crowd import Crowd
from engine.machine.decide import options_of
from engine.machine.refusing import refusing
from engine.machine.tracks import passed
from engine.machine.vectors import Bools, Truth
from engine.model.decision import About
from engine.model.names import MAIN
from engine.model.process import Track
from engine.model.rule import Force

Bits = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """One action to one stage, judged for deals of a stage from which it is possible.

    ``rows`` are these deals among the columns. ``refusing`` has a bit for each of ``requirements`` (positions in
    ``machine.requirements``) that stands in a deal's way, the first in the lowest; all 0 is open. It has a row of
    words for each 64 requirements.
    """

    action: str
    to: str
    rows: Rows
    requirements: tuple[int, ...]
    refusing: Bits

    @property
    def is_open(self) -> Bools:
        """For each of the deals, whether the action is open."""
        found: Bools = np.asarray(np.all(self.refusing == 0, axis=0))
        return found

    def refused_by(self, number: int) -> Bools:
        """For each of the deals, whether a requirement stands in the way."""
        if number not in self.requirements:
            return np.zeros(self.refusing.shape[1], np.bool_)
        word, bit = divmod(self.requirements.index(number), 64)
        found: Bools = self.refusing[word] & self.refusing.dtype.type(1 << bit) != 0
        return found

    def failing(self, place: int) -> tuple[int, ...]:
        """All that stands in the way of the deal at a place among the rows, in the order it is told."""
        words = [int(word) for word in self.refusing[:, place]]
        return tuple(number for at, number in enumerate(self.requirements) if words[at // 64] >> at % 64 & 1)


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """What is open to many deals. Actions that do not start from where a deal stands are not told of it."""

    columns: Columns
    all: tuple[Opening, ...]

    @property
    def nbytes(self) -> int:
        """The bytes of the answers."""
        return sum(each.refusing.nbytes for each in self.all)

    def of(self, place: int) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """For the deal given at a place, from 0: each action possible where it stands, its target, what refuses it."""
        row = int(np.flatnonzero(self.columns.places == place)[0])
        for each in self.all:
            inside = _place(each.rows, row)
            if inside is not None:
                yield each.action, each.to, each.failing(inside)


def open_actions(columns: Columns, *, role: str, now: datetime, actor: str = "") -> Openings:
    """Which actions are open to each deal, and what stands in the way of those that are not, as ``options`` says.

    What merely warns is not told. A reason and a note are still to be given, so they stand in nobody's way.
    """
    machine = columns.machine
    words = {"actor.role": role} if role else {}
    answers: dict[tuple[str, str], dict[int, Truth]] = {}
    found: list[Opening] = []
    for action, routes in machine.actions.items():
        for source, here in routes.routes.items():
            rows = columns.rows(routes.track.id, source)
            size = _size(rows)
            if not size:
                continue
            if len(here) > 1 or here[0].previous or _differs(routes.track, source, here[0].targets):
                found += _one_by_one(columns, action, rows, role=role, now=now, actor=actor)
                continue
            shared = answers.setdefault((routes.track.id, source), {})
            stage = source if routes.track.id == MAIN else ""
            for target in here[0].targets:
                move = {**words, "to": target, "action": action}
                crowd = Crowd(columns, rows, size, stage, move, now, actor, shared)
                found.append(_opening(machine, machine.way(routes.track, here[0].action, source, target), crowd))
    return Openings(columns, tuple(found))


def _differs(track: Track, source: str, targets: tuple[str, ...]) -> bool:
    """Whether what is asked of a move from an end depends on where the deal stood before."""
    if not track.is_end(source):
        return False
    first = next((stage.id for stage in track.stages if not stage.ends), "")
    return any(stage.to_pass for target in targets for stage in passed(track, first, target))


def _opening(machine: Machine, way: Way, crowd: Crowd) -> Opening:
    checks = [check for check, _ in way.checks if check.force is Force.MUST and check.about is not About.REASON]
    bits = _blank(len(checks), crowd.size)
    for at, check in enumerate(checks):
        refused = refusing(check, crowd)
        if refused is not None:
            np.bitwise_or(bits[at // 64], bits.dtype.type(1 << at % 64), out=bits[at // 64], where=refused)
    numbers = tuple(machine.numbers[check.id] for check in checks)
    return Opening(crowd.words["action"], crowd.words["to"], crowd.rows, numbers, bits)


def _one_by_one(
    columns: Columns, action: str, rows: Rows, *, role: str, now: datetime, actor: str
) -> Iterator[Opening]:
    """The openings of an action whose variant or target differs from deal to deal: one for all that is told alike.

    Variants may ask for the same in different orders, so there is no one order for all deals.
    """
    machine = columns.machine
    judged: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for row in range(len(columns.deals))[rows] if isinstance(rows, slice) else rows.tolist():
        for decision in options_of(machine, columns.deals[row], action, role=role, now=now, actor=actor):
            told = tuple(dict.fromkeys(machine.numbers[verdict.requirement] for verdict in decision.refusals))
            judged.setdefault((decision.to_stage, told), []).append(row)
    for (to, requirements), alike in judged.items():
        bits = _blank(len(requirements), len(alike))
        for at in range(len(requirements)):
            bits[at // 64] |= bits.dtype.type(1 << at % 64)
        yield Opening(action, to, np.array(alike, np.intp), requirements, bits)


def _blank(count: int, size: int) -> Bits:
    """Bits for so many requirements, in the smallest words that hold them."""
    kind = next((kind for kind in (np.uint8, np.uint16, np.uint32) if count <= np.dtype(kind).itemsize * 8), np.uint64)
    return np.zeros((max(1, -(-count // 64)), size), kind)


def _size(rows: Rows) -> int:
    return rows.stop - rows.start if isinstance(rows, slice) else rows.size


def _place(rows: Rows, row: int) -> int | None:
    if isinstance(rows, slice):
        return row - rows.start if rows.start <= row < rows.stop else None
    found = np.flatnonzero(rows == row)
    return int(found[0]) if found.size else None
