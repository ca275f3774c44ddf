"""A map that was made from a file, with what speaks for each line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.map import Map


@dataclass(frozen=True, slots=True)
class Proposal:
    """``because`` has a sentence for a line (``deal``, ``stages/Won``, ``facts/amount``).

    ``unsure`` are lines to check, ``says`` sentences about the whole.
    """

    map: Map
    because: Mapping[str, str] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
