"""How often deals had been in contact before each past move: the moves' own contacts apart from those beside them."""

from __future__ import annotations

import numpy as np

from engine.machine.columns import Past
from engine.tables.coded import NEVER, Ints, Mask, codes_among, moments, places
from engine.versions.replay_moves import PastMoves, so_far


def contacts(moves: PastMoves, name: str, *, own: Mask) -> Past:
    """The contacts of a kind before each move. ``own``: which moves are one themselves, which the tables tell again."""
    table = moves.tables.touches
    when = moments(table, "happened_at")
    chosen = (codes_among(table, "touchpoint", (name,)) == 0) & (when != NEVER)
    deal, when = places(table, "deal", moves.tables.deals)[chosen], when[chosen]
    dated = own & moves.dated
    moved = so_far(own, np.searchsorted(moves.deal, moves.deal))
    now, _ = _up_to(deal, when, moves.deal, moves.at)
    earlier, last = _up_to(deal, when, moves.deal, moves.at - 1)
    moved_now, _ = _up_to(moves.deal[dated], moves.at[dated], moves.deal, moves.at)
    moved_earlier, _ = _up_to(moves.deal[dated], moves.at[dated], moves.deal, moves.at - 1)
    just_now = (now - moved_now > earlier - moved_earlier) | (moved > moved_earlier)
    return Past(now - moved_now + moved, np.where(just_now, moves.at, last))


def _up_to(deal: Ints, when: Ints, of: Ints, at: Ints) -> tuple[Ints, Ints]:
    """For each row of ``of`` and ``at``: how many events its deal had up to then, and when the last was."""
    order = np.lexsort((when, deal))
    deal, when = deal[order], when[order]
    events = len(deal)
    merged = np.lexsort((np.repeat([0, 1], [events, len(of)]), np.concatenate([when, at]), np.concatenate([deal, of])))
    is_event = merged < events
    so_far = np.cumsum(is_event)[~is_event]
    before = np.empty(len(of), np.int64)
    before[merged[~is_event] - events] = so_far
    count = before - np.searchsorted(deal, of)
    return count, np.where(count > 0, when[np.maximum(before - 1, 0)] if events else 0, 0)
