"""What was told with past moves and beside them: their notes, and of which facts nobody says when they were known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.machine.vectors import Texts
from engine.tables.coded import NEVER, Ints, Mask, codes_among, moments
from engine.versions.replay_moves import PastMoves

Notes = Mapping[tuple[str, int], str]
"""The notes that were given with moves, by deal and number of the entry."""


class Learnt(NamedTuple):
    """All rows of ``facts`` in order: the deal with the number, the name, and by which move the fact was known."""

    table: Any
    key: Ints
    fact: Ints
    names: tuple[str, ...]
    move: Ints


def noted(moves: PastMoves, notes: Notes) -> Texts:
    """The note given with each move; -1: none was."""
    found = np.full(moves.count, -1, np.int32)
    names = tuple({deal for deal, _ in notes})
    which = codes_among(moves.tables.deals, "deal", names).tolist()
    place = {names[code]: row for row, code in enumerate(which) if code >= 0}
    labels: dict[str, int] = {}
    for (deal, sequence), note in notes.items():
        key = place.get(deal, -1) * moves.width + sequence
        at = int(np.searchsorted(moves.key, key))
        if deal in place and at < moves.count and moves.key[at] == key:
            found[at] = labels.setdefault(note, len(labels))
    return Texts(found, tuple(labels))


def untimed(moves: PastMoves, told: Learnt, names: Collection[str]) -> Mask:
    """Of which moves one of these facts has a value of which nobody says when it was known."""
    late: Mask = moments(told.table, "happened_at") == NEVER
    if not late.any():
        return np.zeros(moves.count, np.bool_)
    late &= np.isin(told.fact, [at for at, name in enumerate(told.names) if name in names])
    # What an undated move was given has its place among the moves all the same.
    late &= moves.key[np.minimum(told.move, moves.count - 1)] != told.key
    found: Mask = np.isin(moves.deal, told.key[late] // moves.width)
    return found
