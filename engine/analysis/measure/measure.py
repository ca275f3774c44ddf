"""Deals to the figures of a report: every built-in measure, and those that the process declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.analysis import asked as bounds
from engine.analysis.currencies import in_one_currency
from engine.analysis.in_short import check_any, in_short, left_out_notes
from engine.analysis.journeys import journeys, moment
from engine.analysis.measure.asked import HORIZONS, Asked
from engine.analysis.measure.chosen import chosen
from engine.analysis.measure.declared.declared import declared
from engine.analysis.measure.glance import glance
from engine.analysis.measure.groups.broken_down import broken_down, grouped, side_by_side
from engine.analysis.measure.groups.comparable import breaks, noted, said
from engine.analysis.measure.groups.compare import beside, cautions, either, of_versions, said_of
from engine.analysis.measure.groups.grouping import grouping
from engine.analysis.measure.only import DECLARED, GROUPS, named
from engine.analysis.measure.sections import MEASURES, Measure
from engine.analysis.measure.view import View, view
from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.study import Section, Study
from engine.tables.build import Tables

_DAY = timedelta(days=1)
_AFTER_DECLARED = frozenset({"funnel", "pipeline", "refusals"})
"""The first of these comes behind what the process declares."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a report says: its sections, and the sentences above and below them all."""

    sections: tuple[Section, ...]
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def measure(tables: Tables, process: Process, *, asked: Asked) -> Study:
    """The figures of the deals of all versions of a process, told in the words of this one.

    Raises ``BadValue`` or ``UnknownName`` for what cannot be answered from them.
    """
    seen = chosen(viewed(tables, process, asked), asked.where)
    measures = named(_measures(seen, only=asked.only), process, asked.only, more=(GROUPS,) if asked.by else ())
    told = _told(seen, measures, asked)
    found = breaks(seen if asked.versions is None else either(seen, asked.versions), asked.changes)
    return Study(
        kind="measure",
        title=f"Measures of {process.title or process.name}",
        subject=asked.subject,
        as_of=moment(seen.told.until),
        sections=tuple(noted(each, found) for each in told.sections),
        says=(*told.says, *said(found, told.sections)),
        notes=(*told.notes, *left_out_notes(seen.told), *seen.notes),
        glance=glance(told.sections, seen.process.currency),
        currency=seen.process.currency,
        asked=asked.told,
    )


def _measures(seen: View, *, only: Sequence[str]) -> tuple[Measure, ...]:
    """The built-in measures, and what the process declares behind those that tell how deals came out."""
    at = next((place for place, each in enumerate(MEASURES) if each.id in _AFTER_DECLARED), len(MEASURES))
    declares = {metric.id for metric in seen.process.metrics}
    alone = () if any(name in only for name in DECLARED) else tuple(name for name in only if name in declares)
    return (*MEASURES[:at], *declared(seen, only=alone), *MEASURES[at:])


def viewed(tables: Tables, process: Process, asked: Asked) -> View:
    """The view of the deals. Raises ``BadValue`` where there is none, or a horizon reaches beyond the follow-up."""
    bound = bounds.Asked(asked.subject, asked.since, asked.as_of, every_version=True, zone=ZoneInfo(process.time_zone))
    told = journeys(tables, process, asked=bound)
    check_any(told)
    one = in_one_currency(told, currencies=asked.currencies, rates=asked.rates)
    seen = view(one.told, every=asked.every, within=tuple(each / _DAY for each in asked.within or HORIZONS))
    if asked.within and seen.beyond:
        raise BadValue(
            f"a horizon of {seen.beyond[-1]:g} days reaches beyond the follow-up of {seen.seen_days:.1f} days",
            hint="ask for a shorter one with --within",
        )
    return replace(seen, notes=one.notes)


def _told(seen: View, measures: Sequence[Measure], asked: Asked) -> _Told:
    if asked.versions is not None:
        return _compared(seen, measures, asked.versions)
    if asked.by:
        return _by_group(seen, measures, asked)
    return _Told(tuple(each.of(seen) for each in measures), in_short(seen.told))


def _by_group(seen: View, measures: Sequence[Measure], asked: Asked) -> _Told:
    by = grouping(seen.told, asked.by, teams=asked.teams)
    groups = grouped(seen, by)
    sections = tuple(
        each.of(seen) if each.in_full else broken_down(each.of, seen, groups, title=by.title) for each in measures
    )
    summary = (side_by_side(seen, by),) if not asked.only or GROUPS in asked.only else ()
    return _Told((*summary, *sections), in_short(seen.told), () if summary else by.notes)


def _compared(seen: View, measures: Sequence[Measure], versions: tuple[int, int]) -> _Told:
    groups = of_versions(seen, versions)
    found = tuple(beside(each.of, groups, keys=each.keys) for each in measures if not each.in_full)
    sections = tuple(section for each in found for section in (each.both, each.apart) if section is not None)
    return _Told(sections, said_of(groups, found), cautions(seen))
