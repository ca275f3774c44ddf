"""What an engine wrote down while it played, as a ``Log`` in canonical order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.simulation.log import Log
from engine.simulation.plan import Ints, Mask

Column = Sequence[int] | npt.NDArray[Any]
"""One value a row."""

_DIGIT = 1 << 16


def log_of(visits: Sequence[Column], refusals: Sequence[Column], works: Sequence[Column]) -> Log:
    """A log of rows in the order in which they came about, of each deal at least: by deal, then by time.

    The columns of each of the three are those of ``Log``, in its order: ``visits`` (deal, stage, entered, left, way),
    ``refusals`` (deal, way, at, denied), ``works`` (deal, stage, phase, person, asked, begun, done). Rows of one deal
    and one second stay in the order given.
    """
    return Log(
        *_sorted(visits, (np.int32, np.int16, np.int64, np.int64, np.int16), time=2),
        *_sorted(refusals, (np.int32, np.int16, np.int64, np.bool_), time=2),
        *_sorted(works, (np.int32, np.int16, np.int16, np.int16, np.int64, np.int64, np.int64), time=4),
    )


def by_deal(deal: npt.NDArray[Any]) -> Ints:
    """The order that sorts places (at least 0, below 2**32), rows of the same one left as they are."""
    # Digits of 16 bits are sorted by counting, ten times as fast as whole numbers are by comparing.
    order: Ints = np.argsort((deal % _DIGIT).astype(np.uint16), kind="stable")
    if deal.size and int(deal.max()) >= _DIGIT:
        high = (deal // _DIGIT).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def _sorted(columns: Sequence[Column], types: Sequence[Any], *, time: int) -> list[Any]:
    rows = [np.asarray(column, dtype=kind) for column, kind in zip(columns, types, strict=True)]
    deal, at = rows[0], rows[time]
    if not _descends(deal, at).any():
        return rows
    order = by_deal(deal)
    if _descends(deal[order], at[order]).any():
        # Several tracks of a deal do not write in turn.
        order = np.lexsort((at, deal))
    return [row[order] for row in rows]


def _descends(deal: npt.NDArray[Any], at: npt.NDArray[Any]) -> Mask:
    found: Mask = (deal[1:] < deal[:-1]) | ((deal[1:] == deal[:-1]) & (at[1:] < at[:-1]))
    return found
