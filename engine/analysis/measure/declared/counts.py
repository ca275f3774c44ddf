"""Declared measures that count deals: how many, what they are worth, which share of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

import numpy as np

from engine.analysis.measure.declared.looked import Looked
from engine.analysis.words import of_band
from engine.machine.vectors import Truth
from engine.model.expression import Expression
from engine.model.process import Metric, MetricPart
from engine.model.study import Estimate
from engine.numerics.intervals import ratio as ratio_of_sums
from engine.numerics.intervals import wilson
from engine.tables.coded import DAY, Ints, Mask

_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a metric: ``deals`` counted ``of`` so many, and of how many deals nobody can say (``unknown``).

    What is derived counts no deals itself. ``stat`` is empty where the metric has one figure. ``undated`` are deals
    left out because nobody wrote down when. ``why`` says why there is no figure, or what is odd about it.
    """

    value: int | float | Decimal | Estimate | None
    deals: int | None = None
    of: int | None = None
    unknown: int | None = None
    stat: str = ""
    undated: int = 0
    why: str = ""

    @property
    def number(self) -> float | None:
        """The figure alone, for what is reckoned from it."""
        found = self.value.value if isinstance(self.value, Estimate) else self.value
        return None if found is None else float(found)


def count(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """How many deals."""
    its = looked.which(metric.parts.get("of"), metric.parts.get("where"))
    yes, undated = _dated(its.yes, metric.parts.get("by"), looked)
    number = int(yes.sum())
    return (Told(number, number, looked.told.count, _unknown(its), undated=undated),)


def total(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """The exact sum of an expression."""
    of = metric.parts["of"]
    assert isinstance(of, Expression)  # noqa: S101 - as loading has it
    its, amounts = looked.which(metric.parts.get("where")), looked.amounts(of)
    chosen, undated = _dated(its.yes, metric.parts.get("by"), looked)
    yes = chosen & amounts.known
    # Python's own numbers: 64 bits may hold each amount and not their sum.
    whole = int(amounts.values[yes].sum()) if _is_small(amounts.values, yes) else sum(amounts.values[yes].tolist())
    value = whole / DAY if amounts.is_span else Decimal(whole).scaleb(-amounts.scale, _EXACT)
    missing = int((chosen & ~amounts.known).sum())
    return (Told(value, int(yes.sum()), int(chosen.sum()), _unknown(its) + missing, undated=undated),)


def ratio(metric: Metric, looked: Looked) -> tuple[Told, ...]:
    """The share of the numerator in the denominator; beyond 1 where they are of different dates.

    The interval is Wilson's where the one is part of the other, else that of a ratio of two sums over deals.
    """
    where, by = metric.parts.get("where"), metric.parts.get("by")
    upper, upper_undated, upper_unknown = _side(metric.parts["numerator"], where, by, looked)
    lower, lower_undated, lower_unknown = _side(metric.parts["denominator"], where, by, looked)
    hits, of = int(upper.sum()), int(lower.sum())
    unknown, undated = int((upper_unknown | lower_unknown).sum()), int((upper_undated | lower_undated).sum())
    if not of:
        return (Told(None, hits, 0, unknown, undated=undated, why="there is nothing to take a share of"),)
    part_of = not (upper & ~lower).any()
    band = wilson(hits, of) if part_of else ratio_of_sums(upper.astype(np.float64), lower.astype(np.float64))
    return (Told(of_band(band), hits, of, unknown, undated=undated),)


def _side(part: MetricPart, where: MetricPart | None, by: MetricPart | None, looked: Looked) -> tuple[Mask, Mask, Mask]:
    """The deals of a side, those left out for want of a date, and those of which nobody can say."""
    of = part
    if isinstance(part, Mapping):
        of, by = part["count"], part.get("by", by)
    its = looked.which(of, where)
    dated = looked.dated(by) if isinstance(by, str) else np.ones(looked.told.count, np.bool_)
    undated = its.yes & looked.undated(by) if isinstance(by, str) else np.zeros(looked.told.count, np.bool_)
    return its.yes & dated, undated, ~(its.yes | its.no)


def _dated(yes: Mask, by: MetricPart | None, looked: Looked) -> tuple[Mask, int]:
    """Those that fall into the time looked at, and how many have no date to tell."""
    if not isinstance(by, str):
        return yes, 0
    return yes & looked.dated(by), int((yes & looked.undated(by)).sum())


def _unknown(its: Truth) -> int:
    return int((~(its.yes | its.no)).sum())


def _is_small(values: Ints, yes: Mask) -> bool:
    chosen = values[yes]
    return values.dtype != object and (not len(chosen) or int(np.abs(chosen).max()) * len(chosen) < 2**62)
