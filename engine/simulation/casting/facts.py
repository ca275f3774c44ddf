"""The facts with which new prospects come, drawn for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from engine.machine.facts import check_facts
from engine.machine.vectors import WIDEST, Inexact, Measure, Numbers, Texts, Truth, Vector, rows_of, vector_of
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.scenario import FactDrawn, Scenario, Spread
from engine.model.syntax import Kind, Value
from engine.numerics.dice import dice, name_key
from engine.numerics.distributions import drawn
from engine.simulation.compiling.calendar import DAY
from engine.simulation.compiling.ways import table_of
from engine.simulation.plan import WHOLE, Ints, Keys

_ROW = name_key("facts/row")
_DIGITS = 1000
_YEAR_ONE = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()
_FEW = 16
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True, eq=False)
class Spreading:
    """A fact with a number for value: drawn from ``table``, times ``step`` at a ``scale``; of a date, seconds."""

    name: str
    key: int
    known: int
    table: Ints
    measure: Measure
    step: int
    scale: int


@dataclass(frozen=True, slots=True, eq=False)
class Choosing:
    """A fact that takes one of few values: the first whose ``upto`` is above the low 32 bits of the draw."""

    name: str
    key: int
    known: int
    upto: Ints
    values: Vector


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """All facts of new prospects: drawn one by one, and a row of past prospects at a time."""

    spreading: tuple[Spreading, ...]
    choosing: tuple[Choosing, ...]
    rows: int
    by_row: Mapping[str, Vector]

    @property
    def has_dates(self) -> bool:
        """Whether anything hangs on the day on which a prospect comes."""
        return any(each.measure is Measure.DAY for each in self.spreading)


def drawing(scenario: Scenario, process: Process) -> Drawing:
    """How facts fall, worked out for all runs. Raises ``BadValue`` for values that a fact cannot have."""
    spreading, choosing = [], []
    for each in scenario.facts:
        if each.spread is not None:
            spreading.append(_spreading(each, each.spread, process, key=_key(each, scenario)))
        elif each.choices:
            choosing.append(_choosing(each, process, key=_key(each, scenario)))
    rows = scenario.rows.rows if scenario.rows else ()
    names = scenario.rows.facts if scenario.rows and rows else ()
    columns = {name: _vector([row[at] for row in rows], name, process) for at, name in enumerate(names)}
    by_row = {name: column for name, column in columns.items() if column is not None}
    return Drawing(tuple(spreading), tuple(choosing), len(rows), by_row)


def facts_of(drawing: Drawing, keys: Keys, *, local: Ints) -> dict[str, Vector]:
    """The facts of prospects with these keys; ``local`` are the seconds since 1970 on their clock when they come."""
    found: dict[str, Vector] = {}
    if drawing.by_row:
        at = (_low(dice(keys, _ROW)) * drawing.rows) >> 32
        found = {name: rows_of(column, at) for name, column in drawing.by_row.items()}
    for choosing in drawing.choosing:
        draws = dice(keys, choosing.key)
        found[choosing.name] = _known(rows_of(choosing.values, _chosen(choosing.upto, _low(draws))), choosing, draws)
    for spreading in drawing.spreading:
        draws = dice(keys, spreading.key)
        found[spreading.name] = _spread(spreading, draws, local)
    return found


def _key(each: FactDrawn, scenario: Scenario) -> int:
    name = f"facts/{each.fact}"
    return name_key(scenario.luck.get(name, name))


def _spreading(each: FactDrawn, spread: Spread, process: Process, *, key: int) -> Spreading:
    kind = process.facts[each.fact].type.kind
    known = round(each.known * WHOLE)
    if kind in (Kind.DATE, Kind.DURATION):
        measure = Measure.DAY if kind is Kind.DATE else Measure.MICROSECOND
        seconds = max(1, round(each.step)) if kind is Kind.DURATION else 1
        step = seconds * 1_000_000
        return Spreading(each.fact, key, known, _fitting(table_of(spread, unit=seconds), step), measure, step, 0)
    if kind not in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT):
        raise BadValue(f"'{each.fact}' is no number: it does not spread", hint="choices: {a: 60%, b: 40%}")
    unit = Decimal(repr(each.step)) if each.step else _fine(max((spread.p50, *(v for _, v in spread.quantiles))))
    exponent = unit.normalize().as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    step = int(unit.scaleb(scale))
    table = _fitting(table_of(spread, unit=float(unit)), step)
    return Spreading(each.fact, key, known, table, Measure.NUMBER, step, scale)


def _fitting(table: Ints, step: int) -> Ints:
    """The table, cut where its values times the step would not fit columns any more."""
    return np.minimum(table, (WIDEST - 1) // step)


def _fine(size: float) -> Decimal:
    """A step of which a value of that size has at least a thousand: 1 or, for small ones, 0.1, 0.01 …."""
    step = Decimal(1)
    while step > Decimal("1e-6") and size < _DIGITS * float(step):
        step /= 10
    return step


def _choosing(each: FactDrawn, process: Process, *, key: int) -> Choosing:
    values = _vector([value for value, _ in each.choices], each.fact, process)
    shares = np.cumsum([share for _, share in each.choices])
    if values is None or shares[-1] <= 0:
        raise BadValue(f"'{each.fact}' is never any of its choices", hint="choices: {a: 60%, b: 40%}")
    upto = np.rint(shares / shares[-1] * WHOLE).astype(np.int64)
    return Choosing(each.fact, key, round(each.known * WHOLE), upto, values)


def _vector(values: list[Value | None], name: str, process: Process) -> Vector | None:
    """The values as a column. Raises ``BadValue`` for those that the fact cannot have, or no column can hold."""
    for value in set(values):
        if value is not None:
            check_facts(process, {name: value})
    try:
        return vector_of(values)
    except Inexact:
        raise BadValue(f"the values of '{name}' have too many digits to be drawn", hint="round them") from None


def _low(draws: Keys) -> Ints:
    found: Ints = (draws & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return found


def _chosen(upto: Ints, low: Ints) -> Ints:
    if upto.size > _FEW:
        return np.searchsorted(upto[:-1], low, side="right")
    found: Ints = np.zeros(low.size, np.int8)
    for each in upto[:-1].tolist():
        found += low >= each
    return found


def _known(vector: Vector, of: Choosing | Spreading, draws: Keys) -> Vector:
    """The vector, unknown where the high 32 bits of the draw say so."""
    if of.known >= WHOLE:
        return vector
    there = (draws >> _HALF) < np.uint64(of.known)
    if isinstance(vector, Truth):
        return Truth(vector.yes & there, vector.no & there)
    if isinstance(vector, Texts):
        return Texts(np.where(there, vector.codes, np.int32(-1)), vector.labels)
    return Numbers(vector.values, vector.known & there, vector.measure, vector.low, vector.high, vector.scale)


def _spread(of: Spreading, draws: Keys, local: Ints) -> Vector:
    values = drawn(of.table, draws)
    low, high = int(of.table[0]) * of.step, int(of.table[-1]) * of.step
    if of.measure is Measure.DAY:
        values = np.minimum((local + values) // DAY + _YEAR_ONE, _LAST_DAY)
        low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    elif of.step != 1:
        values *= of.step
    return _known(Numbers(values, np.ones(values.size, np.bool_), of.measure, low, high, of.scale), of, draws)


def rows_in(vector: Vector) -> int:
    """How many values there are."""
    column = vector.yes if isinstance(vector, Truth) else vector.codes if isinstance(vector, Texts) else vector.values
    return int(column.size)


def value_at(vector: Vector, place: int) -> Value | None:
    """One of the values; ``None`` where it is not known."""
    if isinstance(vector, Truth):
        return True if vector.yes[place] else False if vector.no[place] else None
    if isinstance(vector, Texts):
        code = int(vector.codes[place])
        return vector.labels[code] if code >= 0 else None
    if not vector.known[place]:
        return None
    value = int(vector.values[place])
    if vector.measure is Measure.DAY:
        return date.fromordinal(value)
    if vector.measure is Measure.MICROSECOND:
        return timedelta(microseconds=value)
    return Decimal(value).scaleb(-vector.scale)
