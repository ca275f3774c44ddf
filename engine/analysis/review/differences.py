"""Who and what differs between won and lost deals: each difference with its interval, few of them by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.analysis.review.features import FEWEST, MOST_VALUES, Features, Measure, Trait, compared, features
from engine.analysis.touches import Touches
from engine.analysis.words import below, counted, of_band
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.discoveries import discoveries
from engine.numerics.intervals import newcombe, shares_differ
from engine.numerics.pairs import medians_apart, superiority

RATE = 0.1
"""So large a share of the differences that hold may be false."""

_FEWEST_NUMBERS = 10
_SHOWN = 20
_SHOWN_BY_CHANCE = 5
_INTERVALS = (
    "Beside each estimate stands its own 90 % interval. 'Holds' allows for how many were compared: of those that "
    "hold about one in ten, and not more, is by chance."
)
_NO_CAUSE = "A difference does not say why: what goes along with a win need not bring it about."


@dataclass(frozen=True, slots=True)
class _Compared:
    """A row but for whether it holds; ``chance`` of so great a difference where there is none."""

    chance: float
    figures: tuple[Figure, ...]


def differences(told: Journeys, touched: Touches) -> tuple[Section, ...]:
    """A section for what deals have or have not, and one for numbers; false discoveries are held to 10 % over both."""
    found = features(told, touched)
    traits = [row for each in found.traits if (row := _trait(told, each))]
    measures = [row for each in found.measures if (row := _measure(told, each))]
    holds = discoveries(np.array([each.chance for each in (*traits, *measures)]), RATE)
    notes = _notes(found)
    return (
        _of_traits(told, _rows(traits, holds[: len(traits)]), notes),
        _of_measures(told, _rows(measures, holds[len(traits) :]), notes),
    )


def _rows(rows: list[_Compared], holds: np.ndarray) -> tuple[tuple[Figure, ...], ...]:
    ranked = sorted(zip(rows, holds.tolist(), strict=True), key=lambda pair: (not pair[1], pair[0].chance))
    return tuple((*row.figures, held) for row, held in ranked)


def _trait(told: Journeys, trait: Trait) -> _Compared | None:
    won, lost = (trait.known & (told.outcome == outcome) for outcome in (WON, LOST))
    hits, other_hits, of, other_of = (int(each.sum()) for each in (won & trait.has, lost & trait.has, won, lost))
    if not of or not other_of or not FEWEST <= hits + other_hits < of + other_of:
        return None
    apart = of_band(newcombe(hits, of, other_hits, other_of))
    chance = shares_differ(hits, of, other_hits, other_of)
    return _Compared(chance, (trait.what, trait.value, of, other_of, hits / of, other_hits / other_of, apart))


def _measure(told: Journeys, measure: Measure) -> _Compared | None:
    known = compared(told) & ~np.isnan(measure.numbers)
    won, lost = (measure.numbers[known & (told.outcome == outcome)] for outcome in (WON, LOST))
    if min(len(won), len(lost)) < _FEWEST_NUMBERS or measure.numbers[known].min() == measure.numbers[known].max():
        return None
    higher = superiority(won, lost)
    medians = (float(np.median(won)), float(np.median(lost)), of_band(medians_apart(won, lost)))
    return _Compared(higher.chance, (measure.what, len(won), len(lost), *medians, of_band(higher.band)))


def _of_traits(told: Journeys, rows: tuple[tuple[Figure, ...], ...], notes: tuple[str, ...]) -> Section:
    return Section(
        "differences",
        "What differs between won and lost deals",
        (
            Heading("what", "What"),
            Heading("value", "Value"),
            Heading("won", "Won deals", Unit.COUNT),
            Heading("lost", "Lost deals", Unit.COUNT),
            Heading("share_won", "Share of the won", Unit.SHARE),
            Heading("share_lost", "Share of the lost", Unit.SHARE),
            Heading("difference", "Difference", Unit.POINTS),
            Heading("holds", "Holds"),
        ),
        rows,
        says=_says(rows),
        notes=below(rows, _INTERVALS, _NO_CAUSE, *notes),
        empty=_why_none(told, f"nothing is known that at least {FEWEST} of them have and others have not"),
        shown=_shown(rows),
    )


def _of_measures(told: Journeys, rows: tuple[tuple[Figure, ...], ...], notes: tuple[str, ...]) -> Section:
    return Section(
        "differences-in-numbers",
        "Numbers that differ between won and lost deals",
        (
            Heading("what", "What"),
            Heading("won", "Won deals", Unit.COUNT),
            Heading("lost", "Lost deals", Unit.COUNT),
            Heading("median_won", "Median of the won", Unit.NUMBER),
            Heading("median_lost", "Median of the lost", Unit.NUMBER),
            Heading("difference", "Difference", Unit.NUMBER),
            Heading("higher", "A won deal has the higher one", Unit.SHARE),
            Heading("holds", "Holds"),
        ),
        rows,
        says=_says(rows),
        notes=below(
            rows,
            "'A won deal has the higher one' is of all pairs of a won and a lost deal; one half: no difference.",
            _INTERVALS,
            *notes[:1],
        ),
        empty=_why_none(
            told, f"no number is known of at least {_FEWEST_NUMBERS} won and {_FEWEST_NUMBERS} lost ones that differs"
        ),
        shown=_shown(rows),
    )


def _shown(rows: tuple[tuple[Figure, ...], ...]) -> int:
    """As text those that hold, and a few of the others: chance brings them about."""
    return min(_SHOWN, sum(bool(row[-1]) for row in rows) + _SHOWN_BY_CHANCE)


def _why_none(told: Journeys, else_: str) -> str:
    """Why nothing can be compared."""
    won, lost = (int((told.outcome == outcome).sum()) for outcome in (WON, LOST))
    if not won or not lost:
        return f"Won and lost deals cannot be compared: there is no {'lost' if won else 'won'} one."
    return f"Of {won:,} won and {counted(lost, 'lost deal')} {else_}, so they cannot be compared."


def _says(rows: tuple[tuple[Figure, ...], ...]) -> tuple[str, ...]:
    if not rows:
        return ()
    held = sum(bool(row[-1]) for row in rows)
    if len(rows) == 1 and not held:
        return ("The one difference does not hold: chance alone brings such about.",)
    if not held:
        return (f"None of {counted(len(rows), 'difference')} holds: all are such as chance alone brings about.",)
    return (f"{held:,} of {counted(len(rows), 'difference')} {'holds' if held == 1 else 'hold'}.",)


def _notes(found: Features) -> tuple[str, ...]:
    notes = [
        "The owner is who had the deal last: where deals change hands once they are won, that shows here. Of the rest "
        "only what was known before the close is compared: what came with the closing move or later, or nobody knows "
        "when, says how the deal ended, not why."
        + (f" So left out, where not known before: {', '.join(found.late)}." if found.late else "")
    ]
    if found.capped:
        notes.append(f"Of {', '.join(found.capped)} only the {MOST_VALUES} most frequent values are compared.")
    notes.append(
        f"What fewer than {FEWEST} deals have is not compared. Stages count as gone over before the closing move only."
    )
    return tuple(notes)
