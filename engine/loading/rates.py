"""A table of rates, as a spreadsheet saves it: ``currency,rate`` and, where rates change, the day ``from`` which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from engine.loading.sheet_text import csv_rows, text_of
from engine.model.errors import UnreadableFile
from engine.model.rates import Rate, RateFault, Rates

_CURRENCY, _RATE, _FROM = "currency", "rate", "from"
_CODE = re.compile(r"[A-Z]{3}\Z")
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,18})?\Z")
_FORMS = ("%Y-%m-%d", "%d.%m.%Y")
_AS_CSV = "save it as 'CSV UTF-8', with the columns currency,rate and, if you like, from"


def load_rates(path: Path) -> tuple[Rates | None, tuple[RateFault, ...]]:
    """The rates of a CSV file, or what is wrong with it, row by row. Raises ``UnreadableFile`` for what is no table."""
    text = text_of(path, hint=_AS_CSV)
    rows = csv_rows(text, path)
    header = [name.strip().lower() for name in rows[0][1]] if rows else []
    for name in (_CURRENCY, _RATE):
        if name not in header:
            raise UnreadableFile(f"'{path}' has no column '{name}'", hint=_AS_CSV)
    reading = _Reading(decimal_comma=not _has_commas(text))
    for number, cells in rows[1:]:
        plain = {name.strip().lower(): (cell or "").strip() for name, cell in cells.items() if name}
        if any(plain.values()):
            reading.take(number, plain)
    if reading.faults:
        return None, tuple(reading.faults)
    if not reading.rates:
        raise UnreadableFile(f"'{path}' holds no rate", hint="add a row such as USD,0.92")
    ordered = sorted(reading.rates, key=lambda rate: (rate.currency, rate.since or date.min))
    return Rates(tuple(ordered), str(path)), ()


def _has_commas(text: str) -> bool:
    """Whether commas stand between cells: where others do, a comma is the sign of decimals."""
    head = next((line for line in text.splitlines() if _CURRENCY in line.lower()), "")
    return "," in head


class _Reading:
    """The rates while rows are read, and what is wrong with them."""

    def __init__(self, *, decimal_comma: bool) -> None:
        self.rates: list[Rate] = []
        self.faults: list[RateFault] = []
        self._comma = decimal_comma
        self._seen: dict[tuple[str, date | None], int] = {}

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        """The next row."""
        before = len(self.faults)
        currency = self._currency(row, cells[_CURRENCY])
        worth = self._worth(row, cells[_RATE])
        since = self._since(row, cells.get(_FROM, ""))
        if len(self.faults) > before:
            return
        first = self._seen.setdefault((currency, since), row)
        if first != row:
            when = f"from {since}" if since else "without a day"
            message = f"there is a rate of {currency} {when} already, in row {first}"
            self._fault(row, _CURRENCY, message, "keep one of the two, or give one another day under from")
            return
        self.rates.append(Rate(currency, worth, since))

    def _fault(self, row: int, column: str, message: str, hint: str) -> None:
        self.faults.append(RateFault(f"row {row}, {column}", message, hint))

    def _currency(self, row: int, told: str) -> str:
        code = told.upper()
        if not told:
            self._fault(row, _CURRENCY, "no currency is named", "write its three letters, such as USD")
        elif not _CODE.match(code):
            self._fault(row, _CURRENCY, f"'{told}' is no currency", "write its three letters, such as USD")
        return code

    def _worth(self, row: int, told: str) -> Decimal:
        plain = re.sub(r"\s", "", told)
        plain = plain.replace(",", ".") if self._comma and "." not in plain else plain
        if not _NUMBER.match(plain):
            message = f"'{told}' is no number" if told else "no rate is given"
            self._fault(row, _RATE, message, "write digits and a point, such as 0.92, with at most 18 digits after it")
            return Decimal(1)
        worth = Decimal(plain)
        if worth <= 0:
            hint = "write what one unit of it is worth in the currency of the process"
            self._fault(row, _RATE, f"a rate of {told} would make all amounts nothing, or debts", hint)
        return worth

    def _since(self, row: int, told: str) -> date | None:
        if not told:
            return None
        for form in _FORMS:
            try:
                return datetime.strptime(told, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        self._fault(row, _FROM, f"'{told}' is no day", "write it as 2026-03-31")
        return None
