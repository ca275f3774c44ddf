"""Two versions of a process side by side, with what became of each id."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.process import Process, Track
from engine.versions.became import Became
from engine.versions.ways import Ways, ways_of


@dataclass(frozen=True, slots=True)
class Pair:
    """``became`` leads from the ids of ``old`` to those of ``new``, ``back`` the other way: one alone may not tell all.

    Where two ids became one, only the way forwards knows of both.
    """

    old: Process
    new: Process
    became: Became
    back: Became = field(default_factory=Became)
    reckoned: dict[int, Ways] = field(default_factory=dict, repr=False, compare=False)

    def ways(self, track: Track) -> Ways:
        """Where the actions of a track of either version lead; reckoned once, for several subjects ask."""
        found = self.reckoned.get(id(track))
        if found is None:
            found = self.reckoned[id(track)] = ways_of(track)
        return found
