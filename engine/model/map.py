"""A map: how the columns of an export become deals and moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from engine.model.place import NOWHERE, Place


class Shape(Enum):
    """What a row of the export is: a whole deal with its present stage, or one stage that a deal entered."""

    DEALS = "deals"
    MOVES = "moves"


class Known(Enum):
    """When a fact of the export was known: from the start, with the row's move, at the close, or nobody can say."""

    START = "start"
    MOVE = "move"
    CLOSE = "close"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what its values are called in the process (``values`` empty: as they are)."""

    column: str
    values: Mapping[str, str] = field(default_factory=dict)
    known: Known = Known.MOVE
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Map:
    """How an export is read. Column names as in its first row; ``None``: the export has no such column.

    ``stages`` turns the export's stage names into stage ids. ``entered`` (shape ``deals``) names the column
    that says when each stage was entered; ``happened`` (shape ``moves``) the column that dates the row.
    ``dates`` are formats as ``strptime`` has them, tried in turn. Times without a zone are in ``time_zone``
    (empty: in the zone of the process).
    """

    id: str
    process: str
    shape: Shape
    deal: str
    stage: str
    stages: Mapping[str, str]
    title: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    time_zone: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    happened: str | None = None
    owner: str | None = None
    actor: str | None = None
    reason: Column | None = None
    note: str | None = None
    facts: Mapping[str, Column] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)
