"""The stages that deals pass on their way to a win, as a chain: spans in each, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import OPEN as STILL_OPEN
from engine.analysis.journeys import WON, Journeys, days
from engine.analysis.visits import first_of_each
from engine.numerics.hurrying import GONE, OPEN, state
from engine.numerics.semi_markov import Chain, stretch
from engine.numerics.watching import Floats, Ints, Mask
from engine.tables.coded import NEVER

FEWEST = 10
"""Of fewer advances than this nothing is told: chance rules there."""


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """The chain of deals. ``stages`` are the numbers of the stages of its states, in the order of the pipeline.

    Of each, ``spans`` there were, ``open_spans`` are not over, ``advances`` ended by advancing, and ``total_days`` is
    how long deals stood there. ``undated`` visits are left out (an item a stage of the process), and ``reopened`` deals
    stood in the stage before while they were closed.
    """

    chain: Chain
    stages: tuple[int, ...]
    spans: Ints
    open_spans: Ints
    advances: Ints
    total_days: tuple[float, ...]
    undated: Ints
    reopened: int

    def hurries(self, place: int) -> bool:
        """Whether it can be told what hurrying would bring."""
        return self.advances[place] >= FEWEST and not self.chain.stretches[place].of.too_short


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """One item a visit of an open stage: its deal, its stage, how many days it lasted, and where it led.

    ``then`` is a stage's number; ``OPEN``: it is not over. ``watched`` is the age at which the watch began.
    """

    deal: Ints
    stage: Ints
    days: Floats
    then: Ints
    watched: Floats | None


def passed(told: Journeys) -> Passed:
    """The chain of all deals with a dated visit of an open stage.

    A deal that was closed and opened again stood in the stage from which it was closed until then.
    """
    places, reopened = _that_count(told)
    steps, undated = _steps(told, places)
    stages = _in_order(told, steps.stage)
    goal = len(stages)
    number = np.full(len(told.stages), GONE)
    number[list(stages)] = np.arange(goal)
    number[told.ends == WON] = goal
    stretches, advances = [], []
    for place, stage in enumerate(stages):
        its = steps.stage == stage
        ahead = np.append(_ahead(told, stage, stages), True)
        then = np.where(steps.then[its] == OPEN, OPEN, number[steps.then[its]])
        to = np.unique(then[then >= 0])
        cause = np.where(then >= 0, np.searchsorted(to, then), then)
        entries = None if steps.watched is None else steps.watched[its]
        found = state(steps.days[its], cause, entries, ahead[to] & (place != to))
        stretches.append(stretch(found, to, steps.deal[its]))
        advances.append(int((ahead[to] & (place != to))[found.cause[found.cause >= 0]].sum()))
    chain = Chain(tuple(stretches), _starts(told, steps, number))
    return Passed(
        chain,
        stages,
        np.array([len(each.place) for each in stretches], np.int64),
        np.array([int((steps.then[steps.stage == stage] == OPEN).sum()) for stage in stages], np.int64),
        np.array(advances, np.int64),
        tuple(_total(steps, stage) for stage in stages),
        undated,
        reopened,
    )


def _that_count(told: Journeys) -> tuple[Ints, int]:
    """The visits of open stages and those that closed deals; beside it how many deals were opened again."""
    visits = told.visits
    is_open = told.ends[visits.stage] == STILL_OPEN
    counts = is_open.copy()
    counts[told.closing[told.closing >= 0]] = True
    ended_before = ~is_open & (np.arange(len(visits.deal)) < told.last[visits.deal])
    ended_before &= ~counts
    return np.flatnonzero(counts), len(np.unique(visits.deal[ended_before & _open_later(told, is_open)]))


def _open_later(told: Journeys, is_open: Mask) -> Mask:
    """Which visits an open stage of the same deal follows."""
    so_far = np.cumsum(is_open)
    found: Mask = so_far[told.last[told.visits.deal]] > so_far
    return found


def _steps(told: Journeys, places: Ints) -> tuple[_Steps, Ints]:
    visits = told.visits
    deal, entered = visits.deal[places], visits.entered[places]
    again = np.append(deal[1:] == deal[:-1], np.zeros(min(len(deal), 1), np.bool_))
    following = np.minimum(np.arange(len(deal)) + 1, max(len(deal) - 1, 0))
    is_open = told.ends[visits.stage[places]] == STILL_OPEN
    left = np.where(again, entered[following], told.until)
    dated = (entered != NEVER) & (left != NEVER)
    its = np.flatnonzero(is_open & dated)
    then = np.where(again, visits.stage[places][following], OPEN)[its]
    begins = told.entries(entered[its])
    return (
        _Steps(
            deal[its],
            visits.stage[places][its],
            days(np.maximum(left[its] - entered[its], 0)),
            then,
            None if begins is None else days(begins),
        ),
        np.bincount(visits.stage[places][is_open & ~dated], minlength=len(told.stages)),
    )


def _in_order(told: Journeys, stage: Ints) -> tuple[int, ...]:
    """The open stages that deals stood in: those of the pipeline in order, then those the process does not know."""
    seen = set(np.unique(stage).tolist())
    return (*(each for each in told.open_stages if each in seen), *sorted(seen - set(told.open_stages)))


def _ahead(told: Journeys, stage: int, stages: tuple[int, ...]) -> Mask:
    """Which of the states lie further on in the pipeline."""
    order = told.order[list(stages)]
    found: Mask = (order > told.order[stage]) & (told.order[stage] >= 0)
    return found


def _starts(told: Journeys, steps: _Steps, number: Ints) -> Ints:
    """In which state each deal is first seen; -1: in none, or it began before the watch did."""
    found = np.full(told.count, -1, np.int64)
    first = first_of_each(steps.deal)
    found[steps.deal[first]] = number[steps.stage[first]]
    if told.since != NEVER:
        watched = np.where(told.started >= told.since, found, -1)
        # Where no deal began since then, all of them tell where deals begin.
        return watched if (watched >= 0).any() else found
    return found


def _total(steps: _Steps, stage: int) -> float:
    its = steps.stage == stage
    begun = 0.0 if steps.watched is None else steps.watched[its].clip(0.0)
    return float((steps.days[its] - begun).clip(0.0).sum())
