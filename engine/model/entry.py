"""One line of the journal: what happened to a deal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from engine.model.alarm import Alarm
from engine.model.decision import Verdict
from engine.model.names import MAIN
from engine.model.quick import quick
from engine.model.syntax import Value


class EntryKind(Enum):
    """What happened."""

    STARTED = "started"
    MOVED = "moved"
    REFUSED = "refused"
    RECORDED = "recorded"
    TOUCHED = "touched"
    APPROVED = "approved"
    WARNED = "warned"
    MIGRATED = "migrated"


class Migrated(Enum):
    """Why a deal that comes to another version stands where it then stands: the ``reason`` of such an entry.

    ``stays``, ``follows`` (the stage has another name) and ``maps`` (as the version says of a stage that was merged or
    split): the deal stands where it stood, and its time there goes on. ``decided``: somebody put it elsewhere.
    """

    STAYS = "stays"
    FOLLOWS = "follows"
    MAPS = "maps"
    DECIDED = "decided"


GOES_ON = frozenset((Migrated.STAYS.value, Migrated.FOLLOWS.value, Migrated.MAPS.value))
"""The reasons of a migration that leaves the deal in the visit of a stage in which it was, unless that ends it."""


@quick
@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one deal; times in UTC. Sequences count from 1.

    The envelope (kept for ever): deal, sequence, kind, track, happened_at, recorded_at, process, version,
    digest of the definition, action, from_stage, to_stage, outcome, reason, key, deviating, undated. The body
    (which ``forget`` may blank): actor, role, note, touchpoint, facts, verdicts, override, owner, alarm, renamed.

    ``outcome`` is what ``ends`` says of ``to_stage``. ``reason`` of a refused move is the reason given.
    ``deviating``: an imported move that the process would have refused. ``undated``: it happened,
    nobody wrote down when; ``happened_at`` is then the nearest time known of the deal. For ``approved``, ``action``
    is the action approved and ``approval`` the id of the approval. ``alarm``: a clock did it. A move whose ``process``
    is another than before handed the deal over; its ``facts`` are then all that the deal still has. ``renamed`` of a
    migration says what the deal's past is called since: ``stages/demo`` to ``meeting``, ``facts/seats`` to nothing
    where the new version cannot read the value; its ``reason`` is a word of ``Migrated``.
    ``written_by`` is the database's own user, as the database says: no part of what happened.
    """

    deal: str
    sequence: int
    kind: EntryKind
    happened_at: datetime
    recorded_at: datetime
    process: str
    version: int
    digest: str
    track: str = MAIN
    action: str = ""
    from_stage: str = ""
    to_stage: str = ""
    outcome: str = ""
    reason: str = ""
    key: str = ""
    deviating: bool = False
    undated: bool = False
    actor: str = ""
    role: str = ""
    note: str = ""
    touchpoint: str = ""
    approval: str = ""
    override: bool = False
    owner: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    alarm: Alarm | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    written_by: str = field(default="", compare=False)


def goes_on(entry: Entry) -> bool:
    """Whether the entry brings the deal to another version and leaves it in the visit of a stage in which it was."""
    return entry.kind is EntryKind.MIGRATED and entry.reason in GOES_ON and not entry.outcome


@dataclass(frozen=True, slots=True)
class Definition:
    """The text of a process version and of the rule sets it uses, as stored in the journal.

    ``files`` are (path below the workspace with ``/``, text), the process first. ``digest`` is the
    SHA-256 of them in hexadecimal.
    """

    process: str
    version: int
    digest: str
    files: tuple[tuple[str, str], ...]


def canonical_files(files: Iterable[tuple[str, str]]) -> str:
    """The files of a definition as one canonical JSON text: a list of [path, text]."""
    return json.dumps([[path, text] for path, text in files], ensure_ascii=False, separators=(",", ":"))


def definition_digest(files: Iterable[tuple[str, str]]) -> str:
    """The digest of a definition with these files: SHA-256 of their canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_files(files).encode()).hexdigest()
