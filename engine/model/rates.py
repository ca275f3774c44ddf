"""What other currencies are worth: the nouns of a table of rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth, from a day on; ``since`` ``None``: from the beginning."""

    currency: str
    worth: Decimal
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a file, those of a currency in order of their days. ``source`` says where they were read."""

    rates: tuple[Rate, ...]
    source: str = ""

    def of(self, currency: str) -> tuple[Rate, ...]:
        """The rates of a currency, the earliest first."""
        return tuple(rate for rate in self.rates if rate.currency == currency)


@dataclass(frozen=True, slots=True)
class RateFault:
    """What is wrong in a table of rates: where (``row 4, rate``), what, and the mend."""

    at: str
    message: str
    hint: str = ""
