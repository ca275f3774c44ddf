"""An export to the deals it tells of, by a map: what cannot be read is named by its cell, and no row is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.history.cells import ISO, MISSING
from engine.history.changes import read_changes
from engine.history.clean import InOrder
from engine.history.columns import Mask
from engine.history.deals import read_deals
from engine.history.events import read_events
from engine.history.export import Export
from engine.history.faults import Faults
from engine.history.moves import read_moves
from engine.history.oddities import oddities
from engine.history.sheet import Layout, Sheet, only_rows
from engine.history.sheets import open_sheet
from engine.history.shown import shown
from engine.history.starts import started_first
from engine.history.stream import Visits, past_deals
from engine.history.telling import repeated, told, too_early, turned
from engine.model.errors import BadValue, UnknownName
from engine.model.map import Map, Shape
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.quick import seldom_collecting


def read(path: Path, map_: Map, process: Process | None = None) -> Export:
    """The deals of a file. Without a ``process`` the map and the data show a bare one.

    Raises ``UnreadableFile`` for a file that is no such table, ``UnknownName`` and ``BadValue`` for a map that
    does not fit the process. A cell or row that cannot be read raises nothing: the export tells of it.
    """
    if process is not None:
        check_map(map_, process)
    with seldom_collecting():
        sheet = open_sheet(path, layout_of(map_))
        if sheet.has_iso_dates and map_.dates:
            map_ = replace(map_, dates=(*map_.dates, ISO))
        if process is None:
            map_, process = shown(map_, sheet)
        return _read(sheet, replace(map_, time_zone=map_.time_zone or process.time_zone), process)


def _read(sheet: Sheet, map_: Map, process: Process) -> Export:
    wanted = _wanted(map_, sheet)
    passed_over = int((~wanted).sum())
    if passed_over:
        sheet = only_rows(sheet, wanted)
    faults = Faults(sheet, sheet.columns[map_.deal], np.zeros(len(sheet.numbers), np.bool_))
    faults.flaws((map_.deal, map_.stage, map_.property, map_.value, map_.happened, *map_.entered.values()))
    visits, order, by_map, notes = _visits(map_, process, faults)
    visits, early = started_first(replace(visits, again=_again(map_, process)), process)
    deals = past_deals(visits, process)
    repeats = _repeats(visits)
    passed_over += by_map
    return Export(
        deals=deals,
        process=process,
        map=map_,
        rows=sheet.total,
        taken=sheet.total - sheet.blank - faults.row_count - passed_over,
        blank=sheet.blank,
        deal_count=len(deals),
        moves=int((visits.stage >= 0).sum()) - repeats,
        undated=int((visits.happened == MISSING).sum()),
        out_of_order=order.out_of_order if order else 0,
        bad_cells=faults.told_cells(),
        bad_cell_count=faults.cell_count,
        left_out=faults.told_rows(),
        left_out_rows=faults.row_count,
        passed_over=passed_over,
        unread=tuple(name for name in sheet.unread if name not in map_.ignore),
        notes=(
            *sheet.notes,
            *notes,
            *turned(order),
            *repeated(repeats),
            *too_early(early),
            *oddities(map_, process, faults.sheet, visits),
        ),
    )


def layout_of(map_: Map) -> Layout:
    """What a map says of the file itself."""
    return Layout(map_.encoding, map_.delimiter, columns_of(map_), map_.deal, map_.sheet, map_.of, map_.decimal)


def _visits(map_: Map, process: Process, faults: Faults) -> tuple[Visits, InOrder | None, int, tuple[str, ...]]:
    """The visits, how their rows stood in the file, how many rows the map passes over, and what to say of it."""
    if map_.shape is Shape.CHANGES:
        changes = read_changes(map_, process, faults)
        return changes.visits, changes.order, changes.passed_rows, told(changes, map_)
    if map_.shape is Shape.EVENTS:
        return *read_events(map_, process, faults), ()
    if map_.shape is Shape.MOVES:
        return *read_moves(map_, process, faults), 0, ()
    return read_deals(map_, process, faults), None, 0, ()


def _repeats(visits: Visits) -> int:
    """How many rows name the stage in which the deal stood already, where that is no other visit."""
    rows = np.flatnonzero(visits.stage >= 0)
    if not len(rows):
        return 0
    stage = visits.stage[rows]
    same = (np.diff(stage) == 0) & (np.diff(visits.deals.codes[rows]) == 0)
    return int((same & ~np.isin(stage[1:], visits.again)).sum())


def _again(map_: Map, process: Process) -> tuple[int, ...]:
    """The stages that are entered anew where they are named twice in a row.

    Without actions nothing says that they are not, where each row is something that happened.
    """
    stages, anew = process.main.stages, process.main.entered_anew
    if map_.shape is Shape.EVENTS and not process.main.actions:
        return tuple(range(len(stages)))
    return tuple(place for place, stage in enumerate(stages) if stage.id in anew)


def _wanted(map_: Map, sheet: Sheet) -> Mask:
    """The rows that have in each column of ``where`` one of the values that it names."""
    wanted = np.ones(len(sheet.numbers), np.bool_)
    for name, values in map_.where.items():
        column = sheet.columns[name]
        is_one = np.fromiter((text in values for text in column.each_text()), np.bool_, len(column.texts))
        wanted &= is_one[column.codes]
    return wanted


def columns_of(map_: Map) -> tuple[str, ...]:
    """The columns that the map reads, each once."""
    if map_.shape is Shape.CHANGES:
        named = (map_.deal, map_.property, map_.value, map_.before, map_.happened, map_.actor, map_.note)
        return tuple(dict.fromkeys(name for name in named if name))
    singles = (map_.deal, map_.stage, map_.happened, map_.owner, map_.actor, map_.note)
    reason = (map_.reason.column,) if map_.reason else ()
    facts = (column.column for column in map_.facts.values())
    return tuple(
        dict.fromkeys(name for name in (*singles, *reason, *map_.entered.values(), *facts, *map_.where) if name)
    )


def check_map(map_: Map, process: Process) -> None:
    """Raises ``UnknownName`` or ``BadValue`` where the map names what the process has not."""
    stages = tuple(stage.id for stage in process.main.stages)
    for stage in (*map_.stages.values(), *map_.entered):
        if stage in process.hand_overs and stage not in stages:
            raise BadValue(
                f"map '{map_.id}': deals that were handed over to '{stage}' can only be looked at here",
                hint=f"take '{stage}' out of the map to leave these rows out, or look with 'review' or 'conform'",
            )
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
