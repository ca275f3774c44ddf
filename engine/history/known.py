"""When each fact of an export became known, and what it was then: columns, whatever ``known`` the map says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from engine.history.cells import MISSING
from engine.history.columns import Codes, Mask, Rows
from engine.history.facts import Named
from engine.history.keys import Times
from engine.history.places import Places, first_of, last_of
from engine.history.stream import Visits
from engine.model.map import Known
from engine.model.syntax import Value
from engine.model.values import show_value
from engine.tables.build import exact

_NONE = np.int32(-1)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The values of a fact as they became known: an item a change.

    ``row`` is a row of the visits, ``happened`` when (``MISSING``: nobody can say), ``code`` a place in ``texts`` and
    ``values``. ``last`` has for each deal the place of its last value; -1: unknown.
    """

    fact: str
    row: Rows
    seq: Rows
    happened: Times
    code: Codes
    texts: pa.StringArray
    values: tuple[Value, ...]
    last: Codes


def facts_learnt(visits: Visits, places: Places, is_end: Mask) -> tuple[Learnt, ...]:
    """Each fact of the export, as it became known."""
    ended = last_of(is_end, places) >= 0
    return tuple(
        _learnt(each, known, visits, places, is_end=is_end, ended=ended)
        for known, group in visits.asides.facts.items()
        for each in group
    )


def _learnt(named: Named, known: Known, visits: Visits, places: Places, *, is_end: Mask, ended: Mask) -> Learnt:
    cells, texts, values = _cells(named)
    said = cells >= 0
    last = last_of(said, places)
    if known is Known.START:
        first = first_of(said, places)
        at = np.flatnonzero(first >= 0)
        row, code = places.starts[at], cells[first[at]]
        return _of(
            named, visits, places, row=row, code=code, texts=texts, values=values, late=np.zeros(len(row), np.bool_)
        )
    if known is Known.MOVE:
        row = np.flatnonzero(_changes(cells, places))
        late = np.zeros(len(row), np.bool_)
    elif known is Known.CLOSE:
        at_end = np.flatnonzero(_changes(np.where(is_end, cells, _NONE), places))
        never = np.where(~ended & (last >= 0), last, -1)
        row = np.concatenate([at_end, never[never >= 0]])
        late = np.arange(len(row)) >= len(at_end)
    else:
        row = last[last >= 0]
        late = np.ones(len(row), np.bool_)
    return _of(named, visits, places, row=row, code=cells[row], texts=texts, values=values, late=late)


def _of(
    named: Named,
    visits: Visits,
    places: Places,
    *,
    row: Rows,
    code: Codes,
    texts: pa.StringArray,
    values: tuple[Value, ...],
    late: Mask,
) -> Learnt:
    deal = places.deal_of[row] if len(row) else row
    last = np.full(places.count, _NONE)
    # Of several in a deal the last one stays, for they are in order.
    last[deal] = code
    ends = places.ends[deal] if len(row) else row
    starts = places.starts[deal] if len(row) else row
    return Learnt(
        fact=named.fact,
        row=np.where(late, ends - 1, row),
        seq=np.where(late, ends - starts + 1, row - starts + 1),
        happened=np.where(late, MISSING if named.since is None else named.since[row], visits.happened[row]),
        code=code,
        texts=texts,
        values=values,
        last=last,
    )


def _cells(named: Named) -> tuple[Codes, pa.StringArray, tuple[Value, ...]]:
    """For each row the place of its value among the distinct ones (-1: unknown); two spellings are one value."""
    codes = named.column.codes
    place_of: dict[str, int] = {}
    values: list[Value] = []
    places = np.full(int(codes.max(initial=-1)) + 2, _NONE)
    for code in range(len(places) - 1):
        value = named.column.get(code)
        if value is None:
            continue
        text = show_value(value)
        place = place_of.setdefault(text, len(values))
        if place == len(values):
            values.append(value)
        places[code] = place
    return places[codes], pa.array(list(place_of), pa.string()), tuple(values)


def _changes(cells: Codes, places: Places) -> Mask:
    """The rows that say another value than the last one said in their deal."""
    said = cells >= 0
    if not said.any():
        return said
    running = np.maximum.accumulate(np.where(said, np.arange(len(cells)), -1))
    before = np.append(-1, running[:-1])
    known = before >= places.starts[places.deal_of]
    changed: Mask = said & (~known | (cells != cells[before]))
    return changed


_OF_TYPE: Mapping[str, type] = {"bool": bool, "date32[day]": date, "duration[us]": timedelta}


def as_column(values: tuple[Value, ...], kind: pa.DataType) -> pa.Array:
    """The values as a column of ``deals`` holds them; one of another kind than the column's is null."""
    if pa.types.is_string(kind):
        return pa.array([value if isinstance(value, str) else show_value(value) for value in values], kind)
    if pa.types.is_decimal(kind):
        return pa.array([exact(value) if isinstance(value, Decimal) else None for value in values], kind)
    of = _OF_TYPE[str(kind)]
    return pa.array([value if isinstance(value, of) else None for value in values], kind)
