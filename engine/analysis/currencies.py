"""Money of several currencies: refused where nobody says what they are worth, else made one, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.words import counted
from engine.machine.columns import local_days
from engine.model.errors import BadValue
from engine.model.rates import Rate, Rates
from engine.model.syntax import Kind
from engine.tables.coded import NEVER, Ints, Mask, codes, unknown
from engine.tables.money import times

_FACT = "currency"
_NAMELESS = "a currency that nobody names"
_CODE_LENGTH = 3
_NO_DAY = 2**62
"""Later than any day: of a deal without a date the last rate is taken."""


@dataclass(frozen=True, slots=True)
class OneCurrency:
    """The deals with all money in the currency of ``told.process``, and a note on what was converted."""

    told: Journeys
    notes: tuple[str, ...] = ()


def in_one_currency(
    told: Journeys, *, currencies: Mapping[int, str] | None = None, rates: Rates | None = None
) -> OneCurrency:
    """The deals with their money in one currency: where all are in one, in that; else in that of the process.

    A deal is in what its fact ``currency`` says or, where that is not known, in that of its version (``currencies``
    by the number of the version). An amount is converted by the rate of the day of the close, else of the start, else
    by the last; products are exact and rounded to cents, a half to the even one. Raises ``BadValue`` where there are
    several and no rates, or not the rates that it takes.
    """
    code, names = _currencies(told, currencies or {})
    counts = np.bincount(code[_has_money(told)], minlength=len(names)).tolist()
    found = {name: count for name, count in zip(names, counts, strict=True) if count}
    wanted = told.process.currency
    if rates is None and len(found) > 1:
        raise _several(found)
    if rates is None or not set(found) - {wanted}:
        (only,) = found or (wanted,)
        return OneCurrency(replace(told, process=replace(told.process, currency=only)))
    if not wanted:
        raise BadValue(
            "the process names no currency to convert into",
            hint="write it in the process, such as currency: EUR (or in the map, where there is no process)",
        )
    return _converted(told, code, names, found=found, rates=rates)


def _currencies(told: Journeys, by_version: Mapping[int, str]) -> tuple[Ints, tuple[str, ...]]:
    """Which currency each deal is in, and their names; of all that are nowhere named the name is empty."""
    own = told.process.currency
    names = dict.fromkeys([own])
    versions = np.unique(told.version).tolist()
    names.update(dict.fromkeys(by_version.get(each) or own for each in versions))
    said = _said(told)
    if said is not None:
        names.update(dict.fromkeys(name for name in said[1] if name))
    number = {name: place for place, name in enumerate(names)}
    of_version = np.array([number[by_version.get(each) or own] for each in versions], np.int64)
    code = of_version[np.searchsorted(versions, told.version)] if versions else told.version
    if said is not None:
        of_text = np.array([*(number[name] if name else -1 for name in said[1]), -1], np.int64)
        code = np.where(of_text[said[0]] >= 0, of_text[said[0]], code)
    return code, tuple(names)


def _said(told: Journeys) -> tuple[Ints, tuple[str, ...]] | None:
    """What the fact ``currency`` says of each deal; ``None`` where the process has no such fact."""
    fact = told.process.facts.get(_FACT)
    deals = told.tables.deals
    if fact is None or fact.type.kind not in (Kind.TEXT, Kind.CHOICE) or _FACT not in deals.column_names:
        return None
    code, texts = codes(deals, _FACT)
    return code[told.rows], tuple(str(text or "").strip().upper() for text in texts)


def _money_columns(told: Journeys) -> tuple[str, ...]:
    facts, columns = told.process.facts, told.tables.deals.column_names
    found = [name for name, fact in facts.items() if fact.type.kind is Kind.MONEY and name in columns]
    # What deals are worth is told as money, also where somebody declared it to be a number.
    return tuple(dict.fromkeys(("amount", *found)))


def _has_money(told: Journeys) -> Mask:
    found = np.zeros(told.count, np.bool_)
    for name in _money_columns(told):
        found |= ~unknown(told.tables.deals, name)[told.rows]
    return found


def _several(found: Mapping[str, int]) -> BadValue:
    told = ", ".join(f"{counted(count, 'deal')} in {name or _NAMELESS}" for name, count in found.items())
    return BadValue(
        f"money of several currencies cannot be added up: {told}",
        hint="say what they are worth with --rates FILE, a CSV file with the columns currency,rate",
    )


def _converted(
    told: Journeys, code: Ints, names: tuple[str, ...], *, found: Mapping[str, int], rates: Rates
) -> OneCurrency:
    own, days = told.process.currency, _days(told)
    wrong = next((rate.worth for rate in rates.of(own) if rate.worth != 1), None)
    if wrong is not None:
        raise BadValue(f"'{rates.source}' says that 1 {own} is {wrong} {own}", hint="take that row out")
    worth: list[Decimal] = [Decimal(1)]
    factor = np.zeros(told.count, np.int64)
    has_money = _has_money(told)
    for place, name in enumerate(names):
        if name not in found or name == own:
            continue
        its = np.flatnonzero((code == place) & has_money)
        table = rates.of(name)
        factor[its] = len(worth) + _rate_of(days[its], name, table, count=found[name], source=rates.source)
        worth += [rate.worth for rate in table]
    said = ", ".join(counted(count, f"deal in {name}", many=f"deals in {name}") for name, count in found.items())
    note = (
        f"All money is in {own}, reckoned by {rates.source or 'the rates given'} on the day of the close, else of the "
        f"start: {said}."
    )
    of_row = np.zeros(told.tables.deals.num_rows, np.int64)
    of_row[told.rows] = factor
    tables = times(told.tables, _money_columns(told), factors=of_row, worth=tuple(worth))
    return OneCurrency(replace(told, tables=tables), (note,))


def _days(told: Journeys) -> Ints:
    """The day (by its ordinal, where the process is at home) whose rate counts for each deal."""
    moment = np.where(told.closed != NEVER, told.closed, told.started)
    days = local_days(np.where(moment == NEVER, 0, moment), ZoneInfo(told.process.time_zone))
    return np.where(moment == NEVER, _NO_DAY, days)


def _rate_of(days: Ints, name: str, table: tuple[Rate, ...], *, count: int, source: str) -> Ints:
    """Which of the rates counts on each day. Raises ``BadValue`` where none does."""
    if not table:
        are = "is" if count == 1 else "are"
        message = f"'{source}' has no rate of {name or _NAMELESS}, which {counted(count, 'deal')} {are} in"
        raise BadValue(message, hint=_add_rate(name))
    starts = np.array([rate.since.toordinal() if rate.since else 0 for rate in table], np.int64)
    at = np.searchsorted(starts, days, "right") - 1
    if (at < 0).any():
        first = date.fromordinal(int(days.min()))
        raise BadValue(
            f"'{source}' has no rate of {name} on {first}: the first is from {table[0].since}",
            hint=f"add a row of {name} with that day or an earlier one, or with none under from",
        )
    return at


def _add_rate(name: str) -> str:
    if not name:
        return "record the fact currency of those deals"
    if len(name) != _CODE_LENGTH:
        return "a currency has three letters, such as USD: put that right where the deals come from"
    return f"add a row such as {name},1.00 to it"
