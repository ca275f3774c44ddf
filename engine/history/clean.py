"""Which rows of a sheet are taken, and in which order; every row left out is noted with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.history.cells import MISSING
from engine.history.columns import Codes, Mask, Rows
from engine.history.faults import Faults
from engine.history.keys import Times

_LATEST = np.int64(2**63 - 1)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Rows in order of time; how many deals stood otherwise in the file; whether it stands newest first."""

    rows: Rows
    out_of_order: int
    newest_first: bool


def whole_deals(faults: Faults) -> Mask:
    """The rows of deals that can be read in full.

    One row that cannot be read holds back its whole deal: without it the deal's other moves would be judged
    wrongly, and what is once recorded could not be mended by importing again.
    """
    faults.misfits()
    codes = faults.deal.codes
    faults.leave_out(faults.unreadable, "a cell of it cannot be read")
    held = np.zeros(len(faults.deal.texts), np.bool_)
    held[codes[faults.unreadable]] = True
    misfits = {each.deal for each in faults.sheet.misfits}
    if misfits:
        held |= np.fromiter((name in misfits for name in faults.deal.each_text()), np.bool_, len(held))
    # Rows that name no deal have nothing in common.
    held &= np.fromiter((bool(name) for name in faults.deal.each_text()), np.bool_, len(held))
    others = held[codes] & ~faults.unreadable
    faults.leave_out(others, "another row of its deal cannot be read")
    return ~(faults.unreadable | others)


def without_repeats(faults: Faults, keep: Mask) -> Mask:
    """The rows of ``keep`` that do not say the same as an earlier one, in all the columns that are read."""
    rows = np.flatnonzero(keep)
    marks = _marks(faults, rows)
    order = np.argsort(marks, kind="stable")
    same = np.zeros(len(rows), np.bool_)
    same[1:] = marks[order][1:] == marks[order][:-1]
    if not same.any():
        return keep
    for column in faults.sheet.columns.values():
        # Equal marks are equal rows but for a chance of one in millions of millions, which is ruled out here.
        codes = column.codes[rows][order]
        same[1:] &= codes[1:] == codes[:-1]
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(rows))))
    numbers = faults.sheet.numbers[rows][order]
    told = dict(zip(rows[order][same].tolist(), numbers[first][same].tolist(), strict=True))
    repeats = np.zeros(len(keep), np.bool_)
    repeats[rows[order][same]] = True
    faults.leave_out(repeats, lambda row: f"says the same as row {told[row]}")
    return keep & ~repeats


def _marks(faults: Faults, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    marks = np.zeros(len(rows), np.uint64)
    for column in faults.sheet.columns.values():
        marks ^= column.codes[rows].astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        marks *= np.uint64(0xBF58476D1CE4E5B9)
        marks ^= marks >> np.uint64(29)
    return marks


def in_order(deals: Codes, happened: Times, rows: Rows) -> InOrder:
    """The rows by deal, then by time, then as they stand in the file, or the other way where that is newest first.

    A row without a time keeps its place before the next row of its deal that has one.
    """
    newest_first = runs_backwards(deals[rows], happened[rows])
    rows = rows[::-1] if newest_first else rows
    place = np.argsort(deals[rows], kind="stable")
    deal, when = deals[rows][place], _next_known(deals[rows][place], happened[rows][place])
    order = place[np.lexsort((place, when, deal))]
    turned = np.zeros(len(order), np.bool_)
    turned[1:] = (np.diff(deal) == 0) & (np.diff(order) < 0)
    return InOrder(rows[order], len(np.unique(deal[turned])), newest_first)


def runs_backwards(deals: Codes, happened: Times) -> bool:
    """Whether most rows of a deal, as they stand in the file, are earlier than the row before them.

    Of such a file rows of one day stand newest first too, so that their order says as much as their times.
    """
    dated = np.flatnonzero(happened != MISSING)
    by_deal = dated[np.argsort(deals[dated], kind="stable")]
    same = np.diff(deals[by_deal]) == 0
    steps = np.diff(happened[by_deal])[same]
    backwards = int((steps < 0).sum())
    # One row before the other may as well stand there by mistake.
    return backwards > max(1, int((steps > 0).sum()))


def _next_known(deals: Codes, happened: Times) -> Times:
    unknown = happened == MISSING
    if not unknown.any():
        return happened
    places = np.where(unknown, len(happened), np.arange(len(happened)))
    following = np.minimum.accumulate(places[::-1])[::-1]
    reachable = following < len(happened)
    following = np.where(reachable, following, 0)
    reachable &= deals[following] == deals
    return np.where(reachable, happened[following], _LATEST)
