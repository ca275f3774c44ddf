"""What is wrong with a few cells of a column that is proposed all the same: how many, and the first of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.history.date_forms import reads, swapped
from engine.history.drafted import Draft
from engine.history.seen import Looks, Seen
from engine.history.sheet import Sheet
from engine.model.map import Map, Shape

_NAMED = 3


def look_for_flaws(draft: Draft, sheet: Sheet) -> None:
    """Remarks on the columns of which a few cells cannot be read."""
    draft.remarks |= {column.name: _unreadable(column, sheet, draft.map) for column in draft.columns if column.misfits}


def without_contrary(draft: Draft, places: tuple[int, ...]) -> None:
    """Leaves out the columns of dates that write day and month the other way round than the others."""
    times = [each for each in draft.columns if each.looks is Looks.TIME]
    contrary = [times[place] for place in places]
    if not contrary:
        return
    draft.columns = tuple(replace(each, looks=Looks.EMPTY) if each in contrary else each for each in draft.columns)
    names = ", ".join(f"'{each.name}'" for each in contrary)
    draft.say("file/dates", f"{names} is left out: it writes day and month the other way round", sure=False)


def with_remarks(draft: Draft) -> None:
    """Says what was remarked of a column beside the line that names it."""
    for line, column in _lines(draft.map):
        if column in draft.remarks:
            said = draft.because.get(line)
            draft.say(line, f"{draft.remarks[column]}; {said}" if said else draft.remarks[column], sure=False)


def _lines(map_: Map) -> Iterator[tuple[str, str]]:
    yield "deal", map_.deal
    yield "happened", map_.happened or ""
    for stage, column in map_.entered.items():
        yield f"entered/{stage}", column
    if map_.shape is not Shape.CHANGES:
        for fact, each in map_.facts.items():
            yield f"facts/{fact}", each.column


def _unreadable(column: Seen, sheet: Sheet, map_: Map) -> str:
    bad = set(column.misfits)
    codes = [code for code, text in enumerate(column.cells.each_text()) if text in bad]
    rows = np.flatnonzero(np.isin(column.cells.codes, codes))
    places = ", ".join(f"{sheet.cell(column.name, row)} '{column.cells.text(row)}'" for row in rows[:_NAMED].tolist())
    more = ", …" if len(rows) > _NAMED else ""
    filled = len(column.cells) - column.blank
    said = f"{len(rows):,} of {filled:,} cells cannot be read: {places}{more}"
    form = next((each for each in column.forms if each in map_.dates), "")
    if form and all(reads(swapped(form), text) for text in column.misfits):
        return f"{said}; they have day and month the other way round, so others up to the 12th may be read wrongly"
    return said
