"""Counts and money as sentences on versions tell them."""

from __future__ import annotations

from decimal import Decimal


def counted(count: int, what: str, *, many: str = "") -> str:
    """``1 deal``, ``8,800 deals``."""
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def money_text(amount: Decimal, currency: str) -> str:
    """``84,000 EUR``; cents only where there are any."""
    whole = amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.quantize(Decimal("0.01"))
    return f"{whole:,} {currency}".strip()
