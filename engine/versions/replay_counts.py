"""How many moves there are of a kind, of how many deals, how these ended, and their money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from engine.tables.coded import Ints, exact_sum
from engine.versions.replay_classes import OUTCOMES, Replayed
from engine.versions.replay_moves import PastMoves


@dataclass(frozen=True, slots=True)
class Count:
    """Some moves: how many, of how many deals, how many of these ended in each way, and their money."""

    moves: int
    deals: int
    outcomes: tuple[int, ...]
    money: Decimal
    won_money: Decimal


def count_of(replayed: Replayed, rows: Ints) -> Count:
    """What these rows come to."""
    moves, deals = replayed.moves, replayed.moves.tables.deals
    its = _deals_of(moves, rows)
    ended = replayed.ended[its]
    outcomes = tuple(int((ended == place).sum()) for place in range(len(OUTCOMES)))
    return Count(
        len(rows), len(its), outcomes, exact_sum(deals, "amount", its), exact_sum(deals, "amount", its[ended == 0])
    )


def _deals_of(moves: PastMoves, rows: Ints) -> Ints:
    """The deals of these rows, each once. Quicker than to sort them."""
    found = np.zeros(moves.tables.deals.num_rows, np.bool_)
    found[moves.deal[rows]] = True
    return np.flatnonzero(found)
