"""The five tables: their names, columns and types, whatever the rows came from."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from engine.model.syntax import Kind, Type

NAMES = ("deals", "moves", "touches", "facts", "verdicts")

NUMBER = pa.decimal128(38, 9)
"""Exact: money, numbers and percents have at most 18 digits before the point and 9 after it."""

_TEXT = pa.string()
# In UTC, without saying so in the type: DuckDB hands times with a zone to Python only by way of another package.
_TIME = pa.timestamp("us")

_OF_KIND = {
    Kind.YES_NO: pa.bool_(),
    Kind.NUMBER: NUMBER,
    Kind.MONEY: NUMBER,
    Kind.PERCENT: NUMBER,
    Kind.DATE: pa.date32(),
    Kind.DURATION: pa.duration("us"),
}

_DEALS = (
    ("deal", _TEXT),
    ("process", _TEXT),
    ("version", pa.int32()),
    ("started_at", _TIME),
    ("closed_at", _TIME),
    ("stage", _TEXT),
    ("outcome", _TEXT),
    ("owner", _TEXT),
    ("amount", NUMBER),
)

MOVES = pa.schema(
    [
        ("deal", _TEXT),
        ("seq", pa.int32()),
        ("process", _TEXT),
        ("version", pa.int32()),
        ("track", _TEXT),
        ("action", _TEXT),
        ("from_stage", _TEXT),
        ("to_stage", _TEXT),
        ("entered_at", _TIME),
        ("left_at", _TIME),
        ("dwell_days", pa.float64()),
        ("actor", _TEXT),
        ("reason", _TEXT),
    ]
)
"""One row a visit of a stage. A visit still open has no ``left_at``; one that nobody dated has no ``entered_at``."""

TOUCHES = pa.schema(
    [("deal", _TEXT), ("happened_at", _TIME), ("touchpoint", _TEXT), ("stage", _TEXT), ("actor", _TEXT)]
)
"""``stage`` is where the deal stood when it was touched."""

FACTS = pa.schema([("deal", _TEXT), ("seq", pa.int32()), ("happened_at", _TIME), ("fact", _TEXT), ("value", _TEXT)])
"""Each value when it became known, written as a person writes it (a percent as its number: ``0.15``)."""

VERDICTS = pa.schema(
    [
        ("deal", _TEXT),
        ("seq", pa.int32()),
        ("happened_at", _TIME),
        ("action", _TEXT),
        ("requirement", _TEXT),
        ("verdict", _TEXT),
        ("force", _TEXT),
        ("move", _TEXT),
    ]
)
"""``force``: ``must`` or ``should``. ``move``: ``made`` or ``refused``. A made move that failed a ``must`` deviates."""


def fact_columns(facts: Mapping[str, Type]) -> tuple[tuple[str, Type], ...]:
    """The facts that have a column of their own in ``deals``, by name: a fact called as a column of it has none."""
    taken = {name for name, _ in _DEALS}
    return tuple((name, facts[name]) for name in sorted(facts) if name not in taken)


def deals(facts: Mapping[str, Type]) -> pa.Schema:
    """The columns of ``deals``, with one for each fact as last known."""
    return pa.schema([*_DEALS, *((name, type_of(of.kind)) for name, of in fact_columns(facts))])


def type_of(kind: Kind) -> pa.DataType:
    """The type of the column that a fact of this kind has."""
    return _OF_KIND.get(kind, _TEXT)
