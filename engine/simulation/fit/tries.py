"""Visits of one stage as tries: those that ended in a move, those that the rules refused, and those still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.numerics.watching import Ints, Mask
from engine.simulation.fit.branches import Spans
from engine.simulation.fit.refusals import patterns_of, tried
from engine.simulation.fit.seen import NONE, Seen, Visits
from engine.simulation.fit.standing import Tries, Way
from engine.tables.coded import NEVER, codes, moments, whole_numbers

_IN_FORCE = 0.2
"""Where more of the moves were made against the rules than this, these were not in force."""
_TOLD = 0.5
"""Refusals are taken as told where there are at least so many of those that the rules should have made."""


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """Tries that a journal tells were refused, one item each: whose, of what (``actions``), and when in seconds."""

    deal: Ints
    action: Ints
    at: Ints
    actions: tuple[str, ...]


def refusals(seen: Seen) -> Refused:
    """The tries that were refused: what was judged and failed, and is no move. An export tells none."""
    verdicts = seen.tables.verdicts
    number = {name: at for at, name in enumerate(seen.names)}
    if not verdicts.num_rows or not number:
        nothing = np.zeros(0, np.int64)
        return Refused(nothing, nothing, nothing, ())
    code, names = codes(verdicts, "deal")
    deal = np.array([number.get(each, NONE) for each in names], np.int64)[code]
    seq, at = whole_numbers(verdicts, "seq"), moments(verdicts, "happened_at")
    action, actions = codes(verdicts, "action")
    came_out, results = codes(verdicts, "verdict")
    failed = np.isin(came_out, [place for place, each in enumerate(results) if each in ("failed", "unknown")])
    entered = {
        key
        for each in seen.tracks
        for key in zip(each.deal.tolist(), each.seq.tolist(), each.entered.tolist(), strict=True)
    }
    rows = np.flatnonzero(failed & (deal >= 0) & (at != NEVER))
    first: dict[tuple[int, int, int, int], int] = {}
    for row in rows.tolist():
        # A journal numbers refused tries among the moves; what is simulated tells them with the visit they belong to.
        key = int(deal[row]), int(seq[row]), int(at[row]) // 1_000_000
        if key not in entered:
            first.setdefault((*key, int(action[row])), row)
    picked = np.array(list(first.values()), np.int64)
    return Refused(deal[picked], action[picked], at[picked] // 1_000_000, tuple(actions))


def tries(
    visits: Visits,
    stage: str,
    *,
    spent: tuple[Ints, Ints],
    wall: tuple[Ints, Ints],
    bars: Mapping[Way, Mask],
    refused: Refused,
) -> Tries:
    """The tries in one stage. ``bars``: whom (by the number of the deal) each way is barred to.

    ``spent`` are the seconds that passed in each visit, and had passed when its watch began; ``wall`` the same by the
    clock on the wall.
    """
    rows = np.flatnonzero(visits.dated & (visits.stage == visits.stages.index(stage)))
    ways = _ways(visits, stage, rows)
    cause = np.zeros(len(rows), np.int64)
    for place, way in enumerate(ways):
        cause[visits.way[rows] == visits.ways.index(way)] = place + 1
    spans, walls = (Spans(passed[rows], cause, begun[rows]) for passed, begun in (spent, wall))
    barred, broken = _barred(ways, visits.deal[rows], bars, cause)
    whole = Tries(stage, ways, spans, barred, visits=spans, wall=walls, broken=broken)
    told = _told(visits, rows, whole, bars, refused)
    if not len(told) or len(told) < _TOLD * _expected(whole):
        return whole
    return _split(visits, rows, whole, told)


def _ways(visits: Visits, stage: str, rows: Ints) -> tuple[Way, ...]:
    counted = np.bincount(visits.way[rows] + 1, minlength=len(visits.ways) + 1)[1:]
    return tuple(way for way, count in zip(visits.ways, counted.tolist(), strict=True) if way[0] == stage and count)


def _barred(
    ways: tuple[Way, ...], deals: Ints, bars: Mapping[Way, Mask], cause: Ints
) -> tuple[Mask, tuple[tuple[str, int, int], ...]]:
    """Whom each way is barred to, and (action, how many, of how many) moves were made that the rules refuse.

    Whoever made a move was not kept from it. Where many made it all the same, the rules were not in force.
    """
    found = np.zeros((len(ways), len(deals)), np.bool_)
    broken = []
    for place, way in enumerate(ways):
        if way not in bars:
            continue
        barred, moved = bars[way][deals], cause == place + 1
        against = int((barred & moved).sum())
        if against:
            broken.append((way[1], against, int(moved.sum())))
        if against <= _IN_FORCE * int(moved.sum()):
            found[place] = barred & ~moved
    return found, tuple(broken)


def _expected(whole: Tries) -> float:
    """How many tries the rules should have refused, were it as the moves tell."""
    count = np.bincount(whole.spans.cause, minlength=len(whole.ways) + 1)[1:]
    if not count.sum():
        return 0.0
    patterns = patterns_of(whole.barred)
    shares = tried(count / count.sum(), patterns)
    more = 1 / np.maximum(patterns.open @ shares, 1e-9) - 1
    return float(patterns.share @ more * count.sum())


def _told(visits: Visits, rows: Ints, whole: Tries, bars: Mapping[Way, Mask], refused: Refused) -> list[list[int]]:
    """(place among the rows, seconds since it was entered, cause) of refused tries that would be refused now, too.

    One that was mended and then done is part of the time before it was done.
    """
    found = []
    of_deal: dict[int, list[int]] = {}
    for place, deal in enumerate(visits.deal[rows].tolist()):
        of_deal.setdefault(deal, []).append(place)
    entered, gone = visits.entered[rows].tolist(), visits.gone[rows].tolist()
    for deal, action, at in zip(refused.deal.tolist(), refused.action.tolist(), refused.at.tolist(), strict=True):
        for place in of_deal.get(deal, ()):
            if not entered[place] <= at <= gone[place]:
                continue
            cause = _cause(whole.ways, refused.actions[action] if action >= 0 else "", deal, bars)
            if cause:
                found.append([place, at - entered[place], cause])
                break
    return found


def _cause(ways: tuple[Way, ...], action: str, deal: int, bars: Mapping[Way, Mask]) -> int:
    for place, way in enumerate(ways):
        if way[1] == action and way in bars and bars[way][deal]:
            return place + 1
    return 0


def _split(visits: Visits, rows: Ints, whole: Tries, told: list[list[int]]) -> Tries:
    """Each refused try as one of its own, and what is left of its visit as the next."""
    spans = whole.spans
    exits, entries = spans.exits.copy(), spans.entries.copy()
    lasted = np.maximum(visits.gone[rows] - visits.entered[rows], 1)
    more: list[tuple[int, int, int, int]] = []
    passed = np.zeros(len(rows), np.int64)
    for place, after, cause in sorted(told):
        # Where time passes in working hours, the try lies in them as far as it lies in the visit.
        at = int(spans.exits[place] * after // lasted[place])
        begin = int(passed[place])
        more.append((place, at - begin, cause, int(spans.entries[place]) - begin))
        passed[place] = at
    exits -= passed
    entries -= passed
    added = np.array(more, np.int64)
    return Tries(
        whole.stage,
        whole.ways,
        Spans(
            np.concatenate([exits, added[:, 1]]),
            np.concatenate([spans.cause, added[:, 2]]),
            np.concatenate([entries, added[:, 3]]),
        ),
        np.concatenate([whole.barred, whole.barred[:, added[:, 0]]], axis=1),
        visits=spans,
        wall=whole.wall,
        broken=whole.broken,
    )
