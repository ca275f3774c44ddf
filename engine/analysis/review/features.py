"""What won and lost deals may differ in: who had them, what was known of them, which detours and contacts they had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.analysis.known import Known, as_numbers, known_before_close
from engine.analysis.review.detours import gone_over, is_return, moves
from engine.analysis.touches import Touches, of_kind
from engine.model.syntax import Kind
from engine.tables.coded import DAY, NEVER, Floats, Mask, codes

MOST_VALUES = 20
"""Of a text with more values than that, only the most frequent are compared."""

FEWEST = 5
"""A value that fewer deals have tells nothing."""

_NUMBERS = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that a deal has or has not; ``known`` are the deals of which anybody knows."""

    what: str
    value: str
    has: Mask
    known: Mask


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of each deal; ``nan``: unknown."""

    what: str
    numbers: Floats


@dataclass(frozen=True, slots=True)
class Features:
    """All there is to compare. ``rare`` values are not compared; ``late`` facts came with the close or after it."""

    traits: tuple[Trait, ...]
    measures: tuple[Measure, ...]
    late: tuple[str, ...]
    capped: tuple[str, ...]


def features(told: Journeys, touched: Touches) -> Features:
    """Of the won and lost deals."""
    traits: list[Trait] = []
    measures: list[Measure] = []
    late, capped = [], []
    owners, names = codes(told.tables.deals, "owner")
    owner = np.where([bool(each) for each in (*names, "")], np.arange(len(names) + 1), -1)[owners[told.rows]]
    values = [("owner", owner, tuple(names))]
    for known in known_before_close(told):
        name = known.fact.title or known.fact.id
        if known.late:
            late.append(name)
        if known.fact.type.kind in _NUMBERS:
            measures.append(Measure(_number_name(known, name), as_numbers(told, known)))
        elif (known.code >= 0).any():
            values.append((name, known.code, known.texts))
    for name, code, texts in values:
        if len(texts) > MOST_VALUES:
            capped.append(name)
        traits.extend(_values(told, name, code, texts))
    return Features((*traits, *_detours(told)), (*measures, *_contacts(told, touched)), tuple(late), tuple(capped))


def compared(told: Journeys) -> Mask:
    """The won and the lost deals."""
    found: Mask = (told.outcome == WON) | (told.outcome == LOST)
    return found


def _number_name(known: Known, name: str) -> str:
    kind = known.fact.type.kind
    return {Kind.DATE: f"{name}, days after the start", Kind.DURATION: f"{name}, days"}.get(kind, name)


def _values(told: Journeys, name: str, code: np.ndarray, texts: tuple[str, ...]) -> Iterator[Trait]:
    """Each frequent value of a text; of yes and no only the yes, for no is all the rest."""
    known = (code >= 0) & compared(told)
    counts = np.bincount(code[known], minlength=len(texts))
    if set(texts) <= {"true", "false"} and "true" in texts:
        counts[[place for place, text in enumerate(texts) if text == "false"]] = 0
    for place in np.argsort(-counts, kind="stable")[:MOST_VALUES].tolist():
        if FEWEST <= counts[place] < known.sum():
            yield Trait(name, texts[place], code == place, known)


def _detours(told: Journeys) -> Iterator[Trait]:
    """Detours before the close: what the closing move itself goes over says how the deal ended."""
    known = compared(told)
    before = np.where(told.closing >= 0, told.closing, len(told.visits.deal))
    for stage in told.open_stages:
        yield Trait("went over a stage", told.title(stage), gone_over(told, stage, before=before), known)
    made = moves(told)
    back = is_return(told, made) & (made.begin + 1 < before[told.visits.deal[made.begin]])
    returned = np.bincount(told.visits.deal[made.begin[back]], minlength=told.count)
    yield Trait("moved back", "at least once", returned > 0, known)


def _contacts(told: Journeys, found: Touches) -> Iterator[Measure]:
    """Touchpoints in the first days after the start, of deals that lasted so long: others had less time for them."""
    window = round(told.window_days * DAY)
    lasted = (told.started != NEVER) & (told.closed != NEVER) & (told.closed - told.started >= window)
    kinds = [("touchpoints", found), *((name, of_kind(found, kind)) for kind, name in enumerate(found.kinds))]
    for name, its in kinds if len(kinds) > 2 else kinds[1:]:
        after = its.at - told.started[its.deal]
        early = (its.at != NEVER) & (after >= 0) & (after <= window)
        counts = np.bincount(its.deal[early], minlength=told.count)
        yield Measure(f"{name} in the first {told.window_days:g} days", np.where(lasted, counts, np.nan))
