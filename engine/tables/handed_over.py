"""Deals that went on in another process, as an export of this one tells them: they ended in ``renewals/onboarding``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.model.process import Process
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask, codes_among, kept, moments, places, where, whole_numbers

_LAST = int(np.iinfo(np.int64).max)


def told_here(tables: Tables, process: Process) -> Tables:
    """The tables as this process saw its deals: what they did in others is one visit, of the stage they went to.

    That stage is called ``process/stage``. A deal that has gone is in ``deals`` of the version that it last followed
    here; its other columns there stay as last known. What was judged and who was in touch after it went is left out.
    """
    moves = tables.moves
    own = where(moves, "process", process.id)
    if own.all():
        return tables
    deal = places(moves, "deal", tables.deals)
    steps = _steps(tables, process, own, deal)
    here, of, version = own[steps], deal[steps], whole_numbers(moves, "version")
    away = steps[~here]
    # The step before one away is one here.
    version[away] = version[steps[np.flatnonzero(~here) - 1]]
    its_last = np.flatnonzero(np.append(of[1:] != of[:-1], np.ones(min(len(of), 1), np.bool_)))
    last: Ints = np.full(tables.deals.num_rows, -1, np.int64)
    last[of[its_last]] = steps[its_last]
    went = np.zeros(len(own), np.bool_)
    went[away] = True
    gone = (last >= 0) & went[last] if len(own) else last >= 0
    return replace(
        tables,
        deals=_deals(tables.deals, process, last, version),
        moves=kept(_moves(moves, process, went, version), own | went),
        touches=_until(tables.touches, tables.deals, "happened_at", _limits(gone, last, moments(moves, "entered_at"))),
        verdicts=_until(tables.verdicts, tables.deals, "seq", _limits(gone, last, whole_numbers(moves, "seq"))),
    )


def _steps(tables: Tables, process: Process, own: Mask, deal: Ints) -> Ints:
    """The visits of the main track here, and of each time that a deal was elsewhere the first; deal by deal."""
    moves = tables.moves
    rows = np.flatnonzero(where(moves, "track", process.main.id) & (deal >= 0))
    rows = rows[np.lexsort((whole_numbers(moves, "seq")[rows], deal[rows]))]
    again = np.append(False, deal[rows[1:]] == deal[rows[:-1]])[: len(rows)]
    before = np.append(False, own[rows[:-1]])[: len(rows)]
    rows = rows[own[rows] | (before & again)]
    # One that came back to an end has ended there, and not as it went.
    ends = codes_among(moves, "to_stage", tuple(stage.id for stage in process.main.stages if stage.ends)) >= 0
    back = np.append((deal[rows[1:]] == deal[rows[:-1]]) & ends[rows[1:]], False)[: len(rows)]
    found: Ints = rows[own[rows] | ~back]
    return found


def _deals(deals: pa.Table, process: Process, last: Ints, version: Ints) -> pa.Table:
    gone = (last >= 0) & ~where(deals, "process", process.id)
    versions = whole_numbers(deals, "version")
    versions[gone] = version[last[gone]]
    named = _with(deals, "process", pc.if_else(pa.array(gone), process.id, deals.column("process")))
    return _with(named, "version", pa.array(versions))


def _moves(moves: pa.Table, process: Process, went: Mask, version: Ints) -> pa.Table:
    its = pa.array(went)
    by, to = moves.column("process"), moves.column("to_stage")
    named = _with(moves, "to_stage", pc.if_else(its, pc.binary_join_element_wise(by, to, "/"), to))
    return _with(_with(named, "process", pc.if_else(its, process.id, by)), "version", pa.array(version))


def _with(table: pa.Table, name: str, cells: pa.Array | pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(place), cells.cast(table.schema.field(place).type))


def _limits(gone: Mask, last: Ints, at: Ints) -> Ints:
    """Up to where a deal's rows are its own here. The last item is for deals in no row."""
    limits: Ints = np.full(len(gone) + 1, _LAST, np.int64)
    limits[np.flatnonzero(gone)] = at[last[gone]]
    limits[limits == NEVER] = _LAST
    return limits


def _until(table: pa.Table, deals: pa.Table, column: str, limits: Ints) -> pa.Table:
    if not table.num_rows:
        return table
    at = moments(table, column) if column == "happened_at" else whole_numbers(table, column)
    return kept(table, at <= limits[places(table, "deal", deals)])
