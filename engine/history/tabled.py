"""Visits of an export to the five tables, column by column: no deal is ever a Python object of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.cells import MISSING
from engine.history.columns import Codes, Mask, Rows
from engine.history.facts import Column, with_blanks
from engine.history.keys import Times
from engine.history.known import Learnt, as_column, facts_learnt
from engine.history.places import Places, first_of, last_of, places_of
from engine.history.stream import Visits
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.syntax import Type
from engine.tables import schema
from engine.tables.build import Tables

_DAY_US = 86_400_000_000
_NONE = -1


def tables_of_visits(visits: Visits, process: Process, types: Mapping[str, Type]) -> Tables:
    """The five tables of an export. ``types`` are those of the facts that shall be columns of ``deals``.

    A move that the export does not date is undated; one from a stage that was left at an unknown time has no dwell.
    Verdicts are none: nothing was judged.
    """
    if process.main.actions:
        visits = _from_first_stage(visits)
    places = places_of(visits.deals.codes)
    is_stage = visits.stage >= 0
    ends = np.array([bool(each.ends) for each in process.main.stages] + [False])
    is_end = ends[visits.stage] & is_stage
    facts = facts_learnt(visits, places, is_end)
    names = _texts(visits.deals.texts, visits.deals.codes)
    return Tables(
        deals=_deals(visits, process, places, is_stage=is_stage, is_end=is_end, facts=facts, types=types),
        moves=_moves(visits, process, places, _entered(visits, places, is_stage)),
        touches=_touches(visits, process, places, is_stage),
        facts=_facts(facts, names),
        verdicts=schema.VERDICTS.empty_table(),
    )


def _from_first_stage(visits: Visits) -> Visits:
    """A deal starts in the first stage of its process: one first seen later has a start that nobody dated."""
    places = places_of(visits.deals.codes)
    first = first_of(visits.stage >= 0, places)
    at = places.starts[(first < 0) | (visits.stage[first] != 0)] if places.count else places.starts
    return replace(
        visits,
        deals=replace(visits.deals, codes=np.insert(visits.deals.codes, at, visits.deals.codes[at])),
        stage=np.insert(visits.stage, at, np.int32(0)),
        happened=np.insert(visits.happened, at, MISSING),
        numbers=np.insert(visits.numbers, at, visits.numbers[at]),
        asides=with_blanks(visits.asides, at),
        touch=None if visits.touch is None else np.insert(visits.touch, at, np.int32(_NONE)),
    )


def _entered(visits: Visits, places: Places, is_stage: Mask) -> Rows:
    """The rows of visits: a stage named twice in a row is one visit, but where it can be entered anew."""
    rows = np.flatnonzero(is_stage)
    if not len(rows):
        return rows
    stage = visits.stage[rows]
    same = (np.diff(stage) == 0) & (np.diff(places.deal_of[rows]) == 0) & ~np.isin(stage[1:], visits.again)
    first = np.ones(len(rows), np.bool_)
    first[1:] = ~same
    found: Rows = rows[first]
    return found


def _moves(visits: Visits, process: Process, places: Places, rows: Rows) -> pa.Table:
    """``rows`` are those of visits, in order."""
    deal, stage, entered = places.deal_of[rows], visits.stage[rows], visits.happened[rows]
    leaves = _following(deal, _NONE) == deal
    left = np.where(leaves, _following(_next_time(visits.happened, entered, rows, deal), MISSING), MISSING)
    timed = leaves & (entered != MISSING) & (_following(entered, MISSING) != MISSING)
    before = np.full(len(rows), _NONE, np.int32)
    before[1:] = np.where(leaves[:-1], stage[:-1], _NONE)
    ids = [each.id for each in process.main.stages]
    size = len(rows)
    columns = {
        "deal": _texts(visits.deals.texts, visits.deals.codes[rows]),
        "seq": pa.array((rows - places.starts[deal] + 1).astype(np.int32)),
        "process": _same(process.id, size),
        "version": pa.array(np.full(size, process.version, np.int32)),
        "track": _same(MAIN, size),
        "action": _same("", size),
        "from_stage": _named(ids, before),
        "to_stage": _named(ids, stage),
        "entered_at": _times(entered),
        "left_at": _times(left),
        "dwell_days": pa.array((left - np.where(timed, entered, left)) / _DAY_US, mask=~timed),
        "actor": _said(visits.asides.actor, rows),
        "reason": _said(visits.asides.reason, rows),
    }
    return pa.table([columns[name] for name in schema.MOVES.names], schema=schema.MOVES)


def _following(items: npt.NDArray[Any], otherwise: int) -> npt.NDArray[Any]:
    """For each item the next one."""
    found = np.full_like(items, otherwise)
    found[:-1] = items[1:]
    return found


def _next_time(all_times: Times, entered: Times, rows: Rows, deal: Rows) -> Times:
    """When each visit was entered; where nobody wrote it down, the next time known of its deal, or the last of all."""
    unknown = entered == MISSING
    if not unknown.any():
        return entered
    place = np.where(unknown, len(rows), np.arange(len(rows)))
    following = np.minimum.accumulate(place[::-1])[::-1]
    inside = np.minimum(following, len(rows) - 1)
    same = (following < len(rows)) & (deal[inside] == deal)
    return np.where(same, entered[inside], all_times.max(initial=0))


def _touches(visits: Visits, process: Process, places: Places, is_stage: Mask) -> pa.Table:
    rows = np.flatnonzero(~is_stage)
    last = np.maximum.accumulate(np.where(is_stage, np.arange(len(is_stage)), _NONE)) if len(is_stage) else rows
    at = last[rows]
    inside = at >= places.starts[places.deal_of[rows]] if len(rows) else np.zeros(0, np.bool_)
    stage = np.where(inside, visits.stage[at], _NONE)
    touch = visits.touch[rows] if visits.touch is not None else np.zeros(0, np.int32)
    columns = {
        "deal": _texts(visits.deals.texts, visits.deals.codes[rows]),
        "happened_at": _times(visits.happened[rows]),
        "touchpoint": _named(list(visits.touchpoints), touch),
        "stage": _named([each.id for each in process.main.stages], stage),
        "actor": _said(visits.asides.actor, rows),
    }
    return pa.table([columns[name] for name in schema.TOUCHES.names], schema=schema.TOUCHES)


def _deals(
    visits: Visits,
    process: Process,
    places: Places,
    *,
    is_stage: Mask,
    is_end: Mask,
    facts: tuple[Learnt, ...],
    types: Mapping[str, Type],
) -> pa.Table:
    """A row a deal; its outcome is the first end since it was last in an open stage."""
    first, last = first_of(is_stage, places), last_of(is_stage, places)
    closing = first_of(is_end, places, after=last_of(is_stage & ~is_end, places))
    size = places.count
    plain = {
        "deal": _texts(visits.deals.texts, visits.deals.codes[places.starts]),
        "process": _same(process.id, size),
        "version": pa.array(np.full(size, process.version, np.int32)),
        "started_at": _times(_at(visits.happened, first, MISSING)),
        "closed_at": _times(_at(visits.happened, closing, MISSING)),
        "stage": _named([each.id for each in process.main.stages], _at(visits.stage, last, _NONE)),
        "outcome": _named([each.ends for each in process.main.stages], _at(visits.stage, closing, _NONE)),
        "owner": _owner(visits.asides.owner, places),
    }
    form = schema.deals(types)
    columns = [
        plain[each.name]
        if each.name in plain
        else _last_known([one for one in facts if one.fact == each.name], each.type, size)
        for each in form
    ]
    return pa.table(columns, schema=form)


def _facts(facts: tuple[Learnt, ...], names: pa.Array) -> pa.Table:
    """Each value when it became known, deal by deal."""
    if not facts:
        return schema.FACTS.empty_table()
    row = np.concatenate([each.row for each in facts])
    number = np.concatenate([np.full(len(each.row), place) for place, each in enumerate(facts)])
    order = np.lexsort((number, row))
    columns = {
        "deal": names.take(pa.array(row[order])),
        "seq": pa.array(np.concatenate([each.seq for each in facts])[order].astype(np.int32)),
        "happened_at": _times(np.concatenate([each.happened for each in facts])[order]),
        "fact": _named([each.fact for each in facts], number[order]),
        "value": pa.concat_arrays([each.texts.take(pa.array(each.code)) for each in facts]).take(pa.array(order)),
    }
    return pa.table([columns[name] for name in schema.FACTS.names], schema=schema.FACTS)


def _at(items: npt.NDArray[Any], rows: Rows, otherwise: int) -> npt.NDArray[Any]:
    """The items at the rows; ``otherwise`` at -1."""
    return np.where(rows >= 0, items[rows], otherwise) if len(rows) else items[:0]


def _last_known(learnt: Sequence[Learnt], kind: pa.DataType, size: int) -> pa.Array:
    """A fact may be told twice: as it was known at the moves, and as it changed after the last one, which counts."""
    if not learnt:
        return pa.nulls(size, kind)
    each = [as_column(one.values, kind).take(pa.array(one.last, mask=one.last < 0)) for one in reversed(learnt)]
    return pc.coalesce(*each)


def _owner(column: Column | None, places: Places) -> pa.Array:
    if column is None:
        return _same("", places.count)
    said = _said(column, np.arange(len(column.codes)))
    rows = last_of(np.asarray(pc.not_equal(said, "")), places)
    return pc.fill_null(said.take(pa.array(rows, mask=rows < 0)), "")


def _said(column: Column | None, rows: Rows) -> pa.Array:
    """The texts of a column of words; empty where there is none."""
    if column is None:
        return _same("", len(rows))
    codes = column.codes[rows]
    top = int(codes.max(initial=-1)) + 1
    texts = pa.array([value if isinstance(value := column.get(code), str) else "" for code in range(top)], pa.string())
    return pc.fill_null(texts.take(pa.array(codes, mask=codes < 0)), "")


def _texts(texts: pa.StringArray, codes: Rows | Codes) -> pa.Array:
    return texts.take(pa.array(codes))


def _named(names: list[str], places: Rows | Codes) -> pa.Array:
    """The names at the places; empty at -1."""
    return pa.array([*names, ""], pa.string()).take(pa.array(np.where(places < 0, len(names), places)))


def _same(text: str, size: int) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(size, np.int32)))


def _times(times: Times) -> pa.Array:
    return pa.array(times.astype("datetime64[us]"), pa.timestamp("us"), mask=times == MISSING)
