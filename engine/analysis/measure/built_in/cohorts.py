"""Deals by the period in which they began: how many of them were won by now, and by each horizon."""

from __future__ import annotations

from datetime import timedelta
from math import isnan

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON
from engine.analysis.measure.built_in.placed import Placed, cut_notes, placed
from engine.analysis.measure.view import View
from engine.analysis.spans import Spans, began, from_start_to_end
from engine.analysis.words import counted, of_band
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.model.values import duration_text
from engine.numerics import competing
from engine.numerics.competing import Incidences, Way
from engine.numerics.watching import known_by
from engine.tables.coded import DAY, NEVER, Ints


def cohorts(view: View) -> Section:
    """A row a period of start. A share by a horizon that nobody of the cohort was followed for is left empty."""
    its = placed(view)
    period = _period(view, its)
    rows = tuple((name, *_row(view, part)) for name, part in zip(view.periods.names, its.parts(period), strict=True))
    length = view.periods.every.value
    horizons = tuple(_horizon(days) for days in view.within)
    return Section(
        "cohorts",
        f"Deals by the {length} of their start",
        (
            Heading("period", "Began in"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("won", "Won so far", Unit.COUNT),
            Heading("lost", "Lost so far", Unit.COUNT),
            Heading("other", "Ended otherwise", Unit.COUNT),
            Heading("open", "Still open", Unit.COUNT),
            Heading("share_closed", "Won of won and lost", Unit.SHARE),
            Heading("share_won", "Share won so far", Unit.SHARE),
            *(Heading(f"won_by_{name}", f"Won by {name}", Unit.SHARE) for name in horizons),
        ),
        rows,
        says=_SAYS,
        notes=_notes(view, period, rows),
        empty="No deal has a date of its start.",
        charts=(_chart(length, horizons),),
    )


_SAYS = (
    "'Share won' is of all deals of the row: one that is open counts as long as it was watched, and lost deals and "
    "those that ended otherwise count as not won (Aalen-Johansen). 'Won of won and lost' leaves out the open ones: of "
    "young deals it is mostly the quick ends that are known, so that it says little yet.",
)


def _period(view: View, its: Placed) -> Ints:
    """The cohort of each deal; -1: none. Of those begun before anyone watched, those that soon ended are missing."""
    told = view.told
    seen = told.since == NEVER or told.started >= told.since
    # A close that never was dated lies before everything, as do dates that run backwards.
    undated = (began(told) == NEVER) | ((told.outcome != OPEN) & (told.closed < told.started))
    return np.where(seen & ~undated, its.started, -1)


def _row(view: View, deals: Ints) -> tuple[Figure, ...]:
    told = view.told
    won, lost, other, still = (int((told.outcome[deals] == each).sum()) for each in (WON, LOST, OTHER, OPEN))
    naive = won / (won + lost) if won + lost else None
    rest = other if OTHER in told.ends else None
    spans = from_start_to_end(told, deals)
    if not len(spans.exits):
        return (len(deals), won, lost, rest, still, naive, None, *(None for _ in view.within))
    ways = spans.ways(3)
    its = competing.way(ways, WON)
    seen = float(told.until - told.started[deals].min())
    shares = (_share(spans, ways, its, days * DAY) if days * DAY <= seen else None for days in view.within)
    return (len(deals), won, lost, rest, still, naive, _share(spans, ways, its, ways.longest), *shares)


def _share(spans: Spans, ways: Incidences, its: Way, time: float) -> Estimate | None:
    """The share won by a time; ``None``: nobody of the cohort was followed for so long."""
    band = competing.share_by(ways, its, time, known=known_by(time, spans.exits, spans.cause))
    return None if isnan(band.value) else of_band(band)


def _horizon(days: float) -> str:
    return duration_text(timedelta(days=days))


def _notes(view: View, period: Ints, rows: tuple[tuple[Figure, ...], ...]) -> tuple[str, ...]:
    notes = []
    elsewhere = int((period < 0).sum())
    if elsewhere:
        what = "begun before what is looked at, or begun or closed nobody knows when"
        notes.append(f"In no row: {counted(elsewhere, 'deal')} {what}.")
    young = sum(1 for row in rows if row[1] and any(each is None for each in row[8:]))
    if young:
        notes.append(
            f"Too young for a horizon, and so without a figure: {counted(young, view.periods.every.value)}; no deal "
            "that began then was followed for so long."
        )
    return (*notes, *cut_notes(view))


def _chart(length: str, horizons: tuple[str, ...]) -> Chart:
    series = tuple(f"won_by_{name}" for name in horizons) or ("share_won",)
    return Chart("cohorts", f"Share won, by the {length} of the start", Mark.LINES, ("period",), series)
