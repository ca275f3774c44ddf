"""What the open deals are worth, stage by stage: by the chance that is declared, and by the one that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.measure.built_in.to_come import afterwards, to_come
from engine.analysis.measure.view import View
from engine.analysis.words import below, counted
from engine.analysis.worth import Worth, worth
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.tables.coded import NEVER

_CENT = Decimal("0.01")
_HEADINGS = (
    Heading("stage", "Stage"),
    Heading("deals", "Open deals", Unit.COUNT),
    Heading("value", "Value", Unit.MONEY),
    Heading("declared", "Declared chance", Unit.SHARE),
    Heading("weighted", "Weighted as declared", Unit.MONEY),
    Heading("chance", "Chance at their age", Unit.SHARE),
    Heading("weighted_seen", "Weighted as seen", Unit.MONEY),
)
_NOTES = (
    "'Weighted' is the value times the chance of a win: the declared one, or the one that was seen: of the deals that "
    "stood in the stage for as long as this one does, where they went from there, and what share is won from there on "
    "(Aalen-Johansen). 'Chance at their age' is the mean of it.",
    "The interval is of what is to be expected, not of what one large deal may bring. That of the last row adds up "
    "those of the stages: it is rather too wide than too narrow.",
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A stage of the pipeline and the open deals that stand in it. ``late`` of them are older than any that went on."""

    title: str
    deals: int
    worth: Worth
    declared: Decimal | None
    chance: Estimate | None
    weighted_seen: Estimate | None
    late: int

    @property
    def weighted(self) -> Decimal | None:
        value = self.worth.value
        if value is None or self.declared is None:
            return None
        return (value * self.declared).quantize(_CENT, ROUND_HALF_EVEN)


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
        notes=below(rows, *_NOTES, *_left_out(standing), *_undated(view.told)),
        empty="No deal stood in a stage of the pipeline.",
    )


def _standing(told: Journeys) -> tuple[_Standing, ...]:
    here = np.where(told.outcome == OPEN, told.visits.stage[told.last], -1)
    counts = np.bincount(here[here >= 0], minlength=len(told.stages)).tolist()
    worths = worth(told, here, len(told.stages))
    beyond = range(len(told.process.main.stages), len(told.stages))
    stages = [stage for stage in (*told.open_stages, *beyond) if told.ends[stage] == OPEN]
    after = afterwards(told)
    return tuple(
        _Standing(
            told.title(stage),
            counts[stage],
            worths[stage],
            told.stages[stage].probability,
            *to_come(told, stage, after),
        )
        for stage in stages
        if counts[stage] or (stage in told.open_stages and (told.visits.stage == stage).any())
    )


def _row(stage: _Standing) -> tuple[Figure, ...]:
    declared = None if stage.declared is None else float(stage.declared)
    return (
        stage.title,
        stage.deals,
        stage.worth.value,
        declared,
        stage.weighted,
        stage.chance,
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


def _added(estimates: Sequence[Estimate]) -> Estimate:
    """The sum of estimates that the same deals stand behind: as if all of them erred the same way."""
    lows, highs = ([each.low for each in estimates], [each.high for each in estimates])
    return Estimate(sum(each.value or 0.0 for each in estimates), _sum(lows), _sum(highs))


def _sum(edges: Sequence[float | None]) -> float | None:
    known = [each for each in edges if each is not None]
    return sum(known) if len(known) == len(edges) else None


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
    notes += _lacking([each for each in valued if each.weighted_seen is None], "seen", "deals that left after so long")
    late = sum(each.late for each in standing)
    if late:
        stand = "deal stands in its stage" if late == 1 else "deals stand in their stage"
        them = "it" if late == 1 else "them"
        notes.append(
            f"{late:,} open {stand} for longer than any that went on from there towards a win: as seen, nothing "
            f"is to come of {them}; the upper edge of the interval counts {them} all the same."
        )
    return tuple(notes)


def _lacking(stages: Sequence[_Standing], sum_: str, want: str) -> tuple[str, ...]:
    """Which open deals with a value are not in a weighted sum."""
    if not stages:
        return ()
    deals = counted(sum(each.worth.deals for each in stages), "open deal")
    where = ", ".join(f"'{each.title}'" for each in stages)
    return (f"Not in the sum 'weighted as {sum_}', for want of {want}: {deals} in {where}.",)


def _undated(told: Journeys) -> tuple[str, ...]:
    count = int(((told.outcome == OPEN) & (told.visits.entered[told.last] == NEVER)).sum())
    return (f"Without a date, and so not weighted as seen: {counted(count, 'open deal')}.",) if count else ()
