"""Values of many deals at once, and the three-valued arithmetic on them. Exact: integers, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.conditions.arithmetic import EXACT
from engine.model.syntax import Value

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Codes = NDArray[np.int32]

WIDEST = 2**62
"""Beyond it a whole number may no longer fit 64 bits once it is added to another."""
UNDATED = int(np.iinfo(np.int64).min)
"""Stands for a time that nobody wrote down, among times in microseconds."""
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // MICROSECOND
_LAST_DAY = date.max.toordinal()


class Inexact(Exception):
    """These values do not fit whole numbers of 64 bits, or are not made for columns: judge deal by deal."""


class Measure(Enum):
    """What a column of whole numbers counts."""

    NUMBER = "number"
    DAY = "day"
    MICROSECOND = "microsecond"


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Where something is true and where it is false; elsewhere it is unknown."""

    yes: Bools
    no: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Whole numbers: decimals times ten to the ``scale``, days since year 1, or microseconds.

    ``low`` and ``high`` bound the known ones. Where ``known`` is false the value means nothing.
    """

    values: Ints
    known: Bools
    measure: Measure
    low: int
    high: int
    scale: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts as numbers of ``labels``; -1 is unknown."""

    codes: Codes
    labels: tuple[str, ...]


Vector = Truth | Numbers | Texts


def vector_of(values: Sequence[Value | None]) -> Vector | None:
    """The values of one fact, of one kind; ``None`` where none is known. Raises ``Inexact`` for what does not fit."""
    distinct = set(values)
    distinct.discard(None)
    sample = next(iter(distinct), None)
    if sample is None:
        return None
    if len({type(each) for each in distinct}) > 1:
        raise Inexact
    if isinstance(sample, bool):
        return Truth(_all([value is True for value in values]), _all([value is False for value in values]))
    if isinstance(sample, str):
        labels = tuple(sorted(each for each in distinct if isinstance(each, str)))
        codes: dict[Value | None, int] = {label: code for code, label in enumerate(labels)}
        return Texts(np.fromiter((codes.get(value, -1) for value in values), np.int32, len(values)), labels)
    measure, scale, whole = _whole({each for each in distinct if each is not None})
    found = np.fromiter((whole.get(value, 0) for value in values), np.int64, len(values))
    known = np.fromiter((value is not None for value in values), np.bool_, len(values))
    return Numbers(found, known, measure, min(whole.values()), max(whole.values()), scale)


def _all(values: list[bool]) -> Bools:
    return np.array(values, dtype=np.bool_)


def _whole(values: set[Value]) -> tuple[Measure, int, dict[Value | None, int]]:
    """The values as whole numbers of one measure and scale."""
    scale = max((_places(value) for value in values if isinstance(value, Decimal)), default=0)
    whole: dict[Value | None, int] = {}
    measures = set()
    for value in values:
        measure, whole[value] = _one(value, scale)
        measures.add(measure)
    if len(measures) != 1 or any(abs(each) >= WIDEST for each in whole.values()):
        raise Inexact
    return measures.pop(), scale, whole


def _one(value: Value, scale: int) -> tuple[Measure, int]:
    if isinstance(value, Decimal):
        return Measure.NUMBER, int(value.scaleb(scale, EXACT))
    if isinstance(value, timedelta):
        return Measure.MICROSECOND, value // MICROSECOND
    if isinstance(value, date):
        return Measure.DAY, value.toordinal()
    raise Inexact


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise Inexact
    return max(0, -exponent)


@lru_cache(maxsize=1024, typed=True)
def constant(value: Value) -> Vector:
    """One value, the same for all deals."""
    found = vector_of([value])
    if found is None:
        raise Inexact
    return rows_of(found, 0)


def rows_of(vector: Vector, rows: Any) -> Vector:
    """Some rows of a vector: a slice, an array of row numbers, or a single one."""
    if isinstance(vector, Truth):
        return Truth(vector.yes[rows], vector.no[rows])
    if isinstance(vector, Texts):
        return Texts(vector.codes[rows], vector.labels)
    return Numbers(vector.values[rows], vector.known[rows], vector.measure, vector.low, vector.high, vector.scale)


def known(vector: Vector) -> Bools:
    """Where there is a value at all."""
    if isinstance(vector, Truth):
        return vector.yes | vector.no
    return vector.codes >= 0 if isinstance(vector, Texts) else vector.known


def sure(holds: Bools) -> Truth:
    """What is never unknown."""
    return Truth(holds, ~holds)


