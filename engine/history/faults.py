"""Gathers what is wrong with the cells and rows of an export, counted in full and named up to a limit."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from engine.history.columns import Coded, Mask
from engine.history.left_out import SHOWN, LeftOut
from engine.history.sheet import Sheet
from engine.model.errors import BadValue, StagewrightError
from engine.model.past import BadCell

T = TypeVar("T")


@dataclass(slots=True)
class Faults:
    """Grows while a sheet is read. ``unreadable`` marks the rows without which their deal makes no sense."""

    sheet: Sheet
    deal: Coded
    unreadable: Mask
    cells: list[tuple[int, int, str, BadCell]] = field(default_factory=list)
    cell_count: int = 0
    rows: list[LeftOut] = field(default_factory=list)
    row_count: int = 0
    flawed: dict[str, Mask] = field(default_factory=dict)

    def flaws(self, keys: Container[str | None]) -> None:
        """Notes the cells that the file itself calls bad; in a column of ``keys`` their row makes no sense."""
        for number, flaw in enumerate(self.sheet.flaws):
            mask = self.flawed.setdefault(flaw.column, np.zeros(len(self.sheet.numbers), np.bool_))
            mask[flaw.row] = True
            self.unreadable[flaw.row] |= flaw.column in keys
            self.cell_count += 1
            if number < SHOWN:
                self._note(flaw.column, flaw.row, flaw.text, BadValue(flaw.message, hint=flaw.hint))

    def bad(self, column: str, wrong: Mapping[int, StagewrightError]) -> Mask:
        """Notes each cell of the column whose code is ``wrong``, and says in which rows they stand."""
        codes = self.sheet.columns[column].codes
        if not wrong:
            return np.zeros(len(codes), np.bool_)
        mask = np.isin(codes, np.fromiter(wrong, np.int32))
        self.note(column, mask, wrong)
        return mask

    def note(self, column: str, mask: Mask, wrong: Mapping[int, StagewrightError] | StagewrightError) -> None:
        """Notes the cells of the column in the rows of ``mask``: one error for all, or one for each code."""
        cells = self.sheet.columns[column]
        if column in self.flawed:
            mask = mask & ~self.flawed[column]  # was noted when it was read
        self.cell_count += int(mask.sum())
        for row in np.flatnonzero(mask)[:SHOWN].tolist():
            error = wrong[int(cells.codes[row])] if isinstance(wrong, Mapping) else wrong
            self._note(column, row, cells.text(row), error)

    def _note(self, column: str, row: int, text: str, error: StagewrightError) -> None:
        where = self.sheet.cell(column, row)
        cell = BadCell(where, column, text, str(error), error.hint, self.deal.text(row))
        letter = self.sheet.letters[column]
        self.cells.append((int(self.sheet.numbers[row]), len(letter), letter, cell))

    def leave_out(self, mask: Mask, reason: str | Callable[[int], str]) -> None:
        """Notes the rows of ``mask``, all for one reason, or each for the reason of its place."""
        self.row_count += int(mask.sum())
        for row in np.flatnonzero(mask)[:SHOWN].tolist():
            told = reason if isinstance(reason, str) else reason(row)
            self.rows.append(LeftOut(int(self.sheet.numbers[row]), told, self.deal.text(row)))

    def misfits(self) -> None:
        """Notes the rows that have not as many cells as the first."""
        self.row_count += len(self.sheet.misfits)
        self.rows += [LeftOut(each.row, each.message, each.deal) for each in self.sheet.misfits[:SHOWN]]

    def told_cells(self) -> tuple[BadCell, ...]:
        """The first bad cells, in the order of the file."""
        return tuple(cell for *_, cell in sorted(self.cells, key=lambda each: each[:3])[:SHOWN])

    def told_rows(self) -> tuple[LeftOut, ...]:
        """The first rows left out, in the order of the file."""
        return tuple(sorted(self.rows, key=lambda each: each.row)[:SHOWN])


def tried(cells: Coded, reader: Callable[[str], T], wrong: dict[int, StagewrightError], *, instead: T) -> Iterator[T]:
    """The value of each distinct text, or ``instead``; ``wrong`` gathers what is wrong with which code."""
    last = StagewrightError()
    for code, text in enumerate(cells.each_text()):
        try:
            yield reader(text)
        except StagewrightError as error:
            # Codes count in order of appearance, so the cells that are named one by one are among the first.
            last = wrong[code] = error.with_traceback(None) if len(wrong) < SHOWN else last
            yield instead
