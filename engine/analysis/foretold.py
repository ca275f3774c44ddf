"""Dates that people named while deals were open, such as when one is expected to close: each time one was named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.analysis.journeys import Journeys, first_of_each
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.model.values import parse_date
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, places, whole_numbers

_FIRST = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Foretold:
    """The dates named of one fact, deal by deal in order; ``title`` is what people call it. Days are since 1970."""

    title: str
    deal: Ints
    day: Ints

    @property
    def begins(self) -> Mask:
        """Which items are the first of their deal."""
        return first_of_each(self.deal)

    @property
    def ends(self) -> Mask:
        """Which items are the last of their deal."""
        return first_of_each(self.deal[::-1])[::-1]

    def of_deals(self, deals: Mask) -> Foretold:
        """Those of some of the deals, numbered anew; the mask has one item a deal."""
        its = deals[self.deal]
        return Foretold(self.title, (np.cumsum(deals) - 1)[self.deal[its]], self.day[its])


def foretold(told: Journeys) -> tuple[Foretold, ...]:
    """The dates of each fact that is a date and of which one was named of an open deal, in the order declared.

    A date that the process writes down by itself foretells nothing.
    """
    by_itself = _by_itself(told.process)
    return tuple(_named(told, tuple(fact for fact in _dates(told.process) if fact.id not in by_itself)))


def written_by_itself(process: Process) -> tuple[str, ...]:
    """What people call the dates that stages and actions write down."""
    by_itself = _by_itself(process)
    return tuple(fact.title or fact.id for fact in _dates(process) if fact.id in by_itself)


def _dates(process: Process) -> list[Fact]:
    return [fact for fact in process.facts.values() if fact.type.kind is Kind.DATE and fact.table is None]


def _by_itself(process: Process) -> set[str]:
    stages = [stage for track in process.all_tracks() for stage in track.stages]
    actions = [action for track in process.all_tracks() for action in track.actions]
    return {each.fact for stage in stages for each in stage.stamps} | {
        each.fact for action in actions for each in action.sets
    }


def _named(told: Journeys, facts: tuple[Fact, ...]) -> Iterator[Foretold]:
    if not facts or not told.count or not told.tables.facts.num_rows:
        return
    which = codes_among(told.tables.facts, "fact", tuple(fact.id for fact in facts))
    # Of the whole table, in which deals mostly stand as they stand in theirs, no name need be looked up.
    number = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(told.tables.facts, "deal", told.tables.deals)][which >= 0]
    table = kept(told.tables.facts.select(["seq", "happened_at", "value"]), which >= 0)
    seq, (code, texts) = whole_numbers(table, "seq"), codes(table, "value")
    day = np.array([*map(_day, texts), NEVER], np.int64)[code]
    closing = np.where(told.closing >= 0, told.visits.seq[told.closing], np.iinfo(np.int64).max)
    keep = (deal >= 0) & (day != NEVER) & (seq < closing[deal]) & (moments(table, "happened_at") <= told.until)
    which = which[which >= 0]
    order = np.flatnonzero(keep)[np.lexsort((seq[keep], deal[keep]))]
    for place, fact in enumerate(facts):
        its = order[which[order] == place]
        if len(its):
            yield Foretold(fact.title or fact.id, deal[its], day[its])


def _day(text: str) -> int:
    try:
        return parse_date(text).toordinal() - _FIRST
    except BadValue:
        return NEVER
