"""What came of past moves judged again: each is of one class, and its deal ended one way or is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from engine.model.process import Process
from engine.tables.coded import Ints, Mask, codes
from engine.versions.replay_columns import PastColumns
from engine.versions.replay_judge import Judged
from engine.versions.replay_moves import PastMoves

OUTCOMES = ("won", "lost", "other", "open")


class Class(Enum):
    """What a version makes of a past move, beside what was said of it then."""

    SAME = "allowed then and now"
    REFUSED = "refused now"
    UNKNOWN = "not known then"
    NEITHER = "not known, then as now"
    GONE = "no longer expressible"
    STILL = "already refused"
    LET = "refused then, allowed now"


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """Past moves judged again. ``classes`` say which rows are of each class; others were not judged.

    ``ended`` says how each deal of the tables ended, as a place in ``OUTCOMES``.
    """

    moves: PastMoves
    new: Process
    now: Judged
    classes: Mapping[Class, Mask]
    columns: PastColumns
    ended: Ints


def ended(moves: PastMoves) -> Ints:
    """How each deal of the tables ended, as a place in ``OUTCOMES``."""
    outcome, values = codes(moves.tables.deals, "outcome")
    places = [OUTCOMES.index(value or "open") for value in values]
    return np.array([*places, OUTCOMES.index("open")], np.int64)[outcome]
