"""Two versions of a process side by side, with what became of each id."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.process import Process
from engine.versions.became import Became


@dataclass(frozen=True, slots=True)
class Pair:
    """``became`` leads from the ids of ``old`` to those of ``new``, ``back`` the other way: one alone may not tell all.

    Where two ids became one, only the way forwards knows of both.
    """

    old: Process
    new: Process
    became: Became
    back: Became = field(default_factory=Became)
