"""How long deals take: from start to end, from stage to stage, in each stage; open deals count as open."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.analysis.journeys import ENDED, WON, Journeys, days
from engine.analysis.lengths import any_way, share_and_times, share_any_way
from engine.analysis.spans import REACHED, Spans, ends_mask, first_visits, from_start_to_end, in_stage, passages
from engine.analysis.words import counted
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.tables.coded import NEVER, Ints

_QUANTILES = (
    Heading("p50_days", "Half within", Unit.DAYS),
    Heading("p90_days", "Nine in ten within", Unit.DAYS),
)
_INTERVALS = (
    "'Half within' and 'nine in ten within' tell by when half and nine in ten of them had come so far. Beside each "
    "figure stands its 90 % interval; '>' means that no deal was followed for so long as it would take."
)
_OF_THOSE = (
    "Of deals that are open nobody knows the end: they count as long as they were watched. A time is of the deals that "
    "came that far as long as anyone watched; older deals that still come would make it longer."
)


def start_to_end(told: Journeys) -> Section:
    """From start to end by outcome."""
    spans = from_start_to_end(told)
    curve, ways, still = spans.any_way(), spans.ways(3), int((spans.cause == 0).sum())
    whole = (share_any_way(curve), *any_way(curve))
    rows: list[tuple[Figure, ...]] = [("closed, any way", *_closed(spans, None), *whole)]
    for outcome, name in ENDED.items():
        if (told.outcome == outcome).any():
            rows.append((name, *_closed(spans, outcome), *share_and_times(ways, outcome)))
    return Section(
        "start-to-end",
        "Time from start to end",
        (
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals closed", Unit.COUNT),
            Heading("median_closed_days", "Median of the closed", Unit.DAYS),
            Heading("share", "Share by the end of the follow-up", Unit.SHARE),
            *_QUANTILES,
        ),
        tuple(rows) if len(spans.exits) else (),
        says=(f"Still open, and counted as open: {counted(still, 'deal')}.",) if len(spans.exits) else (),
        notes=(
            "The median of the closed is what a spreadsheet shows; it leaves out the open deals, often the slow ones.",
            _OF_THOSE,
            _INTERVALS,
            *_undated_start(told),
            *_undated(spans.undated, "deal"),
        ),
        empty="No deal has a date to reckon from.",
    )


def between_stages(told: Journeys) -> Section:
    """From entering each stage of the pipeline to entering the next, and from the last one to a win."""
    names, steps = [], []
    for here, there, name in _pairs(told):
        begins = first_visits(told, here)
        target = np.zeros(len(told.stages), np.bool_)
        target[list(there)] = True
        # A deal that goes over the next stage, or ends, does not come there first: it competes.
        beyond = (ends_mask(told) | (told.order > told.order[there[0]])) & ~target
        names.append((told.title(here), name))
        steps.append(passages(told, begins, target, beyond))
    rows = tuple(
        (*name, *_passage(spans, cause)) for name, (spans, cause) in zip(names, steps, strict=True) if len(cause)
    )
    return Section(
        "between-stages",
        "Time between phases",
        (
            Heading("from_stage", "From entering"),
            Heading("to_stage", "To entering"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("came", "Came there", Unit.COUNT),
            Heading("left", "Went elsewhere", Unit.COUNT),
            Heading("open", "Not yet", Unit.COUNT),
            Heading("share", "Share by the end of the follow-up", Unit.SHARE),
            *_QUANTILES,
        ),
        rows,
        notes=(
            "Reckoned from the first time a deal entered the stage. 'Went elsewhere' are deals that ended or went over "
            "the next stage; times are of those that came there.",
            _OF_THOSE,
            _INTERVALS,
            *_undated(sum(spans.undated for spans, _ in steps), "passage"),
        ),
        empty="No deal stood in a stage of the pipeline.",
    )


@dataclass(frozen=True, slots=True)
class Stay:
    """The visits of a stage: how many there were, how many are not over, and by when half and nine in ten were left."""

    stage: int
    visits: int
    still: int
    undated: int
    half: Estimate | None
    most: Estimate | None


def stays(told: Journeys) -> tuple[Stay, ...]:
    """Of each stage of the pipeline that deals stood in, in order."""
    found = ((stage, in_stage(told, stage)) for stage in told.open_stages)
    counts = np.bincount(told.visits.stage, minlength=len(told.stages))
    still = np.bincount(told.visits.stage[told.last], minlength=len(told.stages))
    return tuple(
        Stay(stage, int(counts[stage]), int(still[stage]), spans.undated, *any_way(spans.any_way()))
        for stage, spans in found
        if counts[stage]
    )


def in_stages(told: Journeys, stood: tuple[Stay, ...]) -> Section:
    """How long deals stand in each stage, whatever way they leave it."""
    return Section(
        "in-stages",
        "Time in each stage",
        (
            Heading("stage", "Stage"),
            Heading("visits", "Visits", Unit.COUNT),
            Heading("open", "Still there", Unit.COUNT),
            *_QUANTILES,
        ),
        tuple((told.title(each.stage), each.visits, each.still, each.half, each.most) for each in stood),
        notes=(
            "A visit ends when the deal leaves the stage, whether forward, back or by ending (Kaplan-Meier).",
            _INTERVALS,
            *_undated(sum(each.undated for each in stood), "visit"),
        ),
        empty="No deal stood in a stage of the pipeline.",
    )


def _closed(spans: Spans, outcome: int | None) -> tuple[Figure, Figure]:
    its = spans.exits[spans.cause > 0 if outcome is None else spans.cause == outcome]
    return len(its), float(np.median(days(its))) if len(its) else None


def _passage(spans: Spans, cause: Ints) -> tuple[Figure, ...]:
    counts = np.bincount(cause, minlength=3).tolist()
    return (len(cause), counts[1], counts[2], counts[0], *share_and_times(spans.ways(2), REACHED))


def _pairs(told: Journeys) -> list[tuple[int, tuple[int, ...], str]]:
    """Each stage of the pipeline with the next, the last with the won ends, and what the next is called."""
    stages = told.open_stages
    won = tuple(int(each) for each in np.flatnonzero(told.ends == WON))
    pairs: list[tuple[int, tuple[int, ...], str]] = [
        (here, (there,), told.title(there)) for here, there in pairwise(stages)
    ]
    if stages and won:
        pairs.append((stages[-1], won, told.title(won[0]) if len(won) == 1 else "won"))
    return pairs


def _undated_start(told: Journeys) -> tuple[str, ...]:
    """Where the first visit has no date but a later one has, time runs from the later one."""
    if not told.count:
        return ()
    late = (told.visits.entered[told.first] == NEVER) & (told.started != NEVER) & (told.started != told.closed)
    if not late.any():
        return ()
    return (
        f"Of {counted(int(late.sum()), 'deal')} nobody wrote down the start: their time runs from the first stage with "
        "a date.",
    )


def _undated(count: int, what: str) -> tuple[str, ...]:
    return (f"Left out here, for want of dates: {counted(count, what)}.",) if count else ()
