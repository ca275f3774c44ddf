"""Spans of time of deals: from start to end, from a stage to the next, in a stage; open ones are censored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.visits import first_of_each
from engine.numerics.competing import Incidences, aalen_johansen
from engine.numerics.survival import Curve, kaplan_meier
from engine.tables.coded import NEVER, Ints, Mask

REACHED, ELSE = 1, 2
"""How a passage ended: where it was to lead, or otherwise; 0: not yet."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Microseconds from 0 to ``exits``, ended by ``cause`` (0: still open); ``entries`` as in ``numerics.watching``.

    ``undated`` spans could not be reckoned: nobody wrote down when they began or ended.
    """

    exits: Ints
    cause: Ints
    entries: Ints | None
    undated: int

    def any_way(self) -> Curve:
        """How long they last, whatever way they end."""
        return kaplan_meier(self.exits, self.cause > 0, self.entries)

    def ways(self, causes: int) -> Incidences:
        """By when they end in each way; the ways compete."""
        return aalen_johansen(self.exits, self.cause, causes, self.entries)


def between(told: Journeys, begins: Ints, ends: Ints, cause: Ints) -> Spans:
    """Spans between two times; of one that has not ended (cause 0) the end is where the follow-up ends.

    Dates that run backwards are no dates.
    """
    ends = np.where(cause > 0, ends, told.until)
    dated = (begins != NEVER) & (ends >= begins)
    if dated.all():
        return Spans(ends - begins, cause, told.entries(begins), 0)
    entries = told.entries(begins[dated])
    return Spans(ends[dated] - begins[dated], cause[dated], entries, int((~dated).sum()))


def from_start_to_end(told: Journeys, deals: Mask | Ints | None = None) -> Spans:
    """Of each deal, or some by mask or numbers: the first dated time to the close; causes as in ``OUTCOMES``.

    Where nothing before the close is dated, nobody knows how long it took.
    """
    its: slice | Mask | Ints = slice(None) if deals is None else deals
    return between(told, began(told, deals), told.closed[its], told.outcome[its])


def began(told: Journeys, deals: Mask | Ints | None = None) -> Ints:
    """When each deal, or some by mask or numbers, began; ``NEVER`` where nothing before the close is dated."""
    its: slice | Mask | Ints = slice(None) if deals is None else deals
    first, started, closed = told.first[its], told.started[its], told.closed[its]
    return np.where((started == closed) & (told.visits.entered[first] == NEVER), NEVER, started)


def from_stage_to_end(told: Journeys, stage: int) -> Spans:
    """Of each deal that ever stood in the stage: from first entering it to the close; causes as in ``OUTCOMES``."""
    its = first_visits(told, stage)
    deal = told.visits.deal[its]
    return between(told, told.visits.entered[its], told.closed[deal], told.outcome[deal])


def in_stage(told: Journeys, stage: int) -> Spans:
    """Of each visit of the stage: how long the deal stood there, left any way."""
    its = told.visits_of(stage)
    again, left = told.left(its)
    return between(told, told.visits.entered[its], left, again.astype(np.int64))


def first_visits(told: Journeys, stage: int) -> Ints:
    """The first visit that each deal made of a stage, where it ever did."""
    its = told.visits_of(stage)
    deal = told.visits.deal[its]
    found: Ints = its[first_of_each(deal)]
    return found


def passages(told: Journeys, begins: Ints, reached: Mask, ended: Mask) -> tuple[Spans, Ints]:
    """From each visit in ``begins`` to the deal's first later one of a stage that is ``reached`` or ``ended``.

    The masks have one item a stage. Beside the spans: which of the two it was, or 0, of every visit in ``begins``.
    """
    visits, none = told.visits, len(told.visits.deal)
    is_target = (reached | ended)[visits.stage]
    targets = np.append(np.flatnonzero(is_target), none)
    # So many targets lie up to a visit: the next one is the first behind it.
    following = targets[np.cumsum(is_target, dtype=np.int32)[begins]]
    found = np.flatnonzero(following <= told.last[visits.deal[begins]])
    its = following[found]
    cause, ends = np.zeros(len(begins), np.int64), np.full(len(begins), NEVER)
    cause[found] = np.where(reached, REACHED, ELSE)[visits.stage[its]]
    ends[found] = visits.entered[its]
    return between(told, visits.entered[begins], ends, cause), cause


def ends_mask(told: Journeys) -> Mask:
    """Which stages are ends."""
    found: Mask = told.ends != OPEN
    return found
