"""Deals that happened to where the process can be made faster: stages, requirements, approvals, contact points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.analysis.accelerate.advice import advice
from engine.analysis.accelerate.idle import idle
from engine.analysis.accelerate.levers import levers
from engine.analysis.accelerate.passed import passed
from engine.analysis.accelerate.sections import bottlenecks, days_won, notes, wins_gained
from engine.analysis.accelerate.waiting import wait_sections
from engine.analysis.accelerate.waits import waits
from engine.analysis.asked import Asked
from engine.analysis.currencies import in_one_currency
from engine.analysis.in_short import check_any, left_out_notes
from engine.analysis.journeys import journeys, moment
from engine.model.entry import Entry
from engine.model.process import Process
from engine.model.study import Study
from engine.tables.build import Tables

__all__ = ["Asked", "accelerate"]


def accelerate(
    tables: Tables,
    process: Process,
    *,
    asked: Asked,
    granted: Sequence[Entry] = (),
    currencies: Mapping[int, str] | None = None,
) -> Study:
    """Where the deals of all versions of a process, told in the words of this one, could go faster.

    ``granted`` are the approvals that a journal tells were given, ``currencies`` those of each version. Raises
    ``BadValue`` where there is no deal to look at, for bounds beyond what was seen, and for money of several currencies
    without rates.
    """
    seen = journeys(tables, process, asked=replace(asked, every_version=True))
    check_any(seen)
    one = in_one_currency(seen, currencies=currencies, rates=asked.rates)
    told = one.told
    found = passed(told)
    pulled = levers(told, found)
    waited = waits(told, granted)
    return Study(
        kind="accelerate",
        title=f"Where {process.title or process.name} can be made faster",
        subject=asked.subject,
        as_of=moment(told.until),
        sections=(
            days_won(told, found, pulled),
            wins_gained(told, found, pulled),
            bottlenecks(told, found, pulled),
            *wait_sections(told, waited),
            idle(told),
        ),
        says=advice(told, found, pulled, waited),
        notes=(*notes(told, found), *left_out_notes(told), *one.notes),
        currency=told.process.currency,
        asked=(("since", asked.since), ("as_of", asked.as_of)),
    )
