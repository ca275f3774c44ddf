"""What a condition may look at besides facts: the deal's past, the move, the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol


class Situation(Protocol):
    """Read-only; ``None`` is unknown. ``machine`` builds it, ``conditions`` reads it."""

    @property
    def today(self) -> date: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def to(self) -> str | None: ...
    @property
    def action(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def reason_group(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def days_in_stage(self) -> Decimal | None: ...
    @property
    def probability(self) -> Decimal | None: ...
    @property
    def role(self) -> str | None: ...

    def track(self, name: str) -> str | None:
        """The stage the deal has in a track."""

    def done(self, name: str) -> bool:
        """Whether a touchpoint (or, where none has that name, an action) was ever done."""

    def count(self, name: str) -> Decimal:
        """How often it was done."""

    def since(self, name: str) -> timedelta | None:
        """Time since it was last done; unknown where it never was."""

    def reached(self, stage: str) -> bool:
        """Whether the deal has stood in the stage or, over it, in a later one or a won end."""
