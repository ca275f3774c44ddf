"""How long deals take from start to end, by outcome, and from reaching each stage to a win."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import ENDED, OPEN, OTHER, WON, Journeys
from engine.analysis.lengths import any_way, mean_any_way, share_any_way, share_times_and_mean
from engine.analysis.measure.built_in.dwell import INTERVALS, TIMES, mean_up_to
from engine.analysis.measure.view import View
from engine.analysis.reached import Reached, to_the_end
from engine.analysis.spans import Spans, from_start_to_end
from engine.analysis.words import below, counted
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit

_SHARE = Heading("share", "Share by the end of the follow-up", Unit.SHARE)
_OF_THOSE = (
    "Outcomes compete (Aalen-Johansen). The times of one are of the deals that came there as far as anyone watched: "
    "older ones that still come would make them longer."
)
_RANGES = ("p50_days", "p90_days")


def cycle_time(view: View) -> Section:
    """From the start: a row an outcome, and one for any."""
    told = view.told
    spans = from_start_to_end(told)
    rows = _from_start(told, spans) if told.count else ()
    still = int((told.outcome == OPEN).sum())
    return Section(
        "cycle-time",
        "Cycle time: from start to end",
        (Heading("outcome", "Outcome"), Heading("deals", "Deals", Unit.COUNT), _SHARE, *TIMES),
        rows,
        says=below(rows, f"Still open, and counted as open: {counted(still, 'deal')}."),
        notes=below(rows, _OF_THOSE, INTERVALS, *mean_up_to(rows), *_undated(spans.undated, "deal")),
        empty="There is no deal to look at.",
        charts=(Chart("cycle-time", "Days from start to end", Mark.RANGES, labels=("outcome",), series=_RANGES),),
    )


def cycle_time_from_stages(view: View) -> Section:
    """From first reaching each stage of the pipeline to a win; from the first of them time runs as from the start."""
    told = view.told
    # A deal that was won without coming to the stage or a later one took no time from there: it is none of these.
    came = [(told.title(stage), here.of(~here.by_win)) for stage, here in view.stages[1:]]
    steps = [(title, here, to_the_end(told, here)) for title, here in came]
    rows = tuple(_from_stage(told, *each) for each in steps)
    return Section(
        "cycle-time-from-stages",
        "Cycle time: from reaching a stage to a win",
        (
            Heading("stage", "Stage"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("won", "Won", Unit.COUNT),
            _SHARE,
            *TIMES,
        ),
        rows,
        says=below(rows, "How long won deals took from when they first stood in a stage, or in a later one."),
        notes=below(
            rows,
            "A deal that was won without standing in the stage or a later one is not counted: it took no time from "
            "there.",
            _OF_THOSE,
            INTERVALS,
            *mean_up_to(rows),
            *_undated(sum(spans.undated for *_, spans in steps), "passage"),
        ),
        empty="The pipeline has no stage after the first.",
        charts=(Chart("cycle-time-from-stages", "Days from a stage to a win", Mark.RANGES, ("stage",), _RANGES),),
    )


def _from_start(told: Journeys, spans: Spans) -> tuple[tuple[Figure, ...], ...]:
    ways, curve = spans.ways(3), spans.any_way()
    counts = np.bincount(told.outcome, minlength=4).tolist()
    its = [
        (name, counts[outcome], *share_times_and_mean(ways, outcome))
        for outcome, name in ENDED.items()
        if outcome != OTHER or OTHER in told.ends
    ]
    whole = (share_any_way(curve), *any_way(curve), *mean_any_way(curve))
    return (*its, ("any end", told.count - counts[OPEN], *whole))


def _from_stage(told: Journeys, title: str, here: Reached, spans: Spans) -> tuple[Figure, ...]:
    won, ways = int((told.outcome[here.deal] == WON).sum()), spans.ways(3)
    return (title, len(here.deal), won, *share_times_and_mean(ways, WON))


def _undated(count: int, what: str) -> tuple[str, ...]:
    return (f"Left out of the times, for want of dates: {counted(count, what)}.",) if count else ()
