"""Deals that went on in another process, as an export of this one tells them: they ended in ``renewals/onboarding``."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.model.process import Process
from engine.model.syntax import Value
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask, cells, codes_among, kept, moments, places, where, whole_numbers
from engine.tables.until import OF_THE_DEAL, value_of

_LAST = int(np.iinfo(np.int64).max)


def told_here(tables: Tables, process: Process) -> Tables:
    """The tables as this process saw its deals: what they did in others is one visit, of the stage they went to.

    That stage is called ``process/stage``. A deal that has gone is in ``deals`` of the version that it last followed
    here, with its facts as they were known when it went; the owner is the one told last. What was told, judged or who
    was in touch after that is left out.
    """
    moves = tables.moves
    own = where(moves, "process", process.id)
    if not own.any() or (own.all() and where(tables.deals, "process", process.id).all()):
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
    gone = (last >= 0) & went[last]
    # Of tables as they stood before it went, it is known of in another process and stands here still.
    elsewhere = gone | ((last >= 0) & ~where(tables.deals, "process", process.id))
    numbers = _limits(gone, last, whole_numbers(moves, "seq"))
    facts = _until(tables.facts, tables.deals, "seq", numbers)
    return Tables(
        deals=_deals(_as_known(tables.deals, facts, elsewhere), process, elsewhere, version[last]),
        facts=facts,
        moves=kept(_moves(moves, process, went, version), own | went),
        touches=_until(tables.touches, tables.deals, "happened_at", _limits(gone, last, moments(moves, "entered_at"))),
        verdicts=_until(tables.verdicts, tables.deals, "seq", numbers),
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


def _deals(deals: pa.Table, process: Process, elsewhere: Mask, version: Ints) -> pa.Table:
    named = _with(deals, "process", pc.if_else(pa.array(elsewhere), process.id, deals.column("process")))
    return _with(named, "version", pa.array(np.where(elsewhere, version, whole_numbers(deals, "version"))))


def _as_known(deals: pa.Table, facts: pa.Table, elsewhere: Mask) -> pa.Table:
    """The deals, those that are elsewhere with what these facts tell of them last."""
    if not elsewhere.any():
        return deals
    deal, seq = places(facts, "deal", deals), whole_numbers(facts, "seq")
    its = np.flatnonzero(np.append(elsewhere, np.zeros(1, np.bool_))[deal])
    its = its[np.lexsort((seq[its], deal[its]))]
    told: dict[str, dict[int, str | None]] = {}
    texts = (cells(facts, "fact", its), cells(facts, "value", its))
    for row, fact, text in zip(deal[its].tolist(), *texts, strict=True):
        told.setdefault(fact, {})[row] = text
    for field in deals.schema:
        if field.name not in OF_THE_DEAL:
            values: list[Value | None] = [None] * len(elsewhere)
            for row, text in told.get(field.name, {}).items():
                values[row] = None if text is None else value_of(text, field.type)
            known = pc.if_else(pa.array(elsewhere), pa.array(values, field.type), deals.column(field.name))
            deals = _with(deals, field.name, known)
    return deals


def _moves(moves: pa.Table, process: Process, went: Mask, version: Ints) -> pa.Table:
    its = pa.array(went)
    by, to = moves.column("process"), moves.column("to_stage")
    named = _with(moves, "to_stage", pc.if_else(its, pc.binary_join_element_wise(by, to, "/"), to))
    return _with(_with(named, "process", pc.if_else(its, process.id, by)), "version", pa.array(version))


def _with(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(place), column.cast(table.schema.field(place).type))


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
