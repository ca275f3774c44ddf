"""Moves whose requirements were waived: which, by whom, and how often such deals were won beside others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.judged import WAIVED, Judged, judged
from engine.analysis.measure.judging import deals_of, in_words, others, win_rate
from engine.analysis.measure.view import View
from engine.analysis.words import below
from engine.machine.sayings import sayings
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import Ints

_NOBODY = "(not told)"


def overrides(view: View) -> Section:
    """A row for all, one a requirement, and one a person who made such moves."""
    found = judged(view.told)
    rows = tuple(_rows(view.told, found)) if found else ()
    return Section(
        "overrides",
        "Waived requirements",
        (
            Heading("by", "By"),
            Heading("name", "Which"),
            Heading("moves", "Moves", Unit.COUNT),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("win_rate", "Won of won and lost", Unit.SHARE),
            Heading("others", "Others", Unit.COUNT),
            Heading("win_rate_others", "Won of those", Unit.SHARE),
        ),
        rows,
        notes=below(
            rows,
            "'Others' are deals in which the same action was done with nothing waived: they had come as far. Whether "
            "the waiver made the difference, these figures cannot say.",
            "Beside each estimate stands its 90 % interval.",
        ),
        empty="No waived requirement is told of; only a journal keeps them.",
        shown=20,
    )


def _rows(told: Journeys, found: Judged) -> Iterator[tuple[Figure, ...]]:
    items = np.flatnonzero((found.result == WAIVED) & ~found.tries.refused[found.of])
    if not len(items):
        return
    yield _row(told, found, items, ("all", "any requirement"))
    says = sayings(told.process)
    requirements = (("requirement", in_words(name, says)) for name in found.requirements)
    yield from _each(told, found, items, found.requirement[items], requirements)
    actors = (("person", name or _NOBODY) for name in (*found.tries.actors, _NOBODY))
    yield from _each(told, found, items, found.tries.actor[found.of[items]], actors)


def _each(
    told: Journeys, found: Judged, items: Ints, code: Ints, names: Iterator[tuple[str, str]]
) -> Iterator[tuple[Figure, ...]]:
    """A row for each name whose place is the code of some items, those with most moves first."""
    named = list(names)
    rows = [_row(told, found, items[code == each], named[each]) for each in np.unique(code).tolist()]
    yield from sorted(rows, key=lambda row: (-int(str(row[2])), str(row[1])))


def _row(told: Journeys, found: Judged, items: Ints, names: tuple[str, str]) -> tuple[Figure, ...]:
    deals, beside = deals_of(found, items), others(found, items)
    moves = len(np.unique(found.of[items]))
    return (*names, moves, len(deals), win_rate(told, deals), len(beside), win_rate(told, beside))
