"""A scenario compiled for one version of a process: the arrays that every engine reads, in whole seconds since 1970.

Stages of all tracks are numbered together, those of the main track first and in the order of the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.model.deal import Deal

Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Small = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

NEVER = 1 << 62
"""A moment that does not come."""
NONE = -1
WHOLE = 1 << 32
"""Shares are in parts of this."""
AGAIN = 3600
"""What is tried again without any time in between is tried so many seconds later: nobody tries it every second."""


def both(one: int, other: int) -> int:
    """The share of both of two shares in parts of ``WHOLE``, in numbers that stay below 2**63."""
    return (one >> 1) * (other >> 1) >> 30


class Kind(IntEnum):
    """What a phase is: time that passes, or somebody's work."""

    WAIT = 0
    WORK = 1


class Purpose(IntEnum):
    """What a visit draws for. The high 32 bits of ``VISIT`` choose the branch, the low 32 bits its dwell."""

    VISIT = 0
    ENTRY_WORK = 1
    TOUCH_WORK = 2
    APPROVAL_WAIT = 3
    APPROVAL_WORK = 4
    GRANT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """What is tried in each stage. Branches of stage ``s`` are ``first[s]`` to ``first[s + 1]``, in the order declared.

    ``upto`` (int64): the shares of a stage added up, in parts of ``WHOLE``; the last is ``WHOLE``. A branch is chosen
    by the first whose ``upto`` is above the high 32 bits of the draw. ``to`` is the stage it leads to, ``action`` the
    place of the action in ``Plan.actions``. ``granted`` (int64): how often an approval needed is given, in parts of
    ``WHOLE``; given where the high 32 bits of a ``GRANT`` draw are below it. ``agreed`` is the bit in ``Cast.needs`` of
    deals that need it (``NONE``: nobody). Where several may be needed, their own bits, ``several`` of them, stand right
    before that one, and ``given`` says by bit how often each is given. Phases of branch ``b`` are ``phase[b]`` to
    ``phase[b + 1]``.
    """

    first: Small
    upto: Ints
    to: Small
    action: Small
    reason: tuple[str, ...]
    granted: Ints
    agreed: Small
    phase: Small
    several: Small | None = None
    given: Ints | None = None

    def approvals(self, branch: int) -> range:
        """The bits of single approvals of a branch of which a deal may need some and not others."""
        count = 0 if self.several is None else int(self.several[branch])
        return range(int(self.agreed[branch]) - count, int(self.agreed[branch]))


