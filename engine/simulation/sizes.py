"""How large a simulation becomes, reckoned before it starts: what does not fit is refused, not begun."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from engine.model.errors import BadValue
from engine.simulation.plan import Plan
from engine.simulation.results.outcome import WEEK, Setup, weeks_of

BYTES_A_PROSPECT = 3_000
"""Twice what was measured of the shipped scenario (1,350 to 1,750 bytes): others have longer ways."""
BYTES_IN_WAVES = 800
"""The same of prospects for whom nobody works (370 bytes)."""
BYTES_A_RUN = 6_000
SHARE = 0.6
"""Of the machine's memory: the rest is for everything else on it."""
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says how much a container may take, in its two ways."""


def prospects_expected(setup: Setup) -> float:
    """How many take part in a run, open deals too."""
    arrivals = setup.scenario.arrivals
    weekly = sum(arrivals.weeks) / len(arrivals.weeks) if arrivals.weeks else arrivals.weekly
    weights = arrivals.months.values()
    return len(setup.open_deals) + weekly * setup.scenario.horizon.total_seconds() / WEEK * max([1.0, *weights])


def check_memory(setup: Setup, plan: Plan, *, runs: int, threads: int) -> None:
    """Raises ``BadValue``, with the sizes, where the runs that are played at once need more than the machine has.

    Or where the figures of all runs do.
    """
    ways = plan.branches + int(plan.alarms.to.size)
    facts = len(setup.machine.process.facts)
    own = BYTES_A_PROSPECT if plan.has_work or not plan.is_plain else BYTES_IN_WAVES
    each = own + 16 * (-(-ways // 64)) + 40 * facts
    needed = prospects_expected(setup) * each * threads
    kept = runs * (BYTES_A_RUN + 96 * weeks_of(plan) + 8 * len(plan.crew.pools) * len(plan.stages))
    there = memory()
    if there and kept > SHARE * there:
        raise BadValue(
            f"the figures of {runs:,} runs of {weeks_of(plan):,} weeks need {_gigabytes(kept)} of memory, and "
            f"{_had(there)}",
            hint="ask for fewer runs, or a shorter horizon",
        )
    if there and needed > SHARE * there:
        raise BadValue(
            f"about {prospects_expected(setup):,.0f} prospects a run need {_gigabytes(needed)} of memory, and "
            f"{_had(there)}",
            hint="simulate a shorter horizon or fewer arrivals"
            + (f"; or with --threads 1, not {threads} at once" if needed / threads <= SHARE * there else ""),
        )


def memory() -> int:
    """The bytes of memory that the machine has, or leaves to what runs in this container; 0 where it does not say."""
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0
    return min([whole, *_left_to_container()])


def _left_to_container() -> Iterator[int]:
    for limit in _LIMITS:
        try:
            yield int(limit.read_text())
        except (OSError, ValueError):
            # There is none, or it says "max".
            continue


def _had(there: int) -> str:
    return f"this machine has {_gigabytes(there)}, of which {SHARE:.0%} may be taken"


def _gigabytes(size: float) -> str:
    return f"{size / 2**30:,.1f} GB"
