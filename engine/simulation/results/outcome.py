"""What runs of a simulation came to: figures of each run, what they have together, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.machine.compile import Machine
from engine.model.deal import Deal
from engine.model.scenario import Scenario
from engine.simulation.plan import Ints, Plan
from engine.simulation.results.tally import Tally

WEEK = 7 * 86_400
ENDS = ("won", "lost", "other")
"""The rows of ``Summary.ended``."""
ORIGINS = ("open", "new")
"""Its columns: deals that were open when the simulation began, and prospects that came in it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is simulated: from ``begin`` (UTC) on, with the deals open then (each with its age) and new prospects."""

    scenario: Scenario
    machine: Machine
    begin: datetime
    open_deals: tuple[Deal, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """The figures of one run.

    ``ended`` and ``value`` (ends × origins × weeks; ``ENDS``, ``ORIGINS``): deals that ended and stayed so, and their
    amounts in hundredths. ``came`` (weeks): new prospects. ``open`` and ``open_value`` (origins): still open at the
    end. ``standing`` (stages): visits still open. ``left`` and ``dwell`` (stages): visits that were left, and their
    seconds. ``spent`` (stages): the seconds within the simulated time that deals stood there, whether they left or not.
    ``moved``, ``refused``, ``denied`` (branches, then clocks): attempts that moved, that the rules refused,
    and that were refused because nobody approved. ``broken``: refusals by the id of the requirement; one refusal may
    break several. ``cycle``: seconds from start to won, of those won. By pool: ``asked`` and ``begun`` (pieces of
    work), ``waited`` (seconds from asked to begun, or to the end or where the deal left), ``worked`` (seconds of
    working hours), ``longest`` (most who waited at once), ``waiting`` (not begun at the end). ``waited_in`` (pools ×
    stages): ``waited`` by where the deal stood. ``closed``: what of ``waited`` was before the hours of who began it.
    """

    ended: Ints
    value: Ints
    came: Ints
    open: Ints
    open_value: Ints
    standing: Ints
    left: Ints
    dwell: Ints
    spent: Ints
    moved: Ints
    refused: Ints
    denied: Ints
    broken: Mapping[str, int]
    cycle: int
    asked: Ints
    begun: Ints
    waited: Ints
    worked: Ints
    longest: Ints
    waiting: Ints
    waited_in: Ints
    closed: Ints

    def total(self, end: str) -> int:
        """How many ended so."""
        return int(self.ended[ENDS.index(end)].sum())

    def worth(self, end: str) -> int:
        """The amounts of those that ended so, in hundredths."""
        return int(self.value[ENDS.index(end)].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Runs of one scenario. ``summaries`` are in the order of runs; ``tally`` is of all of them together.

    ``runs`` is how many were asked for: where the simulation was ``interrupted`` fewer are done. ``engine`` played
    it, which changes no figure. ``available`` (pools): seconds of working hours that their people have.
    """

    setup: Setup
    plan: Plan
    summaries: tuple[Summary, ...]
    tally: Tally
    available: Ints
    runs: int
    seed: int
    engine: str = ""
    interrupted: bool = False

    @property
    def done(self) -> int:
        """How many runs are done."""
        return len(self.summaries)

    @property
    def weeks(self) -> int:
        """How many weeks are simulated, the last one perhaps in part."""
        return weeks_of(self.plan)


def weeks_of(plan: Plan) -> int:
    """How many weeks a plan has, the last one perhaps in part."""
    return max(1, -(-(plan.end - plan.begin) // WEEK))
