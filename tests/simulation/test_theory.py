"""What is simulated is what theory says: queues, chains, and that nobody is in two places at once.

Intervals are of four standard errors, over runs with seeds of their own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine.numerics.dice import dice, name_key, own_keys, run_key
from engine.numerics.distributions import CELLS, drawn
from engine.simulation.engines import commit, waves
from engine.simulation.engines.hours import stretches
from engine.simulation.log import Log
from engine.simulation.plan import NEVER, NONE, Cast, Plan
from tests.simulation.pipeline import pipeline
from tests.simulation.random_worlds import worlds
from tests.simulation.worlds import Job, Pool, cast, end, exponential, plan, stage, to

RUNS = 12


def _poisson(gap: float, count: int, run: int) -> list[int]:
    gaps = drawn(exponential(gap), dice(own_keys(run_key(7, run), np.arange(count, dtype=np.uint64)), name_key("gap")))
    return [int(each) for each in np.cumsum(gaps)]


def _interval(of: list[float]) -> tuple[float, float]:
    """The mean, and four standard errors of it."""
    return float(np.mean(of)), 4 * float(np.std(of, ddof=1)) / math.sqrt(len(of))


def _erlang_c(servers: int, load: float) -> float:
    """The mean wait in M/M/c, in mean services (Erlang 1917); ``load`` is that of all servers together."""
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last) / (servers - load)


@pytest.mark.parametrize(("servers", "busy"), [(1, 0.5), (3, 0.7), (10, 0.85)])
def test_the_wait_for_somebody_is_that_of_erlang(servers: int, busy: float) -> None:
    service, count = 10_000, 6_000
    of = plan(
        {"queue": stage(to("won", 1, 0), work=Job("ae", exponential(service))), "won": end("won")},
        pools={"ae": Pool(servers)},
    )
    waits, lengths = [], []
    for run in range(RUNS):
        log = commit.play(of, cast(of, _poisson(service / servers / busy, count, run), seed=run))
        settled = log.begun[count // 5 :] - log.asked[count // 5 :]
        waits.append(float(settled.mean()) / service)
        lengths.append(_queue(log, count // 5))
    mean, error = _interval(waits)
    theory = _erlang_c(servers, servers * busy)
    assert abs(mean - theory) < error
    assert error < theory
    # Little: as many wait on average as come while one waits.
    length, error = _interval(lengths)
    assert abs(length - theory * servers * busy) < error


def _queue(log: Log, since: int) -> float:
    """How many wait on average, looked at every now and then."""
    moments = np.linspace(log.asked[since], log.asked[-1], 20_000)
    return float((np.searchsorted(log.asked, moments) - np.searchsorted(np.sort(log.begun), moments)).mean())


def test_who_wins_and_how_long_it_takes_is_what_the_chain_says() -> None:
    of = pipeline(days=100_000)
    leaving = np.array([_mean(of, stage) for stage in range(5)])
    among = np.zeros((5, 7))
    for at in range(5):
        first, last = of.ways.first[at : at + 2]
        shares = np.diff(of.ways.upto[first:last], prepend=0) / 2**32
        np.add.at(among[at], of.ways.to[first:last], shares)
    visits = np.linalg.inv(np.eye(5) - among[:, :5])[0]
    won, taken, seen = [], [], []
    for run in range(RUNS):
        log = waves.play(of, cast(of, range(10_000), seed=run))
        won.append(float(np.isin(of.ways.to[log.way], [5]).mean() * log.deal.size / 10_000))
        taken.append(float((log.left - log.entered).sum()) / 10_000)
        seen.append(log.deal.size / 10_000)
    for found, theory in ((won, (visits @ among[:, 5])), (taken, visits @ leaving), (seen, visits.sum())):
        mean, error = _interval(found)
        assert abs(mean - theory) < error
        assert error < 0.05 * theory


def _mean(of: Plan, stage: int) -> float:
    """The mean of a table that is read between its points."""
    table = of.tables[of.phases.table[of.ways.phase[of.ways.first[stage]]]].astype(np.float64)
    middles = (table[:-1] + table[1:]) / 2
    return float(middles[: CELLS - 1].sum() / CELLS + middles[CELLS:].sum() / CELLS**2)


@given(worlds(works=True, clocks=False))
@settings(max_examples=60)
def test_nobody_does_two_things_at_once_or_works_outside_hours_or_idles_while_work_waits(
    world: tuple[Plan, Cast],
) -> None:
    of, who = world
    log = commit.play(of, who)
    horizon = 1000
    open_at = _open(of, horizon)
    busy = np.zeros_like(open_at)
    rows = list(zip(log.work_phase, log.work_person, log.asked, log.begun, log.done, strict=True))
    for _, person, asked, begun, done in rows:
        if person == NONE:
            continue
        assert open_at[person, begun]
        assert asked <= begun
        assert not busy[person, begun : min(done, horizon)].any()
        assert done in (begun, NEVER) or open_at[person, done - 1]
        busy[person, begun : min(done, horizon)] = True
    for phase, _, asked, begun, _ in rows:
        pool, skills = of.phases.pool[phase], of.phases.skills[phase]
        able = slice(of.crew.first[pool], of.crew.first[pool + 1])
        knows = (of.crew.skills[able] & skills) == skills
        waiting = slice(asked, min(begun, of.end))
        assert not (open_at[able, waiting] & ~busy[able, waiting])[knows].any()


def _open(of: Plan, horizon: int) -> Any:
    """Whether each person is within their hours, second by second."""
    found = np.zeros((len(of.crew.names), horizon), np.bool_)
    calendars = stretches(of.calendars)
    for person, calendar in enumerate(of.crew.calendar):
        if calendar == NONE:
            found[person] = True
        else:
            for begin, close in zip(calendars[calendar].begins, calendars[calendar].ends, strict=True):
                found[person, begin:close] = True
    return found


def test_a_deal_has_the_same_luck_in_a_stage_whatever_changes_elsewhere() -> None:
    before, after = pipeline(days=2000), pipeline(days=2000, faster=("qualified", "negotiation"), negotiates=0.3)
    few, many = range(2000), range(5000)
    old = waves.play(before, cast(before, few, barred=[[n % 3] for n in few]))
    new = waves.play(after, cast(after, many))
    # Refusals draw again; the first draw of each stage is compared.
    for name in ("prospect", "demo", "proposal"):
        here = [each for _, each in before.stages].index(name)
        was, now = _first(old, here), _first(new, here)
        both = [deal for deal in was.keys() & now.keys() if deal % 3 > 1 or name != "prospect"]
        assert len(both) > 100
        same = [was[deal] == now[deal] for deal in both]
        assert all(same)


def _first(log: Log, stage: int) -> dict[int, int]:
    """How long the first visit of a stage took each deal."""
    rows = np.flatnonzero((log.stage == stage) & (log.left != NONE))
    return {int(log.deal[row]): int(log.left[row] - log.entered[row]) for row in rows[::-1]}
