"""What is wrong with a file: a value with a code, a place, a cause and a mend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.model.place import Place


class Severity(Enum):
    """An error keeps the file from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. ``hint`` says what to do; ``source`` is the line of the file, as written."""

    code: str
    at: Place
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    source: str = ""

    @property
    def order(self) -> tuple[Place, str, str]:
        """Findings are told by place, then by code."""
        return (self.at, self.code, self.message)
