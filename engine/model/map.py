"""A map: how the columns of an export become deals and moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from engine.model.place import NOWHERE, Place


class Shape(Enum):
    """What a row is: a whole deal, a stage that a deal entered, anything that happened, or a change of a property."""

    DEALS = "deals"
    MOVES = "moves"
    EVENTS = "events"
    CHANGES = "changes"


class Known(Enum):
    """When a fact of the export was known: from the start, with the row's move, at the close, or nobody can say."""

    START = "start"
    MOVE = "move"
    CLOSE = "close"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what its values are called in the process (``values`` empty: as they are).

    In the shape ``changes`` it is the name of a property. ``type`` is how a map without a process reads it, as a
    process would write it (``money``, ``date``; empty: text).
    """

    column: str
    values: Mapping[str, str] = field(default_factory=dict)
    known: Known = Known.MOVE
    type: str = ""
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Map:
    """How an export is read. Column names as in its first row; ``None``: the export has no such column.

    ``process`` is empty for a history that no process was written for yet; the map then tells the rest: ``stages`` in
    the order of the pipeline, and which of them are ``ends`` (stage id to ``won``, ``lost`` or ``other``).

    ``stages`` turns the export's stage names (in ``events``: globs) into stage ids; without a process it may be empty,
    and every name is a stage. ``entered`` (shape ``deals``) names the column that says when each stage was entered;
    ``happened`` (other shapes) the column that dates the row. In ``events``, ``stage`` is the column of what happened:
    ``touchpoints`` (globs) turns some of it into touchpoints, ``leave_out`` (globs) is passed over on purpose. In
    ``changes``, ``property`` and ``value`` are the columns of what changed and its new value, ``before`` that of its
    old one; ``stage``, ``owner`` and the columns of ``reason`` and ``facts`` are names of properties. A row of the
    property ``created`` says when the deal was made; ``outcome`` is a second property of stages, whose values are ends
    and whose value ``open`` leads back to the stage before. A source that keeps only the last changes of a property
    keeps ``truncated_at`` of them (0: all); a deal with so many may have had more. ``where`` keeps the rows that have
    one of these values in a column, ``sheet`` names the sheet of a workbook, ``of`` the kind of object that is a deal
    (OCEL).

    ``dates`` are formats as ``strptime`` has them, tried in turn; empty: any way that ISO 8601 writes it. Times
    without a zone are in ``time_zone`` (empty: in the zone of the process).
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
    dates: tuple[str, ...] = ()
    time_zone: str = ""
    sheet: str = ""
    of: str = ""
    currency: str = ""
    ends: Mapping[str, str] = field(default_factory=dict)
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    property: str | None = None
    value: str | None = None
    before: str | None = None
    created: str | None = None
    outcome: str | None = None
    truncated_at: int = 0
    entered: Mapping[str, str] = field(default_factory=dict)
    happened: str | None = None
    owner: str | None = None
    actor: str | None = None
    reason: Column | None = None
    note: str | None = None
    facts: Mapping[str, Column] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)
