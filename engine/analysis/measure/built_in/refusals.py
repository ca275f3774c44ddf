"""Refused moves by the requirement that stood in the way: how often, and how long until it no longer did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.judged import FAILED, UNKNOWN, Judged, Tries
from engine.analysis.measure.built_in.judging import ROW_NAMES, deals_of, pairs
from engine.analysis.measure.view import View
from engine.analysis.words import below, counted, of_band, of_quantile, share_text
from engine.model.study import Chart, Estimate, Figure, Heading, Mark, Section, Unit
from engine.numerics.competing import aalen_johansen, quantile_of_those, way
from engine.numerics.intervals import wilson
from engine.tables.coded import NEVER, Ints, Mask

_MET, _ELSE = 1, 2


def refusals(view: View) -> Section:
    """A row a requirement and an action that it stood in the way of."""
    found = view.judged
    rows = _rows(view.told, found) if found else ()
    return Section(
        "refusals",
        "What moves were refused for",
        (
            *ROW_NAMES,
            Heading("refused", "Refused moves", Unit.COUNT),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of tries", Unit.SHARE),
            Heading("unknown", "Not known", Unit.COUNT),
            Heading("passed_next", "Met at the next try", Unit.SHARE),
            Heading("waiting", "Open, not met", Unit.COUNT),
            Heading("p50_days", "Half met within", Unit.DAYS),
        ),
        rows,
        says=_says(found) if found and rows else (),
        notes=below(
            rows,
            "A move may be refused for several requirements and counts for each. 'Share of tries' is of all tries of "
            "the action, made or refused. 'Not known': nobody had recorded what it asks for.",
            "'Met at the next try' is of the moves that were tried again. 'Half met within' runs from the first "
            "refusal to the try at which it no longer stood in the way, over those that came so far; deals that still "
            "wait count as waiting.",
        ),
        empty="No refused move is told of; only a journal keeps them.",
        shown=20,
        charts=(Chart("refusals", "Refused moves by requirement", Mark.BARS, ("requirement", "action"), ("refused",)),),
    )


def _in_the_way(found: Judged) -> Mask:
    return found.tries.refused[found.of] & np.isin(found.result, (FAILED, UNKNOWN))


def _says(found: Judged) -> tuple[str, ...]:
    refused, tries = int(found.tries.refused.sum()), len(found.tries.refused)
    share = wilson(refused, tries)
    return (
        f"{refused:,} of {counted(tries, 'try', many='tries')} of these actions {'was' if refused == 1 else 'were'} "
        f"refused: {share_text(share.value)} (90 % interval {share_text(share.low)} to {share_text(share.high)}).",
    )


def _rows(told: Journeys, found: Judged) -> tuple[tuple[Figure, ...], ...]:
    tried = np.bincount(found.tries.action, minlength=len(found.tries.actions))
    following = found.tries.following
    met = np.zeros(len(found.of), np.bool_)
    chosen = _in_the_way(found)
    met[chosen] = found.met_at_next(np.flatnonzero(chosen))
    rows: list[tuple[Figure, ...]] = []
    for pair in pairs(told, found, chosen):
        its = pair.items
        again = int((following[found.of[its]] >= 0).sum())
        exits, cause = _waits(told, found.tries, _Chain(found.of[its], met[its], following))
        rows.append(
            (
                *pair.names,
                len(its),
                len(deals_of(found, its)),
                of_band(wilson(len(its), int(tried[pair.action]))),
                int((found.result[its] == UNKNOWN).sum()),
                of_band(wilson(int(met[its].sum()), again)) if again else None,
                int((cause == 0).sum()),
                _half(exits, cause),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The tries refused for one requirement, in order, whether it was met at the next one, and which that is."""

    tried: Ints
    met: Mask
    following: Ints


def _waits(told: Journeys, tries: Tries, chain: _Chain) -> tuple[Ints, Ints]:
    """How long each wait was, and how it ended (0: it goes on): refusals one after the other are one wait."""
    tried, then = chain.tried, chain.following[chain.tried]
    goes_on = np.append(then[:-1] == tried[1:], np.zeros(min(len(tried), 1), np.bool_))
    first = tried[np.append(np.ones(min(len(tried), 1), np.bool_), ~goes_on[:-1])]
    last, met = then[~goes_on], chain.met[~goes_on]
    deal = tries.deal[first]
    is_open = told.outcome[deal] == OPEN
    cause = np.where(last >= 0, np.where(met, _MET, _ELSE), np.where(is_open, 0, _ELSE))
    ends = np.where(last >= 0, tries.at[last], np.where(is_open, told.until, told.closed[deal]))
    dated = (tries.at[first] != NEVER) & (ends != NEVER)
    return np.maximum(ends - tries.at[first], 0)[dated], cause[dated]


def _half(exits: Ints, cause: Ints) -> Estimate | None:
    if not (cause == _MET).any():
        return None
    found = aalen_johansen(exits, cause, _ELSE)
    return of_quantile(quantile_of_those(way(found, _MET), 0.5), found.longest)
