"""What decision tables make of many deals at once: equal to ``conditions.decision_table.result`` for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import numpy as np

from engine.machine.vectors import (
    Bools,
    Inexact,
    Measure,
    Numbers,
    Truth,
    Vector,
    fitting,
    rows_of,
    sure,
    vector_of,
)
from engine.model.rule import DecisionTable, Hit
from engine.model.syntax import Tree, Value

Ask = Callable[[Tree], Truth]


def reckoned(table: DecisionTable, ask: Ask, *, size: int) -> Vector | None:
    """The value of the table for so many deals, ``ask`` telling what a condition comes to; ``None``: never known.

    Raises ``Inexact`` for what columns cannot tell.
    """
    asked = [sure(np.True_) if row.when is None else ask(row.when.tree) for row in table.rows]  # type: ignore[arg-type]
    holds = [Truth(np.broadcast_to(each.yes, size), np.broadcast_to(each.no, size)) for each in asked]
    thens = [row.then for row in table.rows]
    if table.hit is Hit.SUM:
        return _summed(holds, thens, size)
    hit = _first(holds, size) if table.hit is Hit.FIRST else _only(holds, size)
    return _chosen(thens, hit)


def _first(holds: Sequence[Truth], size: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The first row that holds; -1 where one before it is unknown, or none does."""
    found = np.full(size, -1, np.intp)
    undecided = np.ones(size, np.bool_)
    for number, each in enumerate(holds):
        found[undecided & each.yes] = number
        undecided &= each.no
    return found


def _only(holds: Sequence[Truth], size: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The only row that holds; -1 where any is unknown, none does, or two do."""
    found, count, clear = np.full(size, -1, np.intp), np.zeros(size, np.int64), _clear(holds, size)
    for number, each in enumerate(holds):
        found[each.yes] = number
        count += each.yes
    return np.where(clear & (count == 1), found, -1)


def _clear(holds: Sequence[Truth], size: int) -> Bools:
    """Where no row is unknown."""
    found = np.ones(size, np.bool_)
    for each in holds:
        found &= each.yes | each.no
    return found


def _chosen(thens: Sequence[Value], hit: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Vector | None:
    """What each row says, unknown where the number of the row is -1."""
    values = vector_of([*thens, None])
    return None if values is None else rows_of(values, hit)


def _summed(holds: Sequence[Truth], thens: Sequence[Value], size: int) -> Numbers:
    """What the rows that hold add up to; unknown where any row is."""
    is_span = any(isinstance(then, timedelta) for then in thens)
    values = vector_of([*thens, timedelta(0) if is_span else Decimal(0)])
    if not isinstance(values, Numbers) or values.measure is Measure.DAY:
        raise Inexact
    bound = fitting(sum(max(abs(values.low), abs(values.high)) for _ in thens))
    total = np.zeros(size, np.int64)
    for each, value in zip(holds, values.values.tolist(), strict=False):
        total += each.yes * np.int64(value)
    return Numbers(total, _clear(holds, size), values.measure, -bound, bound, values.scale)
