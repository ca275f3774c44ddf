"""How long open deals have stood in their stage, beside what the process allows and what deals there ever took."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.analysis.journeys import OPEN, Journeys, days
from engine.analysis.measure.built_in.stalls import ENOUGH, Limits, Stalls, stalls, usual
from engine.analysis.measure.view import View
from engine.analysis.words import below, counted
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.tables.coded import DAY, Mask

_HEADINGS = (
    Heading("stage", "Stage"),
    Heading("deals", "Open deals", Unit.COUNT),
    Heading("median_days", "Median age", Unit.DAYS),
    Heading("oldest_days", "Oldest", Unit.DAYS),
    Heading("target_days", "Target", Unit.DAYS),
    Heading("past_target", "Past target", Unit.COUNT),
    Heading("alert_days", "Alert", Unit.DAYS),
    Heading("past_alert", "Past alert", Unit.COUNT),
    Heading("stated", "With a reason", Unit.COUNT),
    Heading("usual_days", "Nine in ten left within", Unit.DAYS),
    Heading("past_usual", "Past that", Unit.COUNT),
)


def ageing(view: View) -> Section:
    """A row a stage of the pipeline in which open deals stand, and one for all."""
    told, found = view.told, stalls(view)
    is_open = told.outcome == OPEN
    here = told.visits.stage[told.last]
    stages = [
        stage for stage in range(len(told.stages)) if told.ends[stage] == OPEN and (is_open & (here == stage)).any()
    ]
    rows = [_row(told, found, stage, is_open & (here == stage)) for stage in stages]
    if rows:
        rows.append(_whole(rows, found))
    return Section(
        "ageing",
        "Age of open deals in their stage",
        _HEADINGS,
        tuple(rows),
        says=_says(found),
        notes=below(rows, *_notes(rows), *_undated(int(is_open.sum()) - len(found.deal))),
        empty="No deal is open.",
        charts=(
            Chart(
                "age-of-open-deals",
                "Open deals by stage, and those that stand there for too long",
                Mark.BARS,
                ("stage",),
                ("deals", "past_target", "past_alert", "past_usual"),
            ),
        ),
    )


def _row(told: Journeys, found: Stalls, stage: int, here: Mask) -> tuple[Figure, ...]:
    its = found.stage == stage
    passed = _passed(found, its, found.limits[stage], usual(told, stage))
    return (told.title(stage), int(here.sum()), *_ages(found, its), *passed)


def _ages(found: Stalls, its: Mask) -> tuple[Figure, Figure]:
    ages = days(found.age[its])
    return (float(np.median(ages)), float(ages.max())) if len(ages) else (None, None)


def _passed(found: Stalls, its: Mask, limits: Limits, took: Estimate | None) -> tuple[Figure, ...]:
    most = took.value if took else None
    return (
        _days(limits.target),
        _past(found, its, limits.target),
        _days(limits.alert),
        _past(found, its, limits.alert),
        int((its & found.stated).sum()) if limits.alert is not None else None,
        took,
        None if most is None else int((its & (found.age > most * DAY)).sum()),
    )


def _past(found: Stalls, its: Mask, limit: int | None) -> int | None:
    return None if limit is None else int((its & (found.age > limit)).sum())


def _days(limit: int | None) -> float | None:
    return None if limit is None else limit / DAY


def _whole(rows: Sequence[tuple[Figure, ...]], found: Stalls) -> tuple[Figure, ...]:
    """All of them: counts add up where any stage has such a limit."""
    return (
        "all",
        _sum(rows, 1),
        *_ages(found, np.ones(len(found.deal), np.bool_)),
        None,
        _sum(rows, 5),
        None,
        _sum(rows, 7),
        _sum(rows, 8),
        None,
        _sum(rows, 10),
    )


def _sum(rows: Sequence[tuple[Figure, ...]], column: int) -> int | None:
    counts = [row[column] for row in rows if isinstance(row[column], int)]
    return sum(int(each) for each in counts if isinstance(each, int)) if counts else None


def _says(found: Stalls) -> tuple[str, ...]:
    past, stated = int(found.past_alert.sum()), int(found.stated.sum())
    if not past:
        return ()
    why = f"; {stated:,} of them {'has' if stated == 1 else 'have'} a stated reason" if stated else ""
    stands = "stands" if past == 1 else "stand"
    return (f"{counted(past, 'open deal')} {stands} in a stage for longer than its alert{why}.",)


def _notes(rows: Sequence[tuple[Figure, ...]]) -> tuple[str, ...]:
    notes = [
        "Days are those since a deal came to the stage where it stands; 'past' are deals that stand there for longer."
    ]
    if any(row[8] for row in rows):
        notes.append("'With a reason' are those past the alert that meet its 'unless': they raise no alarm.")
    if any(row[9] for row in rows):
        notes.append(
            "'Nine in ten left within' is of the visits of the stage that were left, whatever way, where these are at "
            f"least {ENOUGH}; open ones count as long as they were watched."
        )
    return tuple(notes)


def _undated(count: int) -> tuple[str, ...]:
    return (f"Left out of ages, for want of a date: {counted(count, 'open deal')}.",) if count else ()
