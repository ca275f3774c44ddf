"""How open deals come to another version of their process: one line a deal, to be looked at before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from urllib.parse import quote


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
    """Where a deal stands in a side track, and where it will: empty while somebody must say.

    ``is_gone``: the version has no such track; what was done there stays in the journal.
    """

    track: str
    from_stage: str
    to_stage: str
    is_gone: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody must still say."""
        return not self.to_stage and not self.is_gone


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What will be done to one deal. ``to_stage`` is empty while somebody must still say.

    ``length`` and ``digest`` are the base: the deal's number of entries and its definition when the plan was made.
    ``facts`` are those the deal has whose names change, old id to new; empty where the version cannot read the value.
    ``why`` is the sentence that the entry will keep, ``because`` what whoever decided adds. ``migrate`` false: the deal
    is left on its version, and goes on.
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
    because: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody must still say where the deal goes."""
        return self.migrate and (not self.to_stage or any(step.waits for step in self.tracks))


@dataclass(frozen=True, slots=True)
class Plan:
    """All open deals of a process that are not yet on ``version``, whose definition has the ``digest``.

    ``left_out``: sentences on deals that no line is about, such as one whose version cannot be read. ``renamed``: for
    each definition that deals come from (by digest) what its stages and actions are called in the new version, such as
    ``stages/demo`` to ``meeting``. ``stages`` are those where a deal can come to, in order. ``doubts`` are sentences on
    deals of which a person may know better where they belong, ``breaks`` on versions of which nobody told what became
    of them.
    """

    process: str
    version: int
    digest: str
    made_at: datetime
    lines: tuple[PlanLine, ...]
    left_out: tuple[str, ...] = ()
    currency: str = ""
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()

    @property
    def undecided(self) -> tuple[PlanLine, ...]:
        """The lines that wait for somebody."""
        return tuple(line for line in self.lines if line.waits)


BASE_DIGITS = 16
"""How much of a digest stands in the cell that says what a row was made of."""


def base_text(plan: Plan, line: PlanLine) -> str:
    """What a line was made of, as one cell that no spreadsheet takes for a number: version, texts, when, length, deal.

    ``inside-sales@2 3f2a9c0d11223344 1 ab12cd34ef567890 2026-03-01T09:00:00Z 5 acme%2042``
    """
    new, old = plan.digest[:BASE_DIGITS], line.digest[:BASE_DIGITS]
    made_at = plan.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    deal = quote(line.deal, safe="", errors="surrogatepass")
    return f"{plan.process}@{plan.version} {new} {line.version} {old} {made_at} {line.length} {deal}"


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line as a person gives it back. ``row`` is where it stands, ``base`` and ``length`` what the deal was then.

    ``base`` may be the first characters of that digest only. ``tracks`` are the stages told for side tracks, ``stage``
    where the deal stood, if the file says it.
    """

    row: str
    deal: str
    base: str
    length: int
    to_stage: str
    tracks: Mapping[str, str] = field(default_factory=dict)
    migrate: bool = True
    because: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class FilledPlan:
    """A plan as a person gives it back: to which version, in which text, and where each deal goes.

    ``made_at`` is when it was made, if the file says so, and ``made_at_in`` where it says that.
    """

    process: str
    version: int
    digest: str
    lines: tuple[FilledLine, ...]
    made_at: datetime | None = None
    made_at_in: str = ""


@dataclass(frozen=True, slots=True)
class PlanFault:
    """What is wrong in a plan that was given back: where (``row 12, to_stage``), what, and the mend."""

    at: str
    message: str
    hint: str = ""
