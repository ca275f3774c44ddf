"""What a metric's figures are: their unit, and which of its times are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.model.expression import Expression
from engine.model.formula import Formula, MetricRef, Operation, Term
from engine.model.process import Metric
from engine.model.study import Unit
from engine.model.syntax import Kind

TIMES = frozenset({"dwell", "elapsed"})
"""The kinds whose figures are times, with several statistics."""
STATS = ("mean", "p10", "p25", "p50", "p75", "p90", "p95")
SUMMED = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION)
"""What adds up."""
_USUAL_STATS = ("p50", "p90")


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a figure counts: powers of money and of days; a share is a part of a whole, a count neither."""

    money: int = 0
    days: int = 0
    is_share: bool = False

    @property
    def unit(self) -> Unit:
        """How it is printed; an amount a day is printed as an amount."""
        if self.money == 1 and self.days in (0, -1):
            return Unit.MONEY
        if (self.money, self.days) == (0, 1):
            return Unit.DAYS
        return Unit.SHARE if self.is_share else Unit.NUMBER


_COUNT, _SHARE, _DAYS = Dimension(), Dimension(is_share=True), Dimension(days=1)
_SUMS = {Kind.MONEY: Dimension(money=1), Kind.DURATION: _DAYS, Kind.PERCENT: _SHARE}


def stats_of(metric: Metric) -> tuple[str, ...]:
    """Which of its times a metric tells; none where it has one figure."""
    if metric.kind not in TIMES:
        return ()
    asked = metric.parts.get("stats", _USUAL_STATS)
    return tuple(dict.fromkeys(asked)) if isinstance(asked, tuple) else _USUAL_STATS


def dimension(metric: Metric, among: Mapping[str, Metric]) -> Dimension | Operation:
    """What its figures count; of a derived one that cannot be, the operation whose sides do not fit.

    ``among`` are the metrics that formulas name, all of them there and none resting on itself.
    """
    of = metric.parts.get("of")
    if metric.kind == "derived" and isinstance(of, Formula):
        return _of_term(of.term, among) or _COUNT
    if metric.kind == "sum" and isinstance(of, Expression):
        return _SUMS.get(of.tree.type.kind, _COUNT)
    if metric.kind in TIMES:
        return _DAYS
    return _COUNT if metric.kind == "count" else _SHARE


def _of_term(term: Term, among: Mapping[str, Metric]) -> Dimension | Operation | None:
    """``None``: a number written out, which fits anything."""
    if isinstance(term, Decimal):
        return None
    if isinstance(term, MetricRef):
        found = dimension(among[term.metric], among)
        # What does not fit there is told there.
        return _COUNT if isinstance(found, Operation) else found
    left, right = _of_term(term.left, among), _of_term(term.right, among)
    if isinstance(left, Operation):
        return left
    if isinstance(right, Operation):
        return right
    if term.operator in "+-":
        return _summed(term, left, right)
    return _multiplied(left, right, sign=1 if term.operator == "*" else -1)


def _summed(term: Operation, left: Dimension | None, right: Dimension | None) -> Dimension | Operation | None:
    if left is None or right is None:
        return left or right
    if (left.money, left.days) != (right.money, right.days):
        return term
    return Dimension(left.money, left.days, left.is_share and right.is_share)


def _multiplied(left: Dimension | None, right: Dimension | None, *, sign: int) -> Dimension | None:
    if right is None:
        return left
    if left is None:
        return Dimension(sign * right.money, sign * right.days, right.is_share and sign > 0)
    is_share = left.is_share and right.is_share and sign > 0
    return Dimension(left.money + sign * right.money, left.days + sign * right.days, is_share)
