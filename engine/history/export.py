"""What reading an export gives: the deals, and an account of every row."""

from __future__ import annotations

from dataclasses import dataclass

from engine.history.left_out import LeftOut
from engine.history.stream import PastDeals
from engine.history.tabled import tables_of_visits
from engine.model.map import Map
from engine.model.past import BadCell
from engine.model.process import Process
from engine.model.table import Table
from engine.tables.build import Tables


@dataclass(frozen=True, slots=True)
class Export:
    """An export read. ``deals`` can be gone through more than once; each time they are made anew.

    ``rows`` are all below the first: ``rows == taken + blank + left_out_rows + passed_over``, the last being those that
    the map leaves out on purpose. ``process`` is the one they were read for, or the bare one that they show, and
    ``map`` leads to its stages. ``moves`` are the stages that the deals entered, ``undated`` those nobody wrote a time
    to. ``bad_cells`` and ``left_out`` are in the order of the file and name the first thousand; the counts are of all.
    ``unread`` are columns that the map does not name, ``notes`` what else the file held.
    """

    deals: PastDeals
    process: Process
    map: Map
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
    passed_over: int
    unread: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def tables(self) -> Tables:
        """The five tables of the export, as everything but ``import`` reads it."""
        types = {name: fact.type for name, fact in self.process.facts.items() if fact.table is None}
        return tables_of_visits(self.deals.visits, self.process, types)

    @property
    def is_whole(self) -> bool:
        """Whether every cell could be read and every row found its deal."""
        return not self.bad_cell_count and not self.left_out_rows


def account(export: Export) -> Table:
    """What became of the rows, as a table people read."""
    rows = (
        ("rows read", export.rows),
        ("rows taken", export.taken),
        ("blank rows", export.blank),
        ("rows left out", export.left_out_rows),
        ("rows that the map leaves out on purpose", export.passed_over),
        ("cells that could not be read", export.bad_cell_count),
        ("deals", export.deal_count),
        ("moves", export.moves),
        ("moves without a date", export.undated),
        ("deals whose rows were not in order of time", export.out_of_order),
    )
    notes = ("columns not read: " + ", ".join(export.unread),) if export.unread else ()
    return Table("export-account", ("what", "count"), rows, title="The export", notes=(*notes, *export.notes))
