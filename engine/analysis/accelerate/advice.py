"""What to try first, in a sentence or two, and why; or that nothing stands out beyond chance."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.accelerate.levers import MIDDLE, SHARES, Lever, Levers
from engine.analysis.accelerate.passed import Passed
from engine.analysis.accelerate.waits import Waits
from engine.analysis.journeys import Journeys
from engine.analysis.words import counted, share_text
from engine.machine.sayings import sayings
from engine.numerics.semi_markov import Figure

_LEAST = 0.005
"""Less than such a part of the time to a win, or of the deals won, is worth nobody's while."""
_UNITS = ((2.0, 1, "days"), (2 / 24, 24, "hours"), (0.0, 1_440, "minutes"))
"""From how many days on a time is told in it, how many are in a day, and what it is called."""


def advice(told: Journeys, found: Passed, pulled: Levers | None, waited: tuple[Waits, ...]) -> tuple[str, ...]:
    """What to try first and why; what else would bring more deals; and what is waited for most."""
    if pulled is None or not pulled.all:
        return ("What to try first cannot be told from these deals.", *_waited(told, waited))
    return (_as_it_is(pulled), *_first(told, found, pulled), *_waited(told, waited))


def _as_it_is(pulled: Levers) -> str:
    reached, time = pulled.base.reached.band, pulled.base.time.band
    times, unit = _unit(pulled)
    return (
        f"As it is, {share_text(reached.value)} of the deals that start are won as far as anyone watched "
        f"({share_text(max(reached.low, 0.0))} to {share_text(min(reached.high, 1.0))}), in {times * time.value:,.1f} "
        f"{unit} on average ({times * max(time.low, 0.0):,.1f} to {times * time.high:,.1f})."
    )


def _unit(pulled: Levers) -> tuple[int, str]:
    time = pulled.base.time.value
    return next((times, name) for least, times, name in _UNITS if time >= least)


def _first(told: Journeys, found: Passed, pulled: Levers) -> Iterator[str]:
    days = [each for each in pulled.by_days if _wins_days(pulled, each)]
    wins = [each for each in pulled.by_wins if _wins_deals(pulled, each)]
    if not days and not wins:
        yield (
            "Nothing stands out beyond chance: from no stage would advancing a fifth sooner surely win days or deals. "
            "Look at more deals, or at what they wait for below."
        )
        return
    first = (days or wins)[0]
    yield f"Try first: {_sentence(told, found, pulled, first)}"
    yield from _as_near(told, found, [each for each in days if each is not first], first)
    if wins and wins[0].wins[MIDDLE].less(first.wins[MIDDLE]).band.low > 0:
        yield f"More deals would be won otherwise: {_sentence(told, found, pulled, wins[0])}"


def _sentence(told: Journeys, found: Passed, pulled: Levers, lever: Lever) -> str:
    """``have deals advance sooner from 'proposal', where …: …``."""
    times, unit = _unit(pulled)
    brings = []
    if _wins_days(pulled, lever):
        band, anyway = lever.days[MIDDLE].times(times).band, times * lever.anyway[MIDDLE].value
        brings.append(
            f"a won deal would take {band.value:,.1f} {unit} less ({band.low:,.1f} to {band.high:,.1f}; one that is "
            f"won anyway {anyway:,.1f})"
        )
    if _wins_deals(pulled, lever):
        band = lever.wins[MIDDLE].band
        brings.append(f"of 100 that start {band.value:,.1f} more would be won ({band.low:,.1f} to {band.high:,.1f})")
    return (
        f"have deals advance sooner from '{told.title(found.stages[lever.place])}', where a won deal spends "
        f"{times * pulled.base.spent[lever.place].value:,.1f} of its {times * pulled.base.time.value:,.1f} {unit}: "
        f"{100 * SHARES[MIDDLE]:.0f} % sooner, {', and '.join(brings)}."
    )


def _as_near(told: Journeys, found: Passed, others: list[Lever], first: Lever) -> Iterator[str]:
    """The stages that may bring as much: chance alone may have put them second."""
    near = [
        f"'{told.title(found.stages[each.place])}'"
        for each in others
        if first.days[MIDDLE].less(each.days[MIDDLE]).band.low <= 0
    ]
    if near:
        yield (
            f"{' and '.join(near)} may win as many days: the difference is within what chance brings about, and of "
            "what is near the first rather looks better than it is."
        )


def _wins_days(pulled: Levers, lever: Lever) -> bool:
    return _is_sure(lever.days[MIDDLE], _LEAST * pulled.base.time.value)


def _wins_deals(pulled: Levers, lever: Lever) -> bool:
    return _is_sure(lever.wins[MIDDLE], _LEAST * 100 * pulled.base.reached.value)


def _is_sure(figure: Figure, least: float) -> bool:
    return figure.value >= least and figure.band.low > 0


def _waited(told: Journeys, waited: tuple[Waits, ...]) -> tuple[str, ...]:
    if not waited or waited[0].total_days < 1:
        return ()
    most = waited[0]
    says = sayings(told.process).get(most.requirement)
    name = f"'{says}' ({most.requirement})" if says else f"'{most.requirement}'"
    return (
        f"Most waited for: {name}, {most.total_days:,.0f} days in all from the first refusal on, in "
        f"{counted(len(set(most.deal.tolist())), 'deal')}.",
    )
