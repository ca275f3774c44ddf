"""Moves that were made and that the process would have refused, by the requirement that they broke."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import Journeys
from engine.analysis.judged import FAILED, UNKNOWN, Judged
from engine.analysis.measure.built_in.judging import ROW_NAMES, deals_of, doers, outcomes_of, pairs, win_rate
from engine.analysis.measure.view import View
from engine.analysis.words import below, of_band
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.intervals import wilson


def deviations(view: View) -> Section:
    """A row a requirement and an action that was done in spite of it, or of which nobody can say."""
    found = view.judged
    rows = _rows(view.told, found) if found else ()
    return Section(
        "deviations",
        "Moves that the process would have refused",
        (
            *ROW_NAMES,
            Heading("moves", "Moves", Unit.COUNT),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of deals", Unit.SHARE),
            Heading("unclear", "Nobody can say", Unit.COUNT),
            Heading("win_rate", "Won of won and lost", Unit.SHARE),
            Heading("win_rate_others", "Won of others", Unit.SHARE),
        ),
        rows,
        notes=below(
            rows,
            "Only imported moves can deviate: the journal refuses such a move itself. 'Nobody can say': what the "
            "requirement asks for was not written down then; such moves break nothing. 'Others' are deals in which the "
            "same action was done and broke nothing of this.",
        ),
        empty="No deviating move is told of; only a journal keeps them, and 'conform' finds them in an export.",
        shown=20,
    )


def _rows(told: Journeys, found: Judged) -> tuple[tuple[Figure, ...], ...]:
    made = ~found.tries.refused[found.of]
    done = doers(told, found)
    # Others are reckoned as all less these: rows are many, and deals that broke one requirement are few.
    all_done = [outcomes_of(told, each) for each in done]
    rows: list[tuple[Figure, ...]] = []
    for pair in pairs(told, found, made & np.isin(found.result, (FAILED, UNKNOWN))):
        broken = pair.items[found.result[pair.items] == FAILED]
        deals = deals_of(found, broken)
        count, its = len(deals), outcomes_of(told, deals)
        others = all_done[pair.action] - outcomes_of(told, deals[done[pair.action][deals]])
        figures = (len(broken), count, of_band(wilson(count, told.count)), len(pair.items) - len(broken))
        rows.append((*pair.names, *figures, win_rate(its), win_rate(others) if count else None))
    return tuple(sorted(rows, key=lambda row: -int(str(row[len(ROW_NAMES)]))))
