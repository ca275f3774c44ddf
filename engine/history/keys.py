"""The columns that make a row part of a deal's past: which deal, which stage, when. And what is wrong with them."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine.history.cells import MISSING, time_reader
from engine.history.columns import Coded, Codes, Mask
from engine.history.date_forms import reads, swapped
from engine.history.faults import Faults, tried
from engine.history.times import quick_times
from engine.model.errors import BadValue, StagewrightError, UnknownName
from engine.model.map import Map
from engine.model.names import ID_LIMIT, did_you_mean
from engine.model.process import Process

_TRIED = 200

Times = npt.NDArray[np.int64]
"""Microseconds since 1970 in UTC; ``MISSING`` where nobody wrote a time down."""


def check_deals(map_: Map, faults: Faults) -> None:
    """Marks the rows whose deal has no name that could be typed again."""
    wrong: dict[int, StagewrightError] = {}
    usual = pc.match_substring_regex(faults.deal.texts, f"^[ -~]{{1,{ID_LIMIT}}}$")
    others, places = _others(faults.deal, np.asarray(usual.to_numpy(zero_copy_only=False), np.bool_))
    deque(tried(others, _check_id, wrong, instead=None), maxlen=0)
    faults.unreadable |= faults.bad(map_.deal, {int(places[code]): error for code, error in wrong.items()})


def _others(cells: Coded, done: Mask) -> tuple[Coded, Codes]:
    """The texts that were not done all at once, and the codes that they have in the column."""
    places = np.flatnonzero(~done).astype(np.int32)
    return Coded(cells.texts.take(pa.array(places)), places), places


def _check_id(name: str) -> None:
    if not name:
        raise BadValue("the deal is not named")
    if len(name) > ID_LIMIT:
        raise BadValue(f"the name of a deal has at most {ID_LIMIT} characters")
    if not name.isprintable():
        raise BadValue("the name of a deal holds a character that cannot be printed")


def stages(map_: Map, process: Process, faults: Faults) -> Codes:
    """The place in the pipeline of each row's stage; -1 where it cannot be read, which is marked."""
    places, wrong = stage_places(map_.stage, map_, process, faults)
    faults.unreadable |= faults.bad(map_.stage, wrong)
    return places


def stage_places(column: str, map_: Map, process: Process, faults: Faults) -> tuple[Codes, dict[int, StagewrightError]]:
    """The same for any column of stages; and what is wrong with which code, neither noted nor marked."""
    cells = faults.sheet.columns[column]
    order = {stage.id: index for index, stage in enumerate(process.main.stages)}
    wrong: dict[int, StagewrightError] = {}

    def place(name: str) -> int:
        found = order.get(map_.stages.get(name, name), -1)
        if found < 0:
            raise unknown_stage(name, map_)
        return found

    places = np.fromiter(tried(cells, place, wrong, instead=-1), np.int32, len(cells.texts))
    return places[cells.codes], wrong


def unknown_stage(name: str, map_: Map) -> StagewrightError:
    """What is wrong with a stage that neither map nor process knows."""
    if not name:
        return BadValue("the stage is not named")
    return UnknownName(f"the map has no stage '{name}'", hint=did_you_mean(name, map_.stages, most=12))


def times(column: str, map_: Map, faults: Faults) -> tuple[Times, Mask]:
    """The time of each row, and the rows where it could not be read (noted, not marked)."""
    cells = faults.sheet.columns[column]
    moments, wrong = moments_of(cells, map_)
    return moments[cells.codes], faults.bad(column, _swapped(cells, map_, wrong))


def _swapped(cells: Coded, map_: Map, wrong: dict[int, StagewrightError]) -> dict[int, StagewrightError]:
    """The same with another mend, where most of what cannot be read could be with day and month the other way round.

    Days up to the 12th were read then, and wrongly, so that the cells named are not all that is wrong.
    """
    texts = [cells.texts[code].as_py() for code in list(wrong)[:_TRIED]]
    for form in map_.dates:
        other = swapped(form)
        if other and other not in map_.dates and 2 * sum(reads(other, text) for text in texts) > len(texts) > 0:
            hint = f"day and month look swapped: write {other} under 'dates' in the map"
            return {code: BadValue(str(error), hint=hint) for code, error in wrong.items()}
    return wrong


def moments_of(cells: Coded, map_: Map) -> tuple[Times, dict[int, StagewrightError]]:
    """The time that each distinct text of a column says, and what is wrong with which of them."""
    moments, done = quick_times(cells.texts, map_)
    others, places = _others(cells, done)
    wrong: dict[int, StagewrightError] = {}
    each = tried(others, time_reader(map_), wrong, instead=MISSING)
    moments[places] = np.fromiter(each, np.int64, len(places))
    return moments, {int(places[code]): error for code, error in wrong.items()}
