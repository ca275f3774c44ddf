"""The map of a process as deals went through it: stages with their deals, and the moves between them."""

from __future__ import annotations

import numpy as np

from engine.analysis.journeys import OPEN, OUTCOMES, Journeys, days
from engine.analysis.review.detours import Moves, moves
from engine.analysis.review.times import Stay
from engine.analysis.visits import first_of_each
from engine.model.study import Edge, Estimate, Flow, Node, Way
from engine.tables.coded import NEVER, Ints

_OF_END = {"won": Way.WON, "lost": Way.LOST, "other": Way.OTHER}


def flow(told: Journeys, stood: tuple[Stay, ...]) -> Flow:
    """All stages that deals stood in, in the order of the pipeline with ends last, and all moves that were made."""
    counts = np.bincount(told.visits.stage, minlength=len(told.stages))
    places = [place for place in range(len(told.stages)) if counts[place]]
    ranked = sorted(places, key=lambda place: (told.ends[place] != OPEN, place))
    made = moves(told)
    halves = {each.stage: each.half for each in stood}
    return Flow(tuple(_node(told, place, halves.get(place)) for place in ranked), (*_starts(told), *_edges(told, made)))


def _node(told: Journeys, place: int, half: Estimate | None) -> Node:
    its = told.visits.stage == place
    still = told.visits.stage[told.last] == place
    ends = OUTCOMES[told.ends[place]]
    return Node(
        stage=told.stages[place].id,
        title=told.title(place),
        ends=ends,
        deals=int(first_of_each(told.visits.deal[its]).sum()),
        visits=int(its.sum()),
        open_deals=0 if ends else int(still.sum()),
        dwell_days=half,
    )


def _starts(told: Journeys) -> tuple[Edge, ...]:
    counts = np.bincount(told.visits.stage[told.first], minlength=len(told.stages))
    return tuple(
        Edge("", told.stages[place].id, Way.START, int(count), int(count), float(count / told.count))
        for place, count in enumerate(counts)
        if count
    )


def _edges(told: Journeys, made: Moves) -> tuple[Edge, ...]:
    kinds = len(told.stages)
    pair = made.from_stage * kinds + made.to_stage
    leaving = np.bincount(made.from_stage, minlength=kinds)
    # Of one pair the deals stay in order, so a deal that makes the move again stands beside itself.
    order = np.argsort(pair, kind="stable")
    found, starts = np.unique(pair[order], return_index=True)
    edges = []
    for each, start, end in zip(found.tolist(), starts, np.append(starts[1:], len(order)), strict=False):
        begin = made.begin[order[start:end]]
        source, target = divmod(each, kinds)
        deals = int(first_of_each(told.visits.deal[begin]).sum())
        share = len(begin) / int(leaving[source])
        way = way_of(told, source, target)
        edges.append(
            Edge(told.stages[source].id, told.stages[target].id, way, len(begin), deals, share, _days(told, begin))
        )
    return tuple(sorted(edges, key=lambda edge: -edge.moves))


def _days(told: Journeys, begin: Ints) -> float | None:
    """The median stay before the move, of those that are dated."""
    entered, left = told.visits.entered[begin], told.visits.entered[begin + 1]
    dated = (entered != NEVER) & (left != NEVER)
    return float(np.median(days(left[dated] - entered[dated]))) if dated.any() else None


def way_of(told: Journeys, source: int, target: int) -> Way:
    """How a move from a stage to a stage lies to the pipeline."""
    if source == target:
        return Way.AGAIN
    if told.ends[target] != OPEN:
        return _OF_END[OUTCOMES[told.ends[target]]]
    if told.ends[source] != OPEN:
        return Way.REOPEN
    here, there = int(told.order[source]), int(told.order[target])
    if here < 0 or there < 0:
        return Way.NEXT
    if there < here:
        return Way.RETURN
    between = [stage for stage in told.open_stages if here < told.order[stage] < there]
    return Way.SKIP if between else Way.NEXT
