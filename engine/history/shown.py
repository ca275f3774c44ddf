"""The bare process that a file shows: its stages in the order in which deals reached them, where no map names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.history import stage_order
from engine.history.columns import one_after_the_other
from engine.history.keys import moments_of
from engine.history.outline import outline
from engine.history.properties import spread
from engine.history.sheet import Sheet
from engine.model.map import Map, Shape
from engine.model.process import Process

_MOST = 100
"""With more stages than this their order is that of the file: the column is hardly one of stages."""


def shown(map_: Map, sheet: Sheet) -> tuple[Map, Process]:
    """The map with every stage it leads to, and the bare process."""
    wide, columns = _told(map_, sheet) if map_.shape is Shape.CHANGES else (map_, sheet)
    whole, process = outline(wide, columns)
    if not map_.stages and map_.happened is not None and map_.shape is not Shape.DEALS:
        ends = {stage.id for stage in process.main.stages if stage.ends}
        whole, process = outline(replace(wide, stages=_in_order(whole, columns, ends)), columns)
    return replace(map_, stages=whole.stages), process


def _told(map_: Map, sheet: Sheet) -> tuple[Map, Sheet]:
    """The sheet with each stage before a change as a row of its own before it: some are named nowhere else."""
    wide, columns = spread(map_, sheet)
    if wide.before is None:
        return wide, columns
    twice = {
        name: one_after_the_other(columns.columns[wide.before if name == wide.stage else name], columns.columns[name])
        for name in (wide.deal, wide.stage, wide.happened)
        if name
    }
    return wide, replace(columns, columns={**columns.columns, **twice})


def _in_order(map_: Map, sheet: Sheet, ends: set[str]) -> Mapping[str, str]:
    """The stages from early to late, ends last."""
    if len(map_.stages) > _MOST:
        return map_.stages
    deals = sheet.columns[map_.deal]
    when = sheet.columns[map_.happened or ""]
    # Cells that cannot be read are told when the file is read; here they only do not count.
    moments, bad = moments_of(when, map_)
    happened, wrong = moments[when.codes], np.isin(when.codes, np.fromiter(bad, np.int32, len(bad)))
    names = sheet.columns[map_.stage]
    texts = [str(text) for text in names.each_text()]
    walked = stage_order.walks(deals.codes[~wrong], names.codes[~wrong], texts, happened[~wrong])
    order = stage_order.in_order(stage_order.only(walked, tuple(map_.stages)))
    last = [name for name, stage in map_.stages.items() if stage in ends]
    return {name: map_.stages[name] for name in (*(name for name in order if name not in last), *last)}
