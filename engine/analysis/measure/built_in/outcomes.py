"""How deals came out: won, lost, ended otherwise, open."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from engine.analysis.journeys import ENDED, LOST, OPEN, WON
from engine.analysis.measure.view import View
from engine.analysis.words import counted, of_band
from engine.analysis.worth import amounts, worth
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit
from engine.numerics.intervals import mean, wilson

NAMES = {**ENDED, OPEN: "open"}


def outcomes(view: View) -> Section:
    """A row an outcome, with the win rate in that of the won."""
    told = view.told
    counts = np.bincount(told.outcome, minlength=4).tolist()
    values, amount = worth(told, told.outcome, 4), amounts(told)
    closed = counts[WON] + counts[LOST]
    rows: list[tuple[Figure, ...]] = []
    for outcome, name in NAMES.items():
        share = of_band(wilson(counts[outcome], closed)) if outcome in (WON, LOST) and closed else None
        its = amount[(told.outcome == outcome) & ~np.isnan(amount)]
        value = values[outcome].value if counts[outcome] else Decimal(0)
        rows.append((name, counts[outcome], share, value, of_band(mean(its)) if len(its) else None))
    worthless = int(np.isnan(amount).sum())
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
        tuple(rows),
        says=("The win rate is won / (won + lost): what ended otherwise or is still open is left out of it.",),
        notes=(f"Without a value, and so in no sum and no mean: {counted(worthless, 'deal')}.",) if worthless else (),
        charts=(Chart("outcomes", "Deals by outcome", Mark.BARS, ("outcome",), ("deals",)),),
    )