def where_known(holds: Bools, *vectors: Vector) -> Truth:
    """What is unknown wherever one of the vectors is."""
    both = known(vectors[0])
    for vector in vectors[1:]:
        both = both & known(vector)
    return Truth(both & holds, both & ~holds)


def negated(truth: Truth) -> Truth:
    """Kleene's not."""
    return Truth(truth.no, truth.yes)


def joined(truths: Iterable[Truth], *, every: bool) -> Truth:
    """Kleene's and (``every``) or or."""
    first, *others = truths
    yes, no = first.yes, first.no
    for truth in others:
        yes, no = (yes & truth.yes, no | truth.no) if every else (yes | truth.yes, no & truth.no)
    return Truth(yes, no)


_ORDERS: dict[str, Callable[[Ints, Ints], Bools]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def compared(operator: str, left: Vector, right: Vector) -> Truth:
    """The comparison, unknown where a side is."""
    if isinstance(left, Texts) and isinstance(right, Texts):
        same = left.codes == translated(right, left.labels)
        return where_known(same if operator == "==" else ~same, left, right)
    if isinstance(left, Truth) and isinstance(right, Truth):
        same = left.yes == right.yes
        return where_known(same if operator == "==" else ~same, left, right)
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        left, right = aligned(left, right)
        return where_known(_ORDERS[operator](left.values, right.values), left, right)
    raise Inexact


def translated(texts: Texts, labels: tuple[str, ...]) -> Codes:
    """The texts as numbers of other labels; -2 for what is not among them, -1 for the unknown."""
    numbers = {label: code for code, label in enumerate(labels)}
    table = np.array([*(numbers.get(label, -2) for label in texts.labels), -1], dtype=np.int32)
    return table[texts.codes]


def by_label(texts: Texts, what: Callable[[str], Any], of: type[Any], *, otherwise: Any = 0) -> Any:
    """What a function makes of each text, asked once for each label; ``otherwise`` where the text is unknown."""
    return np.array([*(what(label) for label in texts.labels), otherwise], dtype=of)[texts.codes]


def aligned(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Both at the finer of the two scales."""
    if left.measure is not right.measure:
        raise Inexact
    scale = max(left.scale, right.scale)
    return _scaled(left, scale), _scaled(right, scale)


def _scaled(numbers: Numbers, scale: int) -> Numbers:
    if numbers.scale == scale:
        return numbers
    times = 10 ** (scale - numbers.scale)
    low, high = fitting(numbers.low * times), fitting(numbers.high * times)
    return Numbers(numbers.values * np.int64(times), numbers.known, numbers.measure, low, high, scale)


def fitting(number: int) -> int:
    """The number, if columns can hold it."""
    if abs(number) >= WIDEST:
        raise Inexact
    return number


def calculated(operator: str, left: Numbers, right: Numbers) -> Numbers:
    """``+ - *``, unknown where a side is, or where a date leaves the calendar."""
    if Measure.DAY in (left.measure, right.measure):
        return _dated(operator, left, right)
    if operator == "*":
        return _product(left, right)
    left, right = aligned(left, right)
    both = left.known & right.known
    if operator == "+":
        low, high = fitting(left.low + right.low), fitting(left.high + right.high)
        return Numbers(left.values + right.values, both, left.measure, low, high, left.scale)
    low, high = fitting(left.low - right.high), fitting(left.high - right.low)
    return Numbers(left.values - right.values, both, left.measure, low, high, left.scale)


def _product(left: Numbers, right: Numbers) -> Numbers:
    if left.measure is not Measure.NUMBER or right.measure is not Measure.NUMBER:
        raise Inexact
    corners = [fitting(one * other) for one in (left.low, left.high) for other in (right.low, right.high)]
    both = left.known & right.known
    scale = left.scale + right.scale
    return Numbers(left.values * right.values, both, Measure.NUMBER, min(corners), max(corners), scale)


def _dated(operator: str, left: Numbers, right: Numbers) -> Numbers:
    both = left.known & right.known
    if left.measure is right.measure:
        low, high = fitting((left.low - right.high) * DAY), fitting((left.high - right.low) * DAY)
        return Numbers((left.values - right.values) * np.int64(DAY), both, Measure.MICROSECOND, low, high)
    day, span = (left, right) if left.measure is Measure.DAY else (right, left)
    if span.measure is not Measure.MICROSECOND:
        raise Inexact
    # Only whole days count, as Python has it: hours added to a date change nothing.
    days = span.values // DAY
    values = day.values + days if operator == "+" else day.values - days
    inside = both & (values >= 1) & (values <= _LAST_DAY)
    return Numbers(values, inside, Measure.DAY, 1, _LAST_DAY)
