"""Which measures a report tells: all of them, or those that are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.analysis.measure.sections import Measure
from engine.analysis.measure.view import View
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean, nearest
from engine.model.process import Process
from engine.model.study import Section

GROUPS = "groups"
DECLARED = ("metrics", "metrics-by-period")
"""The sections of the measures that a process declares."""


def named(
    measures: Sequence[Measure], process: Process, only: Sequence[str], *, more: tuple[str, ...] = ()
) -> tuple[Measure, ...]:
    """The measures that ``only`` names, by their ids or those of declared measures; all where it names none.

    ``more`` are further sections that may be named. Raises ``UnknownName``.
    """
    if not only:
        return tuple(measures)
    declared = {metric.id for metric in process.metrics}
    known = (*(each.id for each in measures), *(name for name in declared if name not in DECLARED), *more)
    for name in only:
        if name not in known:
            if name == GROUPS:
                raise UnknownName("without groups there is no measure 'groups'", hint="say by what, such as --by owner")
            hint = did_you_mean(name, known) if nearest(name, known) else f"known: {', '.join(sorted(set(known)))}"
            raise UnknownName(f"there is no measure '{name}'", hint=hint)
    asked = frozenset(only) & declared
    return tuple(_those(each, asked, only) for each in measures if each.id in only or (each.id in DECLARED and asked))


def _those(measure: Measure, asked: frozenset[str], only: Sequence[str]) -> Measure:
    """The measure; of declared ones, where not all are asked for, those that are named."""
    if measure.id not in DECLARED or measure.id in only:
        return measure

    def those(view: View) -> Section:
        section = measure.of(view)
        # A metric of several figures has a row of each: 'cycle_time.p50'.
        return replace(section, rows=tuple(row for row in section.rows if str(row[0]).partition(".")[0] in asked))

    return replace(measure, of=those)
