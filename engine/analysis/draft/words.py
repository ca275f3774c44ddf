"""How a draft says figures, and makes ids of what people wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from datetime import timedelta
from decimal import Decimal

from engine.model.names import RESERVED


def percent(n: float, of: float) -> str:
    """``82 %``; with a digit after the point where it is small."""
    if not of:
        return "0 %"
    share = 100 * n / of
    if 0 < share < 0.1:
        return "below 0.1 %"
    return f"{share:.1f} %" if share < 3 or 99 < share < 100 else f"{share:.0f} %"


def counted(n: int, of: int, what: str) -> str:
    """``412 of 503 deals (82 %)``."""
    return f"{n:,} of {of:,} {what} ({percent(n, of)})"


def number(n: int, noun: str) -> str:
    """``1 deal``, ``1,200 deals``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def code_of(text: str, taken: Container[str], *, fallback: str) -> str:
    """An id like a text, which is not taken yet: ``too-expensive`` for ``Too expensive``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "-", plain)[:60].strip("-") or fallback
    if stem in RESERVED:
        stem = f"{stem}-{fallback}"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def rounded(days: float) -> timedelta:
    """A span as people give it: whole days, below three of them hours, below three hours minutes; never nothing."""
    if days >= 3:
        return timedelta(days=round(days))
    if days >= 1 / 8:
        return timedelta(hours=round(days * 24))
    return timedelta(minutes=max(round(days * 1440), 1))


def share_of(n: float, of: float) -> Decimal:
    """A probability in whole percents, as a stage has it."""
    return Decimal(round(100 * n / of)).scaleb(-2)
