"""What came of a clock that was due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from engine.model.deal import Deal
from engine.model.entry import Entry


class Came(Enum):
    """What came of a clock that was due."""

    WARNED = "warned"
    PASSED = "limit passed"
    MOVED = "moved"
    REFUSED = "refused"
    STILL = "still refused"
    AHEAD = "ahead"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A deal whose row cannot be read, and what is wrong with it. Nobody can tell whether a clock is due."""

    id: str
    problem: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a clock did to a deal, or why nothing.

    ``due_at`` (UTC) is when it was due. ``entries`` are what was recorded. ``STILL``: by the same requirements as it is
    recorded already. ``AHEAD``: the last entry of the deal lies
    after now, so this clock or that computer's is wrong. ``BUSY``: others changed the deal three times meanwhile; the
    next ``tick`` sees to it. ``FAILED``: ``problem`` says why nobody could judge it. Of these nothing is recorded.
    """

    deal: Deal
    came: Came
    clock: str = ""
    due_at: datetime | None = None
    entries: tuple[Entry, ...] = ()
    problem: str = ""
