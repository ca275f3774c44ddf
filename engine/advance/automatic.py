"""Automatic actions: taken in the transaction of the entry that made them true."""

from __future__ import annotations

from dataclasses import replace

from engine.advance.entries import entry_of
from engine.advance.occasion import Occasion
from engine.machine.automatic import following
from engine.machine.compile import Machine
from engine.model.deal import Deal, after
from engine.model.decision import Decision
from engine.model.entry import Entry
from engine.model.names import ENGINE


def with_automatic(machine: Machine, deal: Deal, entry: Entry, occasion: Occasion) -> tuple[Entry, ...]:
    """The entry and those of the automatic actions that follow from it; ``deal`` is the deal after the entry."""
    by_engine = replace(occasion, actor=ENGINE, role="", key="")

    def then(current: Deal, decision: Decision) -> Deal:
        return after(current, entry_of(decision, current, by_engine))

    entries = [entry]
    for decision in following(machine, deal, now=occasion.at, after=then, actor=ENGINE):
        entries.append(entry_of(decision, deal, by_engine))
        deal = after(deal, entries[-1])
    return tuple(entries)
