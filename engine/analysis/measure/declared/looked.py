"""The deals that a declared measure looks at: chosen by words and conditions, and put into a period by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON, Journeys
from engine.analysis.measure.asking.asking import Amounts, Everyone
from engine.analysis.measure.periods import day_of, days_of
from engine.analysis.measure.view import View
from engine.machine.vectors import Numbers, Truth, joined, rows_of, sure
from engine.model.expression import Expression
from engine.model.process import MetricPart
from engine.tables.coded import NEVER, Ints, Mask

_Made = TypeVar("_Made")
_FIRST = date(1970, 1, 1).toordinal()
_OUTCOMES: Mapping[str, tuple[int, ...]] = {
    "started": (OPEN, WON, LOST, OTHER),
    "open": (OPEN,),
    "closed": (WON, LOST),
    "won": (WON,),
    "lost": (LOST,),
    "other": (OTHER,),
}
"""The words for deals. Closed is won or lost: other ends are left out, as of the win rate."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The deals of a view and, of all deals, what conditions came to; ``place`` is where each stands among those.

    ``period``: measure only what falls into the period of that number (``None``: into the whole). ``only``: look at
    these deals alone. ``kept`` holds what was found out before; looks at the same deals share it.
    """

    view: View
    everyone: Everyone
    place: Ints
    period: int | None = None
    only: Mask | None = None
    kept: dict[object, object] = field(default_factory=dict)

    @property
    def told(self) -> Journeys:
        """The deals."""
        return self.view.told

    def which(self, *parts: MetricPart | None) -> Truth:
        """The deals that all of these words and conditions hold of, and those of which one is false."""
        # Parts of one process stay where they are as long as it is looked at.
        found = self.once(("which", *map(id, parts)), lambda: self._all(parts))
        return found if self.only is None else Truth(found.yes & self.only, found.no | ~self.only)

    def once(self, key: object, make: Callable[[], _Made]) -> _Made:
        """What was made under this key, made when it is first asked for."""
        if key not in self.kept:
            self.kept[key] = make()
        return cast("_Made", self.kept[key])

    def amounts(self, of: Expression) -> Amounts:
        """What an expression comes to for each deal."""
        found = self.everyone.amounts(of.tree)
        return Amounts(found.values[self.place], found.known[self.place], found.scale, found.is_span)

    def days(self, by: str) -> tuple[Ints, Mask]:
        """The local day (since 1970) of each deal by a date of it, and whether it has one."""
        return self.once(("days", by), lambda: self._days(by))

    def _days(self, by: str) -> tuple[Ints, Mask]:
        if by in ("started_at", "closed_at"):
            return days_of(self.told.started if by == "started_at" else self.told.closed, self.view.zone)
        found = self.everyone.columns.fact(by)
        if not isinstance(found, Numbers):
            return np.zeros(self.told.count, np.int64), np.zeros(self.told.count, np.bool_)
        its = rows_of(found, self.place)
        assert isinstance(its, Numbers)  # noqa: S101 - rows of numbers are numbers
        return its.values - _FIRST, its.known

    def dated(self, by: str) -> Mask:
        """Which deals fall into the period or, where none is asked for, into the time that is looked at."""
        period = self.once(("period", by), lambda: self._period(by))
        return period >= 0 if self.period is None else period == self.period

    def undated(self, by: str) -> Mask:
        """Which deals are in no period though all are looked at: for want of a date, or for one outside of them all."""
        known = self.days(by)[1]
        return ~known if self.told.since != NEVER else self.once(("period", by), lambda: self._period(by)) < 0

    def _period(self, by: str) -> Ints:
        """The number of the period of each deal; -1: it has no date, or one before or behind what is looked at."""
        view, (day, known) = self.view, self.days(by)
        if view.seen_from == NEVER:
            return np.full(self.told.count, -1, np.int64)
        first, last = day_of(view.seen_from, view.zone), day_of(view.told.until, view.zone)
        return view.periods.of_days(day, known & (day >= first) & (day <= last))

    def _all(self, parts: Iterable[MetricPart | None]) -> Truth:
        every = sure(np.ones(self.told.count, np.bool_))
        return joined((every, *(self._which(part) for part in parts if part is not None)), every=True)

    def _which(self, part: MetricPart) -> Truth:
        if isinstance(part, str):
            return sure(np.isin(self.told.outcome, _OUTCOMES[part]))
        assert isinstance(part, Expression)  # noqa: S101 - a word or a condition, as loading has it
        found = self.everyone.holds(part.tree)
        return Truth(found.yes[self.place], found.no[self.place])


def looked(view: View, everyone: Everyone) -> Looked:
    """A view of some of the deals that ``everyone`` holds."""
    return Looked(view, everyone, np.searchsorted(everyone.columns.told.rows, view.told.rows))
