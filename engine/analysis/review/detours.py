"""Detours: stages that deals went over, moves back, and stages entered again; how often, and what they cost in days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, OPEN, WON, Journeys, days
from engine.analysis.spans import REACHED, ends_mask, first_visits, passages
from engine.analysis.visits import first_of_each
from engine.analysis.words import below, of_band, of_quantile
from engine.model.study import Figure, Heading, Section, Unit
from engine.numerics.competing import emptied_early, quantile_of_those, way
from engine.numerics.intervals import quantile, wilson
from engine.tables.coded import NEVER, Ints, Mask

_COUNTS = (Heading("deals", "Deals", Unit.COUNT), Heading("share", "Share of deals", Unit.SHARE))
_INTERVALS = "Beside each estimate stands its 90 % interval."


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves from a visit (``begin``) to the next of the same deal (``begin + 1``)."""

    begin: Ints
    from_stage: Ints
    to_stage: Ints


def moves(told: Journeys) -> Moves:
    """All moves of the main track."""
    begin = np.flatnonzero(told.visits.again)
    return Moves(begin, told.visits.stage[begin], told.visits.stage[begin + 1])


def is_return(told: Journeys, made: Moves) -> Mask:
    """Which moves lead from a stage of the pipeline to an earlier one."""
    earlier, later = told.order[made.to_stage], told.order[made.from_stage]
    found: Mask = (told.ends[made.from_stage] == OPEN) & (earlier >= 0) & (later > earlier)
    return found


def is_reopening(told: Journeys, made: Moves) -> Mask:
    """Which moves lead out of an end."""
    found: Mask = (told.ends[made.from_stage] != OPEN) & (told.ends[made.to_stage] == OPEN)
    return found


def gone_over(told: Journeys, stage: int, *, before: Ints | None = None) -> Mask:
    """Which deals went over a stage: they stood in a later one, or were won, and in this one never before that.

    A deal first seen in a later stage did not start there as far as anyone knows: it is not among them. ``before``
    are visits (one a deal): only what came before them is looked at.
    """
    visits = told.visits
    seen = np.ones(len(visits.deal), np.bool_) if before is None else np.arange(len(visits.deal)) < before[visits.deal]
    places = np.arange(len(told.order))
    masks = ((told.order >= 0) & (told.order < told.order[stage]), told.order > told.order[stage], places == stage)
    earlier, later, here = (_first(told, mask[visits.stage] & seen) for mask in masks)
    return (earlier < later) & (later < here)


def _first(told: Journeys, chosen: Mask) -> Ints:
    """The first visit of each deal among those of the mask; one beyond all visits where it has none."""
    found = np.full(told.count, len(told.visits.deal))
    its = np.flatnonzero(chosen)[::-1]
    found[told.visits.deal[its]] = its
    return found


def detours(told: Journeys) -> tuple[Section, ...]:
    """Skips, returns and loops."""
    made = moves(told)
    return _skips(told), _returns(told, made), _loops(told)


