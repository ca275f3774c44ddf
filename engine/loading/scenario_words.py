"""Values of a scenario as people write them: short, in the best unit, with at most four digits that count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from engine.loading.map_text import quoted
from engine.loading.scenario_values import LN_2, SECONDS, measured
from engine.loading.schema_scenario import WEEKDAYS
from engine.model.scenario import Form, Hours, Spread
from engine.model.syntax import Kind, Type, Value
from engine.model.values import plain_number, show_value

DIGITS = 4
BREAK = ",\x1f"
"""Between entries of ``{…}`` and ``[…]``: a blank, or a new line where the line would be too long."""

_PROSE = re.compile(r"[A-Za-z0-9(](?:[\w (),/.+;'–%€$-]*[\w).%])?\Z")
_UNITS = ("d", "h", "min", "s")
_LARGE = 10_000_000

Said = Callable[[float], str]


def number_text(value: float) -> str:
    """``9000``, ``0.1235``."""
    return plain_number(_short(_exact(value)))


def share_text(part: float) -> str:
    """``33.33%``."""
    return plain_number(_short(_exact(part).scaleb(2))) + "%"


def length_text(seconds: float) -> str:
    """``2d``, ``1.25h``: in the largest unit of which it has one, or in a smaller one that says it exactly."""
    return _length(seconds, _UNITS)


def worked_text(seconds: float) -> str:
    """The same of time that is worked: ``60h``, for nobody thinks of a working day as of 24 hours."""
    return _length(seconds, _UNITS[1:])


def _length(seconds: float, units: Sequence[str]) -> str:
    whole = _exact(seconds)
    fitting = [unit for unit in units if whole >= SECONDS[unit]] or ["s"]
    if whole / SECONDS["d"] >= _LARGE:
        fitting = ["w"]
    for place, unit in enumerate(fitting):
        amount = whole / SECONDS[unit]
        if _short(amount) == amount and (place < 2 or _short(amount, DIGITS - 1) == amount):
            return f"{plain_number(amount)}{unit}" if amount else "0h"
    return f"{plain_number(_short(whole / SECONDS[fitting[0]]))}{fitting[0]}"


def horizon_text(span: timedelta) -> str:
    """``26w`` where it is whole weeks."""
    weeks, rest = divmod(span, timedelta(weeks=1))
    return length_text(span.total_seconds()) if rest or not weeks else f"{weeks}w"


def _exact(value: float) -> Decimal:
    """The number that was meant: what was reckoned has digits at its end that nobody wrote."""
    return Decimal(f"{value:.12g}")


def _short(value: Decimal, digits: int = DIGITS) -> Decimal:
    """Rounded to so many digits that count, and at most nine decimals."""
    if not value:
        return value
    unit = Decimal(1).scaleb(max(value.adjusted() - digits + 1, -9))
    return (value / unit).to_integral_value() * unit


def said_of(kind: Type | None) -> Said:
    """How values of a fact of that type are written where they spread."""
    if kind and kind.kind is Kind.PERCENT:
        return share_text
    return length_text if kind and kind.kind is Kind.DURATION else number_text


def spread_entries(spread: Spread, said: Said = length_text) -> list[str]:
    """The entries of a spread as they stand in braces; none of what is always so."""
    if spread.form is Form.QUANTILES:
        return [f"quantiles: {flow(f'{share_text(of)}: {said(value)}' for of, value in spread.quantiles)}"]
    if spread.form is Form.EXPONENTIAL:
        return _exponential(spread.p50, said)
    half, most = said(spread.p50), said(spread.p90)
    if spread.form is Form.CONSTANT or half == most:
        return []
    form = [] if spread.form is Form.LOGNORMAL else [f"form: {spread.form.value}"]
    return [f"p50: {half}", f"p90: {most}", *form]


def _exponential(half: float, said: Said) -> list[str]:
    """By the mean, which people know; by the P50 where only that can be written short."""
    mean = said(half / LN_2)
    if (measured(mean) or 0) * LN_2 != half == measured(said(half)):
        return [f"p50: {said(half)}", "form: exponential"]
    return [f"mean: {mean}"]


def spread_text(spread: Spread, said: Said = length_text) -> str:
    """A spread as a value: ``{p50: 2d, p90: 9d}``, ``3d``."""
    entries = spread_entries(spread, said)
    return flow(entries) if entries else said(spread.p50)


def prose(text: str) -> str:
    """A text of a line of its own, quoted only where it must be."""
    return text if _PROSE.match(text) else quoted(text)


def value_text(value: Value | None, of: Type | None) -> str:
    """A value of a fact, quoted where it would be read as something else."""
    if value is None:
        return "null"
    return quoted(value) if isinstance(value, str) else show_value(value, of)


def hours_text(hours: Hours) -> str:
    """``{mon-fri: 09:00-17:00}``: days that are alike stand together."""
    entries: list[str] = []
    days = sorted(hours.days)
    while days:
        first = last = days.pop(0)
        while days and days[0] == last + 1 and hours.days[days[0]] == hours.days[first]:
            last = days.pop(0)
        name = WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
        entries.append(f"{name}: {_stretches(hours.days[first])}")
    if hours.holidays:
        entries.append(f"holidays: {listed(map(date.isoformat, hours.holidays))}")
    return flow(entries)


def _stretches(stretches: tuple[tuple[time, time], ...]) -> str:
    said = [f"{_clock(begin)}-{'24:00' if end == time(0) else _clock(end)}" for begin, end in stretches]
    return said[0] if len(said) == 1 else listed(said)


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def flow(entries: Iterable[str]) -> str:
    """Entries in braces."""
    return "{" + BREAK.join(entries) + "}"


def listed(entries: Iterable[str]) -> str:
    """Entries in brackets."""
    return "[" + BREAK.join(entries) + "]"
