"""What there is: deals by outcome with their value, the win rate, the period, and what could not be looked at."""

from __future__ import annotations

import numpy as np

from engine.analysis.in_short import left_out_notes
from engine.analysis.journeys import ENDED, LOST, OPEN, OTHER, WON, Journeys, moment
from engine.analysis.words import counted, of_band
from engine.analysis.worth import worth
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.intervals import wilson
from engine.tables.coded import NEVER, unknown, where


def overview(told: Journeys) -> Section:
    """A row an outcome, and one for all."""
    counts = np.bincount(told.outcome, minlength=4).tolist()
    values = worth(told, told.outcome, 4)
    (whole,) = worth(told, np.zeros(told.count, np.int64), 1)
    closed = counts[WON] + counts[LOST]
    rows: list[tuple[Figure, ...]] = []
    for outcome, name in (*ENDED.items(), (OPEN, "open")):
        rate = of_band(wilson(counts[outcome], closed)) if outcome in (WON, LOST) and closed else None
        if counts[outcome] or outcome != OTHER:
            rows.append((name, counts[outcome], rate, values[outcome].value, values[outcome].mean))
    rows.append(("all", told.count, None, whole.value, whole.mean))
    return Section(
        "overview",
        "Deals by outcome",
        (
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of won and lost", Unit.SHARE),
            Heading("value", "Value", Unit.MONEY),
            Heading("mean_value", "Mean of those with a value", Unit.MONEY),
        ),
        tuple(rows) if told.count else (),
        says=_period(told),
        notes=_notes(told),
        empty="There is no deal to look at.",
    )


def _period(told: Journeys) -> tuple[str, ...]:
    started, closed = told.started[told.started != NEVER], told.closed[told.closed != NEVER]
    says = []
    if len(started):
        says.append(f"Started from {moment(started.min()):%Y-%m-%d} to {moment(started.max()):%Y-%m-%d}.")
    if len(closed):
        says.append(f"Closed from {moment(closed.min()):%Y-%m-%d} to {moment(closed.max()):%Y-%m-%d}.")
    return (" ".join(says),) if says else ()


def _notes(told: Journeys) -> tuple[str, ...]:
    notes = []
    if told.since != NEVER:
        notes.append(
            f"Looked at are deals closed since {moment(told.since):%Y-%m-%d} and those still open; times are reckoned "
            "from what was seen since then."
        )
    undated = told.visits.entered == NEVER
    if undated.any():
        deals = len(np.unique(told.visits.deal[undated]))
        visits = counted(int(undated.sum()), "visit")
        notes.append(
            f"Without a date, counted and left out of times: {visits} of a stage, in {counted(deals, 'deal')}."
        )
    stages = told.open_stages
    elsewhere = int((told.visits.stage[told.first] != stages[0]).sum()) if stages else 0
    if elsewhere:
        notes.append(f"First seen in another stage than '{told.title(stages[0])}': {counted(elsewhere, 'deal')}.")
    worthless = _no_value(told)
    if worthless:
        notes.append(f"Without a value, and so left out of sums: {counted(worthless, 'deal')}.")
    return (*notes, *left_out_notes(told), *_tracks(told))


def _no_value(told: Journeys) -> int:
    return int(unknown(told.tables.deals, "amount")[told.rows].sum())


def _tracks(told: Journeys) -> tuple[str, ...]:
    moves = told.tables.moves
    other = where(moves, "process", told.process.id) & ~where(moves, "track", told.process.main.id)
    if not other.any():
        return ()
    return (
        f"Steps are those of the main track; {counted(int(other.sum()), 'visit')} of other tracks are not among them.",
    )
