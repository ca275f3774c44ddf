"""Entries column by column to the five tables: what ``entries`` does one by one, done on whole columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import timedelta
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.coding import Coded, Numbers, Yes
from engine.history.entries import STILL, came_of, cell
from engine.history.gathering import Entries, gathered
from engine.history.visits import Visits, visits_of
from engine.model.quick import seldom_collecting
from engine.model.syntax import Kind, Type
from engine.model.values import show_value
from engine.tables import schema
from engine.tables.build import Tables

_SLICE = 131_072
"""How many rows a batch has: texts of the longest kind still fit into one."""
_LONGEST = 2**31 - 1
_EXACT_DAYS = 2**53
_NEVER = -1
Column: TypeAlias = Any
"""Texts as codes, numbers, numbers with which of them are told, or an array of Arrow's."""


def tables_by_columns(
    batches: Iterable[pa.RecordBatch], facts: Mapping[str, Type], *, passed: Set[str] | None = None
) -> Tables:
    """The five tables of the batches that ``journal.columns`` hands over, in the order in which rows tell them.

    ``facts`` are the types of all facts that shall be columns of ``deals``. ``passed``: of which requirements it is
    told that they were passed (``None``: of all). Raises ``UnusualEntries`` for what must be judged row by row,
    ``BadValue`` for a number too large.
    """
    with seldom_collecting():
        entries = gathered(batches, passed=passed)
        visits = visits_of(entries)
        return Tables(
            _table(schema.deals(facts), _deals(entries, visits, facts)),
            _table(schema.MOVES, _moves(entries, visits)),
            _table(schema.TOUCHES, _touches(entries, visits)),
            _table(schema.FACTS, _facts(entries)),
            _table(schema.VERDICTS, _verdicts(entries)),
        )


def _when(entries: Entries, rows: Numbers) -> tuple[Numbers, Yes]:
    return entries.happened[rows], ~entries.undated[rows]


def _moves(entries: Entries, visits: Visits) -> list[Column]:
    texts, rows, left = entries.texts, visits.entry, visits.left
    gone = left != _NEVER
    left_at = entries.happened[left]
    timed = gone & ~entries.undated[rows] & ~entries.undated[left]
    return [
        texts["deal"].at(rows),
        entries.sequence[rows],
        texts["process"].at(rows),
        entries.version[rows],
        *(texts[name].at(rows) for name in ("track", "action", "from_stage", "to_stage")),
        _when(entries, rows),
        (left_at, gone),
        pa.array(_days(left_at - entries.happened[rows]), mask=~timed),
        *(texts[name].at(rows) for name in ("actor", "reason")),
    ]


def _days(spans: Numbers) -> np.ndarray[Any, Any]:
    days = spans / 86_400_000_000
    # Longer than 285 years: not every number of microseconds is a float.
    for at in np.flatnonzero(np.abs(spans) > _EXACT_DAYS):
        days[at] = timedelta(microseconds=int(spans[at])) / timedelta(days=1)
    return days


def _touches(entries: Entries, visits: Visits) -> list[Column]:
    texts = entries.texts
    touched = ~texts["touchpoint"].among({""}) & ~texts["kind"].among(STILL)
    rows = np.flatnonzero(touched)
    stage = texts["to_stage"].at(visits.standing_at(rows))
    return [texts["deal"].at(rows), _when(entries, rows), texts["touchpoint"].at(rows), stage, texts["actor"].at(rows)]


def _facts(entries: Entries) -> list[Column]:
    told = entries.facts
    kept = ~entries.texts["kind"].among(STILL)[told.entry]
    rows = told.entry[kept]
    shown = tuple(map(show_value, told.values))
    return [
        entries.texts["deal"].at(rows),
        entries.sequence[rows],
        _when(entries, rows),
        told.fact.at(kept),
        Coded(told.value[kept], shown),
    ]


