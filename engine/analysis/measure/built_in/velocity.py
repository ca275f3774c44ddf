"""How fast value is won: a day, as it was, and by the usual formula from deals, win rate, mean value and cycle time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, OPEN, WON, days
from engine.analysis.measure.built_in.placed import cut_notes, open_at_end, placed, undated_notes
from engine.analysis.measure.periods import day_of
from engine.analysis.measure.view import View
from engine.analysis.spans import began
from engine.analysis.words import of_band
from engine.analysis.worth import amounts
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.numerics.intervals import NOBODY_KNOWS, Band, mean, product, total, wilson
from engine.tables.coded import NEVER, Floats, Ints, Mask

WHOLE = "all"


def velocity(view: View) -> Section:
    """A row for all that was seen, and one a period."""
    told, its = view.told, placed(view)
    seen, still = _days_seen(view), open_at_end(view, its)
    closes = _closes(view)
    parts = its.parts(its.closed[closes.deal])
    rows: list[tuple[Figure, ...]] = []
    if its.count:
        open_now = int(((told.outcome == OPEN) & (told.started != NEVER)).sum())
        rows.append((WHOLE, *_row(closes, int(seen.sum()), open_now)))
    for place, name in enumerate(view.periods.names):
        rows.append((name, *_row(closes.at(parts[place]), int(seen[place]), int(still[place]))))
    length = view.periods.every.value
    return Section(
        "velocity",
        "Velocity: value won a day",
        (
            Heading("period", length.capitalize()),
            Heading("value_per_day", "Value won a day", Unit.MONEY),
            Heading("open", "Open at end", Unit.COUNT),
            Heading("win_rate", "Win rate", Unit.SHARE),
            Heading("mean_value", "Mean value of the won", Unit.MONEY),
            Heading("cycle_days", "Mean time to the win", Unit.DAYS),
            Heading("velocity", "Velocity by the formula", Unit.MONEY),
        ),
        tuple(rows),
        says=(
            "'Value won a day' is what was won, by the days of the calendar. Beside it the usual formula, of the deals "
            "closed in the same time: open deals x win rate x mean value of the won / mean days from start to win. It "
            "says what a day would bring if the open deals went as those went.",
        ),
        notes=(*undated_notes(view), *cut_notes(view)),
        empty="No deal has a date: nothing can be told by day.",
    )


@dataclass(frozen=True, slots=True)
class _Closes:
    """Deals won or lost at a known time: an item a deal. ``amount`` and ``cycle`` (days) ``nan``: nobody knows."""

    deal: Ints
    won: Mask
    amount: Floats
    cycle: Floats

    def at(self, places: Ints) -> _Closes:
        return _Closes(self.deal[places], self.won[places], self.amount[places], self.cycle[places])


def _closes(view: View) -> _Closes:
    told = view.told
    deal = np.flatnonzero(((told.outcome == WON) | (told.outcome == LOST)) & (told.closed != NEVER))
    begins, closed = began(told, deal), told.closed[deal]
    # Dates that run backwards are no dates.
    cycle = np.where((begins == NEVER) | (closed < begins), np.nan, days(closed - told.started[deal]))
    return _Closes(deal, told.outcome[deal] == WON, amounts(told)[deal], cycle)


def _days_seen(view: View) -> Ints:
    """How many days of each period were seen."""
    starts = view.periods.starts
    if not view.periods.count:
        return starts
    first, last = day_of(view.seen_from, view.zone), day_of(view.told.until, view.zone)
    return np.minimum(starts[1:], last + 1) - np.maximum(starts[:-1], first)


def _row(closes: _Closes, seen: int, still: int) -> tuple[Figure, ...]:
    won, count = int(closes.won.sum()), len(closes.won)
    value = closes.amount[closes.won & ~np.isnan(closes.amount)]
    cycle = closes.cycle[closes.won & ~np.isnan(closes.cycle)]
    rate, worth, took = wilson(won, count), mean(value), mean(cycle)
    a_day = NOBODY_KNOWS if won and not len(value) else _times(total(value), 1 / seen)
    fast = _times(_formula(closes, rate.value, worth.value, took.value), still)
    return (_told(a_day), still, _told(rate), _told(worth), _told(took), _told(fast))


def _formula(closes: _Closes, rate: float, worth: float, took: float) -> Band:
    """Win rate x mean value / mean time of an open deal, with the interval that the same deals give all three."""
    if not rate > 0 or not took > 0 or np.isnan(worth):
        return NOBODY_KNOWS
    won, count = closes.won, len(closes.won)
    has_value, has_time = won & ~np.isnan(closes.amount), won & ~np.isnan(closes.cycle)
    pulls = (won - rate) / (rate * count)
    if worth:
        pulls = pulls + np.where(has_value, closes.amount - worth, 0.0) / (worth * has_value.sum())
    pulls = pulls - np.where(has_time, closes.cycle - took, 0.0) / (took * has_time.sum())
    found = product(rate * worth / took, pulls)
    return found if won.sum() > 1 else Band(found.value, np.nan, np.nan)


def _times(band: Band, factor: float) -> Band:
    return Band(band.value * factor, band.low * factor, band.high * factor)


def _told(band: Band) -> Estimate | None:
    return None if np.isnan(band.value) else of_band(band)
