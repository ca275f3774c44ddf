"""Columns of stages entered, sorted by deal and time, to deals: a few thousand at a time, never all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.history.cells import MISSING, to_datetime
from engine.history.columns import Coded, Codes, Rows
from engine.history.facts import Asides, Column, Get
from engine.history.keys import Times
from engine.model.map import Known
from engine.model.past import PastDeal, PastMove
from engine.model.process import Process
from engine.model.syntax import Value

_BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Visits:
    """One item for each stage that a deal entered, and each touch of it; sorted by deal, then as they happened.

    ``stage`` is a place in the pipeline, -1 for a touch, whose ``touch`` is then a place among the ``touchpoints``
    (``None``: there are no touches). ``numbers`` are the rows of the file they were read from. ``again`` are the
    stages that, named twice in a row, were entered twice.
    """

    deals: Coded
    stage: Codes
    happened: Times
    numbers: npt.NDArray[np.int32]
    asides: Asides
    touch: Codes | None = None
    touchpoints: tuple[str, ...] = ()
    again: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PastDeals:
    """The deals that the visits make. ``starts`` are the places where a deal begins, and the end."""

    visits: Visits
    starts: Rows
    stage_ids: tuple[str, ...]
    is_end: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[PastDeal]:
        for first in range(0, len(self), _BLOCK):
            bounds = self.starts[first : first + _BLOCK + 1]
            block = _block(self, slice(int(bounds[0]), int(bounds[-1])))
            places = (bounds - bounds[0]).tolist()
            for start, end in pairwise(places):
                yield _deal(block, range(start, end))


def past_deals(visits: Visits, process: Process) -> PastDeals:
    """Visits, already in order, to deals."""
    codes = visits.deals.codes
    edges = np.flatnonzero(np.diff(codes)) + 1
    starts = np.concatenate([[0], edges, [len(codes)]]) if len(codes) else np.zeros(1)
    stages = process.main.stages
    return PastDeals(
        visits, starts.astype(np.intp), tuple(each.id for each in stages), tuple(bool(each.ends) for each in stages)
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column of a block: codes as a list, and what they mean."""

    codes: list[int]
    get: Get

    def text(self, row: int) -> str:
        value = self.get(self.codes[row])
        return value if isinstance(value, str) else ""


_Facts = tuple[tuple[str, list[int], Get], ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some deals' visits, as lists."""

    names: list[str]
    stages: list[str]
    touches: list[str]
    ends: list[bool]
    happened: list[int]
    numbers: list[int]
    owner: _Cells | None
    actor: _Cells | None
    reason: _Cells | None
    note: _Cells | None
    start: _Facts
    move: _Facts
    close: _Facts
    late: _Facts


def _block(deals: PastDeals, part: slice) -> _Block:
    visits = deals.visits
    beside = visits.asides
    # A touch is in no stage: -1 is the last of each list, and that is nothing.
    stages = visits.stage[part].tolist()
    stage_ids, is_end = (*deals.stage_ids, ""), (*deals.is_end, False)
    touches = [-1] * len(stages) if visits.touch is None else visits.touch[part].tolist()
    touchpoints = (*visits.touchpoints, "")
    return _Block(
        names=visits.deals.texts.take(visits.deals.codes[part]).to_pylist(),
        stages=[stage_ids[stage] for stage in stages],
        touches=[touchpoints[touch] for touch in touches],
        ends=[is_end[stage] for stage in stages],
        happened=visits.happened[part].tolist(),
        numbers=visits.numbers[part].tolist(),
        owner=_cells(beside.owner, part),
        actor=_cells(beside.actor, part),
        reason=_cells(beside.reason, part),
        note=_cells(beside.note, part),
        start=_facts(beside, Known.START, part),
        move=_facts(beside, Known.MOVE, part),
        close=_facts(beside, Known.CLOSE, part),
        late=_facts(beside, Known.UNKNOWN, part),
    )


def _cells(column: Column | None, part: slice) -> _Cells | None:
    return None if column is None else _Cells(column.codes[part].tolist(), column.get)


def _facts(beside: Asides, known: Known, part: slice) -> _Facts:
    return tuple((each.fact, each.column.codes[part].tolist(), each.column.get) for each in beside.facts[known])


def _deal(block: _Block, rows: range) -> PastDeal:
    late = _first(block.late, reversed(rows))
    if block.close and not any(block.ends[row] for row in rows):
        # Known at the close, and nothing closed: nobody can say since when.
        late |= _first(block.close, reversed(rows))
    known: dict[str, Value] = {}
    return PastDeal(
        id=block.names[rows.start],
        moves=tuple([_move(block, row, known) for row in rows]),
        owner=next(filter(None, map(block.owner.text, reversed(rows))), "") if block.owner else "",
        facts=_first(block.start, rows),
        late=late,
        row=block.numbers[rows.start],
    )


def _move(block: _Block, row: int, known: dict[str, Value]) -> PastMove:
    """``known`` are the facts that earlier rows said: a fact becomes known once, not again in every row."""
    facts: dict[str, Value] = {}
    for fact, codes, get in (*block.move, *block.close) if block.ends[row] else block.move:
        value = get(codes[row])
        if value is not None and known.get(fact) != value:
            known[fact] = facts[fact] = value
    happened = block.happened[row]
    return PastMove(
        block.stages[row],
        None if happened == MISSING else to_datetime(happened),
        block.actor.text(row) if block.actor else "",
        block.reason.text(row) if block.reason else "",
        block.note.text(row) if block.note else "",
        facts,
        block.numbers[row],
        block.touches[row],
    )


def _first(facts: _Facts, rows: Iterable[int]) -> dict[str, Value]:
    """The first value that any of the rows has, for each fact."""
    found: dict[str, Value] = {}
    if facts:
        for row in rows:
            for fact, codes, get in facts:
                if fact not in found and (value := get(codes[row])) is not None:
                    found[fact] = value
    return found