def _verdicts(entries: Entries) -> list[Column]:
    rows = entries.verdicts.entry
    kind = entries.texts["kind"].at(rows)
    return [
        entries.texts["deal"].at(rows),
        entries.sequence[rows],
        _when(entries, rows),
        entries.texts["action"].at(rows),
        entries.verdicts.requirement,
        entries.verdicts.result,
        entries.verdicts.force,
        Coded(kind.codes, tuple(map(came_of, kind.words))),
    ]


def _deals(entries: Entries, visits: Visits, facts: Mapping[str, Type]) -> list[Column]:
    texts = entries.texts
    last, closing = visits.last, visits.closing
    outcome = texts["outcome"].at(closing)
    return [
        texts["deal"].at(visits.first),
        texts["process"].at(last),
        entries.version[last],
        _when(entries, visits.first),
        (entries.happened[closing], (closing != _NEVER) & ~entries.undated[closing]),
        texts["to_stage"].at(visits.standing),
        _or_none(outcome, closing != _NEVER),
        _owners(entries, visits),
        _last_known(entries, visits, "amount", of=Kind.MONEY),
        *(_last_known(entries, visits, name, of=of.kind) for name, of in schema.fact_columns(facts)),
    ]


def _owners(entries: Entries, visits: Visits) -> Coded:
    owner = entries.texts["owner"]
    said = ~owner.among({""}) & ~entries.texts["kind"].among(STILL)
    said[visits.first] = ~owner.at(visits.first).among({""})
    rows = np.flatnonzero(said)
    last = np.full(len(visits.first), _NEVER)
    last[visits.deal_of(rows)] = rows
    return _or_none(owner.at(last), last != _NEVER)


def _or_none(column: Coded, told: Yes) -> Coded:
    """The texts where something is told, else an empty text."""
    return Coded(np.where(told, column.codes, len(column.words)), (*column.words, ""))


def _last_known(entries: Entries, visits: Visits, name: str, *, of: Kind) -> pa.Array:
    """A fact of each deal: the last value told, in the process in which the deal is."""
    told = entries.facts
    kept = told.fact.codes == told.fact.code(name)
    kept &= ~entries.texts["kind"].among(STILL)[told.entry]
    kept &= told.entry >= visits.since[visits.deal_of(told.entry)]
    last = np.full(len(visits.first), _NEVER)
    last[visits.deal_of(told.entry[kept])] = told.value[kept]
    known, places = np.unique(last, return_inverse=True)
    cells = [None if at == _NEVER else cell(told.values[at], of) for at in known.tolist()]
    return pa.array(cells, schema.type_of(of)).take(pa.array(places))


def _table(of: pa.Schema, columns: list[Column]) -> pa.Table:
    batches = list(_batches(of, columns))
    return pa.Table.from_batches(batches, of)


def _batches(of: pa.Schema, columns: list[Column]) -> Iterator[pa.RecordBatch]:
    # The words once, for all batches.
    words = [_texts(each.words) if isinstance(each, Coded) else None for each in columns]
    first = columns[0]
    assert isinstance(first, Coded)  # noqa: S101 - all tables begin with the deal
    for start in range(0, len(first.codes), _SLICE):
        part = slice(start, start + _SLICE)
        arrays = [
            _array(column, part, words=word, of=field.type)
            for column, word, field in zip(columns, words, of, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=of)


def _texts(words: Iterable[str]) -> pa.Array:
    """Words as a column; a large one where a batch, or all of them, may be longer than a column of texts may be."""
    texts = pa.array(words, pa.large_string())
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    fits = longest * _SLICE <= _LONGEST and texts.nbytes <= _LONGEST
    return texts.cast(pa.string()) if fits else texts


def _array(column: Column, part: slice, *, words: pa.Array, of: pa.DataType) -> pa.Array:
    if isinstance(column, Coded):
        found = words.take(pa.array(column.codes[part]))
        return found if found.type == of else found.cast(of)
    if isinstance(column, tuple):
        numbers, told = column
        return pa.array(numbers[part], mask=~told[part]).cast(of)
    return pa.array(column[part]).cast(of) if isinstance(column, np.ndarray) else column[part]
