"""The figures of each kind of declared measure, and those that are derived from others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from engine.analysis.measure.declared.counts import Told, count, ratio, total
from engine.analysis.measure.declared.looked import Looked
from engine.analysis.measure.declared.times import conversion, dwell, elapsed
from engine.model.formula import Formula, MetricRef, Term, refs
from engine.model.metric import TIMES, stats_of
from engine.model.process import Metric
from engine.model.study import Estimate
from engine.numerics.intervals import delete_a_group
from engine.tables.coded import Ints

_KINDS: Mapping[str, Callable[[Metric, Looked], tuple[Told, ...]]] = {
    "count": count,
    "sum": total,
    "ratio": ratio,
    "conversion": conversion,
    "dwell": dwell,
    "elapsed": elapsed,
}
_GROWING = frozenset({"count", "sum"})
"""What is the more, the more deals there are."""
_GROUPS = 20
_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What the metrics of a process come to for some deals; ``among`` are all of them, by id.

    ``found`` keeps what others are derived from, for all deals and without each group of them.
    """

    among: Mapping[str, Metric]
    looked: Looked
    found: dict[tuple[str, int], float | None] = field(default_factory=dict)

    def of(self, metric: Metric) -> tuple[Told, ...]:
        """The figures of one of them."""
        of = metric.parts.get("of")
        if metric.kind == "derived" and isinstance(of, Formula):
            return (self._derived(of),)
        return _KINDS[metric.kind](metric, self.looked)

    def _derived(self, formula: Formula) -> Told:
        """What the formula comes to, with the interval of a delete-a-group jackknife over deals."""
        value = self._term(formula.term, -1)
        if value is None:
            return Told(None, why=self._why(formula.term))
        deals = self.looked.told.count
        groups = min(_GROUPS, deals)
        without = [self._term(formula.term, group) for group in range(groups)] if groups > 1 else []
        band = delete_a_group(value, np.array([math.nan if each is None else each for each in without], np.float64))
        low, high = (None if math.isnan(each) else each for each in (band.low, band.high))
        if low is not None and min(value, *(each or 0 for each in without)) >= 0 and not self._takes_away(formula.term):
            low = max(low, 0.0)
        return Told(Estimate(value, low, high))

    def _takes_away(self, term: Term) -> bool:
        """Whether something is taken away from something else, so that it may come to less than nothing."""
        if isinstance(term, MetricRef):
            of = self.among[term.metric].parts.get("of")
            return isinstance(of, Formula) and self._takes_away(of.term)
        if isinstance(term, Decimal):
            return term < 0
        return term.operator == "-" or self._takes_away(term.left) or self._takes_away(term.right)

    def _term(self, term: Term, without: int) -> float | None:
        """What a term comes to without the deals of a group (-1: of all); ``None``: nobody knows."""
        if isinstance(term, Decimal):
            return float(term)
        if isinstance(term, MetricRef):
            key = (term.name, without)
            if key not in self.found:
                self.found[key] = self._figure(term, without)
            return self.found[key]
        left, right = self._term(term.left, without), self._term(term.right, without)
        return None if left is None or right is None else _calculated(term.operator, left, right)

    def _figure(self, ref: MetricRef, without: int) -> float | None:
        metric, looked = self.among[ref.metric], self.looked
        of = metric.parts.get("of")
        if metric.kind == "derived" and isinstance(of, Formula):
            return self._term(of.term, without)
        if metric.kind in TIMES:
            metric = replace(metric, parts={**metric.parts, "stats": (ref.stat or stats_of(metric)[0],)})
        if without < 0:
            return _KINDS[metric.kind](metric, looked)[0].number
        left = self._groups() != without
        found = _KINDS[metric.kind](metric, replace(looked, only=left))[0].number
        # As if as many deals as there are were like those that are left.
        grows = metric.kind in _GROWING and found is not None
        return found * len(left) / int(left.sum()) if grows and found is not None else found

    def _groups(self) -> Ints:
        """In which group each deal is: as many in each, at random, but the same ones each time."""
        if "groups" not in self.looked.kept:
            deals = self.looked.told.count
            drawn = np.random.default_rng(_SEED).permutation(deals) % min(_GROUPS, deals)
            self.looked.kept["groups"] = drawn
        found: Ints = self.looked.kept["groups"]  # type: ignore[assignment]
        return found

    def _why(self, term: Term) -> str:
        missing = dict.fromkeys(each.name for each in refs(term) if self._term(each, -1) is None)
        if missing:
            return f"there is no figure for {', '.join(missing)}"
        return "it divides by 0"


def _calculated(operator: str, left: float, right: float) -> float | None:
    if operator == "/" and right == 0:
        return None
    if operator == "/":
        found = left / right
    elif operator == "*":
        found = left * right
    else:
        found = left + right if operator == "+" else left - right
    return found if math.isfinite(found) else None
