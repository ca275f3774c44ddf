"""Open deals that stand in a stage for longer than they should, and which of them have a stated reason to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from engine.analysis.excuses import why
from engine.analysis.journeys import OPEN, Journeys
from engine.analysis.measure.asking.asking import Everyone, everyone
from engine.analysis.measure.asking.seen import DealSeen
from engine.analysis.measure.view import View
from engine.analysis.spans import in_stage
from engine.analysis.words import of_quantile
from engine.machine.requirements import recorded_facts
from engine.model.expression import Expression
from engine.model.process import Stage
from engine.model.study import Estimate
from engine.numerics import competing
from engine.tables.coded import NEVER, Ints, Mask

NINE_TENTHS = 0.9
ENOUGH = 20
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a deal should stand in a stage, and when it is too long, in microseconds; ``None``: not declared."""

    target: int | None
    alert: int | None


@dataclass(frozen=True, slots=True)
class Stalls:
    """One item an open deal whose stage has a date: its number, its stage, and how long it stands there.

    ``past_alert``: longer than the alert of the stage. ``stated``: of those, which meet its ``unless``; ``unsure``: of
    which nobody can say. ``reasons`` are the values that state it, by the place among these. ``limits`` are of each
    stage in which open deals stand.
    """

    deal: Ints
    stage: Ints
    age: Ints
    past_alert: Mask
    stated: Mask
    unsure: Mask
    reasons: Mapping[int, str]
    limits: Mapping[int, Limits]


def stalls(view: View) -> Stalls:
    """The open deals of the view."""
    told = view.told
    is_open = np.flatnonzero(told.outcome == OPEN)
    entered = told.visits.entered[told.last[is_open]]
    stages = np.unique(told.visits.stage[told.last[is_open]]).tolist()
    limits = {stage: _limits(told.stages[stage]) for stage in stages}
    deal = is_open[entered != NEVER]
    stage = told.visits.stage[told.last[deal]]
    age = told.until - entered[entered != NEVER]
    alerts = np.full(len(told.stages), np.iinfo(np.int64).max)
    for each, limit in limits.items():
        if limit.alert is not None:
            alerts[each] = limit.alert
    past = age > alerts[stage]
    return Stalls(deal, stage, age, past, *_stated(view, deal, stage, past), limits)


def usual(told: Journeys, stage: int) -> Estimate | None:
    """In how many days nine in ten of the visits that were left had been, as far as anyone watched.

    ``None`` where fewer than ``ENOUGH`` were left: of so few the slowest tenth says nothing.
    """
    spans = in_stage(told, stage)
    if (spans.cause > 0).sum() < ENOUGH:
        return None
    ways = spans.ways(1)
    found = competing.quantile_of_those(competing.way(ways, 1), NINE_TENTHS)
    return None if found.value is None else of_quantile(found, ways.longest)


def _limits(stage: Stage) -> Limits:
    return Limits(_microseconds(stage.target), _microseconds(stage.alert))


def _microseconds(limit: timedelta | None) -> int | None:
    return None if limit is None else limit // _MICROSECOND


def _stated(view: View, deal: Ints, stage: Ints, past: Mask) -> tuple[Mask, Mask, Mapping[int, str]]:
    """Which deals past the alert meet its ``unless``, of which nobody can say, and what states the reason."""
    stated, unsure = np.zeros(len(deal), np.bool_), np.zeros(len(deal), np.bool_)
    reasons: dict[int, str] = {}
    for each in np.unique(stage[past]).tolist():
        unless = view.told.stages[each].unless
        if unless is None:
            continue
        places = np.flatnonzero(past & (stage == each))
        those = view.of(np.isin(np.arange(view.told.count), deal[places]))
        asked = everyone(those.told, those.touched)
        truth = asked.holds(unless.tree)
        stated[places], unsure[places] = truth.yes, ~truth.yes & ~truth.no
        reasons.update(zip(places[truth.yes].tolist(), _reasons(asked, unless, truth.yes), strict=True))
    return stated, unsure, reasons


def _reasons(asked: Everyone, unless: Expression, those: Mask) -> Iterator[str]:
    """What states the reason, of each of the deals."""
    columns, machine = asked.columns, asked.columns.machine
    recorded = {name: columns.recorded(name) for name in recorded_facts(machine.process, unless.tree)}
    for place in np.flatnonzero(those).tolist():
        known = {name: values[place] for name, values in recorded.items()}
        facts = {name: value for name, value in known.items() if value is not None}
        seen = DealSeen(columns, place, asked.now)
        yield why(unless, machine.frame.derive(facts, seen), seen)
