"""Moves whose requirements were waived: which, by whom, and how often such deals were won beside others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.judged import WAIVED, Judged
from engine.analysis.measure.built_in.judging import deals_of, doers, in_words, outcomes_of, win_rate
from engine.analysis.measure.view import View
from engine.analysis.words import below
from engine.machine.sayings import sayings
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import Ints, Mask

_NOBODY = "(not told)"


def overrides(view: View) -> Section:
    """A row for all, one a requirement, and one a person who made such moves."""
    found = view.judged
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What rows are made of; ``done``: for each action, which deals it was done to."""

    told: Journeys
    found: Judged
    done: tuple[Mask, ...]


def _rows(told: Journeys, found: Judged) -> Iterator[tuple[Figure, ...]]:
    items = np.flatnonzero((found.result == WAIVED) & ~found.tries.refused[found.of])
    if not len(items):
        return
    seen, says = _Seen(told, found, doers(told, found)), sayings(told.process)
    yield _row(seen, items, ("all", "any requirement"))
    requirements = [("requirement", in_words(name, says)) for name in found.requirements]
    yield from _each(seen, items, found.requirement[items], requirements)
    actors = [("person", name or _NOBODY) for name in (*found.tries.actors, _NOBODY)]
    yield from _each(seen, items, found.tries.actor[found.of[items]], actors)


def _each(seen: _Seen, items: Ints, code: Ints, names: list[tuple[str, str]]) -> Iterator[tuple[Figure, ...]]:
    """A row for each name whose place is the code of some items, those with most moves first."""
    rows = [_row(seen, items[code == each], names[each]) for each in np.unique(code).tolist()]
    yield from sorted(rows, key=lambda row: (-int(str(row[2])), str(row[1])))


def _row(seen: _Seen, items: Ints, names: tuple[str, str]) -> tuple[Figure, ...]:
    told, tries = seen.told, seen.found.of[items]
    deals = deals_of(seen.found, items)
    others = np.any([seen.done[each] for each in np.unique(seen.found.tries.action[tries]).tolist()], axis=0)
    others[deals] = False
    its, theirs = outcomes_of(told, deals), outcomes_of(told, others)
    return (*names, len(np.unique(tries)), len(deals), win_rate(its), int(theirs.sum()), win_rate(theirs))
