"""What the horizon brings, as a whole and by week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model.study import Estimate, Fan, Figure, Heading, Section, Unit
from engine.simulation.results.dormant import dormant
from engine.simulation.results.outcome import ENDS, ORIGINS, WEEK, Outcome, Summary
from engine.simulation.results.over_runs import curve, mean, quantile, spread

_FAN = (0.1, 0.25, 0.5, 0.75, 0.9)
_WEEKS_SHOWN = 53
_FEW = 10
_TOLD = {"won": "won", "lost": "lost", "other": "ended otherwise"}
_Runs = npt.NDArray[np.int64]


def ends(outcome: Outcome) -> Section:
    """How many deals were won, were lost, and were still open at the end."""
    rows = [
        (_TOLD[end], *_row([each.ended[at].sum(axis=1) for each in outcome.summaries]))
        for at, end in enumerate(ENDS)
        if end != "other" or any(each.total("other") for each in outcome.summaries)
    ]
    rows.append(("still open at the end", *_row([each.open for each in outcome.summaries])))
    return Section(
        "ends",
        "How deals end",
        _headings(Unit.COUNT, Unit.NUMBER),
        tuple(rows),
        notes=(
            "P10 to P90 is how it may turn out: 80 of 100 runs lie between them. The interval of the mean is only what "
            "the number of runs leaves open; neither knows whether the scenario is true.",
        ),
    )


def worth(outcome: Outcome) -> Section:
    """The amounts of the deals."""
    rows = [
        (f"value {_TOLD[end]}", *_row([each.value[at].sum(axis=1) / 100 for each in outcome.summaries]))
        for at, end in enumerate(ENDS[:2])
    ]
    rows.append(("value still open at the end", *_row([each.open_value / 100 for each in outcome.summaries])))
    return Section("value", "What they are worth", _headings(Unit.MONEY, Unit.MONEY), tuple(rows))


def origins(outcome: Outcome) -> Section:
    """What comes of the deals open now, and what of new prospects."""
    rows: list[tuple[Figure, ...]] = []
    for at, name in enumerate(("open now", "new prospects")):
        won, lost, value, standing = (
            np.array(each)
            for each in zip(
                *(
                    (one.ended[0, at].sum(), one.ended[1, at].sum(), one.value[0, at].sum() / 100, one.open[at])
                    for one in outcome.summaries
                ),
                strict=True,
            )
        )
        rows.append((name, mean(won), *spread(won), *(mean(each).value for each in (lost, standing, value))))
    return Section(
        "origins",
        "From deals open now, and from new ones",
        (
            Heading("origin", "Deals"),
            Heading("won", "Won, mean", Unit.NUMBER),
            *_three("won", "Won", Unit.COUNT),
            Heading("lost", "Lost, mean", Unit.NUMBER),
            Heading("open", "Still open, mean", Unit.NUMBER),
            Heading("value", "Value won, mean", Unit.MONEY),
        ),
        tuple(rows),
    )


def rates(outcome: Outcome) -> Section:
    """The win rate of each run: won of won and lost."""
    found = [rate for each in outcome.summaries if (rate := win_rate(each)) is not None]
    rows: tuple[tuple[Figure, ...], ...] = (("won of won and lost", mean(found), *spread(found)),) if found else ()
    headings = (Heading("what", "Of deals that end"), *_spread_headings(Unit.SHARE, Unit.SHARE))
    return Section("win_rate", "Win rate", headings, rows, empty="no deal was won or lost")


def win_rate(summary: Summary) -> float | None:
    """Won of won and lost in one run; ``None`` where none was."""
    won, lost = summary.total("won"), summary.total("lost")
    return won / (won + lost) if won + lost else None


def weeks(outcome: Outcome) -> Section:
    """What each week brings."""
    came = np.array([each.came for each in outcome.summaries])
    won, lost, value = (_weekly(outcome, what) for what in ("won", "lost", "value"))
    rows: list[tuple[Figure, ...]] = [
        (day, mean(came[:, at]).value, *spread(won[:, at]), *spread(lost[:, at]), *spread(value[:, at] / 100))
        for at, day in enumerate(_days(outcome)[:-1])
    ]
    headings = (
        Heading("week", "Week from", Unit.TIME),
        Heading("came", "New prospects, mean", Unit.NUMBER),
        *_three("won", "Won", Unit.COUNT),
        *_three("lost", "Lost", Unit.COUNT),
        *_three("value", "Value won", Unit.MONEY),
    )
    return Section("weeks", "Week by week", headings, tuple(rows), notes=_cut_short(outcome), shown=_WEEKS_SHOWN)


def _cut_short(outcome: Outcome) -> tuple[str, ...]:
    """What to say of a last week that is none, so that nobody takes it for a bad one."""
    over = (outcome.plan.end - outcome.plan.begin) % WEEK
    if not over:
        return ()
    *_, begin, end = _days(outcome)
    return (f"Weeks count from the start. The last one, from {begin}, is cut short: it ends on {end}.",)


def so_far(outcome: Outcome) -> Section:
    """What all weeks up to each one bring together: not the sum of their quantiles, for bad weeks do not all meet."""
    won, value = (np.cumsum(_weekly(outcome, what), axis=1) for what in ("won", "value"))
    rows: list[tuple[Figure, ...]] = [
        (day, *spread(won[:, at]), *spread(value[:, at] / 100)) for at, day in enumerate(_days(outcome)[1:])
    ]
    headings = (Heading("until", "Until", Unit.TIME), *_three("won", "Won", Unit.COUNT))
    headings += _three("value", "Value won", Unit.MONEY)
    return Section("so_far", "Won so far", headings, tuple(rows), shown=_WEEKS_SHOWN)


def fans(outcome: Outcome) -> Iterator[Fan]:
    """The deals won so far and their value, as fans."""
    days = _days(outcome)
    told = (
        ("won_so_far", "Deals won so far", Unit.COUNT, _weekly(outcome, "won").astype(np.float64)),
        ("value_so_far", "Value won so far", Unit.MONEY, _weekly(outcome, "value") / 100),
    )
    for name, title, unit, weekly in told:
        if weekly.any():
            far = np.cumsum(weekly, axis=1)
            curves = tuple(curve(far, share) for share in _FAN)
            yield Fan(name, title, unit, days[0], tuple(days[1:]), _FAN, curves, says=_said(outcome))


def says(outcome: Outcome) -> Iterator[str]:
    """The forecast in sentences."""
    yield _won(outcome)
    open_now = len(outcome.setup.open_deals)
    if not open_now:
        yield (
            "It begins without open deals, so the first weeks bring less than they will: --from-journal begins with "
            "those of the journal."
        )
    else:
        from_open, from_new = (
            float(np.mean([each.ended[0, at].sum() for each in outcome.summaries])) for at in range(len(ORIGINS))
        )
        now = "the deal" if open_now == 1 else f"the {open_now:,} deals"
        yield f"Of {now} open now {from_open:,.1f} are won, of new prospects {from_new:,.1f} (means)."
        yield from dormant(outcome.setup)


def _won(outcome: Outcome) -> str:
    """What half of the runs win at least, and between which two numbers 80 of 100 lie."""
    until = _days(outcome)[-1].isoformat()
    won = [each.total("won") for each in outcome.summaries]
    low, middle, high = spread(won)
    if outcome.done == 1:
        return f"The one run wins {_deals(middle)} by {until}."
    runs = f"the {outcome.done:,} runs"
    if outcome.interrupted:
        runs = f"{runs} that were done of {outcome.runs:,}"
    if not any(won):
        return f"None of {runs} wins a deal by {until}."
    half = f"{_deals(middle)} or more" if middle else "none"
    # Of so few runs P10 and P90 are the least and the most.
    share = "80 of 100" if outcome.done >= _FEW else "all"
    return f"Half of {runs} win {half} by {until}; {share} win {low:,.0f} to {high:,.0f}."


def _deals(number: float) -> str:
    return "1 deal" if number == 1 else f"{number:,.0f} deals"


def _said(outcome: Outcome) -> str:
    return f"At the end of each week, over {outcome.done:,} simulated {'runs' if outcome.done > 1 else 'run'}."


def _row(by_origin: Sequence[npt.NDArray[Any]]) -> tuple[Estimate | float, ...]:
    runs = np.array(by_origin)
    total = runs.sum(axis=1)
    return (mean(total), *spread(total))


def _headings(unit: Unit, of_mean: Unit) -> tuple[Heading, ...]:
    return (Heading("what", "Deals"), *_spread_headings(unit, of_mean))


def _spread_headings(unit: Unit, of_mean: Unit) -> tuple[Heading, ...]:
    return (Heading("mean", "Mean", of_mean), *(Heading(f"p{share}", f"P{share}", unit) for share in (10, 50, 90)))


def _three(name: str, title: str, unit: Unit) -> tuple[Heading, ...]:
    return tuple(Heading(f"{name}_p{share}", f"{title} P{share}", unit) for share in (10, 50, 90))


def _weekly(outcome: Outcome, what: str) -> _Runs:
    """Runs × weeks."""
    if what == "value":
        return np.array([each.value[0].sum(axis=0) for each in outcome.summaries])
    return np.array([each.ended[ENDS.index(what)].sum(axis=0) for each in outcome.summaries])


def _days(outcome: Outcome) -> list[date]:
    """The first day of each week, and the last of all."""
    setup = outcome.setup
    zone = setup.machine.frame.zone
    begin = setup.begin.astimezone(zone)
    ends_after = timedelta(seconds=outcome.plan.end - outcome.plan.begin)
    week = timedelta(seconds=WEEK)
    return [(begin + min(week * at, ends_after)).date() for at in range(outcome.weeks + 1)]


__all__ = ["ends", "fans", "origins", "quantile", "rates", "says", "so_far", "weeks", "win_rate", "worth"]
