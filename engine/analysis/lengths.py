"""How long spans last, as figures with their intervals: by when half and nine in ten end, the mean, shares by a day."""

from __future__ import annotations

import numpy as np

from engine.analysis.spans import Spans
from engine.analysis.words import of_band, of_quantile
from engine.model.study import Estimate, Figure
from engine.numerics import competing, survival
from engine.numerics.competing import Incidences
from engine.numerics.intervals import Band
from engine.numerics.survival import Curve
from engine.numerics.watching import seen_at

HALF, NINE_TENTHS = 0.5, 0.9

_DAY = 86_400_000_000


def any_way(curve: Curve) -> tuple[Estimate | None, Estimate | None]:
    """By when half and nine in ten of the spans end, in days; ``None`` where nothing can be said."""
    if not curve.watched or survival.emptied_early(curve):
        return (None, None)
    half, most = (survival.quantile(curve, share) for share in (HALF, NINE_TENTHS))
    return of_quantile(half, curve.longest), of_quantile(most, curve.longest)


def share_any_way(curve: Curve) -> Estimate | None:
    """The share that ends by the end of the follow-up."""
    if not len(curve.times) or survival.emptied_early(curve):
        return None
    edges = (None if np.isnan(each) else 1 - float(each) for each in (curve.high[-1], curve.low[-1]))
    return Estimate(1 - float(curve.survival[-1]), *edges)


def mean_any_way(curve: Curve) -> tuple[Estimate | None, float | None]:
    """The mean in days, and where the longest has not ended yet up to how many days it was counted."""
    band = survival.mean(curve)
    if np.isnan(band.value):
        return (None, None)
    return _in_days(band), None if curve.survival[-1] <= 0 else curve.longest / _DAY


def share_and_times(ways: Incidences, cause: int) -> tuple[Figure, Figure, Figure]:
    """The share that ended so by the end of the follow-up, and by when half and nine in ten of those had."""
    its, longest = competing.way(ways, cause), ways.longest
    if not len(its.line) or not its.line[-1] or its.says_nothing:
        return (None, None, None)
    edges = (None if np.isnan(each) else each for each in competing.interval_at_end(its))
    half, most = (competing.quantile_of_those(its, share) for share in (HALF, NINE_TENTHS))
    return (Estimate(float(its.line[-1]), *edges), of_quantile(half, longest), of_quantile(most, longest))


def mean_of_those(ways: Incidences, cause: int) -> tuple[Estimate | None, float | None]:
    """The mean in days of those that ended so, and while others go on up to how many days it was counted."""
    band = competing.mean_of_those(competing.way(ways, cause), int(ways.ended[cause - 1].sum()))
    if np.isnan(band.value):
        return (None, None)
    return _in_days(band), None if ways.survival[-1] <= 1e-15 else ways.longest / _DAY


def shares_by(spans: Spans, ways: Incidences, cause: int, *, within: tuple[float, ...]) -> tuple[Estimate | None, ...]:
    """The share that ended so by each of so many days; ``None`` beyond what was watched while others go on."""
    its = competing.way(ways, cause)
    found = []
    for each in within:
        band = competing.share_by(ways, its, each * _DAY, seen=seen_at(each * _DAY, spans.exits, spans.entries))
        found.append(None if np.isnan(band.value) else of_band(band))
    return tuple(found)


def _in_days(band: Band) -> Estimate:
    return of_band(Band(band.value / _DAY, band.low / _DAY, band.high / _DAY))
