"""The steps that deals followed, from start to end: won, lost and other deals apart, with how many and their money."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from engine.analysis.journeys import LOST, OTHER, WON, Journeys, moment
from engine.analysis.visits import first_of_each
from engine.analysis.words import counted, share_text
from engine.analysis.worth import Worth, worth
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import NEVER, Ints, numbered

MOST = 200
"""So many variants are listed of each outcome; the rest are summed up in a note."""

_SHOWN = 12
_KINDS = ((WON, "won", "won"), (LOST, "lost", "lost"), (OTHER, "other", "ended otherwise"))
_HEADINGS = (
    Heading("steps", "Steps"),
    Heading("deals", "Deals", Unit.COUNT),
    Heading("share", "Share", Unit.SHARE),
    Heading("value", "Value", Unit.MONEY),
    Heading("value_share", "Share of value", Unit.SHARE),
    Heading("first_seen", "First start", Unit.TIME),
    Heading("last_seen", "Last close", Unit.TIME),
)


def variants(told: Journeys) -> tuple[Section, ...]:
    """A section for won, one for lost and one for other deals; open ones have not followed their steps to the end."""
    path, examples = paths(told)
    worths = worth(told, path * 4 + told.outcome, len(examples) * 4)
    return tuple(_section(told, path, examples, worths, kind) for kind in _KINDS)


def paths(told: Journeys) -> tuple[Ints, Ints]:
    """Which variant each deal followed, and of each variant a deal that did: the stages it stood in, in order.

    Steps are packed into whole numbers, as many as fit; a longer path is known by its first part and what follows.
    """
    visits = told.visits
    bits = max(len(told.stages).bit_length(), 1)
    fit = 62 // bits
    place = np.arange(len(visits.deal)) - told.first[visits.deal]
    longest = int((told.last - told.first).max(initial=-1)) + 1
    path, examples = np.zeros(told.count, np.int64), np.arange(told.count)[:1]
    for begin in range(0, longest, fit):
        its: Any = np.flatnonzero(place >= begin) if begin else slice(None)
        # What a step at each place weighs in the number: nothing where it belongs to a later part of the path.
        weights = np.zeros(longest, np.int64)
        weights[begin : begin + fit] = 1 << bits * np.arange(min(fit, longest - begin))
        deal = visits.deal[its]
        starts = np.flatnonzero(first_of_each(deal))
        packed = np.zeros(told.count, np.int64)
        packed[deal[starts]] = np.add.reduceat((visits.stage[its] + 1) * weights[place[its]], starts)
        path, examples = _joined(path, packed) if begin else numbered(packed)
    return path, examples


def _joined(path: Ints, packed: Ints) -> tuple[Ints, Ints]:
    """The variants by their first parts, known so far, and the part that follows."""
    part, _ = numbered(packed)
    return numbered(path * (int(part.max()) + 1) + part)


def steps_text(told: Journeys, deal: int) -> str:
    """The stages that a deal stood in, in order; one entered several times in a row is told once, with how often."""
    stages = told.visits.stage[told.first[deal] : told.last[deal] + 1].tolist()
    if all(here != there for here, there in pairwise(stages)):
        return " > ".join(map(told.title, stages))
    runs = ((told.title(stage), len(list(its))) for stage, its in groupby(stages))
    return " > ".join(title if times == 1 else f"{title} ({times} times)" for title, times in runs)


def _section(
    told: Journeys, path: Ints, examples: Ints, worths: tuple[Worth, ...], kind: tuple[int, str, str]
) -> Section:
    outcome, name, said = kind
    its = np.flatnonzero(told.outcome == outcome)
    deals = np.bincount(path[its], minlength=len(examples))
    first, last = _seen(told, path, its, len(examples))
    found = np.flatnonzero(deals)
    ranked = found[np.lexsort((examples[found], -deals[found]))]
    value = sum((worths[each * 4 + outcome].value or Decimal(0) for each in found.tolist()), Decimal(0))
    rows = tuple(
        (
            *_row(told, int(examples[each]), int(deals[each]), len(its), worths[each * 4 + outcome].value, value),
            moment(first[each]),
            moment(last[each]),
        )
        for each in ranked[:MOST].tolist()
    )
    return Section(
        f"steps-{name}",
        f"Steps of deals that {'were ' + said if outcome in (WON, LOST) else said}",
        _HEADINGS,
        rows,
        says=_says(deals[ranked], len(its), said),
        notes=_rest(deals[ranked[MOST:]]),
        empty=f"No deal {'was ' + said if outcome in (WON, LOST) else said}.",
        shown=_SHOWN,
    )


def _seen(told: Journeys, path: Ints, its: Ints, count: int) -> tuple[Ints, Ints]:
    """When the first deal of each variant started, and when the last one closed."""
    far = np.iinfo(np.int64).max
    first, last = np.full(count, far), np.full(count, NEVER)
    dated = its[told.started[its] != NEVER]
    np.minimum.at(first, path[dated], told.started[dated])
    np.maximum.at(last, path[its], told.closed[its])
    return np.where(first == far, NEVER, first), last


def _row(
    told: Journeys, example: int, deals: int, of: int, value: Decimal | None, whole: Decimal
) -> tuple[Figure, ...]:
    # A share of a sum that holds negative values would say nothing.
    share = float(value / whole) if value is not None and whole > 0 and value >= 0 else None
    return (steps_text(told, example), deals, deals / of, value, share)


def _says(deals: Ints, of: int, said: str) -> tuple[str, ...]:
    """``deals`` of each variant, the most frequent first."""
    whole = f"The {counted(of, 'deal')} {said}"
    if len(deals) == 1:
        return (f"{whole} went the same way.",) if of > 1 else ()
    if not of:
        return ()
    half = int(np.searchsorted(np.cumsum(deals), of / 2)) + 1
    hold = "it holds half of them" if half == 1 else f"the {half:,} most frequent hold half of them"
    first = share_text(deals[0] / of)
    return (f"{whole} went {len(deals):,} ways from start to end; {first} took the first below, {hold}.",)


def _rest(deals: Ints) -> tuple[str, ...]:
    if not len(deals):
        return ()
    return (f"Not listed: {counted(len(deals), 'rarer way')} with {counted(int(deals.sum()), 'deal')}.",)
