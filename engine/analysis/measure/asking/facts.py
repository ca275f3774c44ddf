"""The facts of deals as last known, each as a column of its own kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from engine.analysis.journeys import Journeys
from engine.machine.vectors import Inexact, Measure, Numbers, Texts, Truth, Vector, rows_of, vector_of
from engine.model.errors import BadValue
from engine.model.rule import Fact
from engine.model.syntax import Kind, Value
from engine.model.values import parse_value
from engine.tables.coded import Ints, cells, codes, kept, places, whole_numbers
from engine.tables.schema import type_of
from engine.tables.typed import flags, is_typed, whole

_FIRST = date(1970, 1, 1).toordinal()
_MEASURES = {Kind.DATE: Measure.DAY, Kind.DURATION: Measure.MICROSECOND}
_OF_THE_DEAL = frozenset({"deal", "process", "version", "started_at", "closed_at", "stage", "outcome", "owner"})
"""Columns that deals have of themselves: a fact of such a name stands among the facts alone."""


def typed(told: Journeys, fact: Fact) -> Vector | None:
    """The fact of each deal; ``None`` where no deal has it. Raises ``Inexact`` for what no column can hold."""
    deals, kind = told.tables.deals, fact.type.kind
    if fact.id in _OF_THE_DEAL or not is_typed(deals, fact.id, type_of(kind)):
        return vector_of(recorded(told, fact))
    if kind is Kind.YES_NO:
        return rows_of(Truth(*flags(deals, fact.id)), told.rows)
    if kind in (Kind.TEXT, Kind.CHOICE):
        code, labels = codes(deals, fact.id)
        return Texts(code[told.rows].astype(np.int32), labels) if labels else None
    found = whole(deals, fact.id)
    if found is None:
        raise Inexact
    values, known = found.values[told.rows], found.known[told.rows]
    if not known.any():
        return None
    if kind is Kind.DATE:
        values = values + _FIRST
    seen = values[known]
    measure = _MEASURES.get(kind, Measure.NUMBER)
    return Numbers(values, known, measure, int(seen.min()), int(seen.max()), found.scale)


def recorded(told: Journeys, fact: Fact) -> tuple[Value | None, ...]:
    """The value of each deal as last known, one by one."""
    deals, kind = told.tables.deals, fact.type.kind
    if fact.id in _OF_THE_DEAL or fact.id not in deals.column_names:
        return _last_told(told, fact)
    found = cells(deals, fact.id, told.rows)
    if is_typed(deals, fact.id, type_of(kind)):
        return tuple(found)
    return tuple(None if each is None else _read(str(each), fact) for each in found)


def _last_told(told: Journeys, fact: Fact) -> tuple[Value | None, ...]:
    """What the table of facts tells last."""
    table = told.tables.facts
    code, names = codes(table, "fact")
    if fact.id not in names:
        return (None,) * told.count
    table = kept(table, code == names.index(fact.id))
    number: Ints = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", told.tables.deals)]
    value, texts = codes(table, "value")
    order = np.lexsort((whole_numbers(table, "seq"), deal))
    last: Ints = np.full(told.count + 1, -1, np.int64)
    # In order of sequence the last one written stays.
    last[deal[order]] = value[order]
    read = (*(_read(text, fact) for text in texts), None)
    return tuple(read[each] for each in last[: told.count].tolist())


def _read(text: str, fact: Fact) -> Value | None:
    """A value as the table of facts writes it; what is not of the type of the fact is not known."""
    try:
        if fact.type.kind is Kind.PERCENT and not text.endswith("%"):
            return Decimal(text)
        return parse_value(text, fact.type)
    except (BadValue, ArithmeticError):
        return None
