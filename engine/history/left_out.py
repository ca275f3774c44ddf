"""A row of an export that is in no deal, and why."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 1_000
"""How many bad cells and left-out rows are named one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is in no deal, and why."""

    row: int
    reason: str
    deal: str = ""
