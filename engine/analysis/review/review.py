"""Closed deals to what they tell: the steps followed, contact points, times, detours, and what differs."""

from __future__ import annotations

from dataclasses import replace

from engine.analysis.asked import Asked
from engine.analysis.currencies import in_one_currency
from engine.analysis.in_short import check_any, in_short
from engine.analysis.journeys import Journeys, journeys, moment
from engine.analysis.review.contacts import contacts
from engine.analysis.review.detours import detours
from engine.analysis.review.differences import differences
from engine.analysis.review.flow import flow
from engine.analysis.review.groups import groups
from engine.analysis.review.overview import overview
from engine.analysis.review.times import Stay, between_stages, in_stages, start_to_end, stays
from engine.analysis.review.variants import variants
from engine.analysis.touches import touches
from engine.model.process import Process
from engine.model.study import Section, Study
from engine.tables.build import Tables

__all__ = ["Asked", "review"]


def review(tables: Tables, process: Process, *, asked: Asked) -> Study:
    """What the deals of one version of a process tell.

    Raises ``BadValue`` or ``UnknownName`` for what cannot be answered from them.
    """
    seen = journeys(tables, process, asked=asked)
    check_any(seen)
    one = in_one_currency(seen, rates=asked.rates)
    told = one.told
    stood = stays(told)
    sections = _sections(told, asked, stood)
    ways = next((section.says for section in sections if section.id == "steps-won"), ())
    return Study(
        kind="review",
        title=f"Review of {process.title or process.name}",
        subject=asked.subject,
        as_of=moment(told.until),
        sections=sections,
        says=(*in_short(told), *ways),
        flow=flow(told, stood),
        notes=one.notes,
        currency=told.process.currency,
        asked=replace(asked, window_days=told.window_days).told,
    )


def _sections(told: Journeys, asked: Asked, stood: tuple[Stay, ...]) -> tuple[Section, ...]:
    touched = touches(told)
    grouped = (groups(told, asked.by),) if asked.by else ()
    return (
        overview(told),
        *grouped,
        *variants(told),
        *contacts(told, touched),
        start_to_end(told),
        between_stages(told),
        in_stages(told, stood),
        *detours(told),
        *differences(told, touched),
    )
