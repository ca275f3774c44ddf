"""When deals first came to each stage of the pipeline or beyond it, and which went over a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.journeys import OPEN, WON, Journeys
from engine.analysis.spans import ELSE, REACHED, Spans, between
from engine.tables.coded import Ints, Mask

_Ranks = npt.NDArray[np.int32]
"""There is one for each visit: numbers as short as they may be."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The deals that came to a stage or beyond it, one item a deal, in the order of their numbers.

    ``moment``: when first (microseconds, ``NEVER``: undated). ``stood``: whether a deal ever stood in the stage itself;
    one that did not went over it. ``by_win``: whether it was the win that brought it here.
    """

    deal: Ints
    moment: Ints
    stood: Mask
    by_win: Mask

    @property
    def skipped(self) -> int:
        """How many went over the stage."""
        return int((~self.stood).sum())

    def of(self, keep: Mask) -> Reached:
        """Some of them; the mask has one item a deal of these."""
        return Reached(self.deal[keep], self.moment[keep], self.stood[keep], self.by_win[keep])


def reached(told: Journeys) -> tuple[Reached, ...]:
    """Of each open stage of the pipeline, in order, and at last of the win.

    A win comes after every stage, so that a won deal has reached all of them. It counts as far as it still stands: of a
    deal that was re-opened it is forgotten. Stages that the process does not know have no place in the order.
    """
    visits, records = told.visits, _records(told)
    stood = np.zeros((len(told.stages), told.count), np.bool_)
    stood[visits.stage, visits.deal] = True
    found = []
    for stage in told.open_stages:
        its = np.flatnonzero((records.before < stage) & (records.rank >= stage))
        place = records.place[its]
        deal = visits.deal[place]
        found.append(Reached(deal, visits.entered[place], stood[stage][deal], place == told.closing[deal]))
    won = np.flatnonzero(told.outcome == WON)
    yes = np.ones(len(won), np.bool_)
    return (*found, Reached(won, told.closed[won], yes, yes))


@dataclass(frozen=True, slots=True)
class _Records:
    """The visits (by their places) with which a deal came further than ever, how far it was before, and then is."""

    place: Ints
    before: _Ranks
    rank: _Ranks


def _records(told: Journeys) -> _Records:
    visits = told.visits
    order = np.where((told.ends == OPEN) & (told.order >= 0), told.order, -1).astype(np.int32)
    rank = order[visits.stage]
    rank[told.closing[told.outcome == WON]] = len(order)
    # Deals ascend, and so does each deal's highest rank: one pass over both as one number finds it.
    base = visits.deal * (len(order) + 2)
    highest = (np.maximum.accumulate(base + rank) - base).astype(np.int32)
    before = np.where(visits.begins, -1, np.append(-1, highest[:-1])[: len(rank)]).astype(np.int32)
    place = np.flatnonzero(rank > before)
    return _Records(place, before[place], rank[place])


def onward(told: Journeys, here: Reached, there: Reached) -> tuple[Spans, Ints]:
    """From first reaching a stage to first reaching the next, or to an end without it (``REACHED``, ``ELSE``).

    Beside the spans: which of the two it was, or 0, of every deal that reached the first.
    """
    ends, came = told.closed.copy(), np.zeros(told.count, np.bool_)
    ends[there.deal], came[there.deal] = there.moment, True
    cause = np.where(came, REACHED, np.where(told.outcome == OPEN, 0, ELSE))[here.deal]
    return between(told, here.moment, ends[here.deal], cause), cause


def to_the_end(told: Journeys, here: Reached) -> Spans:
    """From first reaching a stage to the close; causes as in ``OUTCOMES``."""
    return between(told, here.moment, told.closed[here.deal], told.outcome[here.deal])
