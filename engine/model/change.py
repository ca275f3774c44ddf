"""What differs between two versions of a process or of a rule set, in the words of the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from engine.model.place import Place
from engine.model.syntax import Value

if TYPE_CHECKING:
    from engine.model.study import Section


class Level(Enum):
    """What a change does to deals, worst first.

    ``break``: a deal would be stranded. ``tighter``: something allowed before is refused. ``looser``: something refused
    before is allowed. ``note``: neither.
    """

    BREAK = "break"
    TIGHTER = "tighter"
    LOOSER = "looser"
    NOTE = "note"


class Subject(Enum):
    """What a change is about, in the order that it is told."""

    PROCESS = "process"
    STAGES = "stages"
    ACTIONS = "actions"
    REQUIREMENTS = "requirements"
    APPROVALS = "approvals"
    ROLES = "roles"
    FACTS = "facts"
    REASONS = "reasons"
    CLOCKS = "clocks"
    TRACKS = "tracks"
    METRICS = "metrics"
    RULE_SETS = "rule sets"


class Relation(Enum):
    """How a condition lies to the one before it, by the deals that it lets pass.

    ``neither``: some deals pass only the one, others only the other. ``unknown``: nobody can tell.
    """

    SAME = "same"
    STRICTER = "stricter"
    LOOSER = "looser"
    NEITHER = "neither"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Proof:
    """How two conditions compare, and what shows it.

    ``refused``: facts of a smallest deal that passed before and does not now; ``allowed``: of one that did not pass
    before and does now. ``None`` where there is none, or none was found; an empty one is a deal of which nothing is
    known. ``by``: ``proof`` (decided), ``form`` (the two are written alike) or ``search`` (a deal was found, or the
    comparison by parts is sure); empty where nobody can tell.
    """

    relation: Relation
    refused: Mapping[str, Value] | None = None
    allowed: Mapping[str, Value] | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``code`` names its page (``D101``); ``says`` is one sentence, in which ``thing`` is named.

    ``thing`` is the id of what changed, with what holds it before it: ``demo``, ``send-proposal/requires/1``,
    ``legal/in-review``. ``old`` and ``new`` are its places, ``None`` on the side that does not have it. ``before`` and
    ``after`` are how it was and is written (empty: not told).
    """

    code: str
    level: Level
    subject: Subject
    thing: str
    says: str
    old: Place | None = None
    new: Place | None = None
    before: str = ""
    after: str = ""
    track: str = "main"
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two versions, worst first. ``old`` and ``new`` are their names: ``inside-sales@1``.

    ``kind`` is ``process`` or ``rule set``. ``used_by``: of a rule set, the processes that use either version
    (``inside-sales@2``). ``unread``: sentences on what could not be read or compared; where there are any, no change is
    not "nothing changed". ``impact``: what it means for the deals that were looked at. ``next_steps``: what to do now.
    """

    kind: str
    old: str
    new: str
    changes: tuple[Change, ...]
    used_by: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    impact: tuple[Section, ...] = ()
    impact_says: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    currency: str = ""

    def count(self, level: Level) -> int:
        """How many changes are of that level."""
        return sum(change.level is level for change in self.changes)


@dataclass(frozen=True, slots=True)
class Example:
    """A change by example: a text that stands in the base file, and what stands there instead."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of change: its title, the levels it can have, what it means and what to do, and an example.

    ``mirror`` is the code of the same change seen backwards. ``base`` names the file of the example, below the pages.
    """

    code: str
    title: str
    levels: tuple[Level, ...]
    mirror: str
    tells: str
    example: Example
    base: str = field(default="base.yaml")
