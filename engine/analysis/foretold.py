"""The days that were named while deals were open, of facts that are dates: when something was to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from engine.analysis.journeys import Journeys
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.model.values import parse_date
from engine.tables.coded import NEVER, Ints, Mask, codes, codes_among, kept, moments, places, whole_numbers

_FIRST = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Foretold:
    """One item a day named, deal by deal, each deal's in order: which of ``facts``, the deal's number, days since 1970.

    ``written`` are dates that a stage or an action writes down by itself, ``past`` those of which no day named lies
    after the start of its deal, such as the day on which it was created: they foretell nothing, and are left out.
    """

    facts: tuple[Fact, ...]
    written: tuple[str, ...]
    fact: Ints
    deal: Ints
    day: Ints
    past: tuple[str, ...] = ()

    def of_deals(self, deals: Mask) -> Foretold:
        """Those of some deals, numbered anew; the mask has one item a deal."""
        its = deals[self.deal]
        return replace(self, fact=self.fact[its], deal=(np.cumsum(deals) - 1)[self.deal[its]], day=self.day[its])

    def after(self, starts: Ints, has_start: Mask) -> Foretold:
        """Without the facts of which all days lie at the start of their deal or before it; a day since 1970 a deal."""
        is_ahead = ~has_start[self.deal] | (self.day > starts[self.deal])
        ahead, named = (np.bincount(its, minlength=len(self.facts)) for its in (self.fact[is_ahead], self.fact))
        past = tuple(each.title or each.id for each, a, n in zip(self.facts, ahead, named, strict=True) if n and not a)
        keep = ahead[self.fact] > 0
        return replace(self, fact=self.fact[keep], deal=self.deal[keep], day=self.day[keep], past=past)


def foretold(told: Journeys) -> Foretold:
    """What was named before each deal closed, in the order in which it was told."""
    facts, written = _dates(told.process)
    none = np.zeros(0, np.int64)
    if not facts or not told.count:
        return Foretold(facts, written, none, none, none)
    which = codes_among(told.tables.facts, "fact", tuple(fact.id for fact in facts))
    table = kept(told.tables.facts, which >= 0)
    number = np.full(told.tables.deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", told.tables.deals)]
    seq, (code, texts) = whole_numbers(table, "seq"), codes(table, "value")
    day = np.array([*map(_day, texts), NEVER], np.int64)[code]
    closing = np.where(told.closing >= 0, told.visits.seq[told.closing], np.iinfo(np.int64).max)
    keep = (deal >= 0) & (day != NEVER) & (seq < closing[deal]) & (moments(table, "happened_at") <= told.until)
    order = np.flatnonzero(keep)[np.lexsort((seq[keep], deal[keep]))]
    return Foretold(facts, written, which[which >= 0][order], deal[order], day[order])


def _dates(process: Process) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    stages = [stage for track in process.all_tracks() for stage in track.stages]
    actions = [action for track in process.all_tracks() for action in track.actions]
    by_itself = {each.fact for stage in stages for each in stage.stamps}
    by_itself |= {each.fact for action in actions for each in action.sets}
    dates = [fact for fact in process.facts.values() if fact.type.kind is Kind.DATE and fact.table is None]
    return (
        tuple(fact for fact in dates if fact.id not in by_itself),
        tuple(fact.title or fact.id for fact in dates if fact.id in by_itself),
    )


def _day(text: str) -> int:
    try:
        return parse_date(text).toordinal() - _FIRST
    except BadValue:
        return NEVER
