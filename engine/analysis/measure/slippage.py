"""Dates that were foretold while deals were open: how often they were moved, and how far the close lay from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.analysis.journeys import OPEN, Journeys, first_of_each
from engine.analysis.measure.periods import day_of, days_of
from engine.analysis.measure.view import View
from engine.analysis.words import below, of_band
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.model.syntax import Kind
from engine.model.values import parse_date
from engine.numerics.intervals import quantile, wilson
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, places, whole_numbers

_FIRST = date(1970, 1, 1).toordinal()
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


@dataclass(frozen=True, slots=True)
class _Named:
    """The dates named of one fact while deals were open, deal by deal in order. Days are since 1970."""

    deal: Ints
    day: Ints

    @property
    def begins(self) -> Mask:
        return first_of_each(self.deal)

    @property
    def ends(self) -> Mask:
        return first_of_each(self.deal[::-1])[::-1]


def slippage(view: View) -> Section:
    """A row a date that was recorded of an open deal, in the order declared."""
    told = view.told
    facts, written = _foretold(told.process)
    closed, is_dated = days_of(told.closed, view.zone)
    close = _Closes(closed, is_dated & (told.outcome != OPEN), told.outcome == OPEN, day_of(told.until, view.zone))
    rows = tuple((fact.title or fact.id, *_row(named, close)) for fact, named in _named(told, facts))
    return Section(
        "slippage",
        "Dates that slipped",
        _HEADINGS,
        rows,
        notes=below(rows, *_NOTES, *_by_itself(written)),
        empty="No fact that is a date was recorded of an open deal.",
    )


@dataclass(frozen=True, slots=True)
class _Closes:
    """By deal: the day of the close, whether it has one, whether it is open; and the day that is today."""

    day: Ints
    dated: Mask
    is_open: Mask
    today: int


def _foretold(process: Process) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The dates that people name, and the names of those that the process writes down: they foretell nothing."""
    stages = [stage for track in process.all_tracks() for stage in track.stages]
    actions = [action for track in process.all_tracks() for action in track.actions]
    by_itself = {each.fact for stage in stages for each in stage.stamps}
    by_itself |= {each.fact for action in actions for each in action.sets}
    dates = [fact for fact in process.facts.values() if fact.type.kind is Kind.DATE and fact.table is None]
    return (
        tuple(fact for fact in dates if fact.id not in by_itself),
        tuple(fact.title or fact.id for fact in dates if fact.id in by_itself),
    )


def _named(told: Journeys, facts: tuple[Fact, ...]) -> Iterator[tuple[Fact, _Named]]:
    """The dates named while deals were open, of each fact of which there are any."""
    if not facts or not told.count:
        return
    which = codes_among(told.tables.facts, "fact", tuple(fact.id for fact in facts))
    table = kept(told.tables.facts, which >= 0)
    number = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", told.tables.deals)]
    seq, (code, texts) = whole_numbers(table, "seq"), codes(table, "value")
    when = moments(table, "happened_at")
    day = np.array([*map(_day, texts), NEVER], np.int64)[code]
    closing = np.where(told.closing >= 0, told.visits.seq[told.closing], np.iinfo(np.int64).max)
    keep = (deal >= 0) & (day != NEVER) & (seq < closing[deal]) & (when <= told.until)
    which = which[which >= 0]
    order = np.flatnonzero(keep)[np.lexsort((seq[keep], deal[keep]))]
    for place, fact in enumerate(facts):
        its = order[which[order] == place]
        if len(its):
            yield fact, _Named(deal[its], day[its])


def _day(text: str) -> int:
    try:
        return parse_date(text).toordinal() - _FIRST
    except BadValue:
        return NEVER


def _row(named: _Named, close: _Closes) -> tuple[Figure, ...]:
    begins, ends = named.begins, named.ends
    first, last, deal = named.day[begins], named.day[ends], named.deal[begins]
    steps = np.where(begins[1:], 0, np.diff(named.day))
    moved = np.zeros(len(close.day), np.bool_)
    moved[named.deal[1:][steps != 0]] = True
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


def _by_itself(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        return ()
    return (f"Not told here, since a stage or an action writes them down by itself: {', '.join(names)}.",)
