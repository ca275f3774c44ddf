"""How deals came out: won, lost, ended otherwise, open."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON
from engine.analysis.measure.view import View
from engine.analysis.words import of_band
from engine.analysis.worth import worth
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.intervals import wilson

NAMES = {WON: "won", LOST: "lost", OTHER: "ended otherwise", OPEN: "open"}


def outcomes(view: View) -> Section:
    """A row an outcome, with the win rate in that of the won."""
    told = view.told
    counts = np.bincount(told.outcome, minlength=4).tolist()
    values = worth(told, told.outcome, 4)
    closed = counts[WON] + counts[LOST]
    rows: list[tuple[Figure, ...]] = []
    for outcome, name in NAMES.items():
        share = of_band(wilson(counts[outcome], closed)) if outcome in (WON, LOST) and closed else None
        rows.append((name, counts[outcome], share, values[outcome].value, values[outcome].mean))
    return Section(
        "outcomes",
        "Won, lost, open",
        (
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of won and lost", Unit.SHARE),
            Heading("value", "Value", Unit.MONEY),
            Heading("mean_value", "Mean of those with a value", Unit.MONEY),
        ),
        tuple(rows) if told.count else (),
        empty="There is no deal to look at.",
    )
