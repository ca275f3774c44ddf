"""What an analysis finds, as a person reads it: sections of figures, and the flow of deals between stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from engine.model.syntax import Value


class Unit(Enum):
    """What the figures of a column count. A share is a number from 0 to 1, points are how far two shares are apart.

    Days are days with a fraction.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    POINTS = "points"
    DAYS = "days"
    MONEY = "money"
    TIME = "time"

    @property
    def apart(self) -> Unit:
        """What a difference of two such figures counts."""
        return Unit.POINTS if self is Unit.SHARE else self


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 90 % interval. ``value`` ``None``: not reached; ``beyond`` then says how far was seen.

    ``low`` or ``high`` ``None``: nobody can say.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    beyond: float | None = None


Figure = str | int | float | Decimal | bool | date | datetime | Estimate | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a section: its id (in JSON, CSV and XLSX), what people call it, and what its figures count."""

    id: str
    title: str
    unit: Unit = Unit.TEXT


class Mark(Enum):
    """What a chart draws of each row: bars beside each other or one on the other, lines over periods, or a point with
    its interval. Bars stand upright where the rows are periods, and lie where they are anything else."""

    BARS = "bars"
    STACK = "stack"
    LINES = "lines"
    RANGES = "ranges"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a section's rows; its table is the section's own.

    ``labels`` are the ids of the columns that name a row (joined by a comma), ``series`` those of the columns that are
    drawn, all of one unit. ``split``: the column that tells small pictures apart (one a value); empty: one picture.
    Columns that the section has not are left out. What is missing is not drawn, and what was not reached is an arrow.
    """

    id: str
    title: str
    mark: Mark
    labels: tuple[str, ...]
    series: tuple[str, ...]
    split: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table of figures with its heading; ``says`` are sentences above it, ``notes`` below it.

    ``empty`` is the sentence that stands where there is no row. ``shown``: so many rows are printed as text, the
    others are in JSON and XLSX (0: all of them, -1: none, ``empty`` says why). ``together`` are columns (by their ids)
    of which each row has one figure in its own unit: people read them as one, programs and spreadsheets each apart.
    """

    id: str
    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Figure, ...], ...]
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = "nothing to show"
    shown: int = 0
    charts: tuple[Chart, ...] = ()
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that is read first, before any table: ``says`` is a few words below it."""

    title: str
    figure: Figure
    unit: Unit
    says: str = ""


class Way(Enum):
    """How a move lies to the order of the pipeline."""

    START = "start"
    NEXT = "next"
    SKIP = "skip"
    RETURN = "return"
    AGAIN = "again"
    WON = "won"
    LOST = "lost"
    OTHER = "other"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Node:
    """A stage as deals went through it: how many deals ever stood there, and how long (P50 of leaving any way)."""

    stage: str
    title: str
    ends: str
    deals: int
    visits: int
    open_deals: int
    dwell_days: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Moves from a stage to a stage; ``share`` is of all that left ``from_stage``. ``START`` has no ``from_stage``."""

    from_stage: str
    to_stage: str
    way: Way
    moves: int
    deals: int
    share: float
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The map of a process as deals went through it; ``nodes`` in the order of the pipeline, ends last."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """How a figure may go on: at each of ``moments`` (days) its quantiles over simulated runs.

    ``curves`` has a row for each of ``shares`` (0 to 1, ascending), in it a figure for each moment. ``begin`` is the
    day at which all of them are still ``start``.
    """

    id: str
    title: str
    unit: Unit
    begin: date
    moments: tuple[date, ...]
    shares: tuple[float, ...]
    curves: tuple[tuple[float, ...], ...]
    start: float = 0.0
    says: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """What one command found. ``kind`` names its JSON Schema; ``asked`` tells what was looked at and how.

    ``as_of`` (UTC) is where the follow-up ends: deals open then are counted as open. ``glance``: what is read first.
    """

    kind: str
    title: str
    subject: str
    as_of: datetime | None
    sections: tuple[Section, ...]
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    flow: Flow | None = None
    fans: tuple[Fan, ...] = ()
    glance: tuple[KeyFigure, ...] = ()
    currency: str = ""
    asked: tuple[tuple[str, Value | None], ...] = field(default=())
