"""What the open deals are worth, stage by stage: by the chance that is declared, and by the share that was won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.analysis.journeys import OPEN, WON, Journeys
from engine.analysis.measure.view import View
from engine.analysis.spans import from_stage_to_end
from engine.analysis.words import below, counted
from engine.analysis.worth import Worth, worth
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.numerics import competing
from engine.numerics.intervals import wilson

_CENT = Decimal("0.01")
_HEADINGS = (
    Heading("stage", "Stage"),
    Heading("deals", "Open deals", Unit.COUNT),
    Heading("value", "Value", Unit.MONEY),
    Heading("declared", "Declared chance", Unit.SHARE),
    Heading("weighted", "Weighted as declared", Unit.MONEY),
    Heading("seen", "Deals seen there", Unit.COUNT),
    Heading("won_share", "Won of those", Unit.SHARE),
    Heading("undecided", "Not decided yet", Unit.SHARE),
    Heading("weighted_seen", "Weighted as seen", Unit.MONEY),
    Heading("declared_is", "The declared chance is"),
)
_NOTES = (
    "'Weighted' is the value times the chance of a win: as declared in the process, and as seen.",
    "'Won of those' is the share of all deals that ever entered the stage, open and closed, that were won as far as "
    "anyone watched (Aalen-Johansen, from entering the stage to the close; won competes with every other end). 'Not "
    "decided yet' had not ended by then: so much may still be added.",
    "The interval of the last row adds up those of the stages: it is rather too wide than too narrow.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of the deals that entered a stage: how many were seen, and the share that was won.

    ``undecided`` is the share that had not ended as far as anyone watched; ``None``: nobody can say.
    """

    deals: int
    won: Estimate | None
    undecided: float | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """A stage of the pipeline and the open deals that stand in it."""

    title: str
    deals: int
    worth: Worth
    declared: Decimal | None
    seen: Seen

    @property
    def weighted(self) -> Decimal | None:
        value = self.worth.value
        return None if value is None or self.declared is None else _cents(value * self.declared)

    @property
    def weighted_seen(self) -> Estimate | None:
        return _times(self.worth.value, self.seen.won)


def pipeline(view: View) -> Section:
    """A row a stage of the pipeline in which deals stand or ever stood, and one for all."""
    standing = _standing(view.told)
    rows = [_row(each) for each in standing]
    if rows:
        rows.append(_whole(standing, view.told))
    return Section(
        "pipeline",
        "The pipeline: declared and seen",
        _HEADINGS,
        tuple(rows),
        says=_says(standing),
        notes=below(rows, *_NOTES, *_left_out(standing)),
        empty="No deal stood in a stage of the pipeline.",
        charts=(
            Chart(
                "won-from-stages",
                "Won of the deals that entered each stage",
                Mark.RANGES,
                ("stage",),
                ("won_share",),
                says="The line is the 90 % interval.",
            ),
        ),
    )


def won_from(told: Journeys, stage: int) -> Seen:
    """What became of the deals that ever entered the stage."""
    spans = from_stage_to_end(told, stage)
    deals = len(spans.exits)
    ways = spans.ways(3)
    if not deals or not ways.watched or competing.emptied_early(ways):
        return Seen(deals, None, None)
    if not len(ways.times):
        return Seen(deals, None, 1.0)
    its = competing.way(ways, WON)
    share = min(float(its.line[-1]), 1.0)
    low, high = competing.interval_at_end(its)
    if np.isnan(low):
        # None was won, or all were: then the delta method has nothing to go by, and closed deals count alone.
        closed = int(ways.ended.sum())
        band = wilson(round(share) * closed, closed)
        low, high = band.low, band.high
    return Seen(deals, Estimate(share, low, high), float(ways.survival[-1]))


