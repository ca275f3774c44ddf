"""Entries in order to visits of stages: where each deal stood, since when, and what ended it; all on whole columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.history.bodies import UnusualEntries
from engine.history.coding import Numbers, Yes
from engine.history.gathering import Entries
from engine.model.entry import GOES_ON, EntryKind
from engine.model.names import MAIN

_NEVER = -1
_ENTERING = {EntryKind.MOVED.value, EntryKind.MIGRATED.value}


@dataclass(frozen=True, slots=True)
class Visits:
    """All are places in ``Entries``; -1 stands for none.

    ``entry`` and ``left``: one item a visit: what began and ended it. The others have one item a deal: ``first`` and
    ``last`` its first entry and the last that entered a stage, ``since`` the entry that brought it into the process
    in which it is, ``standing`` the one that brought it to its stage, ``closing`` the first end since it was last open.
    ``mains`` are the entries that entered a stage of the main track, of all deals.
    """

    entry: Numbers
    left: Numbers
    first: Numbers
    last: Numbers
    since: Numbers
    standing: Numbers
    closing: Numbers
    mains: Numbers

    def deal_of(self, entries: Numbers) -> Numbers:
        """Which deal each entry is of."""
        return np.searchsorted(self.first, entries, side="right") - 1

    def standing_at(self, entries: Numbers) -> Numbers:
        """The entry that had brought the deal to where it stood before each of these; for a start itself."""
        before = np.maximum(np.searchsorted(self.mains, entries, side="left") - 1, 0)
        return np.maximum(self.mains[before], self.first[self.deal_of(entries)])


def visits_of(entries: Entries) -> Visits:
    """The visits. Raises ``UnusualEntries`` where a deal was handed over into a track beside the main one."""
    deals = entries.texts["deal"].codes
    starts = _changes(deals)
    first = np.flatnonzero(starts)
    entry = np.flatnonzero(starts | entries.texts["kind"].among(_ENTERING))
    # The first entry is the visit of the main track, whatever it says.
    started = starts[entry]
    main = started | entries.texts["track"].among({MAIN})[entry]
    handed = started | _changes(entries.texts["process"].codes[entry])
    if not main[handed].all():
        raise UnusualEntries
    # A stay is a deal's time in one process; its visits end with it at the latest.
    stay = np.cumsum(handed) - 1
    track = np.where(main, _NEVER, entries.texts["track"].codes[entry])
    mains = entry[main]
    opened = entry[handed]
    since = opened[_last_of(first, opened)]
    goes_on = entries.texts["kind"].among({EntryKind.MIGRATED.value}) & entries.texts["reason"].among(set(GOES_ON))
    goes_on &= entries.texts["outcome"].among({""})
    visit, left = _stretches(
        entry, goes_on[entry] & ~started, stay=stay, track=track, of_deal=np.searchsorted(first, opened, side="right")
    )
    return Visits(
        entry=visit,
        left=left,
        first=first,
        last=entry[_last_of(first, entry)],
        since=since,
        standing=mains[_last_of(first, mains)],
        closing=_closing(entries, first=first, mains=mains, stay=stay[main]),
        mains=mains,
    )


def _changes(codes: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Where a column is another than in the row before; so is the first row."""
    changes = np.ones(len(codes), np.bool_)
    changes[1:] = codes[1:] != codes[:-1]
    return changes


def _last_of(first: Numbers, rows: Numbers) -> Numbers:
    """For each deal the place in ``rows`` of its last one; every deal has some."""
    ends = np.searchsorted(rows, first, side="left")
    return np.append(ends[1:], len(rows)) - 1 if len(first) else ends


def _stretches(
    entry: Numbers, goes_on: Yes, *, stay: Numbers, track: Numbers, of_deal: Numbers
) -> tuple[Numbers, Numbers]:
    """For each visit what began it and what ended it: the next in its track, else the one that handed the deal over."""
    order = np.lexsort((entry, track, stay))
    same = np.zeros(len(entry), np.bool_)
    same[1:] = (stay[order][1:] == stay[order][:-1]) & (track[order][1:] == track[order][:-1])
    begins = np.flatnonzero(~(same & goes_on[order]))
    visit = order[begins]
    is_last = np.append(~same[begins[1:]], np.ones(min(1, len(begins)), np.bool_))
    left = np.full(len(begins), _NEVER)
    left[:-1] = np.where(is_last[:-1], _NEVER, entry[visit[1:]])
    handed_over = _handed_over(entry, stay=stay, of_deal=of_deal)
    left = np.where(left == _NEVER, handed_over[stay[visit]], left)
    rows = np.argsort(visit)
    return entry[visit[rows]], left[rows]


def _handed_over(entry: Numbers, *, stay: Numbers, of_deal: Numbers) -> Numbers:
    """For each stay the entry that handed the deal over."""
    begins = entry[np.flatnonzero(_changes(stay))]
    goes_on = np.append(of_deal[1:] == of_deal[:-1], np.zeros(min(1, len(of_deal)), np.bool_))
    return np.where(goes_on, np.roll(begins, -1), _NEVER)


def _closing(entries: Entries, *, first: Numbers, mains: Numbers, stay: Numbers) -> Numbers:
    """For each deal the first end since it was last open; none where it is open. How it starts does not count."""
    ended = ~entries.texts["outcome"].among({""})[mains] & ~np.isin(mains, first)
    goes_on = np.zeros(len(mains), np.bool_)
    goes_on[1:] = ended[:-1] & (stay[1:] == stay[:-1])
    began = np.maximum.accumulate(np.where(ended & ~goes_on, np.arange(len(mains)), 0))
    last = _last_of(first, mains)
    return np.where(ended[last], mains[began[last]] if len(mains) else _NEVER, _NEVER)
