"""Contact points: how many deals get in each stage, and how many there were before a deal was won."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.analysis.touches import ANY, Touches, Windows, before_close, of_kind, windows, within
from engine.analysis.visits import first_of_each
from engine.analysis.words import below, counted, of_band
from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.numerics.intervals import quantile, ratio, wilson
from engine.tables.coded import NEVER, Ints

_QUARTERS = (0.25, 0.5, 0.75)
_INTERVALS = "Beside each estimate stands its 90 % interval."


def contacts(told: Journeys, found: Touches) -> tuple[Section, ...]:
    """By stage within the window after it was entered; and in all before the close, of won and of lost deals."""
    kinds = [(ANY, found), *((name, of_kind(found, kind)) for kind, name in enumerate(found.kinds))]
    # Of a single kind, 'any' would say the same twice.
    kinds = kinds[1:] if len(kinds) == 2 else kinds
    return _by_stage(told, kinds), _before_close(told, kinds)


def _by_stage(told: Journeys, kinds: list[tuple[str, Touches]]) -> Section:
    rows: list[tuple[Figure, ...]] = []
    for stage in told.open_stages:
        chosen = windows(told, stage)
        for name, its in kinds:
            counts = within(told, its, chosen)
            if counts.sum():
                rows.append((told.title(stage), name, *_figures(told, counts, chosen)))
    return Section(
        "contacts",
        "Contact points by stage",
        (
            Heading("stage", "Stage"),
            Heading("touchpoint", "Touchpoint"),
            Heading("visits", "Visits", Unit.COUNT),
            Heading("share", "Share with one", Unit.SHARE),
            Heading("mean", "Mean count", Unit.NUMBER),
            Heading("rate", f"Count for {told.window_days:g} days there", Unit.NUMBER),
        ),
        tuple(rows),
        says=below(rows, f"Counted in the first {told.window_days:g} days after a deal entered the stage."),
        notes=below(rows, *_notes(told, kinds[0][1])),
        empty="No touchpoint was recorded.",
    )


def _notes(told: Journeys, found: Touches) -> tuple[str, ...]:
    notes = [
        "'Share with one' and 'mean count' are of visits whose window was seen whole; one that ended sooner had "
        "less time for contacts. The last column makes up for that: it counts so many for "
        f"{told.window_days:g} days in the stage.",
        _INTERVALS,
    ]
    adrift = int((found.visit < 0).sum())
    if adrift:
        notes.append(f"Left out here, for want of a dated stage to place them in: {counted(adrift, 'touchpoint')}.")
    return tuple(notes)


def _figures(told: Journeys, counts: Ints, chosen: Windows) -> tuple[Figure, ...]:
    of = int(chosen.whole.sum())
    share = of_band(wilson(int((counts[chosen.whole] > 0).sum()), of))
    mean = float(counts[chosen.whole].mean()) if of else None
    return len(counts), share, mean, _rate(told, counts, chosen)


def _rate(told: Journeys, counts: Ints, chosen: Windows) -> Estimate:
    """So many come on one whole window. Several visits of one deal are no independent witnesses: they are summed up."""
    deals = told.visits.deal[chosen.visit]
    number = np.cumsum(first_of_each(deals)) - 1
    summed = (np.bincount(number, each).astype(np.float64) for each in (counts, chosen.seen_days / told.window_days))
    return of_band(ratio(*summed))


def _before_close(told: Journeys, kinds: list[tuple[str, Touches]]) -> Section:
    rows: list[tuple[Figure, ...]] = []
    for outcome, said in ((WON, "won"), (LOST, "lost")):
        its = (told.outcome == outcome) & (told.closed != NEVER)
        for name, found in kinds:
            if len(found.at) and its.any():
                rows.append((said, name, int(its.sum()), *_quarters(told, found, its)))
    return Section(
        "contacts-before-close",
        "Contact points before a win and before a loss",
        (
            Heading("outcome", "Outcome"),
            Heading("touchpoint", "Touchpoint"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("p25", "A quarter had at most", Unit.NUMBER),
            Heading("p50", "Half had at most", Unit.NUMBER),
            Heading("p75", "Three quarters had at most", Unit.NUMBER),
        ),
        tuple(rows),
        notes=below(
            rows,
            "Counted from the start to the close. Deals that took longer had more time for contacts: to compare won "
            "with lost, see the first days under what differs, not these totals.",
        ),
        empty="No touchpoint was recorded, or no deal with a dated close.",
    )


def _quarters(told: Journeys, found: Touches, deals: np.ndarray) -> tuple[Estimate, ...]:
    before = before_close(told, found)
    counts = np.bincount(found.deal[before], minlength=told.count)[deals]
    return tuple(of_band(quantile(counts.astype(np.float64), share)) for share in _QUARTERS)
