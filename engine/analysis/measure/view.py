"""What a measure looks at: the deals, the periods, and how far anyone watched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

from engine.analysis.journeys import Journeys
from engine.analysis.measure.periods import Every, Periods, day_of, fitting, periods
from engine.analysis.reached import Reached, reached
from engine.machine.situation import zone_named
from engine.model.process import Process
from engine.tables.coded import NEVER, Mask

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class View:
    """The deals that are measured, of all versions, told in the words of ``told.process``.

    ``seen_from`` and ``told.until`` (microseconds) are between what anything was seen: ``since``, else the first dated
    time. ``within`` are horizons in days that the follow-up reaches, ascending; ``beyond`` those that it does not.
    ``periods`` lie between the two times, for all groups the same. ``came``: who reached each open stage of the
    pipeline and the win, and when first.
    """

    told: Journeys
    zone: tzinfo
    seen_from: int
    periods: Periods
    within: tuple[float, ...]
    beyond: tuple[float, ...]
    came: tuple[Reached, ...]

    @property
    def process(self) -> Process:
        """The version in whose words everything is told."""
        return self.told.process

    @property
    def seen_days(self) -> float:
        """How long anyone watched."""
        return (self.told.until - self.seen_from) / _DAY if self.seen_from != NEVER else 0.0

    def of(self, deals: Mask) -> View:
        """The same of some of the deals; the mask has one item a deal."""
        told = self.told.of(deals)
        return replace(self, told=told, came=reached(told))


def view(told: Journeys, *, every: Every | None, within: tuple[float, ...]) -> View:
    """The view of all deals. ``within``: horizons in days; those that nobody was followed for are set apart."""
    zone = zone_named(told.process.time_zone)
    entered = told.visits.entered[told.visits.entered != NEVER]
    first = told.since if told.since != NEVER else int(entered.min()) if len(entered) else NEVER
    if first == NEVER:
        spread = periods(0, -1, every or Every.MONTH)
    else:
        begin, end = day_of(first, zone), day_of(told.until, zone)
        spread = periods(begin, end, every or fitting(begin, end))
    seen = (told.until - first) / _DAY if first != NEVER else 0.0
    horizons = sorted(set(within))
    near, far = (tuple(each for each in horizons if (each <= seen) is is_near) for is_near in (True, False))
    return View(told, zone, first, spread, near, far, reached(told))
