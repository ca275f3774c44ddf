"""How deals ended: the first end since they were last open counts, and a rare end counts as a frequent one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.analysis.draft.paths import Days, Mask, Paths, deals_in
from engine.model.process import Stage


@dataclass(frozen=True, slots=True)
class Endings:
    """By deal the kind of end that it stands in (empty: it is open), and when it came there.

    ``again`` are deals that went from one end straight to another; ``folded`` are rare ends, each with the one it is
    counted as and the deals that came to it.
    """

    kind: npt.NDArray[np.object_]
    closed: Days
    again: tuple[str, ...]
    folded: Mapping[str, tuple[str, int]]


def settled(paths: Paths, known: Sequence[Stage], share: float) -> tuple[Paths, Endings]:
    """The paths without what followed an end straight away, rare ends folded; and how the deals ended.

    Told on whole paths: without its rare end a closed deal would look open.
    """
    kinds = kinds_of(paths, known)
    paths, again = _first_ends(paths, kinds != "")
    paths, folded = _folded(paths, kinds, share)
    last = paths.is_last
    kind = np.full(len(paths.deals), "", np.object_)
    kind[paths.deal[last]] = kinds[paths.stage[last]]
    closed = np.full(len(paths.deals), np.nan)
    closed[paths.deal[last]] = paths.entered[last]
    return paths, Endings(kind, np.where(kind != "", closed, np.nan), again, folded)


def kinds_of(paths: Paths, known: Sequence[Stage]) -> npt.NDArray[np.object_]:
    """Of each stage of the paths the kind of end that it is; empty where it is none."""
    ends = {stage.id: stage.ends for stage in known}
    return np.array([ends.get(name, "") for name in paths.stages], np.object_)


def _first_ends(paths: Paths, is_end: Mask) -> tuple[Paths, tuple[str, ...]]:
    here = is_end[paths.stage]
    after = np.zeros(len(here), np.bool_)
    after[1:] = here[1:] & here[:-1] & (paths.deal[1:] == paths.deal[:-1])
    other = after.copy()
    other[1:] &= paths.stage[1:] != paths.stage[:-1]
    again = np.unique(paths.deal[other & paths.counted])
    return paths.of(~after), tuple(paths.deals[at] for at in again.tolist())


def _folded(paths: Paths, kinds: npt.NDArray[np.object_], share: float) -> tuple[Paths, dict[str, tuple[str, int]]]:
    deals = deals_in(paths)
    least = share * len(np.unique(paths.deal[paths.counted]))
    code = np.arange(len(paths.stages))
    folded = {}
    for kind in ("won", "lost", "other"):
        of_kind = [int(at) for at in np.flatnonzero(kinds == kind)]
        best = max(of_kind, key=lambda at: int(deals[at]), default=-1)
        for at in of_kind:
            if at != best and deals[best] and deals[at] < least:
                code[at] = best
                if deals[at]:
                    folded[paths.stages[at]] = (paths.stages[best], int(deals[at]))
    return replace(paths, stage=code[paths.stage]), folded
