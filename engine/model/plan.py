"""How open deals come to another version of their process: one line a deal, to be looked at before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum


class Fate(Enum):
    """What becomes of a deal's stage.

    ``stays``: the stage keeps its id. ``follows``: the version says what it is now called. ``maps``: the version says
    where such a deal goes (stages merged or split). ``decide``: somebody must say.
    """

    STAYS = "stays"
    FOLLOWS = "follows"
    MAPS = "maps"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stage where a deal could go on, and how many of the requirements to stand there it meets."""

    stage: str
    met: int
    of: int


@dataclass(frozen=True, slots=True)
class TrackStep:
    """Where a deal stands in a side track, and where it will (empty: the track is gone, or somebody must say)."""

    track: str
    from_stage: str
    to_stage: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What will be done to one deal. ``to_stage`` is empty while somebody must still say.

    ``length`` and ``digest`` are the base: the deal's number of entries and its definition when the plan was made.
    ``facts`` are the facts renamed, old id to new. ``why`` is the sentence that the entry will keep. ``migrate`` false:
    the deal is left on its version, and goes on.
    """

    deal: str
    version: int
    digest: str
    length: int
    stage: str
    fate: Fate
    to_stage: str
    why: str
    candidates: tuple[Candidate, ...] = ()
    tracks: tuple[TrackStep, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    amount: Decimal | None = None
    migrate: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """All open deals of a process that are not yet on ``version``, whose definition has the ``digest``.

    ``left_out``: sentences on deals that no line is about, such as one whose version cannot be read.
    """

    process: str
    version: int
    digest: str
    made_at: datetime
    lines: tuple[PlanLine, ...]
    left_out: tuple[str, ...] = ()
    currency: str = ""

    @property
    def undecided(self) -> tuple[PlanLine, ...]:
        """The lines that wait for somebody."""
        return tuple(line for line in self.lines if line.migrate and not line.to_stage)
