"""What the open deals are worth, stage by stage: by the chance that is declared, and by the one that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.measure.chances import Seen, seen_from
from engine.analysis.measure.view import View
from engine.analysis.words import below, counted
from engine.analysis.worth import Worth, worth
from engine.model.study import Estimate, Figure, Heading, Section, Unit

_CENT = Decimal("0.01")
_HEADINGS = (
    Heading("stage", "Stage"),
    Heading("deals", "Open deals", Unit.COUNT),
    Heading("value", "Value", Unit.MONEY),
    Heading("declared", "Declared chance", Unit.SHARE),
    Heading("weighted", "Weighted as declared", Unit.MONEY),
    Heading("won_share", "Chance as seen", Unit.SHARE),
    Heading("weighted_seen", "Weighted as seen", Unit.MONEY),
)
_NOTES = (
    "'Weighted' is the value times the chance of a win: as the process declares it, and as it was seen, which is the "
    "share won of all deals that ever entered the stage.",
    "The interval of the last row adds up those of the stages: it is rather too wide than too narrow.",
)


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
        return _times(self.worth.value, self.seen.chance)


def pipeline(view: View) -> Section:
    """A row a stage of the pipeline in which deals stand or ever stood, and one for all."""
    standing = _standing(view.told)
    rows = [_row(each) for each in standing]
    if rows:
        rows.append(_whole(standing))
    return Section(
        "pipeline",
        "The pipeline and what it is worth",
        _HEADINGS,
        tuple(rows),
        notes=below(rows, *_NOTES, *_left_out(standing)),
        empty="No deal stood in a stage of the pipeline.",
    )


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
            seen_from(told, stage),
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
        stage.seen.chance,
        stage.weighted_seen,
    )


def _whole(standing: Sequence[_Standing]) -> tuple[Figure, ...]:
    values = [each.worth.value for each in standing if each.worth.value is not None]
    declared = [each.weighted for each in standing if each.weighted is not None]
    seen = [each.weighted_seen for each in standing if each.weighted_seen is not None]
    return (
        "all",
        sum(each.deals for each in standing),
        sum(values, Decimal(0)) if values else None,
        None,
        sum(declared, Decimal(0)) if declared else None,
        None,
        _added(seen) if seen else None,
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


def _left_out(standing: Sequence[_Standing]) -> tuple[str, ...]:
    notes = []
    worthless = sum(each.deals - each.worth.deals for each in standing)
    if worthless:
        notes.append(f"Without a value, and so left out of sums: {counted(worthless, 'open deal')}.")
    valued = [each for each in standing if each.worth.deals]
    if valued and all(each.declared is None for each in valued):
        notes.append("Nothing is weighted as declared: no such stage has a declared chance ('probability').")
    else:
        notes += _lacking([each for each in valued if each.declared is None], "declared", "a declared chance")
    notes += _lacking([each for each in valued if each.seen.chance is None], "seen", "deals that ended")
    return tuple(notes)


def _lacking(stages: Sequence[_Standing], sum_: str, want: str) -> tuple[str, ...]:
    """Which open deals with a value are not in a weighted sum."""
    if not stages:
        return ()
    deals = counted(sum(each.worth.deals for each in stages), "open deal")
    where = ", ".join(f"'{each.title}'" for each in stages)
    return (f"Not in the sum 'weighted as {sum_}', for want of {want}: {deals} in {where}.",)
