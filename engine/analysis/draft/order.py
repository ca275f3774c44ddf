"""The order of stages, as most deals first came to them; and those that come in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.analysis.draft.paths import Paths

_ANY_ORDER = 0.2
"""Where at least this share of the deals that were in both came the other way round, no order is told."""
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Precedence:
    """``before[a, b]``: how many deals first came to ``a``, later to ``b``; ``place``: how early on average."""

    before: npt.NDArray[np.int64]
    place: npt.NDArray[np.float64]


def precedence(paths: Paths) -> Precedence:
    """Counts over the first visits of each deal."""
    many = len(paths.stages)
    step = np.arange(len(paths.deal)) - np.searchsorted(paths.deal, paths.deal)
    first = np.full((len(paths.deals), many), np.inf)
    np.minimum.at(first, (paths.deal, paths.stage), step.astype(np.float64))
    before = np.zeros((many, many), np.int64)
    seen = ~np.isinf(first)
    for stage in range(many):
        before[stage] = ((first[:, [stage]] < first) & seen).sum(axis=0)
    length = np.maximum(np.bincount(paths.deal, minlength=len(paths.deals))[:, None] - 1, 1)
    place = np.where(seen, first / length, 0).sum(axis=0, where=seen) / np.maximum(seen.sum(axis=0), 1)
    return Precedence(before, place)


def ordered(stages: Sequence[int], seen: Precedence) -> list[int]:
    """Stages by how many others most deals came to after them; ties by how early they come."""
    return sorted(stages, key=lambda stage: (-_leads(stage, stages, seen), float(seen.place[stage]), stage))


def any_order(stages: Sequence[int], seen: Precedence) -> list[list[int]]:
    """Groups of stages of which no order can be told, each with all that it hangs together with."""
    groups: list[set[int]] = []
    for at, one in enumerate(stages):
        for other in stages[at + 1 :]:
            ways = sorted((int(seen.before[one, other]), int(seen.before[other, one])))
            if sum(ways) < _FEWEST or ways[0] < _ANY_ORDER * sum(ways):
                continue
            touching = [group for group in groups if group & {one, other}]
            groups = [group for group in groups if group not in touching]
            groups.append({one, other}.union(*touching))
    return [[stage for stage in stages if stage in group] for group in groups]


def _leads(stage: int, stages: Sequence[int], seen: Precedence) -> int:
    before = seen.before
    return sum(int(np.sign(before[stage, other] - before[other, stage])) for other in stages)
