"""Contact points before a win, by kind: how many won deals had one, how many in all, and how soon the first came."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.analysis.measure.view import View
from engine.analysis.touches import ANY, Touched, before_close
from engine.analysis.words import below, counted, of_band
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.numerics.intervals import quantile, ratio, wilson
from engine.tables.coded import DAY, NEVER, Floats, Ints, Mask

_LATEST = np.iinfo(np.int64).max


def contacts(view: View) -> Section:
    """A row a touchpoint and an outcome, won before lost."""
    found = view.touched
    rows = _rows(view.told, found) if len(found.at) else ()
    undated = int((found.at == NEVER).sum())
    return Section(
        "contacts",
        "Contact points before a win",
        (
            Heading("touchpoint", "Touchpoint"),
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share with one", Unit.SHARE),
            Heading("mean", "Mean count", Unit.NUMBER),
            Heading("p50_days", "First one within, half", Unit.DAYS),
        ),
        rows,
        notes=below(
            rows,
            "Counted from the start to the close, over deals with a dated close. The days are from the start to the "
            "first contact, for half of the deals that had one.",
            "Deals that took longer had more time for contacts, and lost deals often end early: a difference between "
            "won and lost alone does not say what contacts bring.",
            *((f"Left out, for want of a date: {counted(undated, 'touchpoint')}.",) if undated else ()),
        ),
        empty="No touchpoint is told of before a dated win or loss.",
        charts=(Chart("contacts", "Mean count of contacts", Mark.RANGES, ("touchpoint", "outcome"), ("mean",)),),
    )


def _rows(told: Journeys, found: Touched) -> tuple[tuple[Figure, ...], ...]:
    found = found.taken(before_close(told, found))
    # Of a single kind, 'any' would say the same twice.
    kinds = [(ANY, found)] if len(found.kinds) > 1 else []
    kinds += [(name, found.taken(found.kind == kind)) for kind, name in enumerate(found.kinds)]
    closed = told.closed != NEVER
    rows: list[tuple[Figure, ...]] = []
    for name, its in kinds:
        counts, first = np.bincount(its.deal, minlength=told.count), _first(told, its)
        for outcome, said in ((WON, "won"), (LOST, "lost")):
            deals = closed & (told.outcome == outcome)
            if deals.any():
                rows.append((name, said, int(deals.sum()), *_figures(counts, first, deals)))
    return tuple(rows)


def _first(told: Journeys, found: Touched) -> Floats:
    """The days from the start to the first contact of each deal; ``nan`` where there is none or no start is dated."""
    first = np.full(told.count, _LATEST)
    np.minimum.at(first, found.deal, found.at)
    known = (first != _LATEST) & (told.started != NEVER)
    return np.where(known, np.maximum(first - told.started, 0) / DAY, np.nan)


def _figures(counts: Ints, first: Floats, deals: Mask) -> tuple[Estimate | None, ...]:
    its, days = counts[deals].astype(np.float64), first[deals]
    days = days[~np.isnan(days)]
    return (
        of_band(wilson(int((its > 0).sum()), len(its))),
        of_band(ratio(its, np.ones(len(its)))),
        of_band(quantile(days, 0.5)) if len(days) else None,
    )
