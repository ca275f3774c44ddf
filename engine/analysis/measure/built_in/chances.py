"""The chance of a win from each stage: as the process declares it, beside the share of deals that were won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, WON, Journeys
from engine.analysis.measure.view import View
from engine.analysis.spans import from_stage_to_end
from engine.analysis.words import below, counted, of_band
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.numerics import competing
from engine.numerics.competing import Incidences

_HEADINGS = (
    Heading("stage", "Stage"),
    Heading("deals", "Deals that entered", Unit.COUNT),
    Heading("won", "Won", Unit.COUNT),
    Heading("open", "Open", Unit.COUNT),
    Heading("won_share", "Chance as seen", Unit.SHARE),
    Heading("undecided", "Not decided yet", Unit.SHARE),
    Heading("declared", "Declared chance", Unit.SHARE),
    Heading("declared_is", "Declared is"),
)
_SEEN = (
    "'Chance as seen' is the share of all deals that ever entered the stage that were won as far as anyone watched "
    "(Aalen-Johansen, from first entering the stage to the close; a win competes with every other end). 'Not decided "
    "yet' had not ended by then: so much may still be added."
)
_DECLARED = (
    "The declared chance is 'as seen' where it lies in the 90 % interval; 'higher so far' where the deals that are not "
    "decided yet could still make it true."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of the deals that entered a stage: how many there were, how many were won and are open, the chance.

    ``undecided`` is the share that had not ended as far as anyone watched; ``None``: nobody can say. ``undated``
    deals are not among them.
    """

    deals: int
    won: int
    open: int
    undated: int
    chance: Estimate | None
    undecided: float | None


def chances(view: View) -> Section:
    """A row a stage of the pipeline that deals ever entered."""
    told = view.told
    ever = np.bincount(told.visits.stage, minlength=len(told.stages))
    stages = [stage for stage in told.open_stages if ever[stage]]
    found = [seen_from(told, stage) for stage in stages]
    rows = tuple(_row(told, stage, seen) for stage, seen in zip(stages, found, strict=True))
    return Section(
        "chances",
        "The chance of a win from each stage",
        _HEADINGS,
        rows,
        says=_says(rows),
        notes=below(rows, _SEEN, *_declared(rows), *_undated(sum(seen.undated for seen in found))),
        empty="No deal stood in a stage of the pipeline.",
        charts=(
            Chart(
                "chances",
                "Share won of the deals that entered each stage",
                Mark.RANGES,
                ("stage",),
                ("won_share", "declared"),
            ),
        ),
    )


def seen_from(told: Journeys, stage: int) -> Seen:
    """What became of the deals that ever entered the stage."""
    spans = from_stage_to_end(told, stage)
    counts = len(spans.exits), int((spans.cause == WON).sum()), int((spans.cause == OPEN).sum()), spans.undated
    ways = spans.ways(3)
    if not ways.watched or competing.emptied_early(ways):
        return Seen(*counts, None, None)
    if not len(ways.times):
        return Seen(*counts, None, 1.0)
    return Seen(*counts, _chance(ways), float(ways.survival[-1]))


def _chance(ways: Incidences) -> Estimate:
    """The share won as far as anyone watched; where none was, deals that closed bound it."""
    its = competing.way(ways, WON)
    return of_band(competing.share_by(ways, its, float(ways.times[-1]), known=int(ways.ended.sum())))


def _row(told: Journeys, stage: int, seen: Seen) -> tuple[Figure, ...]:
    probability = told.stages[stage].probability
    declared = None if probability is None else float(probability)
    return (
        told.title(stage),
        seen.deals,
        seen.won,
        seen.open,
        seen.chance,
        seen.undecided,
        declared,
        _compared(declared, seen),
    )


def _compared(declared: float | None, seen: Seen) -> str:
    """How the declared chance lies to the interval of what was seen."""
    chance, undecided = seen.chance, seen.undecided or 0.0
    if declared is None or chance is None or chance.low is None or chance.high is None:
        return ""
    if declared < chance.low:
        return "lower"
    if declared <= chance.high:
        return "as seen"
    return "higher" if declared > chance.high + undecided else "higher so far"


def _says(rows: Sequence[tuple[Figure, ...]]) -> tuple[str, ...]:
    said = []
    for how in ("higher", "lower"):
        titles = [f"'{row[0]}'" for row in rows if row[-1] == how]
        if titles:
            is_or_are = "chance is" if len(titles) == 1 else "chances are"
            said.append(f"The declared {is_or_are} {how} than seen, outside the 90 % interval: {', '.join(titles)}.")
    return tuple(said)


def _declared(rows: Sequence[tuple[Figure, ...]]) -> tuple[str, ...]:
    return (_DECLARED,) if any(row[-1] for row in rows) else ()


def _undated(count: int) -> tuple[str, ...]:
    return (f"Left out here, for want of dates: {counted(count, 'passage')} from a stage to a close.",) if count else ()
