"""Deals of a journal that are tried, refused, waived and broken, told in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.measure import viewed
from engine.analysis.measure.view import View
from engine.history.entries import fact_types, tables_of
from engine.model.decision import About, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process, Stage, Track
from engine.model.rule import Force
from engine.model.study import Section
from engine.model.syntax import Value

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
LAST = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SELLING = Process(
    "selling",
    1,
    Track("main", (Stage("new"), Stage("offer"), Stage("won", ends="won"), Stage("lost", ends="lost")), ()),
)


@dataclass(frozen=True)
class Tried:
    """An action tried on a day: to where it led (empty: refused), and what was not met.

    ``not_met``: a requirement and ``failed``, ``unknown`` or ``waived``; ``advised``: what it only should meet.
    """

    action: str
    day: float | None
    to: str = ""
    not_met: Mapping[str, str] = field(default_factory=dict)
    advised: tuple[str, ...] = ()
    actor: str = ""
    touchpoint: str = ""


@dataclass(frozen=True)
class Life:
    """A deal, begun on a day."""

    deal: str
    tries: tuple[Tried, ...] = ()
    day: float = 0
    facts: Mapping[str, Value] = field(default_factory=dict)
    version: int = 1


def seen(*lives: Life, process: Process = SELLING, **asked: object) -> View:
    """The view of the deals, as of the last day."""
    tables = tables_of((entry for life in lives for entry in entries(life)), fact_types([process]))
    return viewed(tables, process, Asked(**{"as_of": LAST, **asked}))  # type: ignore[arg-type]


def entries(life: Life) -> Iterable[Entry]:
    """The entries of a deal."""
    at = BEGIN + life.day * DAY
    told = {"process": "selling", "version": life.version, "digest": "d"}
    yield Entry(life.deal, 1, EntryKind.STARTED, at, at, to_stage="new", facts=life.facts, **told)  # type: ignore[arg-type]
    stage = "new"
    for number, each in enumerate(life.tries, 2):
        when = BEGIN + each.day * DAY if each.day is not None else at
        yield Entry(
            life.deal,
            number,
            EntryKind.MOVED if each.to else EntryKind.REFUSED,
            when,
            when,
            **told,  # type: ignore[arg-type]
            action=each.action,
            from_stage=stage,
            to_stage=each.to or "offer",
            outcome=each.to if each.to in ("won", "lost") else "",
            undated=each.day is None,
            actor=each.actor,
            touchpoint=each.touchpoint if each.to else "",
            verdicts=tuple(_verdicts(each)),
        )
        stage, at = each.to or stage, when


def _verdicts(each: Tried) -> Iterable[Verdict]:
    yield Verdict("sound", About.REQUIRES, Result.PASSED, "It is sound")
    for name, result in each.not_met.items():
        yield Verdict(name, About.REQUIRES, Result(result), name)
    for name in each.advised:
        yield Verdict(name, About.REQUIRES, Result.FAILED, name, Force.SHOULD)


def rows(section: Section, *columns: str) -> list[tuple[object, ...]]:
    """The rows by the ids of columns; of an estimate its value."""
    places = [[heading.id for heading in section.headings].index(name) for name in columns]
    return [tuple(getattr(row[place], "value", row[place]) for place in places) for row in section.rows]


def half(view: View) -> np.ndarray:
    """Every other deal."""
    return np.arange(view.told.count) % 2 == 0
