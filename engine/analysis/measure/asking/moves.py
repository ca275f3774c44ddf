"""The moves of deals in all their tracks, by deal and in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import Journeys
from engine.tables.coded import Ints, codes, kept, moments, places, where, whole_numbers


@dataclass(frozen=True, slots=True)
class DealMoves:
    """One item a move of the process, none later than the follow-up. ``deal`` is the deal's number.

    ``track``, ``action``, ``target`` and ``reason`` are places in ``tracks``, ``actions`` and so on; -1: unknown.
    """

    deal: Ints
    seq: Ints
    at: Ints
    track: Ints
    action: Ints
    target: Ints
    reason: Ints
    tracks: tuple[str, ...]
    actions: tuple[str, ...]
    targets: tuple[str, ...]
    reasons: tuple[str, ...]

    def of_visits(self, deal: Ints, seq: Ints) -> Ints:
        """The places of the moves with these numbers of deals and sequence; -1: none."""
        if not len(self.deal):
            return np.full(len(deal), -1, np.int64)
        width = int(max(self.seq.max(), seq.max(initial=0))) + 1
        keys, asked = self.deal * width + self.seq, deal * width + seq
        order = np.argsort(keys, kind="stable")
        found = order[np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)]
        return np.where(keys[found] == asked, found, -1)


def moves_of(told: Journeys) -> DealMoves:
    """The moves that the deals made in this process."""
    table = kept(told.tables.moves, where(told.tables.moves, "process", told.process.id))
    number: Ints = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", told.tables.deals)]
    at = moments(table, "entered_at")
    keep = (deal >= 0) & (at <= told.until)
    track, tracks = codes(table, "track")
    action, actions = codes(table, "action")
    target, targets = codes(table, "to_stage")
    reason, reasons = codes(table, "reason")
    seq = whole_numbers(table, "seq")
    names = (tracks, actions, targets, reasons)
    return DealMoves(deal[keep], seq[keep], at[keep], track[keep], action[keep], target[keep], reason[keep], *names)


def latest(deal: Ints, seq: Ints, count: int) -> Ints:
    """The place of the last item of each of ``count`` deals; -1: it has none."""
    found: Ints = np.full(count, -1, np.int64)
    order = np.lexsort((seq, deal))
    found[deal[order]] = order
    return found
