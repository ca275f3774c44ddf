"""Period by period: what began, what was won and lost, what was left open, and what the wins were worth."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from engine.analysis.journeys import LOST, OTHER, WON
from engine.analysis.measure.built_in.placed import cut_notes, open_at_end, placed, undated_notes
from engine.analysis.measure.periods import Every, date_of, day_of
from engine.analysis.measure.view import View
from engine.analysis.words import of_band
from engine.analysis.worth import Worth, worth
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit
from engine.numerics.intervals import wilson
from engine.tables.coded import NEVER


def by_period(view: View) -> Section:
    """A row a period, also for one in which nothing happened."""
    told, its = view.told, placed(view)
    every = np.ones(told.count, np.bool_)
    started = its.counts(its.started, every).tolist()
    won, lost, other = (its.counts(its.closed, told.outcome == each).tolist() for each in (WON, LOST, OTHER))
    still = open_at_end(view, its).tolist()
    values = worth(told, np.where(told.outcome == WON, its.closed, -1), its.count)
    can_end_otherwise = OTHER in told.ends
    rows: list[tuple[Figure, ...]] = []
    for place, name in enumerate(view.periods.names):
        closed = won[place] + lost[place]
        rate = of_band(wilson(won[place], closed)) if closed else None
        counts = (started[place], won[place], lost[place], other[place] if can_end_otherwise else None, still[place])
        rows.append((name, *counts, rate, _value(values[place], won[place])))
    length = view.periods.every.value
    return Section(
        "by-period",
        f"By {length}",
        (
            Heading("period", length.capitalize()),
            Heading("started", "Started", Unit.COUNT),
            Heading("won", "Won", Unit.COUNT),
            Heading("lost", "Lost", Unit.COUNT),
            Heading("other", "Ended otherwise", Unit.COUNT),
            Heading("open", "Open at its end", Unit.COUNT),
            Heading("win_rate", "Won of won and lost", Unit.SHARE),
            Heading("value_won", "Value won", Unit.MONEY),
        ),
        tuple(rows),
        says=(_says(view),),
        notes=(*_cut(view), *undated_notes(view), *cut_notes(view)),
        empty="No deal has a date: nothing can be told by period.",
        charts=_charts(length),
    )


def _says(view: View) -> str:
    told = (
        f"A deal is counted where it began and where it was closed, by the calendar of {view.process.time_zone}. "
        "The win rate is of the deals that were closed then."
    )
    weeks = " Weeks begin on Monday; the first of a year is the one with its first Thursday."
    return told + weeks if view.periods.every is Every.WEEK else told


def _value(worth: Worth, won: int) -> Decimal | None:
    # Of no wins the value is known; of wins without a value it is not.
    return worth.value if won else Decimal(0)


def _charts(length: str) -> tuple[Chart, ...]:
    period = ("period",)
    return (
        Chart("trend", f"Closed by {length}", Mark.STACK, period, ("won", "lost", "other")),
        Chart("win-rate", f"Win rate by {length}", Mark.LINES, period, ("win_rate",)),
        Chart("started", f"Started, and open at the end of the {length}", Mark.LINES, period, ("started", "open")),
    )


def _cut(view: View) -> tuple[str, ...]:
    """Which periods were not seen whole."""
    periods, names = view.periods, view.periods.names
    if not periods.count:
        return ()
    notes = []
    since, until = view.told.since, day_of(view.told.until, view.zone)
    if since != NEVER and day_of(since, view.zone) > periods.starts[0]:
        notes.append(f"{names[0]} is told only from {date_of(since, view.zone)} on.")
    if until + 1 < periods.starts[-1]:
        notes.append(f"{names[-1]} is not over: it is told up to {date_of(view.told.until, view.zone)}.")
    return tuple(notes)
