"""What a clock did to a deal, and for which count of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class AlarmKind(Enum):
    """A clock warns before its limit, and acts (or, without ``then``, only tells) once it has passed."""

    WARN = "warn"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A clock that went off. ``since`` (UTC) is from when it counted: another count is another alarm."""

    clock: str
    kind: AlarmKind
    since: datetime
