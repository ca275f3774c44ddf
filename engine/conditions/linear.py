"""Linear arithmetic over facts: comparisons as rows ``sum(k * term) < bound``, and whether rows can hold at once.

Dates count in days, durations in days too, so that a difference of dates needs no conversion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from engine.model.syntax import Arithmetic, Call, ContextRef, Kind, Literal, Tree

MEASURED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.DURATION})
"""Kinds of value that have an order and can be added up."""

_MOST_ROWS = 300
_DAY = timedelta(days=1) // timedelta(microseconds=1)
_NEW_YEAR = Fraction(date(2026, 1, 1).toordinal())
_STEPS = {
    Kind.DATE: (Fraction(1),),
    Kind.DURATION: (Fraction(1), Fraction(1, 24), Fraction(1, 1440), Fraction(1, 86400), Fraction(1, _DAY)),
}
_DECIMAL_STEPS = tuple(Fraction(1, 10**places) for places in range(12))


class TooManyRows(Exception):
    """The rows grew beyond what is worth reckoning: nobody can tell."""


@dataclass(frozen=True, slots=True)
class Row:
    """``sum(k * term for term, k in terms)`` is below ``bound``, or at most ``bound`` where not ``strict``."""

    terms: tuple[tuple[Tree, Fraction], ...]
    bound: Fraction
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """``sum(k * term) + constant``. A term is any tree whose inside is not looked into."""

    terms: Mapping[Tree, Fraction]
    constant: Fraction = Fraction(0)


def measure(value: object) -> Fraction:
    """A number, date or duration as a fraction; dates and durations in days."""
    match value:
        case Decimal() | int():
            return Fraction(value)
        case date():
            return Fraction(value.toordinal())
        case timedelta():
            return Fraction(value // timedelta(microseconds=1), _DAY)
    raise TypeError(f"not a measured value: {value!r}")


def form(tree: Tree) -> Form:
    """The tree as a sum of terms; what is not linear becomes one term of its own."""
    match tree:
        case Literal(value=value):
            return Form({}, measure(value))
        case Arithmetic(operator="*", left=left, right=right):
            return _product(tree, form(left), form(right))
        case Arithmetic(operator=operator, left=left, right=right):
            if tree.type.kind is Kind.DATE and not _whole_days(right, left):
                return Form({tree: Fraction(1)})
            return _sum(form(left), form(right), Fraction(1 if operator == "+" else -1))
    return Form({tree: Fraction(1)})


def _whole_days(*sides: Tree) -> bool:
    """Adding hours to a date drops them, so only whole days, written out, add up."""
    spans = [side.value for side in sides if isinstance(side, Literal) and isinstance(side.value, timedelta)]
    return any(span % timedelta(days=1) == timedelta(0) for span in spans)


def _product(tree: Tree, left: Form, right: Form) -> Form:
    # Durations are rounded to microseconds when multiplied; a plain number is exact.
    if tree.type.kind is Kind.DURATION or (left.terms and right.terms):
        return Form({tree: Fraction(1)})
    scaled, by = (right, left.constant) if not left.terms else (left, right.constant)
    return _sum(Form({}), scaled, by)


def _sum(left: Form, right: Form, by: Fraction) -> Form:
    terms = dict(left.terms)
    for term, factor in right.terms.items():
        terms[term] = terms.get(term, Fraction(0)) + factor * by
    return Form({term: k for term, k in terms.items() if k}, left.constant + right.constant * by)


def difference(left: Tree, right: Tree) -> Form:
    """``left - right`` as a form."""
    return _sum(form(left), form(right), Fraction(-1))


def below(given: Form, bound: Fraction, *, strict: bool) -> Row:
    """The row ``given < bound`` or ``given <= bound``, sharpened where only whole numbers fit."""
    terms = tuple(given.terms.items())
    limit = bound - given.constant
    if len(terms) == 1 and whole(terms[0][0]):
        term, k = terms[0]
        return _sharpened(term, k, limit, strict=strict)
    return Row(terms, limit, strict)


def above(given: Form, bound: Fraction, *, strict: bool) -> Row:
    """The row ``given > bound`` or ``given >= bound``."""
    turned = Form({term: -k for term, k in given.terms.items()}, -given.constant)
    return below(turned, -bound, strict=strict)


def whole(term: Tree) -> bool:
    """Whether the term is always a whole number."""
    if isinstance(term, ContextRef):
        return term.name in ("today", "days_in_stage")
    return term.type.kind is Kind.DATE or (isinstance(term, Call) and term.function in ("count", "size"))


def _sharpened(term: Tree, k: Fraction, limit: Fraction, *, strict: bool) -> Row:
    edge = limit / abs(k)
    last = edge.__floor__()
    if strict and last == edge:
        last -= 1
    # k * t <= limit with k below zero reads -t <= floor(limit / |k|): both signs round the same way.
    return Row(((term, Fraction(1 if k > 0 else -1)),), Fraction(last))


def feasible(rows: Iterable[Row]) -> bool:
    """Whether some values of the terms make every row hold. Raises ``TooManyRows`` where nobody can tell."""
    return _eliminated(rows) is not None


def solve(rows: Iterable[Row]) -> Mapping[Tree, Fraction] | None:
    """Values for all terms that make every row hold, or ``None`` where there are none.

    A value is chosen as round as the gap allows; where no fine enough one fits, some value of the gap. Raises
    ``TooManyRows`` where nobody can tell.
    """
    gone = _eliminated(rows)
    if gone is None:
        return None
    found: dict[Tree, Fraction] = {}
    for term, touching in reversed(gone):
        for other in (other for row in touching for other, _ in row.terms if other != term):
            found.setdefault(other, _round_between(other, None, None))
        found[term] = _choose(term, touching, found)
    return found


def _eliminated(rows: Iterable[Row]) -> list[tuple[Tree, list[Row]]] | None:
    """Fourier's elimination, exact over fractions: each term with the rows that bounded it when it went."""
    left = _tidied(rows)
    gone: list[tuple[Tree, list[Row]]] = []
    while left is not None and (term := _cheapest(left)) is not None:
        touching = [row for row in left if any(t == term for t, _ in row.terms)]
        gone.append((term, touching))
        left = _tidied(_without(term, left, touching))
    return None if left is None else gone


