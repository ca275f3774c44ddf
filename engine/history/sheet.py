"""The wanted columns of a file as coded texts, whatever kind of file it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.history.columns import Coded, Mask


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row with more or fewer cells than the first one has."""

    row: int
    message: str
    deal: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The wanted columns. ``numbers`` are the rows' numbers, the first row of the file being 1.

    ``letters`` names the wanted columns as a spreadsheet does; ``unread`` are the columns nobody asked for.
    ``total`` counts all rows below the first, ``blank`` those with nothing in them.
    """

    columns: dict[str, Coded]
    letters: dict[str, str]
    numbers: npt.NDArray[np.int32]
    unread: tuple[str, ...]
    total: int
    blank: int
    misfits: tuple[Misfit, ...]


def only_rows(sheet: Sheet, mask: Mask) -> Sheet:
    """The same sheet with the rows of ``mask`` alone; what it counts stays."""
    rows = np.flatnonzero(mask)
    return Sheet(
        {name: column.taken(rows) for name, column in sheet.columns.items()},
        sheet.letters,
        sheet.numbers[rows],
        sheet.unread,
        sheet.total,
        sheet.blank,
        sheet.misfits,
    )