def _skips(told: Journeys) -> Section:
    rows: list[tuple[Figure, ...]] = []
    for stage in told.open_stages:
        over = gone_over(told, stage)
        if over.any():
            stood = np.zeros(told.count, np.bool_)
            stood[told.visits.deal[first_visits(told, stage)]] = True
            of = int((over | stood).sum())
            rates = (_win_rate(told, over), _win_rate(told, stood & ~over))
            rows.append((told.title(stage), int(over.sum()), of_band(wilson(int(over.sum()), of)), *rates))
    return Section(
        "skips",
        "Stages gone over",
        (
            Heading("stage", "Stage gone over"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Share of deals that came by", Unit.SHARE),
            Heading("win_rate_over", "Won of those closed", Unit.SHARE),
            Heading("win_rate_through", "Won of those that stood there", Unit.SHARE),
        ),
        tuple(rows),
        notes=below(
            rows,
            "A deal went over a stage if it moved from an earlier to a later one, or was won, and had not stood in it.",
            "Deals that go over a stage may differ from others in many ways: a higher share of wins does not say that "
            "skipping helps.",
            _INTERVALS,
        ),
        empty="No deal went over a stage.",
    )


def _win_rate(told: Journeys, deals: Mask) -> Figure:
    won, lost = (int((told.outcome[deals] == outcome).sum()) for outcome in (WON, LOST))
    return of_band(wilson(won, won + lost)) if won + lost else None


def _returns(told: Journeys, made: Moves) -> Section:
    kinds = len(told.stages)
    rows: list[tuple[int, tuple[Figure, ...]]] = []
    for what, mask in (("back", is_return(told, made)), ("reopened", is_reopening(told, made))):
        pair = made.from_stage[mask] * kinds + made.to_stage[mask]
        for each in np.unique(pair).tolist():
            begin = made.begin[mask][pair == each]
            figures = _return(told, begin, divmod(each, kinds), what)
            rows.append((len(begin), figures))
    rows.sort(key=lambda row: -row[0])
    return Section(
        "returns",
        "Moves back",
        (
            Heading("from_stage", "From"),
            Heading("to_stage", "Back to"),
            Heading("kind", "Kind"),
            Heading("moves", "Moves", Unit.COUNT),
            *_COUNTS,
            Heading("came_again", "Came there again", Unit.COUNT),
            Heading("p50_days", "Half of those within", Unit.DAYS),
        ),
        tuple(figures for _, figures in rows),
        notes=below(
            rows,
            "What a move back costs is the time until the deal stands again where it came from, or further on: of "
            "those that came there again, with open deals as open. 'reopened': an end was taken back.",
            _INTERVALS,
        ),
        empty="No deal moved back.",
        shown=20,
    )


def _return(told: Journeys, begin: Ints, pair: tuple[int, int], what: str) -> tuple[Figure, ...]:
    """Of the visits left by moving back from one stage to another."""
    from_stage, to_stage = pair
    deals = len(np.unique(told.visits.deal[begin]))
    of = max(told.count, 1)
    head = (told.title(from_stage), told.title(to_stage), what, len(begin), deals, deals / of)
    if what == "reopened":
        return (*head, None, None)
    again = (told.order >= told.order[from_stage]) & (told.ends == OPEN) | (told.ends == WON)
    spans, cause = passages(told, begin + 1, again, ends_mask(told) & ~again)
    ways = spans.ways(2)
    early = emptied_early(ways) or not ways.reached(REACHED)
    half = None if early else of_quantile(quantile_of_those(way(ways, REACHED), 0.5), ways.longest)
    return (*head, int((cause == REACHED).sum()), half)


def _loops(told: Journeys) -> Section:
    rows: list[tuple[Figure, ...]] = []
    visits = told.visits
    for stage in told.open_stages:
        its = np.flatnonzero(visits.stage == stage)
        again = its[~first_of_each(visits.deal[its])]
        if len(again):
            deals, number = np.unique(visits.deal[again], return_inverse=True)
            was_left, left = told.left(again)
            until = np.where(was_left, left, told.until)
            dated = (visits.entered[again] != NEVER) & (until != NEVER)
            spent = days(until - visits.entered[again])
            cost = np.bincount(number.reshape(-1)[dated], spent[dated], len(deals)).astype(np.float64)
            counts = (len(deals), len(deals) / told.count, len(again), int(np.bincount(number.reshape(-1)).max()) + 1)
            rows.append((told.title(stage), *counts, of_band(quantile(cost, 0.5)) if dated.any() else None))
    return Section(
        "loops",
        "Stages entered again",
        (
            Heading("stage", "Stage"),
            *_COUNTS,
            Heading("repeats", "Visits after the first", Unit.COUNT),
            Heading("most", "Most visits of a deal", Unit.COUNT),
            Heading("extra_days", "Days in them, half of the deals at most", Unit.DAYS),
        ),
        tuple(rows),
        notes=below(
            rows,
            "The days are those that a deal spent in the stage after it had left it once; a visit still open counts up "
            "to the end of the follow-up.",
            _INTERVALS,
        ),
        empty="No deal entered a stage again.",
    )
