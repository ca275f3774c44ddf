"""How long deals stand in each stage of the pipeline, whatever way they leave it, and with skips as no time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.lengths import any_way, mean_any_way
from engine.analysis.measure.built_in.steps import Step, undated_of
from engine.analysis.measure.view import View
from engine.analysis.reached import Reached
from engine.analysis.spans import Spans, in_stage
from engine.analysis.words import below
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit
from engine.tables.coded import NEVER

TIMES = (
    Heading("p50_days", "Half within", Unit.DAYS),
    Heading("p90_days", "Nine in ten within", Unit.DAYS),
    Heading("mean_days", "Mean", Unit.DAYS),
    Heading("mean_up_to_days", "Mean up to", Unit.DAYS),
)
_MEAN_UP_TO = (
    "Nobody knows how much longer what is open will be: where some are, the mean counts each for at most as long as "
    "'mean up to' says, the longest that anyone watched. The true mean is longer if some last longer than that."
)
INTERVALS = (
    "'Half within' and 'nine in ten within' tell by when half and nine in ten were over. Beside each figure stands its "
    "90 % interval; '>' means that nobody was watched for so long."
)
_VISITS = (
    "A visit ends when the deal goes forward, back or to an end; one that is not over counts as long as it was watched "
    "(Kaplan-Meier; the mean is the area below the curve). Skips are deals that went on without ever standing there."
)


def dwell(view: View) -> Section:
    """A row a stage of the pipeline, also one that all deals went over."""
    stays = [_stay(view.told, stage, here) for stage, here in view.stages]
    return Section(
        "dwell",
        "Time in each stage",
        (
            Heading("stage", "Stage"),
            Heading("visits", "Visits", Unit.COUNT),
            Heading("open", "Open", Unit.COUNT),
            Heading("skipped", "Skips", Unit.COUNT),
            *TIMES,
        ),
        tuple(each.row for each in stays),
        says=below(stays, "How long deals stand in each stage, from entering it to leaving it any way."),
        notes=_notes(stays, _VISITS),
        empty="No deal stood in a stage of the pipeline.",
        charts=(Chart("dwell", "Days in each stage", Mark.RANGES, labels=("stage",), series=("p50_days", "p90_days")),),
    )


def dwell_with_skips(view: View) -> Section:
    """The same with each deal that went over a stage as a visit of no time; no row where none went over any."""
    is_any = any(here.skipped for _, here in view.stages)
    stays = [_with_skips(view.told, stage, here) for stage, here in view.stages] if is_any else []
    return Section(
        "dwell-with-skips",
        "Time in each stage, skips as no time",
        (
            Heading("stage", "Stage"),
            Heading("visits", "Visits and skips", Unit.COUNT),
            Heading("skipped", "Skips", Unit.COUNT),
            *TIMES,
        ),
        tuple(each.row for each in stays),
        says=below(stays, "The same with each deal that skipped a stage as a visit of 0 days."),
        notes=_notes(stays, "A deal skipped a stage if it came further without ever standing there."),
        empty="No deal skipped a stage of the pipeline.",
    )


def _stay(told: Journeys, stage: int, here: Reached) -> Step:
    spans = in_stage(told, stage)
    still = int((told.visits.stage[told.last] == stage).sum())
    return Step((told.title(stage), _visits(spans), still, here.skipped, *_times(spans)), spans.undated)


def _with_skips(told: Journeys, stage: int, here: Reached) -> Step:
    spans = in_stage(told, stage)
    times = _times(and_skips(told, spans, here))
    return Step((told.title(stage), _visits(spans) + here.skipped, here.skipped, *times), spans.undated)


def _visits(spans: Spans) -> int:
    return len(spans.exits) + spans.undated


def _times(spans: Spans) -> tuple[Figure, ...]:
    curve = spans.any_way()
    return (*any_way(curve), *mean_any_way(curve))


def and_skips(told: Journeys, spans: Spans, here: Reached) -> Spans:
    """The visits of a stage, and a span of no length for each deal that went over it, at the moment it did."""
    moments, entries = here.moment[~here.stood], spans.entries
    if entries is not None:
        moments = moments[moments != NEVER]
        entries = np.append(entries, told.since - moments)
    none = np.zeros(len(moments), np.int64)
    return Spans(np.append(spans.exits, none), np.append(spans.cause, none + 1), entries, spans.undated)


def _notes(stays: Sequence[Step], *own: str) -> tuple[str, ...]:
    undated = undated_of(stays, "visit", "of")
    left_out = (f"Left out of the times in stages, for want of dates: {undated}.",) if undated else ()
    return below(stays, *own, INTERVALS, *mean_up_to([each.row for each in stays]), *left_out)


def mean_up_to(rows: Sequence[Sequence[Figure]]) -> tuple[str, ...]:
    """What a mean is where some are still open, which the last column says."""
    return (_MEAN_UP_TO,) if any(row[-1] is not None for row in rows) else ()
