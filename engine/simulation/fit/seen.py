"""The five tables to the visits that a scenario is fitted on: who stood where from when to when, and how each left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

import numpy as np

from engine.model.process import Process
from engine.model.scenario import Agreeing, Hours, Pool, Work
from engine.model.study import Section
from engine.tables.build import Tables
from engine.tables.coded import NEVER, Ints, Mask

NONE = -1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Learnt(Generic[_T]):
    """Something learnt from history, with what is to be said about it."""

    value: _T
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """The visits of one track, deal by deal, each deal's in order; arrays have one item a visit, times are seconds.

    ``stages`` are those of the track, then any that the process does not know and, of deals handed over, where they
    went (``process/stage``); ``ends`` is which of them are ends.
    ``left``: ``NEVER`` where it still stands there. ``gone``: where the watch ends, by leaving or not. ``way`` is the
    number in ``ways`` (stage, action, to) by which it left; ``NONE``: it stands there still, or left in a way that is
    no try of anybody (a clock, an automatic action, a new version), so that the visit counts as open until
    then. ``dated``: a visit of an open stage of which both times are known. ``entered_by`` and ``left_by`` are numbers
    in ``Seen.people``, ``came_by`` in ``Seen.actions``; ``NONE``: nobody can say.
    """

    track: str
    stages: tuple[str, ...]
    ends: Mask
    deal: Ints
    seq: Ints
    stage: Ints
    entered: Ints
    left: Ints
    gone: Ints
    way: Ints
    dated: Mask
    entered_by: Ints
    left_by: Ints
    came_by: Ints
    ways: tuple[tuple[str, str, str], ...]
    unknown_ways: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of the deals of a process. ``since``: ``NEVER`` from the beginning, else what ended before it says
    nothing (delayed entry); ``until`` is where the follow-up ends. ``started`` is the first dated time of each deal,
    ``closed`` when it came to an end and stayed there (``NEVER``: it did not, or nobody dated it).
    """

    tables: Tables
    process: Process
    names: tuple[str, ...]
    started: Ints
    closed: Ints
    people: tuple[str, ...]
    actions: tuple[str, ...]
    since: int
    until: int
    tracks: tuple[Visits, ...]

    @property
    def main(self) -> Visits:
        """The visits of the main track."""
        return self.tracks[0]


@dataclass(frozen=True, slots=True)
class Staffed:
    """Who works when on what, and what is left of each visit as time that passes.

    ``of_stage`` is by (track, stage): the hours in which its dwell passes (empty: around the clock) and the work on
    entering it. ``spent`` has for each track and visit the seconds, in those hours, until the watch ends, without work
    that is told apart; ``begun`` the age by the same clock at ``since`` (0 or less: watched from the start).
    """

    spent: tuple[Ints, ...]
    begun: tuple[Ints, ...]
    hours: tuple[Hours, ...] = ()
    pools: tuple[Pool, ...] = ()
    touchpoints: Mapping[str, Work] = field(default_factory=dict)
    approvals: tuple[Agreeing, ...] = ()
    of_stage: Mapping[tuple[str, str], tuple[str, Work | None]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


def nobody(seen: Seen) -> Staffed:
    """Nobody works on anything: visits last as long as the clock on the wall says."""
    spent = tuple(np.where(each.dated, each.gone - each.entered, 0) for each in seen.tracks)
    begun = tuple(
        np.where(each.dated & (seen.since != NEVER), seen.since - each.entered, 0) if len(each.deal) else each.deal
        for each in seen.tracks
    )
    return Staffed(spent, begun)


def seconds(when: datetime) -> int:
    """A moment as whole seconds since 1970."""
    return (when - _EPOCH) // timedelta(seconds=1)
