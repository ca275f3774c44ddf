"""How long spans last, as figures with their intervals: by when half and nine in ten end, the mean, shares by a day."""

from __future__ import annotations

import numpy as np

from engine.analysis.spans import Spans
from engine.analysis.words import of_band, of_quantile
from engine.model.study import Estimate, Figure
from engine.numerics import competing, survival
from engine.numerics.competing import Incidences, Way
from engine.numerics.intervals import Band
from engine.numerics.survival import Curve
from engine.numerics.watching import known_by
from engine.tables.coded import DAY

HALF, NINE_TENTHS = 0.5, 0.9


def any_way(curve: Curve) -> tuple[Estimate | None, Estimate | None]:
    """By when half and nine in ten of the spans end, in days; ``None`` where nothing can be said."""
    if not curve.watched or survival.emptied_early(curve):
        return (None, None)
    half, most = (survival.quantile(curve, share) for share in (HALF, NINE_TENTHS))
    return of_quantile(half, curve.longest), of_quantile(most, curve.longest)


def share_any_way(curve: Curve) -> Estimate | None:
    """The share that ends by the end of the follow-up."""
    return _told(survival.share_ended(curve))


def mean_any_way(curve: Curve) -> tuple[Estimate | None, float | None]:
    """The mean in days, and where some have not ended yet up to how many days each was counted."""
    band = survival.mean(curve)
    if np.isnan(band.value):
        return (None, None)
    return _in_days(band), curve.longest / DAY if curve.watched > curve.ended.sum() else None


def share_and_times(ways: Incidences, cause: int) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """The share that ended so by the end of the follow-up, and by when half and nine in ten of those had."""
    return _share_and_times(ways, competing.way(ways, cause))


def share_times_and_mean(ways: Incidences, cause: int) -> tuple[Figure, ...]:
    """The same, the mean in days of those, and while others go on up to how many days each was counted."""
    its = competing.way(ways, cause)
    return (*_share_and_times(ways, its), *mean_of_those(ways, its))


def mean_of_those(ways: Incidences, its: Way) -> tuple[Estimate | None, float | None]:
    """The mean in days of those that ended this way, and while others go on up to how many days each was counted."""
    band = competing.mean_of_those(its)
    up_to = ways.longest / DAY if ways.watched > ways.ended.sum() else None
    return (None, None) if np.isnan(band.value) else (_in_days(band), up_to)


def _share_and_times(ways: Incidences, its: Way) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    if not its.count or its.says_nothing:
        return (None, None, None)
    half, most = (competing.quantile_of_those(its, share) for share in (HALF, NINE_TENTHS))
    share = _told(competing.share_by(ways, its, ways.longest, known=ways.watched))
    return (share, of_quantile(half, ways.longest), of_quantile(most, ways.longest))


def shares_by(spans: Spans, ways: Incidences, cause: int, *, within: tuple[float, ...]) -> tuple[Estimate | None, ...]:
    """The share that ended so by each of so many days; ``None`` beyond what was watched while others go on."""
    its = competing.way(ways, cause)
    found = []
    for each in within:
        known = known_by(each * DAY, spans.exits, spans.cause, spans.entries)
        found.append(_told(competing.share_by(ways, its, each * DAY, known=known)))
    return tuple(found)


def _told(band: Band) -> Estimate | None:
    return None if np.isnan(band.value) else of_band(band)


def _in_days(band: Band) -> Estimate:
    return of_band(Band(band.value / DAY, band.low / DAY, band.high / DAY))
