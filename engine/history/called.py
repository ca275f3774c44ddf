"""The tables in the words of one version: what deals went through under others is called as it is called there."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from engine.model.names import MAIN
from engine.tables.build import Tables

Names = Mapping[str, str]
"""What was called so, and what it is called since."""


def called(
    tables: Tables, process: str, version: int, *, stages: Names, actions: Names, facts: Names, reasons: Names
) -> Tables:
    """The tables with the names of one version of a process, in the rows of its deals.

    Where a deal stands is told as the deal tells it, in these words. The columns of ``deals`` hold what is known last
    under each name; of a deal that follows another version, which knows the fact under the old name alone, that.
    """
    if not (stages or actions or facts or reasons):
        return tables
    its = pc.equal(tables.deals.column("process"), process)
    deals = tables.deals.filter(its).column("deal")
    stands = _renamed(_known(tables.deals, its, version, facts), its, stage=stages)
    moves = pc.equal(tables.moves.column("process"), process)
    told = _renamed(tables.moves, moves, from_stage=stages, to_stage=stages, action=actions, reason=reasons)
    return Tables(
        stands,
        _standing(told, moves, stands),
        _renamed(tables.touches, _of(tables.touches, deals), stage=stages),
        _renamed(tables.facts, _of(tables.facts, deals), fact=facts),
        _renamed(tables.verdicts, _of(tables.verdicts, deals), action=actions),
    )


def _standing(moves: pa.Table, rows: pa.ChunkedArray, deals: pa.Table) -> pa.Table:
    """Of a stage that was split, the part in which an open deal stands."""
    now = pc.and_(pc.and_(rows, pc.is_null(moves.column("left_at"))), pc.equal(moves.column("track"), MAIN))
    of_deal = pc.index_in(moves.column("deal"), value_set=deals.column("deal"))
    stage = deals.column("stage").take(of_deal)
    place = moves.schema.get_field_index("to_stage")
    return moves.set_column(place, moves.schema.field(place), pc.if_else(now, stage, moves.column("to_stage")))


def _known(deals: pa.Table, rows: pa.ChunkedArray, version: int, facts: Names) -> pa.Table:
    """What a deal of another version knows of a fact under the old name, where it has none under the new one."""
    rows = pc.and_(rows, pc.not_equal(deals.column("version"), version))
    for was, name in facts.items():
        place, before = (deals.schema.get_field_index(each) for each in (name, was))
        if min(place, before) >= 0 and deals.schema.field(place).type == deals.schema.field(before).type:
            now, old = deals.column(place), deals.column(before)
            known = pc.if_else(rows, pc.coalesce(now, old), now)
            deals = deals.set_column(place, deals.schema.field(place), known)
    return deals


def _of(table: pa.Table, deals: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(table.column("deal"), value_set=deals)


def _renamed(table: pa.Table, rows: pa.ChunkedArray, **columns: Names) -> pa.Table:
    for name, names in columns.items():
        if names:
            before = table.column(name)
            since = pa.array([*names.values(), None], before.type)
            places = pc.index_in(before, value_set=pa.array(list(names), before.type)).fill_null(len(names))
            now = pc.coalesce(since.take(places.combine_chunks()), before.combine_chunks())
            place = table.schema.get_field_index(name)
            kept = pc.if_else(rows.combine_chunks(), now, before.combine_chunks())
            table = table.set_column(place, table.schema.field(place), kept)
    return table