def _tidied(rows: Iterable[Row]) -> list[Row] | None:
    """The rows without those that say nothing; ``None`` where one can never hold."""
    kept: dict[tuple[tuple[Tree, Fraction], ...], Row] = {}
    for row in rows:
        if not row.terms:
            if row.bound < 0 or (row.strict and row.bound == 0):
                return None
            continue
        before = kept.get(row.terms)
        if before is None or (row.bound, not row.strict) < (before.bound, not before.strict):
            kept[row.terms] = row
    if len(kept) > _MOST_ROWS:
        raise TooManyRows
    return list(kept.values())


def _cheapest(rows: Sequence[Row]) -> Tree | None:
    """The term whose elimination adds the fewest rows."""
    signs: dict[Tree, list[int]] = {}
    for row in rows:
        for term, k in row.terms:
            counts = signs.setdefault(term, [0, 0])
            counts[k > 0] += 1
    return min(signs, key=lambda term: signs[term][0] * signs[term][1], default=None)


def _without(term: Tree, rows: Sequence[Row], touching: Sequence[Row]) -> Iterable[Row]:
    yield from (row for row in rows if row not in touching)
    factors = [(row, dict(row.terms)) for row in touching]
    uppers = [(row, terms) for row, terms in factors if terms[term] > 0]
    lowers = [(row, terms) for row, terms in factors if terms[term] < 0]
    for upper, high in uppers:
        for lower, low in lowers:
            yield _joined(term, (upper, high), (lower, low))


def _joined(term: Tree, upper: tuple[Row, dict[Tree, Fraction]], lower: tuple[Row, dict[Tree, Fraction]]) -> Row:
    (up, high), (down, low) = upper, lower
    by_high, by_low = 1 / high[term], -1 / low[term]
    terms: dict[Tree, Fraction] = {}
    for source, by in ((high, by_high), (low, by_low)):
        for other, k in source.items():
            terms[other] = terms.get(other, Fraction(0)) + k * by
    kept = tuple((other, k) for other, k in terms.items() if k and other != term)
    return Row(kept, up.bound * by_high + down.bound * by_low, up.strict or down.strict)


def _choose(term: Tree, rows: Sequence[Row], found: Mapping[Tree, Fraction]) -> Fraction:
    """A value between the bounds that the rows leave once the terms found before are put in."""
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    for row in rows:
        factors = dict(row.terms)
        k = factors.pop(term)
        edge = (row.bound - sum((f * found[t] for t, f in factors.items()), Fraction(0))) / k
        if k > 0 and (high is None or (edge, not row.strict) < (high[0], not high[1])):
            high = (edge, row.strict)
        if k < 0 and (low is None or (edge, row.strict) > low):
            low = (edge, row.strict)
    return _round_between(term, low, high)


def _round_between(term: Tree, low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None) -> Fraction:
    steps = (Fraction(1),) if whole(term) else _STEPS.get(term.type.kind, _DECIMAL_STEPS)
    usual = _NEW_YEAR if term.type.kind is Kind.DATE else Fraction(1)
    for step in steps:
        value = _nearest(usual, step, low, high)
        if (low is None or value > low[0] or (value == low[0] and not low[1])) and (
            high is None or value < high[0] or (value == high[0] and not high[1])
        ):
            return value
    # No value as fine as people can record: the middle keeps the reckoning right, and no deal will show it.
    edges = [edge for edge, _ in filter(None, (low, high))]
    return sum(edges, Fraction(0)) / len(edges)


def _nearest(
    usual: Fraction, step: Fraction, low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None
) -> Fraction:
    """The usual value, or the first multiple of ``step`` beyond the bound that forbids it."""
    if low is not None and (usual < low[0] or (usual == low[0] and low[1])):
        count = -((-low[0] / step).__floor__())
        return (count + 1) * step if low[1] and count * step == low[0] else count * step
    if high is not None and (usual > high[0] or (usual == high[0] and high[1])):
        count = (high[0] / step).__floor__()
        return (count - 1) * step if high[1] and count * step == high[0] else count * step
    return usual
