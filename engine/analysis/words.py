"""Counts and figures as the sentences of an analysis tell them, and estimates from what arithmetic found."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.model.study import Estimate
from engine.numerics.intervals import Band
from engine.numerics.watching import Quantile
from engine.tables.coded import DAY


def counted(count: int, what: str, *, many: str = "") -> str:
    """``1 deal``, ``8,800 deals``."""
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def share_text(share: float) -> str:
    """``63 %``; a part of one percent where it is small or nearly all."""
    percent = 100 * share
    return f"{percent:.1f} %" if 0 < percent < 10 or 99 < percent < 100 else f"{percent:.0f} %"


def below(rows: Sequence[object], *notes: str) -> tuple[str, ...]:
    """The notes below a section; none where it has no rows that they could explain."""
    return notes if rows else ()


def of_band(band: Band) -> Estimate:
    """A figure with its interval; what nobody knows is empty."""
    return Estimate(*(None if math.isnan(each) else each for each in (band.value, band.low, band.high)))


def of_quantile(quantile: Quantile, longest: float) -> Estimate:
    """A time of microseconds with its interval in days; where it was not reached, how far was seen."""
    value, low, high = (None if each is None else each / DAY for each in (quantile.value, quantile.low, quantile.high))
    return Estimate(value, low, high, beyond=longest / DAY if value is None else None)
