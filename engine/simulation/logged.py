"""The log of one run as the five tables: what is counted of deals that happened is counted of simulated ones alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.machine.compile import Machine
from engine.model.names import MAIN
from engine.model.values import show_value
from engine.simulation.logged_facts import Learnt, column, known_at_start, learnt
from engine.simulation.logged_people import actors_of
from engine.simulation.logged_visits import Visits, visits_of
from engine.simulation.plan import NONE, Cast, Ints, Log, Plan
from engine.simulation.refusals import rows_broken, way_of
from engine.simulation.summary import started
from engine.tables import schema
from engine.tables.build import Tables

_SECOND = 1_000_000
_DAY = 86_400.0


def tables_of(plan: Plan, cast: Cast, log: Log, machine: Machine) -> Tables:
    """The five tables of one run: open deals under their ids, new prospects as ``sim-1`` and on, times in UTC.

    An open deal tells its past as far as its present stage goes, and no more. Verdicts are those that refused.
    """
    names = pa.array([*cast.names, *(f"sim-{at}" for at in range(1, cast.size - len(cast.names) + 1))], pa.string())
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
    plan: Plan, cast: Cast, machine: Machine, visits: Visits, names: pa.Array, changes: Sequence[Learnt]
) -> pa.Table:
    main = _main_rows(plan, visits)
    last = main[np.append(np.diff(visits.deal[main]) != 0, [True])[: main.size]]
    stage, closed = np.full(cast.size, NONE), np.full(cast.size, NONE, np.int64)
    stage[visits.deal[last]] = visits.stage[last]
    is_end = np.array([bool(end) for end in plan.ends])[visits.stage[last]]
    closed[visits.deal[last[is_end]]] = visits.entered[last[is_end]]
    types = {name: fact.type for name, fact in machine.process.facts.items() if fact.table is None}
    form = schema.deals(types)
    owners = [deal.owner for deal in cast.open_deals] or [""] * len(cast.names)
    plain = {
        "deal": names,
        "process": _same(plan.process, cast.size),
        "version": pa.array(np.full(cast.size, plan.version, np.int32)),
        "started_at": _times(started(cast)),
        "closed_at": _times(closed),
        "stage": _named([name for _, name in plan.stages], stage),
        "outcome": _named(plan.ends, stage),
        "owner": pa.array(owners + [""] * (cast.size - len(owners)), pa.string()),
    }
    last_set: dict[str, dict[int, Any]] = {}
    for deal, _, _, name, value in changes:
        last_set.setdefault(name, {})[deal] = value
    columns = [
        plain[each.name]
        if each.name in plain
        else column(cast.facts.get(each.name), cast.size, each.type, last_set.get(each.name, {}))
        for each in form
    ]
    return pa.table(columns, schema=form)


def _moves(plan: Plan, log: Log, visits: Visits, names: pa.Array) -> pa.Table:
    size = visits.deal.size
    actors, people = actors_of(plan, log, visits)
    stages = [name for _, name in plan.stages]
    is_left = visits.left != NONE
    columns = {
        "deal": names.take(pa.array(visits.deal)),
        "seq": pa.array(visits.seq.astype(np.int32)),
        "process": _same(plan.process, size),
        "version": pa.array(np.full(size, plan.version, np.int32)),
        "track": _named([track or MAIN for track, _ in plan.stages], visits.stage),
        "action": _named(plan.actions, _actions(plan, visits.way)),
        "from_stage": _named(stages, visits.before),
        "to_stage": _named(stages, visits.stage),
        "entered_at": _times(visits.entered),
        "left_at": _times(visits.left),
        "dwell_days": pa.array((visits.left - visits.entered) / _DAY, mask=~is_left),
        "actor": _named(people, actors),
        "reason": _named((*plan.ways.reason, *plan.alarms.reason), _reasons(plan, visits.way)),
    }
    return pa.table([columns[name] for name in schema.MOVES.names], schema=schema.MOVES)


def _touches(plan: Plan, log: Log, machine: Machine, visits: Visits, names: pa.Array) -> pa.Table:
    """A contact for each attempt at an action that is one, whether or not it was then refused."""
    source = _sources(plan)
    moved = visits.way != NONE
    way = np.concatenate([visits.way[moved], log.refused_way.astype(np.int64)])
    deal = np.concatenate([visits.deal[moved], log.refused_deal.astype(np.int64)])
    at = np.concatenate([visits.entered[moved], log.refused_at])
    stage = np.concatenate([visits.before[moved], source[log.refused_way]])
    touched = {
        number: found.touchpoint for number in np.unique(way).tolist() if (found := way_of(plan, machine, number))
    }
    rows = np.flatnonzero(np.isin(way, [number for number, name in touched.items() if name]))
    rows = rows[np.lexsort((at[rows], deal[rows]))]
    columns = {
        "deal": names.take(pa.array(deal[rows])),
        "happened_at": _times(at[rows]),
        "touchpoint": pa.array([touched[number] for number in way[rows].tolist()], pa.string()),
        "stage": _named([name for _, name in plan.stages], stage[rows]),
        "actor": _same("", rows.size),
    }
    return pa.table([columns[name] for name in schema.TOUCHES.names], schema=schema.TOUCHES)


def _facts(cast: Cast, names: pa.Array, changes: Sequence[Learnt]) -> pa.Table:
    """What was known at the start, then what moves set."""
    deal, second, seq, fact, value = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [], []
    began = started(cast)
    for name, rows, texts in known_at_start(cast):
        deal.append(rows)
        second.append(began[rows])
        seq.append(np.ones(rows.size, np.int64))
        fact.append(_same(name, rows.size))
        value.append(texts)
    deal.append(np.array([each[0] for each in changes], np.int64))
    seq.append(np.array([each[1] for each in changes], np.int64))
    second.append(np.array([each[2] for each in changes], np.int64))
    fact.append(pa.array([each[3] for each in changes], pa.string()))
    value.append(pa.array([show_value(each[4]) for each in changes], pa.string()))
    order = np.lexsort((np.concatenate(seq), np.concatenate(deal)))
    columns = {
        "deal": names.take(pa.array(np.concatenate(deal)[order])),
        "seq": pa.array(np.concatenate(seq)[order].astype(np.int32)),
        "happened_at": _times(np.concatenate(second)[order]),
        "fact": pa.concat_arrays(fact).take(pa.array(order)),
        "value": pa.concat_arrays(value).take(pa.array(order)),
    }
    return pa.table([columns[name] for name in schema.FACTS.names], schema=schema.FACTS)


def _verdicts(plan: Plan, cast: Cast, log: Log, machine: Machine, visits: Visits, names: pa.Array) -> pa.Table:
    deal, at, way, requirement = [], [], [], []
    for name, rows in rows_broken(plan, cast, log, machine=machine):
        deal.append(log.refused_deal[rows].astype(np.int64))
        at.append(log.refused_at[rows])
        way.append(log.refused_way[rows].astype(np.int64))
        requirement += [name] * rows.size
    if not deal:
        return schema.VERDICTS.empty_table()
    deals, second, ways = (np.concatenate(each) for each in (deal, at, way))
    order = np.lexsort((ways, second, deals))
    columns = {
        "deal": names.take(pa.array(deals[order])),
        "seq": pa.array(_seq_at(visits, deals, second)[order].astype(np.int32)),
        "happened_at": _times(second[order]),
        "action": _named(plan.actions, _actions(plan, ways[order])),
        "requirement": pa.array(requirement, pa.string()).take(pa.array(order)),
        "verdict": _same("failed", order.size),
    }
    return pa.table([columns[name] for name in schema.VERDICTS.names], schema=schema.VERDICTS)


def _seq_at(visits: Visits, deal: Ints, second: Ints) -> Ints:
    """The number of the visit that each deal was in at a second."""
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


def _times(seconds: Ints) -> pa.Array:
    return pa.array(seconds.astype(np.int64) * _SECOND, mask=seconds == NONE).cast(pa.timestamp("us"))


def _same(text: str, size: int) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(size, np.int64)))


def _named(labels: Sequence[str], codes: npt.NDArray[Any]) -> pa.Array:
    """The label of each code; an empty text for ``NONE``."""
    return pa.array([*labels, ""], pa.string()).take(pa.array(np.where(codes == NONE, len(labels), codes)))
