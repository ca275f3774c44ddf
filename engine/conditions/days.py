"""A day as people write it, 31.12.2026 or 12/31/2026, and how the language does."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})\Z")
_FORM = 'write date("2026-03-31"): year, month, day'


def meant(text: str) -> str:
    """The hint for a text that is surely some day, badly written or bare; empty for any other."""
    found = _DAY.match(text.strip())
    if found is None or max(len(found[1]), len(found[4])) not in (2, 4):
        return ""
    first, second, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return _written([(first, second, last)])
    if len(found[4]) not in (2, 4):
        return ""
    year = last if len(found[4]) == 4 else 2000 + last
    # A point stands between day and month; between slashes either may come first.
    orders = [(year, second, first)] if found[2] == "." else [(year, first, second), (year, second, first)]
    return _written(orders)


def _written(orders: list[tuple[int, int, int]]) -> str:
    days = dict.fromkeys(day for order in orders if (day := _day(*order)))
    if not days:
        return _FORM
    return "write " + " or ".join(f'date("{day}")' for day in days)


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
