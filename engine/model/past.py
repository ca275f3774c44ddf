"""Deals that already happened, as read from an export: what ``import`` judges and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.quick import quick
from engine.model.syntax import Value


@quick
@dataclass(frozen=True, slots=True)
class PastMove:
    """A stage that a deal entered. ``happened_at`` (UTC) ``None``: nobody wrote down when.

    ``facts`` became known with the move. ``row`` is the row of the export, counted as a spreadsheet does.
    ``touchpoint``: it was a contact with the customer; without a ``to_stage`` it was that alone.
    """

    to_stage: str
    happened_at: datetime | None
    actor: str = ""
    reason: str = ""
    note: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    row: int = 0
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class PastDeal:
    """A deal of an export: the facts known at its start, its moves in order of time.

    The first move's stage is where the export first saw it; a deal starts in the process's first stage, so
    one first seen later has moves that nobody dated. ``late`` are facts of which nobody can say when they
    became known: recorded last, judged as unknown.
    """

    id: str
    moves: tuple[PastMove, ...]
    owner: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    late: Mapping[str, Value] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that could not be read: ``cell`` as a spreadsheet names it (``F42``)."""

    cell: str
    column: str
    value: str
    message: str
    hint: str = ""
    deal: str = ""
