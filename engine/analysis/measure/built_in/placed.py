"""In which period deals began and were closed, and how many stood open at the end of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.analysis.journeys import OPEN
from engine.analysis.measure.periods import date_of
from engine.analysis.measure.view import View
from engine.analysis.words import counted
from engine.tables.coded import NEVER, Ints, Mask

_IMPOSSIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Placed:
    """The number of the period in which each deal began and was closed; -1: before the first of them, or undated."""

    started: Ints
    closed: Ints
    count: int

    def counts(self, period: Ints, deals: Mask) -> Ints:
        """How many of the deals there are in each period."""
        return np.bincount(period[deals & (period >= 0)], minlength=self.count)[: self.count]

    def parts(self, period: Ints) -> tuple[Ints, ...]:
        """The places of the items of each period, in order; ``period`` has the number of that of each item."""
        ranked = np.argsort(period, kind="stable")
        edges = np.searchsorted(period[ranked], np.arange(self.count + 1))
        return tuple(ranked[first:last] for first, last in pairwise(edges.tolist()))


def placed(view: View) -> Placed:
    """Where the deals lie among the periods of the view; each is a day of the calendar where the process is at home."""
    told = view.told
    return Placed(view.periods.of(told.started, view.zone), view.periods.of(told.closed, view.zone), view.periods.count)


def open_at_end(view: View, its: Placed) -> Ints:
    """Begun by the end of each period and not closed by then; a deal that was re-opened was open all the while.

    What nobody can date is not among them: neither deals of no dated start nor those closed nobody knows when.
    """
    told = view.told
    followed = (told.started != NEVER) & ((told.outcome == OPEN) | (told.closed != NEVER))
    before = int((followed & (its.started < 0)).sum())
    begun, closed = its.counts(its.started, followed), its.counts(its.closed, followed)
    return before + np.cumsum(begun - closed)


def undated_notes(view: View) -> tuple[str, ...]:
    """Which deals no period can tell of."""
    told = view.told
    never = int((told.started == NEVER).sum())
    unknown = int(((told.outcome != OPEN) & (told.closed == NEVER) & (told.started != NEVER)).sum())
    said = (
        (never, "of which nothing is dated"),
        (unknown, "of which nobody wrote down the close: begun, and neither closed nor open here"),
    )
    return tuple(f"In no period: {counted(count, 'deal')} {what}." for count, what in said if count)


def cut_notes(view: View) -> tuple[str, ...]:
    """Whether deals that were closed early seem to be missing, as in an export of what was closed since some day.

    Where none were, that not one of the deals begun long before the first close had ended by then is all but
    impossible: in the time that half of the closed took, each of them had its chance.
    """
    told = view.told
    closed = (told.outcome != OPEN) & (told.closed != NEVER) & (told.closed > told.started)
    if told.since != NEVER or not closed.any():
        return ()
    first, half = int(told.closed[closed].min()), int(np.median((told.closed - told.started)[closed]))
    dated = told.started != NEVER
    waiting = int((told.started[dated] <= first - half).sum())
    if (1 - 0.5 * closed.sum() / dated.sum()) ** waiting > _IMPOSSIBLE:
        return ()
    day = date_of(first, view.zone)
    return (
        f"No deal is seen to close before {day}, although {counted(waiting, 'deal')} had begun so long before it as "
        "half of the closed took: deals that were closed earlier seem to be missing, and figures of that time lie. "
        f"--since {day} measures what was seen from then on.",
    )
