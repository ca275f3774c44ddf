"""What deals are worth: exact sums of their value, by group; a group of which no value is known has none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.analysis.journeys import Journeys
from engine.model.values import plain_number
from engine.tables.coded import Floats, Ints, exact_sums, in_order, numbers, unknown

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Worth:
    """The value of some deals, and how many of them have one. ``None``: none has."""

    value: Decimal | None
    deals: int

    @property
    def mean(self) -> Decimal | None:
        """The value of a deal that has one, in cents."""
        return None if self.value is None else (self.value / self.deals).quantize(_CENT, ROUND_HALF_EVEN)


def worth(told: Journeys, groups: Ints, count: int) -> tuple[Worth, ...]:
    """The value of the deals in each of ``count`` groups; ``groups`` has one item a deal, -1: in none."""
    # Of few deals among many only their own rows are gone through.
    deals = in_order(told.tables.deals.select(["amount"]), told.rows)
    sums = exact_sums(deals, "amount", groups, count)
    has_one = (groups >= 0) & ~unknown(deals, "amount")
    valued = np.bincount(groups[has_one], minlength=count).tolist()
    return tuple(
        Worth(Decimal(plain_number(value)) if number else None, number)
        for value, number in zip(sums, valued, strict=True)
    )


def amounts(told: Journeys) -> Floats:
    """What each deal is worth, to reckon means and intervals; ``nan``: nobody knows."""
    return numbers(told.tables.deals, "amount", told.rows, unknown=np.nan)
