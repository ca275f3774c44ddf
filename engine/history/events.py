"""An export whose rows are anything that happened: by the map each is a stage entered, a touchpoint, or left out."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np

from engine.history.cells import MISSING
from engine.history.clean import InOrder, in_order, whole_deals, without_repeats
from engine.history.columns import Codes
from engine.history.facts import all_taken, asides
from engine.history.faults import Faults, tried
from engine.history.keys import check_deals, times, unknown_stage
from engine.history.stream import Visits
from engine.model.errors import StagewrightError
from engine.model.map import Map
from engine.model.process import Process

_NEITHER = -1
_LEFT_OUT = -2


def read_events(map_: Map, process: Process, faults: Faults) -> tuple[Visits, InOrder, int]:
    """The visits and touches that a sheet of the shape ``events`` tells.

    Also how its rows stood in the file, and how many of them ``leave_out`` passes over.
    """
    check_deals(map_, faults)
    stage, touch = _meanings(map_, process, faults)
    happened = np.full(len(stage), MISSING, np.int64)
    if map_.happened is not None:
        happened, wrong = times(map_.happened, map_, faults)
        faults.unreadable |= wrong & (stage != _LEFT_OUT)
    beside = asides(map_, process, faults)
    keep = without_repeats(faults, whole_deals(faults))
    passed_over = keep & (stage == _LEFT_OUT)
    order = in_order(faults.deal.codes, happened, np.flatnonzero(keep & ~passed_over))
    rows = order.rows
    visits = Visits(
        deals=faults.deal.taken(rows),
        stage=stage[rows],
        happened=happened[rows],
        numbers=faults.sheet.numbers[rows],
        asides=all_taken(beside, rows),
        touch=touch[rows],
        touchpoints=process.touchpoints,
    )
    return visits, order, int(passed_over.sum())


def _meanings(map_: Map, process: Process, faults: Faults) -> tuple[Codes, Codes]:
    """For each row the place of its stage in the pipeline, and that of its touchpoint; -1 where it is none."""
    cells = faults.sheet.columns[map_.stage]
    stages = {stage.id: place for place, stage in enumerate(process.main.stages)}
    touchpoints = {name: place for place, name in enumerate(process.touchpoints)}
    wrong: dict[int, StagewrightError] = {}

    def meant(name: str) -> tuple[int, int]:
        found = _named(name, map_, stages, touchpoints)
        if found is None:
            raise unknown_stage(name, map_)
        return found

    both = list(tried(cells, meant, wrong, instead=(_NEITHER, _NEITHER)))
    table = np.array(both, np.int32).reshape(-1, 2)
    faults.unreadable |= faults.bad(map_.stage, wrong)
    return table[cells.codes, 0], table[cells.codes, 1]


def _named(name: str, map_: Map, stages: dict[str, int], touchpoints: dict[str, int]) -> tuple[int, int] | None:
    """The place of a stage and that of a touchpoint. A name written out goes before a pattern."""
    exact = stages.get(map_.stages.get(name, "" if map_.process else name), _NEITHER)
    if exact >= 0:
        return exact, _NEITHER
    if (touch := _matching(name, map_.touchpoints)) is not None:
        return _NEITHER, touchpoints.get(touch, _NEITHER)
    if any(fnmatchcase(name, pattern) for pattern in map_.leave_out):
        return _LEFT_OUT, _NEITHER
    stage = stages.get(_matching(name, map_.stages) or "", _NEITHER)
    return (stage, _NEITHER) if stage >= 0 else None


def _matching(name: str, patterns: Mapping[str, str]) -> str | None:
    if name in patterns:
        return patterns[name]
    return next((meant for pattern, meant in patterns.items() if fnmatchcase(name, pattern)), None)
