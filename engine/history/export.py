"""What reading an export gives: the deals, and an account of every row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.past import BadCell, PastDeal
from engine.model.table import Table

SHOWN = 1_000
"""How many bad cells and left-out rows are named one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is in no deal, and why."""

    row: int
    reason: str
    deal: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """An export read. ``deals`` can be gone through more than once; each time they are made anew.

    ``rows`` are all below the first: ``rows == taken + passed + blank + left_out_rows``; ``passed`` are
    rows that the map passes over on purpose. ``moves`` are the stages that the deals entered, ``undated`` those nobody
    wrote a time to. ``bad_cells`` and ``left_out`` are in the
    order of the file and name the first thousand; the counts are of all. ``unread`` are columns that the map
    does not name, ``notes`` what else the file held.
    """

    deals: Iterable[PastDeal]
    rows: int
    taken: int
    blank: int
    deal_count: int
    moves: int
    undated: int
    out_of_order: int
    bad_cells: tuple[BadCell, ...]
    bad_cell_count: int
    left_out: tuple[LeftOut, ...]
    left_out_rows: int
    unread: tuple[str, ...]
    passed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every cell could be read and every row found its deal."""
        return not self.bad_cell_count and not self.left_out_rows


def account(export: Export) -> Table:
    """What became of the rows, as a table people read."""
    rows = (
        ("rows read", export.rows),
        ("rows taken", export.taken),
        ("rows passed over, as the map says", export.passed),
        ("blank rows", export.blank),
        ("rows left out", export.left_out_rows),
        ("cells that could not be read", export.bad_cell_count),
        ("deals", export.deal_count),
        ("moves", export.moves),
        ("moves without a date", export.undated),
        ("deals whose rows were not in order of time", export.out_of_order),
    )
    notes = ("columns not read: " + ", ".join(export.unread),) if export.unread else ()
    return Table("export-account", ("what", "count"), rows, title="The export", notes=(*notes, *export.notes))
