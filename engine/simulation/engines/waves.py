"""Plain plans without work, many deals at once by NumPy: all that wait in one stage are drawn for and go on together.

Deals do not touch each other here, so it does not matter in which order stages are taken up. Blocks of deals are
played one after the other, small enough for what is reckoned with to stay near the processor.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.simulation.engines.logging_rows import log_of
from engine.simulation.engines.waves_board import Batch, Board, Scene, joined, scene
from engine.simulation.engines.waves_draw import go_on, one_by_one
from engine.simulation.log import Log
from engine.simulation.plan import NONE, Cast, Plan

BLOCK = 1 << 15
FEW = 48
"""So few are sooner done one by one."""


def play(plan: Plan, cast: Cast) -> Log:
    """The log of a run; the plan is plain and nobody works in it."""
    of = scene(plan)
    blocks = [_played(of, cast, first) for first in range(0, max(cast.size, 1), BLOCK)]
    if len(blocks) == 1:
        return blocks[0]
    return Log(**{name: np.concatenate([getattr(log, name) for log in blocks]) for name in Log.__slots__})


def _played(of: Scene, cast: Cast, first: int) -> Log:
    """The log of one block of deals, which begins with that one."""
    block = slice(first, first + BLOCK)
    board = Board(of, cast.keys[block], cast.barred[:, block], cast.needs[:, block])
    waiting: dict[int, list[Batch]] = {}

    def take_up(stage: int, batch: Batch) -> None:
        onward = go_on if batch.deal.size >= FEW else one_by_one
        for to, its in onward(board, stage, batch):
            waiting.setdefault(to, []).append(its)

    for stage, batch in _beginning(cast, block, of.end):
        take_up(stage, batch)
    while waiting:
        stage = max(waiting, key=lambda each: sum(batch.deal.size for batch in waiting[each]))
        take_up(stage, joined(waiting.pop(stage)))
    return log_of(board.visits.columns(first), board.refusals.columns(first), [()] * 7)


def _beginning(cast: Cast, block: slice, end: int) -> Iterator[tuple[int, Batch]]:
    """The deals of a block where they start, those that are drawn for apart from those that are on their way."""
    stages, chosen, comes = cast.stage[block], cast.branch[block], cast.comes[block]
    entered, contact, until = cast.entered[block], cast.last_contact[block], cast.until[block]
    is_drawn = chosen == NONE
    for stage in np.unique(stages).tolist():
        its = (stages == stage) & (comes < end)
        rows = np.flatnonzero(its & is_drawn)
        if rows.size:
            yield stage, Batch(rows, entered[rows], contact[rows], comes[rows])
        rows = np.flatnonzero(its & ~is_drawn)
        if rows.size:
            branch = chosen[rows].astype(np.int64)
            yield stage, Batch(rows, entered[rows], contact[rows], comes[rows], branch, until[rows])
