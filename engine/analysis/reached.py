"""When deals first came to each stage of the pipeline or beyond it, and which went over a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, WON, Journeys, first_of_each
from engine.analysis.spans import ELSE, REACHED, Spans, between
from engine.tables.coded import Ints, Mask


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
    visits, stages = told.visits, told.open_stages
    deal, before, rank, place = _records(told)
    is_win = place == told.closing[deal]
    found = []
    for stage in stages:
        its = (before < stage) & (rank >= stage)
        stood = np.zeros(told.count, np.bool_)
        stood[visits.deal[visits.stage == stage]] = True
        found.append(Reached(deal[its], visits.entered[place[its]], stood[deal[its]], is_win[its]))
    won = np.flatnonzero(told.outcome == WON)
    yes = np.ones(len(won), np.bool_)
    return (*found, Reached(won, told.closed[won], yes, yes))


def _records(told: Journeys) -> tuple[Ints, Ints, Ints, Ints]:
    """Of each visit with which a deal came further than ever: its deal, how far it was before and is, its place."""
    visits = told.visits
    rank = told.order[visits.stage]
    is_win = np.zeros(len(rank), np.bool_)
    is_win[told.closing[told.outcome == WON]] = True
    counted = np.flatnonzero(((told.ends == OPEN)[visits.stage] & (rank >= 0)) | is_win)
    deal, rank = visits.deal[counted], rank[counted]
    # Deals ascend, and so does each deal's highest rank: one pass over both as one number finds it.
    many = len(told.stages) + 1
    highest = np.maximum.accumulate(deal * many + rank) - deal * many
    before = np.where(first_of_each(deal), -1, np.append(-1, highest[:-1])[: len(deal)])
    further = rank > before
    return deal[further], before[further], rank[further], counted[further]


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
