"""Examples of a process: short stories that ``check`` runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.model.place import NOWHERE, Place
from engine.model.syntax import Value


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to the deal of a story.

    ``kind`` is ``move``, ``record``, ``touch``, ``approve`` or ``tick``. ``after`` is the time that passes first.
    ``refused`` names what must refuse the move (requirement ids, or kinds of requirement such as
    ``asks``); empty with ``is_refused`` means: whatever the cause. ``stage`` is where the deal must then stand,
    ``knows`` are facts that it must then have. ``warned`` are the clocks that a tick must hear (``None``: whichever).
    """

    kind: str
    action: str = ""
    touchpoint: str = ""
    to: str = ""
    reason: str = ""
    note: str = ""
    role: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    after: timedelta = timedelta(0)
    is_refused: bool = False
    refused: tuple[str, ...] = ()
    override: bool = False
    stage: str = ""
    knows: Mapping[str, Value] = field(default_factory=dict)
    warned: tuple[str, ...] | None = None
    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Story:
    """A deal's short life: the facts it starts with, what is done, and what comes of it."""

    id: str
    title: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    at: Place = field(default=NOWHERE, compare=False)
