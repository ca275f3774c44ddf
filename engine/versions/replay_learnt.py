"""What was told with past moves and beside them: their notes, and of which facts nobody says when they were known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.machine.vectors import Texts
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind, Value
from engine.model.values import parse_number, parse_value
from engine.tables.coded import NEVER, Ints, Mask, codes_among, moments
from engine.versions.replay_moves import PastMoves

Notes = Mapping[tuple[str, int], str]
"""The notes that were given with moves, by deal and number of the entry."""


Imported = Mapping[str, tuple[str, int]]
"""By deal that was imported, by which map, and the number of the last entry that came so."""

NOTHING_IMPORTED: Imported = {}


class Beside(NamedTuple):
    """What a journal tells of past moves that no table holds.

    ``texts`` are all that moves were made by, where a version may have several. ``notes``: ``None`` where nobody tells.
    ``imported``: by which map a deal was imported, and up to which number. Of deals that were ``forgotten`` nothing is
    known any more, so they are left out.
    """

    texts: tuple[Process, ...] = ()
    notes: Notes | None = None
    imported: Imported = NOTHING_IMPORTED
    forgotten: frozenset[str] = frozenset()


NOTHING_BESIDE = Beside()


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


class Imports(NamedTuple):
    """Which moves were imported, or stand before one that was; and by row in ``deals``, by which map the deal was, and
    the number of its last imported entry (-1: it was not).
    """

    came: Mask
    map: Ints
    last: Ints


def imports(moves: PastMoves, imported: Imported) -> Imports:
    """Which deals were imported."""
    which = codes_among(moves.tables.deals, "deal", tuple(imported))
    maps = {name: at for at, name in enumerate(dict.fromkeys(name for name, _ in imported.values()))}
    map_of = np.array([*(maps[name] for name, _ in imported.values()), -1], np.int64)
    last = np.array([*(number for _, number in imported.values()), -1], np.int64)
    return Imports(moves.key % moves.width <= last[which][moves.deal], map_of[which], last[which])


def untold(moves: PastMoves, told: Learnt, names: Collection[str], imported: Imports) -> Mask:
    """Of which moves one of these facts may have been known: it has a value and nobody says since when, or the move
    was imported by a map by which nothing was told of the fact, of whatever deal.
    """
    late = untimed(moves, told, names)
    if not imported.came.any():
        return late
    its = np.isin(told.fact, [at for at, name in enumerate(told.names) if name in names])
    deal, number = told.key[its] // moves.width, told.key[its] % moves.width
    telling = np.unique(imported.map[deal[number <= imported.last[deal]]])
    found: Mask = late | (imported.came & ~np.isin(imported.map[moves.deal], telling))
    return found


def value_read(fact: Fact, text: str) -> Value | None:
    """What a text of the tables is worth; ``None`` where the fact is of another type."""
    kind = fact.type.kind
    if kind in (Kind.TEXT, Kind.CHOICE):
        # As it was recorded: what is no choice any more is still what it is.
        return text
    try:
        # The tables hold a percent as its number.
        return parse_number(text) if kind is Kind.PERCENT else parse_value(text, fact.type)
    except BadValue:
        return None
