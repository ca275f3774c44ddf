"""Touchpoints placed on the visits they fell into, and counted within a window, so that long deals count no more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.analysis.journeys import Journeys
from engine.tables.coded import DAY, NEVER, Floats, Ints, Mask, codes, moments, places

ANY = "any"
"""What all kinds of touchpoints together are called."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One item a touchpoint of the deals looked at, wherever it fell; otherwise as in ``Touches``."""

    deal: Ints
    kind: Ints
    at: Ints
    kinds: tuple[str, ...]

    def of_deals(self, deals: Mask) -> Touched:
        """Those of some of the deals, numbered anew; the mask has one item a deal."""
        its = self.taken(deals[self.deal])
        return replace(its, deal=(np.cumsum(deals) - 1)[its.deal])

    def taken(self, its: Mask) -> Touched:
        """Those of the mask."""
        return Touched(self.deal[its], self.kind[its], self.at[its], self.kinds)


@dataclass(frozen=True, slots=True)
class Touches:
    """One item a touchpoint of the deals looked at. ``visit`` is -1 for one that falls into no dated visit.

    ``kind`` is its place in ``kinds``; ``deal`` the deal's number; ``at`` its time, ``NEVER``: undated.
    """

    deal: Ints
    kind: Ints
    at: Ints
    visit: Ints
    kinds: tuple[str, ...]


def touched(told: Journeys) -> Touched:
    """The touchpoints of the deals, none later than the end of the follow-up, without the visits they fell into."""
    return _touched(told)[0]


def touches(told: Journeys) -> Touches:
    """The touchpoints of the deals, none later than the end of the follow-up, and the visits they fell into."""
    found, keep = _touched(told)
    stage, names = codes(told.tables.touches, "stage")
    known = {each.id: place for place, each in enumerate(told.stages)}
    numbers = np.array([*(known.get(name, -1) for name in names), -1])
    placed = _visits(told, found.deal, found.at, numbers[stage][keep])
    return Touches(found.deal, found.kind, found.at, placed, found.kinds)


def _touched(told: Journeys) -> tuple[Touched, Mask]:
    """The touchpoints, and in which rows of their table they stand."""
    table, deals = told.tables.touches, told.tables.deals
    number = np.full(deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", deals)]
    kind, kinds = codes(table, "touchpoint")
    at = moments(table, "happened_at")
    keep = (deal >= 0) & (kind >= 0) & (at <= told.until)
    return Touched(deal[keep], kind[keep], at[keep], kinds), keep


def before_close(told: Journeys, found: Touched | Touches) -> Mask:
    """Which touchpoints came no later than the close of their deal."""
    mask: Mask = (found.at != NEVER) & (found.at <= told.closed[found.deal])
    return mask


def _visits(told: Journeys, deal: Ints, at: Ints, stage: Ints) -> Ints:
    """The visit that each touchpoint fell into: the last that began by then.

    A move that is itself a touchpoint happens as the deal leaves: it belongs to the stage that it was made from.
    """
    visits = told.visits
    touched = np.zeros(told.count, np.bool_)
    touched[deal] = True
    dated = np.flatnonzero((visits.entered != NEVER) & touched[visits.deal]) if len(deal) else deal
    owner = np.concatenate([visits.deal[dated], deal])
    when = np.concatenate([visits.entered[dated], at])
    is_touch = np.repeat([0, 1], [len(dated), len(deal)])
    order = np.lexsort((is_touch, when, owner))
    latest = np.maximum.accumulate(np.where(is_touch[order] == 0, np.arange(len(order)), -1)) if len(order) else order
    found = np.full(len(deal), -1, np.int64)
    here = is_touch[order] == 1
    place = order[np.maximum(latest[here], 0)]
    found[order[here] - len(dated)] = np.where(
        latest[here] >= 0, np.append(dated, -1)[np.minimum(place, len(dated))], -1
    )
    found[(found >= 0) & (visits.deal[found] != deal)] = -1
    while (back := _made_leaving(told, found, at, stage)).any():
        found[back] -= 1
    found[at == NEVER] = -1
    return found


def _made_leaving(told: Journeys, visit: Ints, at: Ints, stage: Ints) -> Mask:
    """Which touchpoints say another stage than that of their visit, began with it, and have one before it."""
    visits = told.visits
    if not len(visits.deal):
        return visit >= 0
    before = np.maximum(visit - 1, 0)
    found: Mask = (
        (visit > 0)
        & (stage >= 0)
        & (visits.stage[visit] != stage)
        & (visits.entered[visit] == at)
        & (visits.deal[before] == visits.deal[visit])
        & (visits.entered[before] != NEVER)
    )
    return found


@dataclass(frozen=True, slots=True)
class Windows:
    """The window after each dated visit was entered: how many days of it were seen, and whether it was seen whole.

    ``whole``: the window, or the visit if it was shorter, lies within the follow-up.
    """

    visit: Ints
    seen_days: Floats
    whole: Mask


def windows(told: Journeys, stage: int) -> Windows:
    """Of each dated visit of the stage, as far as it lies after ``since``."""
    visits = told.visits
    its = np.flatnonzero((visits.stage == stage) & (visits.entered != NEVER))
    # Where nobody dated the next stage, nobody knows how long the deal stood here.
    again, left = told.left(its)
    known = ~again | (left != NEVER)
    its, again, left = its[known], again[known], left[known]
    if told.since != NEVER:
        later = visits.entered[its] >= told.since
        its, again, left = its[later], again[later], left[later]
    stays = np.where(again, left, told.until) - visits.entered[its]
    window = round(told.window_days * DAY)
    return Windows(its, np.minimum(stays, window) / DAY, again | (stays >= window))


def within(told: Journeys, found: Touches, chosen: Windows) -> Ints:
    """How many touchpoints fell into each of the windows."""
    dated = found.visit >= 0
    dated[dated] = found.at[dated] - told.visits.entered[found.visit[dated]] <= round(told.window_days * DAY)
    return np.bincount(found.visit[dated], minlength=len(told.visits.deal))[chosen.visit]


def of_kind(found: Touches, kind: int) -> Touches:
    """Those of one touchpoint."""
    its = found.kind == kind
    return Touches(found.deal[its], found.kind[its], found.at[its], found.visit[its], found.kinds)
