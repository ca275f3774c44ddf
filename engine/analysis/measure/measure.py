"""Deals to the figures of a report: every built-in measure, and those that the process declares."""

from __future__ import annotations

from datetime import timedelta

from engine.analysis import asked as bounds
from engine.analysis.journeys import journeys, moment
from engine.analysis.measure.asked import HORIZONS, Asked
from engine.analysis.measure.chosen import chosen
from engine.analysis.measure.declared import declared
from engine.analysis.measure.sections import MEASURES, Measure
from engine.analysis.measure.view import View, view
from engine.analysis.review.overview import in_short, left_out_notes
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.study import Study
from engine.tables.build import Tables

_DAY = timedelta(days=1)
_AFTER_DECLARED = frozenset({"funnel", "pipeline", "refusals"})
"""The first of these comes behind what the process declares."""


def measure(tables: Tables, process: Process, *, asked: Asked) -> Study:
    """The figures of the deals of all versions of a process, told in the words of this one.

    Raises ``BadValue`` or ``UnknownName`` for what cannot be answered from them.
    """
    seen, left_out = chosen(viewed(tables, process, asked), asked.where)
    told = seen.told
    return Study(
        kind="measure",
        title=f"Measures of {process.title or process.name}",
        subject=asked.subject,
        as_of=moment(told.until),
        sections=tuple(each.of(seen) for each in _measures(seen)),
        says=in_short(told),
        notes=(*left_out, *left_out_notes(told)),
        currency=process.currency,
        asked=asked.told,
    )


def _measures(seen: View) -> tuple[Measure, ...]:
    """The built-in measures, and what the process declares behind those that tell how deals came out."""
    at = next((place for place, each in enumerate(MEASURES) if each.id in _AFTER_DECLARED), len(MEASURES))
    return (*MEASURES[:at], *declared(seen), *MEASURES[at:])


def viewed(tables: Tables, process: Process, asked: Asked) -> View:
    """The view of the deals. Raises ``BadValue`` where there is none, or a horizon reaches beyond the follow-up."""
    bound = bounds.Asked(asked.subject, asked.since, asked.as_of, every_version=True)
    told = journeys(tables, process, asked=bound)
    if not told.count:
        raise BadValue(
            " ".join(("there is no deal to look at.", *left_out_notes(told))),
            hint="name another --process, --since or --until, or look at another file",
        )
    seen = view(told, every=asked.every, within=tuple(each / _DAY for each in asked.within or HORIZONS))
    if asked.within and seen.beyond:
        raise BadValue(
            f"a horizon of {seen.beyond[-1]:g} days reaches beyond the follow-up of {seen.seen_days:.1f} days",
            hint="ask for a shorter one with --within",
        )
    return seen
