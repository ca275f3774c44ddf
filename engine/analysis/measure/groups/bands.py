"""Numbers and lengths of time in a few bands with round edges, such that each holds about as many deals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np

from engine.model.values import duration_text, plain_number
from engine.tables.build import Tables
from engine.tables.coded import Floats, Ints, bands_of, codes, numbers

_FEW = 6
"""So many different values are told one by one."""
_SHARES = (0.2, 0.4, 0.6, 0.8)
_ROUND = (1.0, 2.0, 5.0, 10.0)
_SPANS = tuple(
    timedelta(hours=each) for each in (1, 4, 12, *(24 * days for days in (1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730)))
)

Bands = tuple[Ints, list[str]]
"""The band of each deal (-1: not known), and what they are called, from the lowest."""


def number_bands(tables: Tables, column: str, rows: Ints, *, percent: bool) -> Bands:
    """Numbers in bands; a percent is told as such."""

    def text(number: Decimal) -> str:
        return f"{plain_number(number * 100)} %" if percent else _grouped(number)

    values = numbers(tables.deals, column, rows, unknown=np.nan)
    known = values[~np.isnan(values)]
    if len(np.unique(known)) <= _FEW:
        return _one_by_one(tables, column, rows, text)
    cuts = _cuts(known)
    return bands_of(tables.deals, column, rows, cuts), _names([text(cut) for cut in cuts])


def duration_bands(tables: Tables, column: str, rows: Ints) -> Bands:
    """Lengths of time in bands."""
    code, values = codes(tables.deals, column)
    its = code[rows]
    if len(np.unique(its[its >= 0])) <= _FEW:
        return _one_by_one(tables, column, rows, duration_text)
    known = np.array([each.total_seconds() for each in values])[its[its >= 0]]
    edges = np.array([each.total_seconds() for each in _SPANS])
    places = sorted({int(np.abs(edges - each).argmin()) for each in np.quantile(known, _SHARES)})
    cuts = [_SPANS[each] for each in places if known.min() < edges[each] <= known.max()]
    return bands_of(tables.deals, column, rows, cuts), _names([duration_text(cut) for cut in cuts])


def _one_by_one(tables: Tables, column: str, rows: Ints, text: Callable[..., str]) -> Bands:
    code, values = codes(tables.deals, column)
    order = sorted(range(len(values)), key=lambda each: values[each])
    place = np.full(len(values) + 1, -1, np.int64)
    place[order] = np.arange(len(order))
    return place[code[rows]], [text(values[each]) for each in order]


def _cuts(known: Floats) -> list[Decimal]:
    """Round edges near the fifths of the values or, where nearly all are the same one, of the different values."""
    for values in (known, np.unique(known)):
        cuts = sorted({_round(each) for each in np.quantile(values, _SHARES).tolist()})
        inside = [cut for cut in cuts if known.min() < float(cut) <= known.max()]
        if inside:
            return inside
    return []


def _round(number: float) -> Decimal:
    """The nearest of 1, 2, 5, 10 and so on, and of 0 and those below it."""
    if abs(number) < 1e-9:
        return Decimal(0)
    power = int(np.floor(np.log10(abs(number))))
    scaled = abs(number) / 10.0**power
    nearest = min(_ROUND, key=lambda each: abs(np.log(each / scaled)))
    found = Decimal(int(nearest)).scaleb(power)
    return -found if number < 0 else found


def _names(cuts: Sequence[str]) -> list[str]:
    if not cuts:
        return ["any"]
    between = [f"{low} to below {high}" for low, high in pairwise(cuts)]
    return [f"below {cuts[0]}", *between, f"{cuts[-1]} or more"]


def _grouped(number: Decimal) -> str:
    """``12,500``, ``0.25``."""
    whole, point, rest = plain_number(number).partition(".")
    return f"{int(whole):,}" + point + rest if whole != "-0" else f"-0{point}{rest}"
