"""What an import did: how much was recorded, what deviated, what could not go in and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN = 1_000
"""How many deals that did not go in are named one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """A deal of the export of which nothing (or nothing more) was recorded, and why. ``row`` is of the export."""

    deal: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """``deals`` were new, ``continued`` got later entries, ``unchanged`` were in the journal already.

    ``moves`` are the moves recorded, ``deviating`` those among them that the process would have refused, ``unclear``
    those with a requirement that nobody can judge now; ``broken`` and ``unknown`` count them by requirement.
    ``undated`` counts starts and moves without a date, also the starts that the export does not tell.
    ``repeated_rows`` said nothing new. ``refused`` deals deviated under strict; ``conflicts`` are deals whose past
    changed since it was imported, lies before what is recorded, or in the future. Both name the first thousand.
    """

    deals: int = 0
    continued: int = 0
    unchanged: int = 0
    entries: int = 0
    moves: int = 0
    undated: int = 0
    deviating: int = 0
    unclear: int = 0
    repeated_rows: int = 0
    broken: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[NotRecorded, ...] = ()
    refused_deals: int = 0
    conflicts: tuple[NotRecorded, ...] = ()
    conflicting_deals: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every deal went in, or was in already."""
        return not self.refused_deals and not self.conflicting_deals


class Tally:
    """The summary while the import goes on. ``counts`` has the names of the summary's numbers."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._refused: list[NotRecorded] = []
        self._conflicts: list[NotRecorded] = []

    def refuse(self, found: NotRecorded) -> None:
        """One more deal that strictness kept out."""
        self.counts["refused_deals"] += 1
        if len(self._refused) < SHOWN:
            self._refused.append(found)

    def conflict(self, found: NotRecorded) -> None:
        """One more deal whose past cannot be recorded."""
        self.counts["conflicting_deals"] += 1
        if len(self._conflicts) < SHOWN:
            self._conflicts.append(found)

    def summary(self) -> ImportSummary:
        """What has been counted; requirements by how many moves broke them."""
        return ImportSummary(
            broken=dict(self.broken.most_common()),
            unknown=dict(self.unknown.most_common()),
            refused=tuple(self._refused),
            conflicts=tuple(self._conflicts),
            **self.counts,
        )
