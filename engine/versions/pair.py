"""Two versions of a process side by side, with what became of each id."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.process import Process
from engine.versions.became import Became


@dataclass(frozen=True, slots=True)
class Pair:
    """``became`` leads from the ids of ``old`` to those of ``new``."""

    old: Process
    new: Process
    became: Became
