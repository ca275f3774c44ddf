"""What any file of history becomes: columns of coded text, and how one of its cells is named to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.history.columns import Coded, Mask
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

COLUMN_LIMIT = 16_384
"""As many columns as a sheet of a spreadsheet has; a file with more of them is no table of deals."""

ROW_LIMIT = 2**31 - 2
"""Rows are counted in 32 bits."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and the columns that are wanted (none named: all of them).

    ``deal`` is the column that a row cannot do without. ``sheet`` names the sheet of a workbook, ``of`` the kind of
    object that is a deal (OCEL). ``decimal`` is the point with which numbers are told that the file holds as numbers.
    ``rows`` ends the reading after so many rows.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    wanted: tuple[str, ...] = ()
    deal: str = ""
    sheet: str = ""
    of: str = ""
    decimal: str = "."
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row with more or fewer cells than the first one has."""

    row: int
    message: str
    deal: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell that the file itself says has no value; its text in the sheet is blank. ``row`` is counted from 0."""

    column: str
    row: int
    text: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The wanted columns. ``numbers`` are the rows' numbers, the first row of the file being 1.

    ``letters`` names the wanted columns as a spreadsheet does (other formats: as they are called); ``unread`` are
    the columns nobody asked for. ``total`` counts all rows below the first, ``blank`` those with nothing in them.
    ``has_iso_dates``: what the file itself holds as a date is written by ISO 8601, whatever a map says of dates.
    ``named`` says where a cell stands, from its column and its row counted from 0; ``None``: as a spreadsheet does.
    """

    columns: dict[str, Coded]
    letters: dict[str, str]
    numbers: npt.NDArray[np.int32]
    unread: tuple[str, ...]
    total: int
    blank: int
    misfits: tuple[Misfit, ...]
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()
    has_iso_dates: bool = False
    named: Callable[[str, int], str] | None = None

    def cell(self, column: str, row: int) -> str:
        """Where a cell stands, the row counted from 0: ``F42``, or ``event 7 of deal 173688, time:timestamp``."""
        return self.named(column, row) if self.named else f"{self.letters[column]}{self.numbers[row]}"


def only_rows(sheet: Sheet, mask: Mask) -> Sheet:
    """The same sheet with the rows of ``mask`` alone; what it counts stays."""
    rows = np.flatnonzero(mask)
    place = np.cumsum(mask) - 1
    return replace(
        sheet,
        columns={name: column.taken(rows) for name, column in sheet.columns.items()},
        numbers=sheet.numbers[rows],
        flaws=tuple(replace(each, row=int(place[each.row])) for each in sheet.flaws if mask[each.row]),
        named=lambda column, row: sheet.cell(column, int(rows[row])),
    )


def wanted_of(found: Sequence[str], path: Path, layout: Layout) -> tuple[str, ...]:
    """The columns to read of those there are. Raises ``UnreadableFile`` where a wanted one is missing."""
    if not layout.wanted:
        return tuple(dict.fromkeys(name for name in found if name))
    missing = [name for name in layout.wanted if name not in found]
    if missing:
        raise lacking(missing, found, path)
    return layout.wanted


def lacking(missing: Sequence[str], found: Sequence[str], path: Path) -> UnreadableFile:
    """The error that the file has not these columns."""
    told = ", ".join(f"'{name}'" for name in missing)
    hint = did_you_mean(missing[0], [name for name in found if name], most=20)
    return UnreadableFile(f"'{path}' has no column {told}", hint=hint)


def plain_number(value: float, decimal: str = ".") -> str:
    """A number of the file as a person writes it: ``1234.5``, with no more digits than a spreadsheet keeps."""
    text = format(Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", decimal)


def check_width(columns: int, path: Path) -> None:
    """Raises ``UnreadableFile`` for more columns than a table of deals can have."""
    if columns > COLUMN_LIMIT:
        raise UnreadableFile(
            f"'{path}' has more than {COLUMN_LIMIT:,} columns",
            hint="is it the right file? Rows and columns may have been swapped",
        )
