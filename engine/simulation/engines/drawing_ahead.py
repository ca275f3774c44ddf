"""First draws of many deals at once: what each would try first in each stage, and what that takes."""

from __future__ import annotations

import numpy as np

from engine.numerics.dice import dice
from engine.numerics.distributions import drawn
from engine.simulation.plan import Ints, Keys, Plan, Purpose

BLOCK = 2048
"""So many deals at once: enough to be quick, few enough to be let go of soon."""

First = tuple[list[int], list[int], list[int]]
"""Of one stage, for each deal of a block: the branch, its dwell, and the effort of the work on entering."""


class Ahead:
    """The first draws in each stage, for the deals of one block after the other."""

    def __init__(self, plan: Plan, keys: Keys) -> None:
        self.plan, self.keys = plan, keys
        self.stages = [self._tables(stage) for stage in range(len(plan.stages))]

    def _tables(self, stage: int) -> tuple[Ints, list[int], list[int]]:
        """Of each branch of a stage: up to where it is chosen, the table of its dwell and that of its first work."""
        ways, phases = self.plan.ways, self.plan.phases
        branches = range(int(ways.first[stage]), int(ways.first[stage + 1]))
        own, entry = [], []
        for branch in branches:
            here = range(int(ways.phase[branch]), int(ways.phase[branch + 1]))
            own.append(next((int(phases.table[phase]) for phase in here if phases.own[phase]), -1))
            works = (int(phases.table[each]) for each in here if phases.purpose[each] == Purpose.ENTRY_WORK)
            entry.append(next(works, -1))
        return ways.upto[branches.start : branches.stop], own, entry

    def block(self, number: int) -> list[First | None]:
        """The draws of a block, by stage; ``None`` of a stage where nothing is tried."""
        keys = self.keys[number * BLOCK : (number + 1) * BLOCK]
        return [self._first(stage, keys) if of[1] else None for stage, of in enumerate(self.stages)]

    def _first(self, stage: int, keys: Keys) -> First:
        upto, own, entry = self.stages[stage]
        key = int(self.plan.keys[stage])
        draws = dice(keys, key)
        # The high half of a draw is a share, which the last branch is always above.
        chosen = np.searchsorted(upto, (draws >> np.uint64(32)).astype(np.int64), side="right")
        first = int(self.plan.ways.first[stage])
        efforts = np.zeros(0, np.int64)
        if max(entry) >= 0:
            efforts = self._drawn(entry, chosen, dice(keys, key, purpose=Purpose.ENTRY_WORK))
        return (chosen + first).tolist(), self._drawn(own, chosen, draws).tolist(), efforts.tolist()

    def _drawn(self, tables: list[int], chosen: Ints, draws: Keys) -> Ints:
        if len(set(tables)) == 1:
            return drawn(self.plan.tables[tables[0]], draws) if tables[0] >= 0 else np.zeros_like(chosen)
        found = np.zeros(chosen.size, np.int64)
        for place, table in enumerate(tables):
            if table >= 0:
                of = chosen == place
                found[of] = drawn(self.plan.tables[table], draws[of])
        return found