def _standing(told: Journeys) -> tuple[_Standing, ...]:
    here = np.where(told.outcome == OPEN, told.visits.stage[told.last], -1)
    counts = np.bincount(here[here >= 0], minlength=len(told.stages)).tolist()
    ever = np.bincount(told.visits.stage, minlength=len(told.stages)).tolist()
    worths = worth(told, here, len(told.stages))
    beyond = range(len(told.process.main.stages), len(told.stages))
    stages = (*told.open_stages, *(stage for stage in beyond if counts[stage]))
    return tuple(
        _Standing(
            told.title(stage),
            counts[stage],
            worths[stage],
            told.stages[stage].probability,
            won_from(told, stage),
        )
        for stage in stages
        if ever[stage]
    )


def _row(stage: _Standing) -> tuple[Figure, ...]:
    declared = None if stage.declared is None else float(stage.declared)
    return (
        stage.title,
        stage.deals,
        stage.worth.value,
        declared,
        stage.weighted,
        stage.seen.deals,
        stage.seen.won,
        stage.seen.undecided,
        stage.weighted_seen,
        _compared(declared, stage.seen),
    )


def _compared(declared: float | None, seen: Seen) -> str:
    """How the declared chance lies to the interval of what was seen."""
    won, undecided = seen.won, seen.undecided or 0.0
    if declared is None or won is None or won.low is None or won.high is None:
        return ""
    if declared < won.low:
        return "lower than seen"
    if declared <= won.high:
        return "as seen"
    return "higher than seen" if declared > won.high + undecided else "higher than seen so far"


def _whole(standing: Sequence[_Standing], told: Journeys) -> tuple[Figure, ...]:
    values = [each.worth.value for each in standing if each.worth.value is not None]
    declared = [each.weighted for each in standing if each.weighted is not None]
    seen = [each.weighted_seen for each in standing if each.weighted_seen is not None]
    return (
        "all",
        sum(each.deals for each in standing),
        sum(values, Decimal(0)) if values else None,
        None,
        sum(declared, Decimal(0)) if declared else None,
        told.count,
        None,
        None,
        _added(seen) if seen else None,
        "",
    )


def _times(value: Decimal | None, share: Estimate | None) -> Estimate | None:
    if value is None or share is None or share.value is None:
        return None
    low, high = (None if each is None else each * float(value) for each in (share.low, share.high))
    if value < 0:
        low, high = high, low
    return Estimate(share.value * float(value), low, high)


def _added(estimates: Sequence[Estimate]) -> Estimate:
    """The sum of estimates that the same deals stand behind: as if all of them erred the same way."""
    lows, highs = ([each.low for each in estimates], [each.high for each in estimates])
    return Estimate(sum(each.value or 0.0 for each in estimates), _sum(lows), _sum(highs))


def _sum(edges: Sequence[float | None]) -> float | None:
    known = [each for each in edges if each is not None]
    return sum(known) if len(known) == len(edges) else None


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_EVEN)


def _says(standing: Sequence[_Standing]) -> tuple[str, ...]:
    off = {"higher than seen": [], "lower than seen": []}  # type: dict[str, list[str]]
    for each in standing:
        said = _compared(None if each.declared is None else float(each.declared), each.seen)
        if said in off:
            off[said].append(f"'{each.title}'")
    return tuple(
        f"The declared chance of {' and '.join(titles)} is {said}: outside its 90 % interval."
        for said, titles in off.items()
        if titles
    )


def _left_out(standing: Sequence[_Standing]) -> tuple[str, ...]:
    notes = []
    worthless = sum(each.deals - each.worth.deals for each in standing)
    if worthless:
        notes.append(f"Without a value, and so left out of sums: {counted(worthless, 'open deal')}.")
    silent = [each for each in standing if each.deals and each.declared is None]
    if silent:
        where = ", ".join(f"'{each.title}'" for each in silent)
        deals = counted(sum(each.deals for each in silent), "open deal")
        notes.append(f"Left out of 'weighted as declared', for want of a declared chance: {deals} in {where}.")
    return tuple(notes)
