"""The log of one run as the five tables: what is counted of deals that happened is counted of simulated ones alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.machine.compile import Machine
from engine.model.names import MAIN
from engine.model.values import show_value
from engine.simulation.log import Log
from engine.simulation.logged.facts import Learnt, column, known_at_start, learnt
from engine.simulation.logged.people import actors_of
from engine.simulation.logged.visits import Visits, visits_of
from engine.simulation.plan import NONE, Cast, Ints, Plan
from engine.simulation.results.refusals import rows_broken, way_of
from engine.simulation.results.summary import started
from engine.tables import schema
from engine.tables.build import Tables
from engine.tables.columns_in import Column, Labelled, Moments, facts, moves, same, table, touches, verdicts

_DAY = 86_400.0


def tables_of(plan: Plan, cast: Cast, log: Log, machine: Machine) -> Tables:
    """The five tables of one run: open deals under their ids, new prospects as ``sim-1`` and on, times in UTC.

    An open deal tells its past as far as its present stage goes, and no more. Verdicts are those that refused.
    """
    names = (*cast.names, *(f"sim-{at}" for at in range(1, cast.size - len(cast.names) + 1)))
    visits = visits_of(plan, log)
    changes = list(learnt(plan, cast, machine, visits))
    return Tables(
        deals=_deals(plan, cast, machine, visits, names, changes),
        moves=_moves(plan, log, visits, names),
        touches=_touches(plan, log, machine, visits, names),
        facts=_facts(cast, names, changes),
        verdicts=_verdicts(plan, cast, log, machine, visits, names),
    )


def _deals(
    plan: Plan, cast: Cast, machine: Machine, visits: Visits, names: Sequence[str], changes: Sequence[Learnt]
) -> Any:
    main = _main_rows(plan, visits)
    last = main[np.append(np.diff(visits.deal[main]) != 0, [True])[: main.size]]
    stage, closed = np.full(cast.size, NONE), np.full(cast.size, NONE, np.int64)
    stage[visits.deal[last]] = visits.stage[last]
    is_end = np.array([bool(end) for end in plan.ends])[visits.stage[last]]
    closed[visits.deal[last[is_end]]] = visits.entered[last[is_end]]
    types = {name: fact.type for name, fact in machine.process.facts.items() if fact.table is None}
    owners = [deal.owner for deal in cast.open_deals]
    columns: dict[str, Column] = {
        "deal": Labelled(names, np.arange(cast.size)),
        "process": same(plan.process, cast.size),
        "version": np.full(cast.size, plan.version),
        "started_at": Moments(started(cast)),
        "closed_at": Moments(closed),
        "stage": Labelled([name for _, name in plan.stages], stage, ""),
        "outcome": Labelled(plan.ends, stage, ""),
        "owner": Labelled(owners, np.where(np.arange(cast.size) < len(owners), np.arange(cast.size), NONE), ""),
    }
    last_set: dict[str, dict[int, Any]] = {}
    for deal, _, _, name, value in changes:
        last_set.setdefault(name, {})[deal] = value
    form = schema.deals(types)
    for name in form.names:
        if name not in columns:
            columns[name] = column(cast.facts.get(name), cast.size, last_set.get(name, {}))
    return table(form, columns)


def _moves(plan: Plan, log: Log, visits: Visits, names: Sequence[str]) -> Any:
    size = visits.deal.size
    actors, people = actors_of(plan, log, visits)
    stages = [name for _, name in plan.stages]
    return moves(
        {
            "deal": Labelled(names, visits.deal),
            "seq": visits.seq,
            "process": same(plan.process, size),
            "version": np.full(size, plan.version),
            "track": Labelled([track or MAIN for track, _ in plan.stages], visits.stage),
            "action": Labelled(plan.actions, _actions(plan, visits.way), ""),
            "from_stage": Labelled(stages, visits.before, ""),
            "to_stage": Labelled(stages, visits.stage),
            "entered_at": Moments(visits.entered),
            "left_at": Moments(visits.left),
            "dwell_days": np.where(visits.left == NONE, np.nan, (visits.left - visits.entered) / _DAY),
            "actor": Labelled(people, actors, ""),
            "reason": Labelled((*plan.ways.reason, *plan.alarms.reason), _reasons(plan, visits.way), ""),
        }
    )


def _touches(plan: Plan, log: Log, machine: Machine, visits: Visits, names: Sequence[str]) -> Any:
    """A contact for each attempt at an action that is one, whether or not it was then refused."""
    moved = visits.way != NONE
    way = np.concatenate([visits.way[moved], log.refused_way.astype(np.int64)])
    deal = np.concatenate([visits.deal[moved], log.refused_deal.astype(np.int64)])
    at = np.concatenate([visits.entered[moved], log.refused_at])
    stage = np.concatenate([visits.before[moved], _sources(plan)[log.refused_way]])
    found = {number: way_of(plan, machine, number) for number in np.unique(way).tolist()}
    touched = {number: each.touchpoint for number, each in found.items() if each is not None and each.touchpoint}
    rows = np.flatnonzero(np.isin(way, list(touched)))
    rows = rows[np.lexsort((at[rows], deal[rows]))]
    points = sorted(set(touched.values()))
    codes = np.array([points.index(touched[number]) for number in way[rows].tolist()], np.int64)
    return touches(
        {
            "deal": Labelled(names, deal[rows]),
            "happened_at": Moments(at[rows]),
            "touchpoint": Labelled(points, codes),
            "stage": Labelled([name for _, name in plan.stages], stage[rows], ""),
            "actor": same("", rows.size),
        }
    )


def _facts(cast: Cast, names: Sequence[str], changes: Sequence[Learnt]) -> Any:
    """What was known at the start, then what moves set."""
    began = started(cast)
    facts_named = list(dict.fromkeys([*cast.facts, *(each[3] for each in changes)]))
    texts: list[str] = []
    parts: list[tuple[Ints, ...]] = []
    for name, rows, values, codes in known_at_start(cast):
        one = np.ones(rows.size, np.int64)
        parts.append((rows, one, began[rows], one * facts_named.index(name), codes + len(texts)))
        texts += values
    deal, seq, at, fact = (np.array([each[place] for each in changes]) for place in range(4))
    of = np.array([facts_named.index(name) for name in fact.tolist()], np.int64)
    whole = (each.astype(np.int64) for each in (deal, seq, at))
    parts.append((*whole, of, np.arange(len(changes)) + len(texts)))
    texts += [show_value(each[4]) for each in changes]
    columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    deal, seq, at, of, code = (each[order] for each in columns)
    return facts(
        {
            "deal": Labelled(names, deal),
            "seq": seq,
            "happened_at": Moments(at),
            "fact": Labelled(facts_named, of),
            "value": Labelled(texts, code),
        }
    )


def _verdicts(plan: Plan, cast: Cast, log: Log, machine: Machine, visits: Visits, names: Sequence[str]) -> Any:
    requirements: list[str] = []
    rows: list[Ints] = []
    for name, at in rows_broken(plan, cast, log, machine=machine):
        requirements += [name] * at.size
        rows.append(at)
    row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    order = np.lexsort((log.refused_way[row], log.refused_at[row], log.refused_deal[row]))
    deal, second, way = (
        each[row][order].astype(np.int64) for each in (log.refused_deal, log.refused_at, log.refused_way)
    )
    return verdicts(
        {
            "deal": Labelled(names, deal),
            "seq": _seq_at(visits, deal, second),
            "happened_at": Moments(second),
            "action": Labelled(plan.actions, _actions(plan, way), ""),
            "requirement": Labelled(requirements, order),
            "verdict": same("failed", order.size),
            "force": same("must", order.size),
            "move": same("refused", order.size),
        }
    )


def _seq_at(visits: Visits, deal: Ints, second: Ints) -> Ints:
    """The number of the visit that each deal was in at a second."""
    if not deal.size:
        return deal
    low = int(min(visits.entered.min(), second.min()))
    span = int(max(visits.entered.max(), second.max())) - low + 2
    place = np.searchsorted(visits.deal * span + visits.entered - low, deal * span + second - low, "right") - 1
    found: Ints = visits.seq[np.maximum(place, 0)]
    return found


def _main_rows(plan: Plan, visits: Visits) -> Ints:
    is_main = np.array([track == plan.stages[0][0] for track, _ in plan.stages])
    found: Ints = np.flatnonzero(is_main[visits.stage])
    return found


def _actions(plan: Plan, ways: Ints) -> Ints:
    different, places = np.unique(ways, return_inverse=True)
    led = np.array([NONE if way == NONE else plan.led(way)[0] for way in different.tolist()], np.int64)
    found: Ints = led[places] if different.size else ways
    return found


def _reasons(plan: Plan, ways: Ints) -> Ints:
    """Automatic actions have no reason of the scenario's."""
    return np.where(ways < len(plan.ways.reason) + len(plan.alarms.reason), ways, NONE)


def _sources(plan: Plan) -> Ints:
    """The stage from which each branch and clock leads, in the order of ways."""
    return np.concatenate(
        [np.repeat(np.arange(len(plan.stages)), np.diff(of.first)) for of in (plan.ways, plan.alarms)]
    )
