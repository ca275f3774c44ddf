"""Exact arithmetic that never raises: what leaves the calendar or the range of durations is unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context
from typing import Any

from engine.model.syntax import Value

# 200 operators over numbers of 27 digits stay below this, so nothing is ever rounded. No traps: never an exception.
EXACT = Context(prec=6000, Emax=999_999, Emin=-999_999, traps=[])

Operation = Callable[[Any, Any], Value | None]


def plus(left: Any, right: Any) -> Value | None:
    """Days are added to a date from either side; hours of a duration do not count there."""
    try:
        total: date | timedelta = left + right
    except OverflowError:
        return None
    return total


def minus(left: Any, right: Any) -> Value | None:
    """A date less a date is a duration; less a duration, a date."""
    try:
        rest: date | timedelta = left - right
    except OverflowError:
        return None
    return rest


def for_numbers(operator: str) -> Operation:
    """Exact ``+ - *`` over decimals."""
    return {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[operator]


def for_times(operator: str) -> Operation:
    """``+ -`` over dates and durations."""
    return plus if operator == "+" else minus
