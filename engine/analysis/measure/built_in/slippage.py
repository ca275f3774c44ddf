"""Dates that were foretold while deals were open: how often they were moved, and how far the close lay from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN
from engine.analysis.measure.periods import day_of, days_of
from engine.analysis.measure.view import View
from engine.analysis.visits import first_of_each
from engine.analysis.words import below, of_band
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.numerics.intervals import quantile, wilson
from engine.tables.coded import Ints, Mask

_HEADINGS = (
    Heading("fact", "Date"),
    Heading("deals", "Deals with it", Unit.COUNT),
    Heading("moved", "Moved it", Unit.COUNT),
    Heading("later", "Times later", Unit.COUNT),
    Heading("earlier", "Times earlier", Unit.COUNT),
    Heading("moved_days", "Moved by", Unit.DAYS),
    Heading("closed", "Closed", Unit.COUNT),
    Heading("after_first", "After the first date", Unit.SHARE),
    Heading("late_first_days", "Days after the first", Unit.DAYS),
    Heading("after_last", "After the last date", Unit.SHARE),
    Heading("late_last_days", "Days after the last", Unit.DAYS),
    Heading("open", "Open", Unit.COUNT),
    Heading("overdue", "Date has passed", Unit.COUNT),
)
_NOTES = (
    "A row is a fact that is a date and was recorded while deals were open. 'Moved by' is the median of the days from "
    "the first date to the last one, of deals that moved it; less than 0 is earlier.",
    "Of deals that closed, any way: the share that closed after the date first and last named, and the median of the "
    "days from that date to the close (less than 0: before it). Open deals are told apart.",
)


def slippage(view: View) -> Section:
    """A row a date that was recorded of an open deal, in the order declared."""
    told, named = view.told, view.foretold
    closed, is_dated = days_of(told.closed, view.zone)
    close = _Closes(closed, is_dated & (told.outcome != OPEN), told.outcome == OPEN, day_of(told.until, view.zone))
    its = (
        (fact, named.deal[named.fact == place], named.day[named.fact == place])
        for place, fact in enumerate(named.facts)
    )
    rows = tuple((fact.title or fact.id, *_row(deal, day, close)) for fact, deal, day in its if len(deal))
    return Section(
        "slippage",
        "Dates that slipped",
        _HEADINGS,
        rows,
        notes=below(rows, *_NOTES, *_by_itself(named.written), *_never_ahead(named.past)),
        empty="No fact that is a date was recorded of an open deal.",
    )


@dataclass(frozen=True, slots=True)
class _Closes:
    """By deal: the day of the close, whether it has one, whether it is open; and the day that is today."""

    day: Ints
    dated: Mask
    is_open: Mask
    today: int


def _row(named: Ints, day: Ints, close: _Closes) -> tuple[Figure, ...]:
    """The figures of one fact: the days named, and of which deals, deal by deal in order."""
    begins, ends = first_of_each(named), first_of_each(named[::-1])[::-1]
    first, last, deal = day[begins], day[ends], named[begins]
    steps = np.where(begins[1:], 0, np.diff(day))
    moved = np.zeros(len(close.day), np.bool_)
    moved[named[1:][steps != 0]] = True
    ended, is_open = close.dated[deal], close.is_open[deal]
    closed = close.day[deal][ended]
    return (
        len(deal),
        int(moved.sum()),
        int((steps > 0).sum()),
        int((steps < 0).sum()),
        _median((last - first)[moved[deal]]),
        len(closed),
        *_after(closed - first[ended]),
        *_after(closed - last[ended]),
        int(is_open.sum()),
        int((last[is_open] < close.today).sum()),
    )


def _after(late: Ints) -> tuple[Estimate | None, Estimate | None]:
    """The share of closes that lay after the date, and the median of the days by which."""
    share = of_band(wilson(int((late > 0).sum()), len(late))) if len(late) else None
    return share, _median(late)


def _median(days: Ints) -> Estimate | None:
    return of_band(quantile(days.astype(np.float64), 0.5)) if len(days) else None


def _never_ahead(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    return (f"Not told here, since it never lies after the start of a deal: {', '.join(names)}.",)


def _by_itself(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    return (f"Not told here, since a stage or an action writes them down by itself: {', '.join(names)}.",)
