"""Which attempts the rules refuse to whom, judged for all who take part at once before anything happens."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.machine.refusing import answer, refusing
from engine.machine.vectors import Truth
from engine.simulation.casting.columns import Attempting, People
from engine.simulation.casting.court import Court, Judging, stage_of
from engine.simulation.plan import Keys, Mask

Bytes = npt.NDArray[np.uint8]


def barred(court: Court, people: People) -> Keys:
    """A bit for each way that the rules refuse (words × people, uint64)."""
    bits = np.zeros((max(1, -(-court.ways // 64)) * 8, people.size), np.uint8)
    shared: dict[int, Truth] = {}
    for each in court.judging:
        refused = refused_by(each, people, court=court, shared=shared)
        if refused is not None:
            row = bits[each.number // 8]
            np.bitwise_or(row, refused.view(np.uint8) << np.uint8(each.number % 8), out=row)
    return _words(bits)


def needs(court: Court, people: People) -> Keys:
    """A bit for each approval that somebody needs, and for any of several (words × people, uint64)."""
    bits = np.zeros((max(1, -(-len(court.needing) // 64)) * 8, people.size), np.uint8)
    for number, each in enumerate(court.needing):
        crowd = Attempting(people, each.stage, each.words, {})
        wanted = np.zeros(people.size, np.bool_)
        for when in each.whens:
            wanted |= True if when is None else ~answer(when, crowd).no
        row = bits[number // 8]
        np.bitwise_or(row, wanted.view(np.uint8) << np.uint8(number % 8), out=row)
    return _words(bits)


def refused_by(each: Judging, people: People, *, court: Court, shared: dict[int, Truth]) -> Mask | None:
    """Whom a way refuses; ``None``: nobody."""
    return _refused(each, Attempting(people, stage_of(each.attempt), each.words, shared, court.kept))


def _refused(each: Judging, crowd: Attempting) -> Mask | None:
    refused: Mask | None = None
    if len(each.variants) > 1 or each.variants[0].applies is not None:
        refused = _refused_by_variants(each, crowd)
    else:
        for check in each.variants[0].asking:
            refused = _either(refused, refusing(check, crowd))
    if each.when is not None:
        refused = _either(refused, ~answer(each.when, crowd).yes)
    return refused


def _refused_by_variants(each: Judging, crowd: Attempting) -> Mask:
    """Refused to all but those for whom the first variant that applies is meant, and refused by nothing."""
    free, allowed = np.ones(crowd.size, np.bool_), np.zeros(crowd.size, np.bool_)
    for variant in each.variants:
        chosen = free if variant.applies is None else free & answer(variant.applies, crowd).yes
        if variant.is_meant:
            passing = chosen.copy()
            for check in variant.asking:
                refused = refusing(check, crowd)
                if refused is not None:
                    passing &= ~refused
            allowed |= passing
        free = free & ~chosen
    return ~allowed


def _either(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _words(bits: Bytes) -> Keys:
    """Rows of eight bits as rows of 64."""
    found = np.zeros((bits.shape[0] // 8, bits.shape[1]), np.uint64)
    for number, row in enumerate(bits):
        if row.any():
            found[number // 8] |= row.astype(np.uint64) << np.uint64(8 * (number % 8))
    return found
