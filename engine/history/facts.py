"""The columns of an export that hold facts, people, reasons and notes: each distinct text is read once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.history.cells import Reader, value_reader
from engine.history.columns import Coded, Codes, Mask, Rows
from engine.history.faults import Faults, tried
from engine.model.errors import StagewrightError
from engine.model.map import Known, Map
from engine.model.process import Process
from engine.model.syntax import TEXT, Value

_KEPT = 100_000
"""Up to so many distinct values are kept in memory; beyond it a value is read again whenever it is asked for."""

Get = Callable[[int], Value | None]
"""From the code of a cell to its value."""


@dataclass(frozen=True, slots=True)
class Column:
    """The codes of a column, and what each code means; -1 stands for nothing."""

    codes: Codes
    get: Get


@dataclass(frozen=True, slots=True)
class Named:
    """A fact and the column it stands in. ``since``: what nobody could say, but this file does: when it was known."""

    fact: str
    column: Column
    since: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Asides:
    """All that a row says besides deal, stage and time; ``None``: the export has no such column."""

    owner: Column | None
    actor: Column | None
    reason: Column | None
    note: Column | None
    facts: Mapping[Known, tuple[Named, ...]]


def asides(map_: Map, process: Process, faults: Faults) -> Asides:
    """Reads those columns; a cell that cannot be read is noted, and what it says is unknown."""
    facts: dict[Known, tuple[Named, ...]] = dict.fromkeys(Known, ())
    for fact, column in map_.facts.items():
        reader = value_reader(map_, process.facts[fact].type, column.values)
        named = Named(fact, _column(column.column, reader, faults))
        facts[column.known] = (*facts[column.known], named)
    reason = map_.reason
    return Asides(
        owner=_words(map_, map_.owner, faults),
        actor=_words(map_, map_.actor, faults),
        reason=_column(reason.column, value_reader(map_, TEXT, reason.values), faults) if reason else None,
        note=_words(map_, map_.note, faults),
        facts=facts,
    )


def _words(map_: Map, column: str | None, faults: Faults) -> Column | None:
    return None if column is None else _column(column, value_reader(map_, TEXT, {}), faults)


def _column(name: str, reader: Reader, faults: Faults) -> Column:
    cells = faults.sheet.columns[name]
    wrong: dict[int, StagewrightError] = {}
    values = list(tried(cells, reader, wrong, instead=None)) if len(cells.texts) <= _KEPT else []
    if not values:
        deque(tried(cells, reader, wrong, instead=None), maxlen=0)
    faults.bad(name, wrong)
    if values:
        values.append(None)  # so that -1, the last of the list, is nothing
    return Column(cells.codes, values.__getitem__ if values else _anew(cells, reader, frozenset(wrong)))


def _anew(cells: Coded, reader: Reader, wrong: frozenset[int]) -> Get:
    def get(code: int) -> Value | None:
        return None if code < 0 or code in wrong else reader(cells.texts[code].as_py())

    return get


def all_taken(beside: Asides, rows: Rows) -> Asides:
    """All of them with these rows, in this order."""
    return _each(beside, lambda codes: codes[rows], facts=Known)


def only_where(mask: Mask, beside: Asides) -> Asides:
    """All of them, but what belongs to one move (who, why, what became known) only in the rows of ``mask``."""
    return _each(beside, lambda codes: np.where(mask, codes, np.int32(-1)), facts=(Known.MOVE, Known.CLOSE))


def with_blanks(beside: Asides, at: Rows) -> Asides:
    """All of them with a row that says nothing before each of these rows."""
    return _each(beside, lambda codes: np.insert(codes, at, np.int32(-1)), facts=Known)


def _each(beside: Asides, change: Callable[[Codes], Codes], *, facts: Iterable[Known]) -> Asides:
    def changed(column: Column) -> Column:
        return Column(change(column.codes), column.get)

    def maybe(column: Column | None) -> Column | None:
        return None if column is None else changed(column)

    new = {known: tuple(Named(each.fact, changed(each.column)) for each in beside.facts[known]) for known in facts}
    return Asides(
        maybe(beside.owner), maybe(beside.actor), maybe(beside.reason), maybe(beside.note), {**beside.facts, **new}
    )
