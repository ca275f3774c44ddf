"""Counts and money as sentences on versions tell them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal


def counted(count: int, what: str, *, many: str = "") -> str:
    """``1 deal``, ``8,800 deals``."""
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def told_elsewhere(deals: int, currency: str) -> Iterator[str]:
    """That the money of some deals is of another currency, and so not counted."""
    if deals:
        told = counted(deals, "deal")
        yield f"Money is in {currency}: that of {told} on versions with another currency is not counted."


def money_text(amount: Decimal, currency: str) -> str:
    """``84,000 EUR``; cents only where there are any."""
    whole = amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.quantize(Decimal("0.01"))
    return f"{whole:,} {currency}".strip()
