"""An export to the deals it tells of, by a map: what cannot be read is named by its cell, and no row is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.history.cells import MISSING
from engine.history.changes import Changes, read_changes
from engine.history.deals import read_deals
from engine.history.export import Export
from engine.history.faults import Faults
from engine.history.moves import read_moves
from engine.history.sheet import Layout
from engine.history.sheets import open_sheet
from engine.history.stream import past_deals
from engine.history.telling import told
from engine.model.errors import BadValue, UnknownName
from engine.model.map import Map, Shape
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.quick import seldom_collecting


def read(path: Path, map_: Map, process: Process) -> Export:
    """The deals of a file.

    Raises ``UnreadableFile`` for a file that is no such table, ``UnknownName`` and ``BadValue`` for a map that
    does not fit the process. A cell or row that cannot be read raises nothing: the export tells of it.
    """
    check_map(map_, process)
    with seldom_collecting():
        return _read(path, replace(map_, time_zone=map_.time_zone or process.time_zone), process)


def _read(path: Path, map_: Map, process: Process) -> Export:
    sheet = open_sheet(path, layout_of(map_))
    faults = Faults(sheet, sheet.columns[map_.deal], np.zeros(len(sheet.numbers), np.bool_))
    faults.flaws((map_.deal, map_.stage, map_.property, map_.value, map_.happened, *map_.entered.values()))
    out_of_order = 0
    changes: Changes | None = None
    if map_.shape is Shape.CHANGES:
        changes = read_changes(map_, process, faults)
        visits, out_of_order = changes.visits, changes.out_of_order
    elif map_.shape is Shape.MOVES:
        visits, out_of_order = read_moves(map_, process, faults)
    else:
        visits = read_deals(map_, process, faults)
    deals = past_deals(visits, process)
    return Export(
        deals=deals,
        rows=sheet.total,
        taken=sheet.total - sheet.blank - faults.row_count - (changes.passed_rows if changes else 0),
        blank=sheet.blank,
        deal_count=len(deals),
        moves=len(visits.stage),
        undated=int((visits.happened == MISSING).sum()),
        out_of_order=out_of_order,
        bad_cells=faults.told_cells(),
        bad_cell_count=faults.cell_count,
        left_out=faults.told_rows(),
        left_out_rows=faults.row_count,
        unread=tuple(name for name in sheet.unread if name not in map_.ignore),
        passed=changes.passed_rows if changes else 0,
        notes=(*sheet.notes, *(told(changes, map_) if changes else ())),
    )


def layout_of(map_: Map) -> Layout:
    """What a map says of the file itself."""
    return Layout(map_.encoding, map_.delimiter, columns_of(map_), map_.deal, map_.sheet, map_.of)


def columns_of(map_: Map) -> tuple[str, ...]:
    """The columns that the map reads, each once."""
    if map_.shape is Shape.CHANGES:
        named = (map_.deal, map_.property, map_.value, map_.before, map_.happened, map_.actor, map_.note)
        return tuple(dict.fromkeys(name for name in named if name))
    singles = (map_.deal, map_.stage, map_.happened, map_.owner, map_.actor, map_.note)
    reason = (map_.reason.column,) if map_.reason else ()
    facts = (column.column for column in map_.facts.values())
    return tuple(dict.fromkeys(name for name in (*singles, *reason, *map_.entered.values(), *facts) if name))


def check_map(map_: Map, process: Process) -> None:
    """Raises ``UnknownName`` or ``BadValue`` where the map names what the process has not."""
    stages = tuple(stage.id for stage in process.main.stages)
    for stage in (*map_.stages.values(), *map_.entered):
        if stage not in stages:
            raise UnknownName(
                f"map '{map_.id}': process '{process.name}' has no stage '{stage}'", hint=did_you_mean(stage, stages)
            )
    for fact in map_.facts:
        declared = process.facts.get(fact)
        if declared is None:
            raise UnknownName(
                f"map '{map_.id}': process '{process.name}' has no fact '{fact}'",
                hint=did_you_mean(fact, process.facts),
            )
        if declared.table is not None:
            raise BadValue(f"map '{map_.id}': fact '{fact}' is reckoned by a table, so it cannot be read")
