"""What a measure looks at: the deals, the periods, and how far anyone watched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

from engine.analysis.foretold import Foretold, foretold
from engine.analysis.journeys import Journeys
from engine.analysis.judged import Judged, judged
from engine.analysis.measure.periods import Every, Periods, day_of, days_of, fitting, periods
from engine.analysis.reached import Reached, reached
from engine.analysis.touches import Touched, touched
from engine.machine.situation import zone_named
from engine.model.process import Process
from engine.tables.coded import DAY, NEVER, Mask


@dataclass(frozen=True, slots=True)
class View:
    """The deals that are measured, of all versions, told in the words of ``told.process``.

    ``seen_from`` and ``told.until`` (microseconds) are between what anything was seen: ``since``, else the first dated
    time. ``within`` are horizons in days that the follow-up reaches, ascending; ``beyond`` those that it does not.
    ``periods`` lie between the two times, for all groups the same. ``came``: who reached each open stage of the
    pipeline and the win, and when first. ``judged`` is what moves and tries did not meet; ``None`` where no journal
    tells of any. ``touched`` are the contacts, ``foretold`` the dates that were named while deals were open. What takes
    a walk through a long table is found once here, for all groups. ``notes`` are to be told with whatever is found.
    """

    told: Journeys
    zone: tzinfo
    seen_from: int
    periods: Periods
    within: tuple[float, ...]
    beyond: tuple[float, ...]
    came: tuple[Reached, ...]
    touched: Touched
    foretold: Foretold
    judged: Judged | None = None
    notes: tuple[str, ...] = ()

    @property
    def process(self) -> Process:
        """The version in whose words everything is told."""
        return self.told.process

    @property
    def seen_days(self) -> float:
        """How long anyone watched."""
        return _watched(self.seen_from, self.told.until) if self.seen_from != NEVER else 0.0

    @property
    def stages(self) -> tuple[tuple[int, Reached], ...]:
        """The open stages of the pipeline by their numbers, in order, and who came to each; none without deals."""
        return tuple(zip(self.told.open_stages, self.came[:-1], strict=True)) if self.told.count else ()

    def of(self, deals: Mask) -> View:
        """The same of some of the deals; the mask has one item a deal."""
        told = self.told.of(deals)
        its = self.judged.of_deals(deals) if self.judged else None
        return replace(
            self,
            told=told,
            came=reached(told),
            touched=self.touched.of_deals(deals),
            foretold=self.foretold.of_deals(deals),
            judged=its,
        )


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
    seen = _watched(first, told.until) if first != NEVER else 0.0
    horizons = sorted(set(within))
    near, far = (tuple(each for each in horizons if (each <= seen) is is_near) for is_near in (True, False))
    named = foretold(told).after(*days_of(told.started, zone))
    return View(told, zone, first, spread, near, far, reached(told), touched(told), named, judged(told))


def _watched(first: int, until: int) -> float:
    """The days between; the last moment of a day is taken for its end, so that 30 whole days are 30."""
    return (until - first + 1) / DAY
