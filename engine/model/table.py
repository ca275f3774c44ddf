"""A table as people read it: what answers return and ``report`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

Cell = str | int | Decimal | bool | date | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of cells; ``notes`` are sentences printed below it. ``kind`` names its JSON schema."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = ()
