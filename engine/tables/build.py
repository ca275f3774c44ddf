"""Rows to the five tables, batch by batch: what waits as Python's values is never more than one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from engine.model.errors import BadValue
from engine.model.syntax import Type
from engine.tables import schema

BATCH = 20_000

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_NINE_DIGITS = Decimal("1e-9")
_LARGEST = Decimal(10) ** 29


@dataclass(frozen=True, slots=True)
class Tables:
    """The five tables. ``facts`` are the types of the facts that ``deals`` has columns for."""

    deals: pa.Table
    moves: pa.Table
    touches: pa.Table
    facts: pa.Table
    verdicts: pa.Table

    def table(self, name: str) -> pa.Table:
        """The table of that name, one of ``schema.NAMES``."""
        return getattr(self, name)


class Growing:
    """A table that grows row by row; a row is a tuple in the order of the schema."""

    def __init__(self, of: pa.Schema) -> None:
        self._schema = of
        self._rows: list[tuple[Any, ...]] = []
        self._batches: list[pa.RecordBatch] = []

    def add(self, row: tuple[Any, ...]) -> None:
        """One more row."""
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def whole(self) -> pa.Table:
        """All the rows that were added."""
        self._flush()
        return pa.Table.from_batches(self._batches, self._schema)

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [pa.array(cells, kind.type) for cells, kind in zip(columns, self._schema, strict=True)]
            self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
            self._rows.clear()


class GrowingTables:
    """The five tables while rows come in."""

    def __init__(self, facts: Mapping[str, Type]) -> None:
        self.deals = Growing(schema.deals(facts))
        self.moves = Growing(schema.MOVES)
        self.touches = Growing(schema.TOUCHES)
        self.facts = Growing(schema.FACTS)
        self.verdicts = Growing(schema.VERDICTS)

    def whole(self) -> Tables:
        """All the rows that were added."""
        return Tables(
            self.deals.whole(), self.moves.whole(), self.touches.whole(), self.facts.whole(), self.verdicts.whole()
        )


def exact(number: Decimal) -> Decimal:
    """The number with the nine digits after the point that a column keeps. Raises ``BadValue`` for one too large."""
    try:
        kept = number.quantize(_NINE_DIGITS, context=_EXACT)
    except InvalidOperation:
        raise BadValue(f"{number} is too large for a table") from None
    if abs(kept) >= _LARGEST:
        raise BadValue(f"{number} is too large for a table")
    return kept
