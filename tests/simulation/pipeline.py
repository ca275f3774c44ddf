"""A pipeline of seven stages, with and without people, to be simulated twice: as it is, and with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.model.names import MAIN
from engine.numerics.dice import dice, name_key, own_keys, run_key
from engine.numerics.distributions import shares
from engine.simulation.engines.heap import play
from engine.simulation.plan import Plan
from engine.simulation.results.outcome import Outcome
from engine.simulation.results.pools_used import available
from engine.simulation.results.summary import summary_of

from .worlds import Job, Pool, cast, end, plan, stage, to

DAY = 86_400
DWELL = {"prospect": (5, 1.0), "qualified": (7, 1.0), "demo": (1, 0.8), "proposal": (1.2, 0.8), "negotiation": (8, 1.0)}
"""Means in days, and the standard deviation of their logarithm."""
_NORMAL = np.array([NormalDist().inv_cdf(max(share, 1e-9)) for share in shares()])


def pipeline(
    *, reps: int = 0, negotiates: float = 0.6, faster: tuple[str, ...] = (), by: float = 0.8, days: int = 200
) -> Plan:
    """Ten prospects a day for so many days; ``reps`` do the demos and the proposals (none: these only take time).

    ``negotiates``: the share of proposals that are negotiated. Stages in ``faster`` take ``by`` of their time.
    """

    def time(name: str) -> Any:
        mean, wide = DWELL[name]
        factor = DAY * (by if name in faster else 1.0)
        return np.rint(np.exp(np.log(mean) - wide**2 / 2 + wide * _NORMAL) * factor).astype(np.int64)

    def waits(name: str) -> Any:
        return 0 if reps else time(name)

    def work(name: str) -> Job | None:
        return Job("reps", time(name)) if reps else None

    prospect, qualified, negotiation = (time(name) for name in ("prospect", "qualified", "negotiation"))
    demo, proposal = waits("demo"), waits("proposal")
    found = plan(
        {
            "prospect": stage(to("qualified", 0.6, prospect), to("lost", 0.4, prospect)),
            "qualified": stage(to("demo", 0.7, qualified), to("lost", 0.3, qualified)),
            "demo": stage(
                to("proposal", 0.65, demo), to("lost", 0.25, demo), to("qualified", 0.1, demo), work=work("demo")
            ),
            "proposal": stage(
                to("negotiation", negotiates, proposal), to("lost", 1 - negotiates, proposal), work=work("proposal")
            ),
            "negotiation": stage(
                to("won", 0.55, negotiation), to("proposal", 0.15, negotiation), to("lost", 0.3, negotiation)
            ),
            "won": end("won"),
            "lost": end("lost"),
        },
        pools={"reps": Pool(reps)} if reps else {},
        until=days * DAY,
    )
    return replace(found, stages=tuple((MAIN, name) for _, name in found.stages))


def comes(of: Plan, *, seed: int, run: int, daily: float = 10.0) -> list[int]:
    """When prospects come, by chance, each gap drawn by the number of who comes."""
    most = int(daily * of.end / DAY * 1.5) + 50
    keys = own_keys(run_key(seed, run), np.arange(most, dtype=np.uint64))
    chance = (dice(keys, name_key("comes")) >> np.uint64(11)).astype(np.float64) / 2**53
    when = (np.cumsum(-np.log1p(-chance)) / daily * DAY).astype(np.int64)
    return [int(each) for each in when if each < of.end]


def outcome(of: Plan, *, runs: int, seed: int = 1, daily: float = 10.0) -> Outcome:
    """So many runs of it, summed up; deals are worth 100 to 10,000, small ones more often."""
    found: list[Any] = []
    for run in range(runs):
        deals = cast(of, comes(of, seed=seed, run=run, daily=daily), seed=seed, run=run)
        deals.value[:] = 100 * 10 ** (2 + 2 * (dice(deals.keys, name_key("worth")) >> np.uint64(11)) / 2**53)
        found.append(summary_of(of, deals, play(of, deals)))
    tally = found[0][1]
    for _, more in found[1:]:
        tally = tally + more
    machine = SimpleNamespace(ways={}, process=SimpleNamespace(currency="EUR"))
    setup: Any = SimpleNamespace(machine=machine, scenario=None, begin=None, open_deals=())
    return Outcome(setup, of, tuple(each for each, _ in found), tally, available(of), runs, seed)


@lru_cache(maxsize=32)
def simulated(*, runs: int, daily: float = 10.0, **case: Any) -> Outcome:
    """``outcome`` of a ``pipeline``; what several tests look at is simulated once."""
    return outcome(pipeline(**case), runs=runs, daily=daily)


def won(of: Outcome) -> Any:
    return np.array([each.total("won") for each in of.summaries], np.float64)


CASES: Mapping[str, Mapping[str, Any]] = {
    "more proposals are negotiated": {"negotiates": 0.65},
    "negotiation takes a fifth less": {"faster": ("negotiation",)},
    "demos and proposals take a fifth less": {"faster": ("demo", "proposal")},
}
