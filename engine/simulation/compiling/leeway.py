"""What the visits seen leave open: each run draws shares and times of its own from what so many of them can tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.model.names import MAIN
from engine.model.scenario import Scenario, Standing
from engine.numerics.dice import name_key, own_keys
from engine.numerics.distributions import bent
from engine.numerics.gammas import Floats, log_gammas, parts
from engine.simulation.plan import WHOLE, Ints, Keys, Plan, Small

EDGES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 1])
"""Between these shares of a dwell it is drawn anew how many visits lie there: more often in the long ones."""
_CELLS = EDGES.size - 1
_ALL = (1 << 64) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Leeway:
    """A plan in which each dwell that is drawn has a row of ``tables`` of its own, and what a run draws anew.

    ``branches``: those whose shares are drawn, by stage from ``first`` on; ``shares`` their ``seen`` × share.
    ``rows`` of ``tables`` are the dwells, ``times`` (rows × cells) how many of the visits seen lie in each cell. Keys
    are by names.
    """

    plan: Plan
    branches: Ints
    first: Ints
    shares: Floats
    share_keys: Keys
    rows: Ints
    times: Floats
    time_keys: Keys


@dataclass(frozen=True, slots=True)
class _Dwell:
    """One dwell of a stage, and the branches before which it passes."""

    key: int
    visits: float
    branches: tuple[int, ...]


def leeway_of(scenario: Scenario, plan: Plan) -> Leeway | None:
    """What a scenario leaves open of shares and times; ``None``: all of it is taken as exact."""
    assumed = {(MAIN, each.stage): each for each in scenario.stages}
    assumed |= {(each.track, one.stage): one for each in scenario.tracks for one in each.stages}
    unsure = [(at, assumed[name]) for at, name in enumerate(plan.stages) if name in assumed and assumed[name].seen]
    unsure = [(at, standing) for at, standing in unsure if standing.branches]
    if not unsure:
        return None
    branches, first, keys = list[int](), list[int](), list[int]()
    shares, dwells = list[float](), list[_Dwell]()
    for at, standing in unsure:
        here = range(int(plan.ways.first[at]), int(plan.ways.first[at + 1]))
        parted = np.diff(plan.ways.upto[here.start : here.stop], prepend=0) / WHOLE
        named = [(int(plan.keys[at]) + key) & _ALL for key in _branch_keys(standing, scenario)]
        some = np.flatnonzero(parted > 0).tolist()
        first.append(len(branches))
        branches += [here[each] for each in some]
        shares += [float(parted[each]) * standing.seen for each in some]
        keys += [named[each] for each in some]
        dwells += _dwells(standing, int(plan.keys[at]), here=here, shares=parted, keys=named)
    told, rows = _with_rows(plan, dwells)
    visits = np.array([each.visits for each in dwells])
    return Leeway(
        told,
        np.array(branches, np.int64),
        np.array(first, np.int64),
        np.array(shares),
        np.array(keys, np.uint64),
        rows,
        np.outer(visits, np.diff(EDGES)),
        _cells(np.array([each.key for each in dwells], np.uint64)),
    )


def swayed(leeway: Leeway, *, run: int) -> Plan:
    """The plan of one run, by its key.

    Shares are drawn from a Dirichlet distribution, and so is how many visits lie in each part of a dwell (Rubin, "The
    Bayesian bootstrap", Annals of Statistics 9, 1981): over all runs the means are those of the scenario, and of how
    they vary no form has to be assumed.
    """
    drawn = own_keys(run, np.concatenate([leeway.share_keys, leeway.time_keys.ravel()]))
    logs = log_gammas(np.concatenate([leeway.shares, leeway.times.ravel()]), drawn)
    count = leeway.branches.size
    plan = leeway.plan
    upto, tables = plan.ways.upto.copy(), plan.tables.copy()
    for here, own in zip(
        np.split(leeway.branches, leeway.first[1:]), np.split(logs[:count], leeway.first[1:]), strict=True
    ):
        _share_out(plan, upto, here, parts(own))
    cells = parts(logs[count:].reshape(leeway.times.shape))
    for row, own in zip(leeway.rows.tolist(), cells, strict=True):
        tables[row] = bent(tables[row], at=np.append(0.0, np.cumsum(own)), was=EDGES)
    return replace(plan, ways=replace(plan.ways, upto=upto), tables=tables)


def _share_out(plan: Plan, upto: Ints, branches: Ints, shares: Floats) -> None:
    """Puts the shares of one stage into ``upto``; branches that are left out have none."""
    stage = int(np.searchsorted(plan.ways.first, branches[0], side="right")) - 1
    begin, end = int(plan.ways.first[stage]), int(plan.ways.first[stage + 1])
    all_ = np.zeros(end - begin)
    all_[branches - begin] = shares
    added = np.rint(np.minimum(np.cumsum(all_), 1) * WHOLE).astype(np.int64)
    added[int(branches[-1]) - begin :] = WHOLE
    upto[begin:end] = added


def _branch_keys(standing: Standing, scenario: Scenario) -> list[int]:
    """By the action, and which of several branches with that action it is: what else is tried does not matter."""
    found, before = [], dict[str, int]()
    for branch in standing.branches:
        name = f"actions/{branch.action}"
        number = before[branch.action] = before.get(branch.action, -1) + 1
        found.append(name_key(f"seen/{scenario.luck.get(name, name)}/{number}"))
    return found


def _dwells(standing: Standing, stage: int, *, here: range, shares: Floats, keys: list[int]) -> list[_Dwell]:
    """The dwell of the stage, which rests on the visits of all branches that have it, and those of single branches."""
    visits = standing.seen * shares
    alike = [at for at, branch in enumerate(standing.branches) if branch.dwell is None and visits[at] > 0]
    found = [
        _Dwell((key + name_key("seen/dwell")) & _ALL, float(visits[at]), (here[at],))
        for at, (branch, key) in enumerate(zip(standing.branches, keys, strict=True))
        if branch.dwell is not None and visits[at] > 0
    ]
    if alike and standing.dwell is not None:
        whole = (stage + name_key("seen/dwell")) & _ALL
        found.append(_Dwell(whole, float(visits[alike].sum()), tuple(here[at] for at in alike)))
    return found


def _with_rows(plan: Plan, dwells: list[_Dwell]) -> tuple[Plan, Ints]:
    """The plan with a row of its own for each dwell, and the numbers of these rows."""
    table: Small = plan.phases.table.copy()
    own = [[_own(plan, branch) for branch in each.branches] for each in dwells]
    rows = np.arange(len(dwells)) + plan.tables.shape[0]
    was = [int(plan.phases.table[phases[0]]) for phases in own]
    for row, phases in zip(rows.tolist(), own, strict=True):
        table[phases] = row
    tables = np.concatenate([plan.tables, plan.tables[was]])
    return replace(plan, phases=replace(plan.phases, table=table), tables=tables), rows


def _own(plan: Plan, branch: int) -> int:
    """The phase of a branch that is its dwell."""
    begin, end = int(plan.ways.phase[branch]), int(plan.ways.phase[branch + 1])
    return begin + int(np.argmax(plan.phases.own[begin:end]))


def _cells(keys: Keys) -> Keys:
    """A key for each cell of each dwell."""
    return np.asarray(keys[:, None] + np.arange(_CELLS, dtype=np.uint64), np.uint64)
