"""A sheet of changed properties to one with a column for each property: blank in the rows of the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa

from engine.history.columns import Coded, Mask
from engine.history.sheet import Sheet
from engine.model.map import Map
from engine.model.names import OPEN


def spread(map_: Map, sheet: Sheet) -> tuple[Map, Sheet]:
    """The sheet with the properties that the map reads as columns of their own, and the map that reads these.

    The columns keep the rows and the letter of the column of values, so what is wrong is told by the cell it is in.
    """
    columns, letters = dict(sheet.columns), dict(sheet.letters)

    def column(property_: str, source: str, rows: Mask | None = None) -> str:
        name = f"{source} of {property_}"
        columns[name] = _only(sheet.columns[source], rows_of(map_, sheet, property_) if rows is None else rows)
        letters[name] = sheet.letters[source]
        return name

    value = map_.value or ""
    new = replace(
        map_,
        stage=column(map_.stage, value, stage_rows(map_, sheet)),
        before=column(map_.stage, map_.before) if map_.before else None,
        owner=column(map_.owner, value) if map_.owner else None,
        reason=replace(map_.reason, column=column(map_.reason.column, value)) if map_.reason else None,
        facts={fact: replace(each, column=column(each.column, value)) for fact, each in map_.facts.items()},
    )
    return new, replace(sheet, columns=columns, letters=letters)


def rows_of(map_: Map, sheet: Sheet, property_: str) -> Mask:
    """The rows that tell a change of a property."""
    kinds = sheet.columns[map_.property or ""]
    codes = [code for code, name in enumerate(kinds.each_text()) if name == property_]
    found: Mask = np.isin(kinds.codes, codes)
    return found


def stage_rows(map_: Map, sheet: Sheet) -> Mask:
    """The rows whose value is a stage: of the property of the stage, and of ``outcome`` where it tells an end."""
    rows = rows_of(map_, sheet, map_.stage)
    return rows if map_.outcome is None else rows | (rows_of(map_, sheet, map_.outcome) & ~back_rows(map_, sheet))


def back_rows(map_: Map, sheet: Sheet) -> Mask:
    """The rows that say of a deal that it is open again."""
    values = sheet.columns[map_.value or ""]
    if map_.outcome is None:
        return np.zeros(len(values), np.bool_)
    codes = [code for code, text in enumerate(values.each_text()) if text.lower() == OPEN]
    found: Mask = np.isin(values.codes, codes) & rows_of(map_, sheet, map_.outcome)
    return found


def read_properties(map_: Map) -> tuple[str, ...]:
    """The names of the properties that the map reads, the stage first."""
    reason = map_.reason.column if map_.reason else None
    facts = (each.column for each in map_.facts.values())
    return tuple(
        dict.fromkeys(name for name in (map_.stage, map_.outcome, map_.created, map_.owner, reason, *facts) if name)
    )


def others(map_: Map, sheet: Sheet) -> tuple[Mask, Counter[str]]:
    """The rows of properties that the map does not read, and how many rows each of them has."""
    kinds = sheet.columns[map_.property or ""]
    names = list(kinds.each_text())
    wanted = frozenset(read_properties(map_))
    codes = [code for code, name in enumerate(names) if name not in wanted]
    mask: Mask = np.isin(kinds.codes, codes)
    counts = np.bincount(kinds.codes, minlength=len(names))
    return mask, Counter({names[code]: int(counts[code]) for code in codes})


def _only(values: Coded, rows: Mask) -> Coded:
    """The column with the texts of these rows alone."""
    used, codes = np.unique(values.codes[rows], return_inverse=True)
    texts = pa.concat_arrays([pa.array([""], pa.string()), values.texts.take(pa.array(used))])
    placed = np.zeros(len(rows), np.int32)
    placed[rows] = codes.astype(np.int32) + 1
    again = texts.dictionary_encode()  # a blank value and no value are the same text
    return Coded(again.dictionary, again.indices.to_numpy()[placed].astype(np.int32))
