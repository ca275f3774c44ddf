"""A map while it is made from a file, and what speaks for its lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.history.seen import Seen
from engine.model.map import Map


@dataclass(slots=True)
class Draft:
    """A map while it is made: ``because`` and ``unsure`` as in a proposal; ``remarks`` are on columns."""

    columns: tuple[Seen, ...]
    map: Map
    because: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    says: list[str] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)

    def say(self, line: str, why: str, *, sure: bool = True) -> None:
        """Why a line is as it is."""
        self.because[line] = why
        if not sure:
            self.unsure.add(line)