@dataclass(frozen=True, slots=True, eq=False)
class Phases:
    """What must have passed before a branch is tried, one after the other.

    ``table`` is a row of ``tables``: a quantile table of whole seconds (``numerics.distributions``). A ``WAIT`` passes
    in the hours of ``calendar`` (``NONE``: around the clock); a ``WORK`` is done by one of ``pool`` who has all of
    ``skills`` (bits), in that person's hours. ``need`` is the bit in ``Cast.needs`` of deals that it is for (``NONE``:
    all). ``purpose`` is what it draws for. ``touches``: its end is a contact with the customer. ``own``: it is the
    stage's dwell, which draws the low 32 bits of ``VISIT``, where all others draw the low 32 bits of their own purpose.
    """

    kind: Small
    table: Small
    calendar: Small
    pool: Small
    skills: Keys
    need: Small
    purpose: Small
    touches: Mask
    own: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Alarms:
    """Clocks that act: those of stage ``s`` are ``first[s]`` to ``first[s + 1]``, the one declared first before others.

    ``after`` seconds (at least 1) from when the stage was entered or, where ``idle``, since the last contact in it, the
    action is done, unless the branch was tried before that moment or at it. It counts as way number ``branches + its
    own number``.
    """

    first: Small
    after: Ints
    idle: Mask
    to: Small
    action: Small
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Calendars:
    """Working hours spelled out over the horizon and well beyond: stretches ``first[c]`` to ``first[c + 1]``.

    ``begins`` and ``ends`` (int64, seconds since 1970, ``begins < ends``, ascending, touching stretches joined).
    ``worked``: the working seconds before each stretch since the first one of the calendar. What does not end within
    them ends ``NEVER``.
    """

    first: Small
    begins: Ints
    ends: Ints
    worked: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """The people of all pools: those of pool ``p`` are ``first[p]`` to ``first[p + 1]``.

    ``calendar`` (``NONE``: around the clock) and ``skills`` (bits) of each person. ``order`` of each pool: 0 first come
    first served, 1 by a fact (``Cast.ranks[p]``), 2 by stage (``by_stage[p, stage]``); lower ranks first.
    """

    pools: tuple[str, ...]
    names: tuple[str, ...]
    first: Small
    calendar: Small
    skills: Keys
    order: Small
    by_stage: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A scenario compiled. ``begin`` and ``end`` in seconds since 1970; what happens at ``end`` or later is not told.

    ``stages`` are (track, stage), ``ends`` what each ends (empty: open), ``keys`` what each adds to a draw
    (``dice.name_key("track/stage")``). ``tables`` (tables × ``distributions.POINTS``, int64). ``firsts``: the stage in
    which each track starts, main first; side tracks without assumptions are left out. ``living``: ways (bool, branches,
    then clocks) whose rules look at more than the facts a prospect came with, so only the machine can judge them, move
    by move; no bit in ``Cast.barred`` tells of them. ``acts``: the process has automatic actions that may come true;
    then ``actions`` holds these too. A deal that is handed over to another process is at an end here: the last of
    ``stages`` are these, ``other`` ends.

    Ways are numbered: the branches, then the clocks, then what the machine does by itself (``automatic``).
    """

    process: str
    version: int
    begin: int
    end: int
    stages: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]
    keys: Keys
    actions: tuple[str, ...]
    ways: Ways
    phases: Phases
    alarms: Alarms
    calendars: Calendars
    crew: Crew
    tables: Ints
    firsts: tuple[int, ...]
    living: Mask
    acts: bool

    @property
    def branches(self) -> int:
        """How many branches there are; ways from there on are clocks."""
        return int(self.ways.to.size)

    def automatic(self, action: int, to: int) -> int:
        """The number of the way that an automatic action (its place in ``actions``) to a stage is."""
        return self.branches + int(self.alarms.to.size) + action * len(self.stages) + to

    def led(self, way: int) -> tuple[int, int]:
        """The action of a way (its place in ``actions``) and the stage that it leads to."""
        if way < self.branches:
            return int(self.ways.action[way]), int(self.ways.to[way])
        clock = way - self.branches
        if clock < self.alarms.to.size:
            return int(self.alarms.action[clock]), int(self.alarms.to[clock])
        return divmod(clock - int(self.alarms.to.size), len(self.stages))

    @property
    def has_work(self) -> bool:
        """Whether anybody has to work on anything."""
        return bool(np.any(self.phases.kind == Kind.WORK))

    @property
    def is_plain(self) -> bool:
        """Whether all can be judged before it starts: no side tracks, no automatic actions, no living rules."""
        return len(self.firsts) == 1 and not self.acts and not bool(self.living.any())

    @property
    def is_first_come(self) -> bool:
        """Whether all pools serve first come, first served, and no clock can call anyone away from a queue."""
        served = {int(s) for s in range(len(self.stages)) if self._works(s)}
        return not bool(self.crew.order.any()) and not any(
            self.alarms.first[s] != self.alarms.first[s + 1] for s in served
        )

    def _works(self, stage: int) -> bool:
        begin, end = (self.ways.phase[self.ways.first[stage + at]] for at in (0, 1))
        return bool(np.any(self.phases.kind[begin:end] == Kind.WORK))


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """Those who take part in one run: open deals first, then new prospects in the order in which they come.

    ``keys`` are their own keys (``dice.own_keys``), ``names`` the open deals' ids (new prospects have none). ``stage``:
    where each stands or starts on the main track; ``entered``: when it entered that stage; ``comes``: when the
    simulation takes it up (the start of the simulation, or its arrival), ascending among new prospects. ``branch`` and
    ``until``: the branch an open deal was drawn to take from where it stands and when its dwell ends, both ``NONE`` for
    new prospects; phases up to the dwell are over. ``barred`` (words × deals, uint64): a bit for each way that the
    rules refuse this deal, in the order of ways (branches, then clocks; of a clock also where its ``when`` is not true,
    so that it does not act); bit ``w`` is in word ``w // 64``. ``needs`` (words × deals): bits that phases and
    approvals ask for. ``ranks`` (pools × deals, int64): the order in pools that serve by a fact, 0 elsewhere.
    ``value``: the amount of each in hundredths of the currency, 0 where unknown. ``facts`` are the columns of facts by
    name, as ``machine.vectors`` holds them. ``open_deals`` are the open deals themselves, in the order of ``names``.
    ``touched``: when the last contact was, in the stage where each stands (``None``: when it was entered).
    """

    keys: Keys
    names: tuple[str, ...]
    stage: Small
    entered: Ints
    comes: Ints
    branch: Small
    until: Ints
    barred: Keys
    needs: Keys
    ranks: Ints
    value: Ints
    facts: dict[str, Any]
    open_deals: tuple[Deal, ...] = ()
    touched: Ints | None = None

    @property
    def last_contact(self) -> Ints:
        """From when on clocks count that look at activity."""
        return self.entered if self.touched is None else self.touched

    @property
    def size(self) -> int:
        """How many they are."""
        return int(self.keys.size)
