"""Where time goes and what it would bring to advance sooner, as sections of a study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.analysis.accelerate.levers import MIDDLE, SHARES, Lever, Levers
from engine.analysis.accelerate.passed import FEWEST, Passed
from engine.analysis.journeys import Journeys
from engine.analysis.words import below, counted, of_band
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.numerics.semi_markov import Figure as Reckoned

ASSUMED = (
    "Assumed: where a deal would have advanced from the stage after some days, it does so after {0} % fewer; where it "
    "would have been lost or gone elsewhere sooner than that, it still is, and no other stage changes."
)
_SHOWN = 20
_PERCENTS = tuple(f"{share:.0%}".rstrip("%") for share in SHARES)


def of_figure(figure: Reckoned) -> Estimate:
    """A figure with its interval."""
    return of_band(figure.band)


def bottlenecks(told: Journeys, found: Passed, pulled: Levers | None) -> Section:
    """Where the time of won deals goes, and that of all; the stage that takes a won deal longest first."""
    rows = [(*_spent(pulled, place), *_all_of(told, found, place)) for place in range(len(found.stages))]
    rows.sort(key=lambda row: (-max(_size(row[0]), 0.0), -row[-1]))
    total = sum(found.total_days)
    return Section(
        "bottlenecks",
        "Where the time goes",
        (
            Heading("stage", "Stage"),
            Heading("won_days", "Days in a won deal", Unit.DAYS),
            Heading("won_share", "Share of its time", Unit.SHARE),
            Heading("visits", "Visits", Unit.COUNT),
            Heading("open", "Still there", Unit.COUNT),
            Heading("total_days", "Days of all deals", Unit.DAYS),
            Heading("total_share", "Share of all days", Unit.SHARE),
        ),
        tuple(
            (name, won, share, visits, still, days, days / total if total else None)
            for won, share, name, visits, still, days in rows
        ),
        notes=below(
            rows,
            "Days in a won deal are what a deal that is won spends in the stage on average, returns and skips counted "
            "(a stage gone over takes no days); deals that are open count as long as they were watched. Days of all "
            "deals are those of the lost and the open too.",
        ),
        empty="No deal has a date in an open stage.",
        shown=_SHOWN,
        charts=(Chart("bottlenecks", "Days in a won deal", Mark.RANGES, ("stage",), ("won_days",)),),
    )


def _spent(pulled: Levers | None, place: int) -> tuple[Estimate | None, float | None]:
    if pulled is None:
        return None, None
    its, whole = pulled.base.spent[place], pulled.base.time.value
    days = of_figure(its)
    # No deal spends less than no time.
    days = replace(days, low=None if days.low is None else max(days.low, 0.0))
    return days, its.value / whole if whole else None


def _all_of(told: Journeys, found: Passed, place: int) -> tuple[str, int, int, float]:
    name = told.title(found.stages[place])
    return name, int(found.spans[place]), int(found.open_spans[place]), found.total_days[place]


def _size(figure: Figure) -> float:
    return figure.value if isinstance(figure, Estimate) and figure.value is not None else -1.0


def days_won(told: Journeys, found: Passed, pulled: Levers | None) -> Section:
    """How much less time a won deal would take; what brings most first."""
    its = pulled.by_days if pulled else ()
    return Section(
        "days-won",
        "Days won in a won deal, if deals advanced sooner",
        (
            Heading("stage", "Advance sooner from"),
            *(Heading(f"days_{each}", f"{each} % sooner", Unit.DAYS) for each in _PERCENTS),
            Heading("anyway_20", "20 % sooner, won anyway", Unit.DAYS),
        ),
        tuple((_title(told, found, each), *map(of_figure, each.days), of_figure(each.anyway[MIDDLE])) for each in its),
        says=(ASSUMED.format("10, 20 or 30"),) if its else (),
        notes=below(
            its,
            "Of deals that are won: each stage counts for as often as they go through it, and for how long. Those that "
            "are won anyway win the days in the last column, whatever is assumed of the lost; on average it is less "
            "where slow deals would be won too, which now are lost.",
            *_left_out(told, found),
        ),
        empty=_nothing(told, found, pulled),
        charts=(Chart("days-won", "Days won in a won deal, 20 % sooner", Mark.RANGES, ("stage",), ("days_20",)),),
    )


def wins_gained(told: Journeys, found: Passed, pulled: Levers | None) -> Section:
    """How many more deals would be won of 100 that start; what brings most first."""
    its = pulled.by_wins if pulled else ()
    chance = pulled.base.chance if pulled else np.zeros(0)
    return Section(
        "wins-gained",
        "More deals won of 100 that start, if deals advanced sooner",
        (
            Heading("stage", "Advance sooner from"),
            Heading("chance", "Won of those that enter it", Unit.SHARE),
            *(Heading(f"wins_{each}", f"{each} % sooner", Unit.NUMBER) for each in _PERCENTS),
            Heading("value_20", "Value at 20 %", Unit.MONEY),
        ),
        tuple(
            (
                _title(told, found, each),
                float(chance[each.place]),
                *map(of_figure, each.wins),
                of_figure(each.value[MIDDLE]) if each.value else None,
            )
            for each in its
        ),
        notes=below(
            its,
            "Deals are won that would else have been lost while they waited. That holds as far as waiting loses them: "
            "where a deal is lost for what it is, advancing it sooner wins nothing. The value is that of so many deals "
            "at the mean value of the deals won.",
        ),
        empty=_nothing(told, found, pulled),
        charts=(Chart("wins-gained", "More deals won of 100, 20 % sooner", Mark.RANGES, ("stage",), ("wins_20",)),),
    )


def _title(told: Journeys, found: Passed, lever: Lever) -> str:
    return told.title(found.stages[lever.place])


def _left_out(told: Journeys, found: Passed) -> tuple[str, ...]:
    """Stages of which nothing can be told, and why."""
    few = [place for place in range(len(found.stages)) if found.advances[place] < FEWEST]
    short = [place for place in range(len(found.stages)) if place not in few and not found.hurries(place)]
    said = (
        (few, f"fewer than {FEWEST} advances were seen"),
        (short, "deals were not watched for long enough (more than a tenth of advances may be still to come)"),
    )
    return tuple(
        f"Left out, as {why}: {', '.join(told.title(found.stages[each]) for each in places)}."
        for places, why in said
        if places
    )


def _nothing(told: Journeys, found: Passed, pulled: Levers | None) -> str:
    if not found.stages:
        return "No deal has a date in an open stage."
    if pulled is None:
        return "No deal is known to have gone from stage to stage to a win, so nobody can say what would win days."
    return " ".join(_left_out(told, found)) or "Advancing takes no time here."


def notes(told: Journeys, found: Passed) -> tuple[str, ...]:
    """What was left out, and how deals that were opened again are counted."""
    said = []
    undated = np.flatnonzero(found.undated).tolist()
    if undated:
        each = ", ".join(f"'{told.title(stage)}' {found.undated[stage]:,}" for stage in undated)
        said.append(f"Left out, for want of dates: {counted(int(found.undated.sum()), 'visit')} of a stage ({each}).")
    if found.reopened:
        said.append(
            f"Opened again after they were closed: {counted(found.reopened, 'deal')}. While closed they count as "
            "standing in the stage from which they were closed."
        )
    return tuple(said)
