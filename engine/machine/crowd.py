"""Deals in one stage before one move: what conditions asked of them all look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engine.machine.columns import Columns, Rows
from engine.machine.vectors import Truth


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Deals in one stage of a track, before one move.

    ``stage`` is their main stage, empty where they differ. ``words`` are ``to``, ``action``, ``reason``, its
    ``reason.group``, ``note`` and ``actor.role``, the same for all (absent: unknown). ``answers`` keeps what conditions
    came to that do not look at where the move leads; crowds of the same rows share it.
    """

    columns: Columns
    rows: Rows
    size: int
    stage: str
    words: dict[str, str]
    now: datetime
    actor: str = ""
    answers: dict[int, Truth] = field(default_factory=dict)
