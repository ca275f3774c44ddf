"""The open deals that stand in a stage for too long, one by one: where to look first."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import Journeys, days
from engine.analysis.measure.built_in.stalls import ENOUGH, Stalls, stalls, usual
from engine.analysis.measure.view import View
from engine.analysis.words import below, counted
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import DAY, NEVER, Ints, Mask, cells

_SHOWN = 20
_NONE = int(np.iinfo(np.int64).max)
"""So long may a deal stand where no limit is known."""
_HEADINGS = (
    Heading("deal", "Deal"),
    Heading("stage", "Stage"),
    Heading("owner", "Owner"),
    Heading("days", "Days in stage", Unit.DAYS),
    Heading("limit_days", "Limit", Unit.DAYS),
    Heading("limit", "The limit is"),
    Heading("value", "Value", Unit.MONEY),
    Heading("stated", "Stated reason"),
)


def stuck(view: View) -> Section:
    """A row a deal that stands in its stage for longer than the alert or, where none is declared, than nine in ten."""
    found = stalls(view)
    limit, is_alert = _limits(view.told, found)
    lacking = _without(limit, is_cut=view.told.since != NEVER)
    late = np.flatnonzero(found.age > limit)
    # Those that alarm come first, of these the one that stands there for longest.
    late = late[np.lexsort((-found.age[late], found.stated[late]))]
    rows = _rows(view.told, found, late, limit[late], is_alert[late])
    return Section(
        "stuck",
        "Deals that are stuck",
        _HEADINGS,
        rows,
        says=_says(found, late),
        notes=below(rows, *_notes(found, late), *lacking),
        empty=" ".join(("No open deal stands in its stage for longer than the limit of the stage.", *lacking)),
        shown=_SHOWN,
    )


def _limits(told: Journeys, found: Stalls) -> tuple[Ints, Mask]:
    """Of each open deal how long it may stand where it stands, and whether that is the alert of the stage."""
    limit, is_alert = np.full(len(found.deal), _NONE), np.zeros(len(found.deal), np.bool_)
    for stage, limits in found.limits.items():
        its = found.stage == stage
        if limits.alert is not None:
            limit[its], is_alert[its] = limits.alert, True
        elif (most_took := usual(told, stage)) is not None and most_took.value is not None:
            limit[its] = round(most_took.value * DAY)
    return limit, is_alert


def _without(limit: Ints, *, is_cut: bool) -> tuple[str, ...]:
    """Of how many open deals nobody can say: silence about them would read as if all were well."""
    count = int((limit == _NONE).sum())
    if not count:
        return ()
    stand = "stands in a stage" if count == 1 else "stand in stages"
    return (
        f"{counted(count, 'open deal')} {stand} without a limit, and cannot be told: no alert is declared there, and "
        f"fewer than {ENOUGH} visits were left{' since then: without --since more are known' if is_cut else ''}.",
    )


def _rows(told: Journeys, found: Stalls, late: Ints, limit: Ints, is_alert: Mask) -> tuple[tuple[Figure, ...], ...]:
    deals, rows = told.tables.deals, told.rows[found.deal[late]]
    titles = [told.title(stage) for stage in range(len(told.stages))]
    columns = zip(
        cells(deals, "deal", rows),
        found.stage[late].tolist(),
        cells(deals, "owner", rows),
        days(found.age[late]).tolist(),
        days(limit).tolist(),
        is_alert.tolist(),
        cells(deals, "amount", rows),
        late.tolist(),
        strict=True,
    )
    return tuple(
        (
            deal,
            titles[stage],
            owner,
            age,
            most,
            "alert" if alert else "nine in ten",
            value,
            found.reasons.get(place, ""),
        )
        for deal, stage, owner, age, most, alert, value, place in columns
    )


def _says(found: Stalls, late: Ints) -> tuple[str, ...]:
    stated = int(found.stated[late].sum())
    alarming = len(late) - stated
    says = []
    if alarming:
        stands = "stands in its stage" if alarming == 1 else "stand in their stage"
        says.append(f"{counted(alarming, 'open deal')} {stands} for longer than the limit.")
    if stated:
        more = " more" if alarming else ""
        deals = counted(stated, f"deal{more}", many=f"deals{more}")
        stands, raises = ("stands", "raises") if stated == 1 else ("stand", "raise")
        says.append(f"{deals} {stands} there with a stated reason, and {raises} no alarm: told last.")
    return tuple(says)


def _notes(found: Stalls, late: Ints) -> tuple[str, ...]:
    notes = [
        "The limit is the alert of the stage; where none is declared, the time within which nine in ten of the visits "
        f"that were left had been, where these are at least {ENOUGH}."
    ]
    unsure = int(found.unsure[late].sum())
    if unsure:
        notes.append(
            f"Of {counted(unsure, 'deal')} nobody can say whether a reason is stated, for want of a fact that the "
            "'unless' of the alert reads: they are told as deals without one."
        )
    return tuple(notes)
